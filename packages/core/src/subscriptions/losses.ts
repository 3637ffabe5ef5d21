import { findPlan, type Catalog } from "../catalog/catalog.ts";
import type { Target } from "./target.ts";

/** A limit that becomes smaller. `null` is unlimited. */
export interface SmallerLimit {
  readonly meterId: string;
  readonly from: number | null;
  readonly to: number;
}

export interface Losses {
  readonly limits: readonly SmallerLimit[];
  /** Seats fewer than today. */
  readonly seats: number;
  /** Only the owner stays active: the others lose access (S4). */
  readonly keepsOnlyOwner: boolean;
}

/** What a customer has today and will not have on the target; `null` as the target is the free plan. */
export function lossesOf(catalog: Catalog, from: Target, to: Target | null): Losses {
  const [before, after] = [
    findPlan(catalog, from.planId),
    findPlan(catalog, to?.planId ?? catalog.freePlanId),
  ];
  const limits = catalog.meters.flatMap(({ id }): SmallerLimit[] => {
    const [had, has] = [before?.limits[id] ?? null, after?.limits[id] ?? null];
    return has === null || (had !== null && had <= has) ? [] : [{ meterId: id, from: had, to: has }];
  });
  const seats = to?.seats ?? 1;
  const keepsOnlyOwner = after !== undefined && !after.perSeat && before?.perSeat === true;
  return { limits, seats: Math.max(0, from.seats - seats), keepsOnlyOwner };
}
