import { findMeter, findPlan, type Catalog } from "../catalog/catalog.ts";
import type { Overrides } from "./entitlement.ts";

/** One mistake in an operator's exceptions: where, and what it should be. */
export interface OverrideMistake {
  readonly path: string;
  readonly message: string;
}

/** Whether these exceptions make sense on this catalogue; names every mistake. */
export function checkOverrides(catalog: Catalog, { plan, seats, limits }: Overrides): OverrideMistake[] {
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
  return mistakes;
}
