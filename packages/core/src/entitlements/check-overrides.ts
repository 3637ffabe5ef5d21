import { findMeter, findPlan, type Catalog } from "../catalog/catalog.ts";
import type { Overrides } from "./entitlement.ts";

/** One mistake in an operator's exceptions: where, and what it should be. */
export interface OverrideMistake {
  readonly path: string;
  readonly message: string;
}

/**
 * Whether these exceptions make sense on this catalogue; names every mistake.
 * @param before what is stored: a price in it that is not touched is no mistake of now, though its plan be gone
 */
export function checkOverrides(
  catalog: Catalog,
  { plan, seats, limits, prices }: Overrides,
  before: Overrides = {},
): OverrideMistake[] {
  const mistakes: OverrideMistake[] = [];
  const custom = catalog.plans.filter(({ kind }) => kind === "custom").map(({ id }) => id);
  if (plan !== undefined && findPlan(catalog, plan)?.kind !== "custom") {
    const names = custom.length === 0 ? "this catalogue has none" : `here ${custom.join(", ")}`;
    mistakes.push({
      path: "overrides.plan",
      message: `is a plan of kind "custom", ${names}; any other plan is bought at Stripe`,
    });
  }
  if ((plan === undefined) !== (seats === undefined)) {
    const message =
      plan === undefined
        ? "goes with a plan: seats of plans that are sold are bought"
        : "is missing: say how many seats were arranged";
    mistakes.push({ path: "overrides.seats", message });
  }
  for (const meterId of Object.keys(limits ?? {})) {
    if (findMeter(catalog, meterId) !== undefined) continue;
    const ids = catalog.meters.map(({ id }) => id).join(", ");
    mistakes.push({ path: `overrides.limits.${meterId}`, message: `names no meter; the meters are ${ids}` });
  }
  for (const planId of Object.keys(prices ?? {})) {
    const isKept = prices?.[planId] !== undefined && prices[planId] === before.prices?.[planId];
    if (isKept && findPlan(catalog, planId) === undefined) continue;
    const message = priceMistake(catalog, planId, plan);
    if (message !== null) mistakes.push({ path: `overrides.prices.${planId}`, message });
  }
  return mistakes;
}

function priceMistake(catalog: Catalog, planId: string, arranged: string | undefined): string | null {
  const plan = findPlan(catalog, planId);
  const priced = catalog.plans.filter(({ kind }) => kind !== "free").map(({ id }) => id);
  if (plan === undefined) return `names no plan; plans that can have a price are ${priced.join(", ")}`;
  if (plan.kind === "free") return `is the free plan; plans that can have a price are ${priced.join(", ")}`;
  if (arranged === planId) {
    return "is arranged and not charged by Stripe: take the plan and its seats away, and it can be bought at this price";
  }
  return null;
}

/** What is allowed and has no effect, or less than one may think; said to the operator. */
export function overrideWarnings(catalog: Catalog, { prices }: Overrides): OverrideMistake[] {
  return Object.keys(prices ?? {}).flatMap((planId): OverrideMistake[] => {
    const plan = findPlan(catalog, planId);
    const path = `overrides.prices.${planId}`;
    if (plan === undefined) {
      const message = "names a plan that the catalogue has no more: it has no effect. Send prices without it";
      return [{ path, message }];
    }
    if (!plan.withdrawn) return [];
    return [{ path, message: "is of a plan that is sold no more: it counts only for who is on it already" }];
  });
}
