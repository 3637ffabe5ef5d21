import { percentOf } from "../kernel/amounts.ts";

/** One set of thresholds everywhere: bars, banners, mails, API (R7). */
export const WARNING_PERCENT = 80;
export const REACHED_PERCENT = 100;

export type LimitState = "ok" | "warning" | "reached" | "over" | "unlimited";

export interface LimitReading {
  /** Rounded down, so 99.9 reads 99; may pass 100. `null` when unlimited. */
  readonly percent: number | null;
  readonly state: LimitState;
}

/** How a use stands to its limit (U1): warning from 80 %, reached at 100 %, over above. */
export function readLimit(used: number, limit: number | null): LimitReading {
  if (limit === null) return { percent: null, state: "unlimited" };
  const percent = percentOf(used, limit);
  return { percent, state: stateOf(used, limit, percent) };
}

function stateOf(used: number, limit: number, percent: number): LimitState {
  if (used > limit) return "over";
  if (percent >= REACHED_PERCENT) return "reached";
  return percent >= WARNING_PERCENT ? "warning" : "ok";
}
