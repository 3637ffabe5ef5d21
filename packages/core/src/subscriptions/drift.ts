/**
 * What our copy had otherwise than Stripe, each thing by itself (S7). A drift is told after it was mended: the copy has
 * what `found` says by then.
 */
import type { Instant } from "../kernel/time.ts";
import type { PendingChange } from "./classify.ts";
import type { Subscription } from "./subscription.ts";
import { isSameTarget } from "./target.ts";

export type DriftKind =
  | "customer"
  | "card"
  | "subscription"
  | "status"
  | "plan"
  | "interval"
  | "seats"
  | "price"
  | "period"
  | "cancellation"
  | "pending_change"
  | "entitlement"
  | "invoice"
  | "credits";

export interface Drift {
  readonly what: DriftKind;
  /** The object at Stripe that it is about. */
  readonly id: string;
  /** What we had; `null` is nothing. */
  readonly stored: string | number | null;
  readonly found: string | number | null;
  readonly sentence: string;
}

/** Compares the stored subscriptions with those that Stripe shows. What only we have is left alone: Stripe forgets none. */
export function subscriptionDrifts(stored: readonly Subscription[], shown: readonly Subscription[]): Drift[] {
  return shown.flatMap((found) => {
    const had = stored.find(({ subscriptionId }) => subscriptionId === found.subscriptionId);
    return had === undefined ? [unknownSubscription(found)] : differences(had, found);
  });
}

function unknownSubscription({ subscriptionId, planId, status }: Subscription): Drift {
  return {
    what: "subscription",
    id: subscriptionId,
    stored: null,
    found: status,
    sentence: `We did not have the subscription ${subscriptionId} to ${planId}, which is ${status} at Stripe.`,
  };
}

function differences(had: Subscription, has: Subscription): Drift[] {
  const of = (what: DriftKind, name: string, stored: Drift["stored"], found: Drift["found"]): Drift[] => {
    if (stored === found) return [];
    const sentence = `The ${name} of ${has.subscriptionId}: we had ${words(stored)}, Stripe has ${words(found)}.`;
    return [{ what, id: has.subscriptionId, stored, found, sentence }];
  };
  const isSamePlan = had.planId === has.planId && had.interval === has.interval;
  return [
    ...of("status", "status", had.status, has.status),
    ...of("plan", "plan", had.planId, has.planId),
    ...of("interval", "interval", had.interval, has.interval),
    ...of("seats", "seats", had.seats, has.seats),
    // Another plan has another price: that is no news of its own.
    ...(isSamePlan ? of("price", "price", had.priceId, has.priceId) : []),
    // Nor is that of another scheduled change.
    ...(isSamePending(had.pending, has.pending)
      ? of("price", "price to come", had.nextPrice?.priceId ?? null, has.nextPrice?.priceId ?? null)
      : []),
    ...of("period", "end of the period", dateText(had.periodEndsAt), dateText(has.periodEndsAt)),
    ...of("cancellation", "cancellation", dateText(had.cancelAt), dateText(has.cancelAt)),
    ...(isSamePending(had.pending, has.pending)
      ? []
      : of("pending_change", "scheduled change", pendingText(had.pending), pendingText(has.pending))),
  ];
}

function isSamePending(one: PendingChange | null, other: PendingChange | null): boolean {
  if (one === null || other === null) return one === other;
  return one.effectiveAt === other.effectiveAt && isSameTarget(one.target, other.target);
}

function pendingText(pending: PendingChange | null): string | null {
  if (pending === null) return null;
  const { planId, interval, seats } = pending.target;
  return `${planId} by the ${interval} with ${seats} ${seats === 1 ? "seat" : "seats"} from ${dateText(pending.effectiveAt)}`;
}

function dateText(at: Instant | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

function words(value: Drift["stored"]): string {
  return value === null ? "none" : String(value);
}
