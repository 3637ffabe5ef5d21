import { findMeter, findPlan, type Catalog, type Meter } from "../catalog/catalog.ts";
import type { Instant } from "../kernel/time.ts";
import type { AccountState } from "./account-state.ts";
import { openWindow } from "./allocation.ts";
import { entitlementOf, type BookContext } from "./counted-at.ts";
import { decide, type Decision } from "./decide.ts";
import { Draft } from "./draft.ts";
import type { Refusal, Remedy } from "./outcome.ts";

export type CheckResult =
  | {
      readonly known: true;
      readonly decision: Decision;
      /** What is left of the limit, of tokens what can be spent; `null` is unlimited. Never below zero. */
      readonly remaining: number | null;
      /** What would let it through; empty when it is allowed. */
      readonly wouldAllow: readonly Remedy[];
    }
  | { readonly known: false; readonly refusal: Extract<Refusal, { code: "unknown_meter" }> };

/**
 * Whether an enforced event of this quantity would be recorded now (U4). It is answered on a draft that is thrown
 * away, by the decision that the event itself would meet; nothing is reserved.
 */
export function check(
  context: BookContext,
  state: AccountState,
  wanted: { readonly meterId: string; readonly quantity: number; readonly now: Instant },
): CheckResult {
  const { meterId, quantity, now } = wanted;
  const { catalog } = context;
  const meter = findMeter(catalog, meterId);
  if (meter === undefined) {
    const meters = catalog.meters.map(({ id }) => id);
    return { known: false, refusal: { code: "unknown_meter", meterId, meters } };
  }
  const draft = new Draft(state);
  const allocation = openWindow(context, draft, now);
  const decision = decide(context, draft, { meter, quantity, now, allocation });
  const { slice } = entitlementOf(context, state.entitlements, { window: allocation.window, now });
  return {
    known: true,
    decision,
    remaining: remainingOf(meter, decision),
    wouldAllow:
      decision.refusal === null ? [] : remediesFor(catalog, slice.planId, { meter, quantity, decision }),
  };
}

function remainingOf(meter: Meter, { used, limit, available }: Decision): number | null {
  if (limit === null) return null;
  return Math.max(0, meter.kind === "tokens" ? available.tokens : limit - used);
}

function remediesFor(
  catalog: Catalog,
  planId: string,
  { meter, quantity, decision }: { meter: Meter; quantity: number; decision: Decision },
): Remedy[] {
  const { used, limit } = decision;
  const rank = findPlan(catalog, planId)?.rank ?? 0;
  const higherPlanFits = catalog.plans.some((plan) => {
    const theirs = plan.limits[meter.id] ?? null;
    return plan.rank > rank && (theirs === null || used + quantity <= theirs);
  });
  const remedies: Remedy[] = [];
  if (meter.pastLimit === "credits") remedies.push("credits");
  if (higherPlanFits) remedies.push("higher_plan");
  if (limit !== null && quantity <= limit) {
    remedies.push(meter.kind === "level" ? "less_usage" : "window_reset");
  }
  return remedies;
}
