import { DAY_MS, HOUR_MS, type Instant, type Subscription } from "@bursar/core";

/** Stripe finalizes and charges the draft of a renewal an hour after the period's end; then it is certainly done. */
const RENEWAL_TAKES_MS = 2 * HOUR_MS;

/** Without a subscription a Stripe test clock goes two years at once; a year leaves room. */
const STOP_MAX_MS = 365 * DAY_MS;

/**
 * How far time may go in one piece: to the target, but not past what Bursar itself must see on its day. After each
 * renewal it looks whether that was paid; while a bill is unpaid it looks each day, as its own grace time (S6) ends
 * between Stripe's tries. A stop is never more than one interval of the subscription away, and Stripe allows two.
 */
export function nextStop({
  from,
  target,
  subscription,
}: {
  from: Instant;
  target: Instant;
  /** The live one. */
  subscription: Pick<Subscription, "status" | "periodEndsAt"> | null;
}): Instant {
  return Math.min(target, from + STOP_MAX_MS, dueAfter(from, subscription));
}

function dueAfter(
  from: Instant,
  subscription: Pick<Subscription, "status" | "periodEndsAt"> | null,
): Instant {
  if (subscription === null) return Infinity;
  const isRenewedAt = subscription.periodEndsAt + RENEWAL_TAKES_MS;
  // A period that should have ended is one that we have not heard the end of yet.
  return subscription.status === "past_due" || isRenewedAt <= from ? from + DAY_MS : isRenewedAt;
}
