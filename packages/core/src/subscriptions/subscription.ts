import type { Interval } from "../catalog/catalog.ts";
import type { EntitlementSlice } from "../entitlements/entitlement.ts";
import type { Instant } from "../kernel/time.ts";

/** Stripe's agreement as we last saw it, in our words. */
export interface Subscription {
  readonly subscriptionId: string;
  /** Stripe's word for it (`active`, `past_due`, `canceled` ...). */
  readonly status: string;
  readonly planId: string;
  readonly interval: Interval;
  readonly seats: number;
  readonly priceId: string;
  readonly anchorAt: Instant;
  readonly periodStartsAt: Instant;
  readonly periodEndsAt: Instant;
  readonly startedAt: Instant;
  readonly cancelAt: Instant | null;
  readonly endedAt: Instant | null;
}

const LIVE_STATUSES: readonly string[] = ["active", "trialing", "past_due"];

export function isLive(subscription: Subscription): boolean {
  return LIVE_STATUSES.includes(subscription.status);
}

/** The subscription that counts: the live one, the older if there are two; of one instant the first of the list. */
export function liveSubscription(subscriptions: readonly Subscription[]): Subscription | undefined {
  return [...subscriptions].filter(isLive).sort((a, b) => a.startedAt - b.startedAt)[0];
}

/**
 * The slices to add so that an account's entitlements follow what Stripe shows; empty when they do already.
 * Slices that began are history and stay. A change that Stripe made while nobody listened begins when it began there:
 * at the subscription's start for a first one, at its end for a fall to Free, else now.
 */
export function missingSlices(facts: {
  slices: readonly EntitlementSlice[];
  subscriptions: readonly Subscription[];
  freePlanId: string;
  now: Instant;
}): EntitlementSlice[] {
  const live = liveSubscription(facts.subscriptions);
  const current = facts.slices.at(-1);
  if (live !== undefined) {
    const wanted = {
      anchorAt: live.anchorAt,
      planId: live.planId,
      interval: live.interval,
      seats: live.seats,
    };
    if (current !== undefined && isSame(current, wanted)) return [];
    const startsNew = current === undefined || current.startsAt < live.startedAt;
    return [{ startsAt: startsNew ? live.startedAt : facts.now, ...wanted }];
  }
  if (current === undefined || current.interval === null) return [];
  const ends = facts.subscriptions.map((each) => each.endedAt).filter((at) => at !== null);
  const endedAt = Math.max(current.startsAt, ends.length > 0 ? Math.max(...ends) : facts.now);
  return [{ startsAt: endedAt, anchorAt: endedAt, planId: facts.freePlanId, interval: null, seats: 1 }];
}

function isSame(slice: EntitlementSlice, wanted: Omit<EntitlementSlice, "startsAt">): boolean {
  return (
    slice.anchorAt === wanted.anchorAt &&
    slice.planId === wanted.planId &&
    slice.interval === wanted.interval &&
    slice.seats === wanted.seats
  );
}
