import type { Interval } from "../catalog/catalog.ts";
import type { EntitlementSlice } from "../entitlements/entitlement.ts";
import type { Instant } from "../kernel/time.ts";
import type { PeriodPrice } from "./choose-price.ts";
import type { PendingChange } from "./classify.ts";

/** Stripe's agreement as we last saw it, in our words. */
export interface Subscription {
  readonly subscriptionId: string;
  /** Stripe's word for it (`active`, `past_due`, `canceled` ...). */
  readonly status: string;
  readonly planId: string;
  readonly interval: Interval;
  readonly seats: number;
  readonly priceId: string;
  /** The price was made for this account alone. */
  readonly isOwnPrice: boolean;
  readonly anchorAt: Instant;
  readonly periodStartsAt: Instant;
  readonly periodEndsAt: Instant;
  readonly startedAt: Instant;
  readonly cancelAt: Instant | null;
  readonly endedAt: Instant | null;
  /** What is scheduled at Stripe; it is carried out there though Bursar be down. */
  readonly pending: PendingChange | null;
  /** The price that is scheduled for the period's end, of what is pending or of the same; `null`: today's goes on. */
  readonly nextPrice: PeriodPrice | null;
}

const LIVE_STATUSES: readonly string[] = ["active", "trialing", "past_due"];

export function isLive(subscription: Subscription): boolean {
  return LIVE_STATUSES.includes(subscription.status);
}

/** The subscription that counts: the live one, the older if there are two; of one instant the first of the list. */
export function liveSubscription(subscriptions: readonly Subscription[]): Subscription | undefined {
  return [...subscriptions].filter(isLive).sort((a, b) => a.startedAt - b.startedAt)[0];
}

/** What to write so that an account's entitlements follow Stripe. Slices that began are history and stay. */
export interface SliceChanges {
  /** Starts of slices to come that come no more. */
  readonly remove: readonly Instant[];
  readonly add: readonly EntitlementSlice[];
}

/**
 * Compares the stored slices with what Stripe shows; nothing to write when they agree. A change that Stripe made while
 * nobody listened begins when it began there: at the subscription's start for a first one, at its end for a fall to
 * Free, else now. What is known to come (a scheduled change, the end of a cancelled subscription) is a slice already,
 * so that a window opens on the right plan though the webhook be late.
 */
export function followSlices(facts: {
  slices: readonly EntitlementSlice[];
  subscriptions: readonly Subscription[];
  freePlanId: string;
  now: Instant;
}): SliceChanges {
  const { slices, freePlanId, now } = facts;
  const begun = slices.filter(({ startsAt }) => startsAt <= now);
  const current = begun.at(-1);
  const live = liveSubscription(facts.subscriptions);
  const present = live === undefined ? fallToFree(facts, current) : presentSlice(live, current, now);
  const coming = live === undefined ? null : comingSlice(live, { freePlanId, now });
  const stored = slices.filter(({ startsAt }) => startsAt > now);
  const keeps = (slice: EntitlementSlice) =>
    coming !== null && slice.startsAt === coming.startsAt && isSame(slice, coming);
  return {
    remove: stored.filter((slice) => !keeps(slice)).map(({ startsAt }) => startsAt),
    add: [present, stored.some(keeps) ? null : coming].filter((slice) => slice !== null),
  };
}

/** What the live subscription gives now, unless the current slice says so already. */
function presentSlice(
  live: Subscription,
  current: EntitlementSlice | undefined,
  now: Instant,
): EntitlementSlice | null {
  const wanted = inForce(live, now);
  if (current !== undefined && isSame(current, wanted)) return null;
  const isNew = current === undefined || current.startsAt < live.startedAt;
  return { startsAt: isNew ? live.startedAt : now, ...wanted };
}

/** A scheduled change is in force from its instant on, though what was fetched be from the second before. */
function inForce(live: Subscription, now: Instant): Omit<EntitlementSlice, "startsAt"> {
  const { pending } = live;
  if (pending !== null && pending.effectiveAt <= now) return scheduled(live, pending);
  return { anchorAt: live.anchorAt, planId: live.planId, interval: live.interval, seats: live.seats };
}

function scheduled(live: Subscription, { target, effectiveAt }: PendingChange) {
  const keepsAnchor = target.interval === live.interval;
  return { ...target, anchorAt: keepsAnchor ? live.anchorAt : effectiveAt };
}

function comingSlice(
  live: Subscription,
  { freePlanId, now }: { freePlanId: string; now: Instant },
): EntitlementSlice | null {
  const { pending, cancelAt } = live;
  if (cancelAt !== null && cancelAt > now) return freeSlice(freePlanId, cancelAt);
  if (pending === null || pending.effectiveAt <= now) return null;
  return { startsAt: pending.effectiveAt, ...scheduled(live, pending) };
}

function fallToFree(
  { subscriptions, freePlanId, now }: Parameters<typeof followSlices>[0],
  current: EntitlementSlice | undefined,
): EntitlementSlice | null {
  if (current === undefined || current.interval === null) return null;
  const ends = subscriptions.map((each) => each.endedAt).filter((at) => at !== null);
  return freeSlice(freePlanId, Math.max(current.startsAt, ends.length > 0 ? Math.max(...ends) : now));
}

function freeSlice(planId: string, at: Instant): EntitlementSlice {
  return { startsAt: at, anchorAt: at, planId, interval: null, seats: 1 };
}

function isSame(slice: EntitlementSlice, wanted: Omit<EntitlementSlice, "startsAt">): boolean {
  return (
    slice.anchorAt === wanted.anchorAt &&
    slice.planId === wanted.planId &&
    slice.interval === wanted.interval &&
    slice.seats === wanted.seats
  );
}
