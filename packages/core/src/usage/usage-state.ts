import { percentOf } from "../kernel/amounts.ts";

/** How a meter stands to its limit (U1): warning from 80 %, reached at 100 %, over above. */
export type UsageState = "ok" | "warning" | "reached" | "over" | "unlimited";

const WARNING_PERCENT = 80;

export interface UsageStanding {
  readonly state: UsageState;
  /** Whole per cent, rounded down, so that it never says reached too early; `null` when unlimited. */
  readonly percent: number | null;
}

/** @param limit `null` is unlimited */
export function usageStanding(used: number, limit: number | null): UsageStanding {
  if (limit === null) return { state: "unlimited", percent: null };
  const percent = percentOf(used, limit);
  if (used > limit) return { state: "over", percent };
  if (used === limit) return { state: "reached", percent };
  return { state: percent >= WARNING_PERCENT ? "warning" : "ok", percent };
}
