import { findPlan, type Catalog, type Interval } from "../catalog/catalog.ts";
import type { OwnPrices } from "../catalog/own-prices.ts";
import { invariant } from "../kernel/invariant.ts";
import { contains, type Instant, type Span } from "../kernel/time.ts";
import { usageWindowAt } from "../periods/usage-window.ts";

/** From `startsAt` on (until the next slice) the account is on this plan. */
export interface EntitlementSlice {
  readonly startsAt: Instant;
  /** Usage windows are cut at this instant plus whole months (P1). */
  readonly anchorAt: Instant;
  readonly planId: string;
  /** `null` on free and custom plans without a Stripe price. */
  readonly interval: Interval | null;
  readonly seats: number;
}

/** An operator's exceptions for one account. A limit of `null` is unlimited. */
export interface Overrides {
  /** A custom plan that the account is on whatever it bought; with the seats that were arranged. */
  readonly plan?: string;
  readonly seats?: number;
  readonly limits?: Readonly<Record<string, number | null>>;
  /** Paid at Stripe, from the account's next renewal or its next purchase on. */
  readonly prices?: OwnPrices;
}

/** All that decides what an account may use; `slices` are sorted by `startsAt` and never empty. */
export interface EntitlementFacts {
  readonly slices: readonly EntitlementSlice[];
  readonly overrides: Overrides;
}

export interface Entitlement {
  readonly slice: EntitlementSlice;
  readonly window: Span;
  /** Per meter id; `null` is unlimited. The tokens meter's limit is the allocation of the window. */
  readonly limits: Readonly<Record<string, number | null>>;
}

/** An entitlement with the span of instants for which it is the answer. */
interface Remembered extends Span {
  readonly catalog: Catalog;
  readonly entitlement: Entitlement;
}

/**
 * The entitlement that was last asked for, of each account's facts: a command asks some six times, and those of a batch
 * nearly all for the same one. Facts are never changed in place; others are another object.
 */
const lastEntitlements = new WeakMap<EntitlementFacts, Remembered>();

/** The entitlement in force at `at`. Before the first slice the first one counts. */
export function entitlementAt(catalog: Catalog, facts: EntitlementFacts, at: Instant): Entitlement {
  let last = lastEntitlements.get(facts);
  if (last === undefined || last.catalog !== catalog || !contains(last, at)) {
    last = computeEntitlement(catalog, facts, at);
    lastEntitlements.set(facts, last);
  }
  return last.entitlement;
}

function computeEntitlement(catalog: Catalog, facts: EntitlementFacts, at: Instant): Remembered {
  const { slices, overrides } = facts;
  invariant(slices.length > 0, "an account has an entitlement from its creation on");
  const index = Math.max(
    0,
    slices.findLastIndex((slice) => slice.startsAt <= at),
  );
  const slice = arranged(slices[index]!, overrides);
  const plan = findPlan(catalog, slice.planId) ?? findPlan(catalog, catalog.freePlanId);
  invariant(plan !== undefined, "a checked catalogue has its free plan");
  const window = usageWindowAt(slices, at);
  return {
    catalog,
    entitlement: { slice, window, limits: { ...plan.limits, ...overrides.limits } },
    startsAt: Math.max(window.startsAt, index === 0 ? -Infinity : slices[index]!.startsAt),
    endsAt: Math.min(window.endsAt, slices[index + 1]?.startsAt ?? Infinity),
  };
}

/** The slices below go on following Stripe, so that leaving an arranged plan needs no more than to take it away. */
function arranged(slice: EntitlementSlice, { plan, seats }: Overrides): EntitlementSlice {
  if (plan === undefined) return slice;
  return { ...slice, planId: plan, interval: null, seats: seats ?? slice.seats };
}
