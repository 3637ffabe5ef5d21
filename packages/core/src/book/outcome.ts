import type { Instant } from "../kernel/time.ts";
import type { Hold } from "./account-state.ts";

/** What would let a refused use through, the nearest first. */
export type Remedy = "credits" | "higher_plan" | "window_reset" | "less_usage";

/** The limit of a meter does not leave room for it. */
export interface LimitReached {
  readonly code: "limit_reached";
  readonly meterId: string;
  readonly requested: number;
  readonly used: number;
  readonly limit: number;
  /** `null` for a level, which never resets. */
  readonly resetsAt: Instant | null;
}

/** Allocation and credits together, less what is held, are short. */
export interface InsufficientCredits {
  readonly code: "insufficient_credits";
  readonly requestedTokens: number;
  /** Below zero when credits are owed. */
  readonly availableTokens: number;
  readonly shortTokens: number;
  readonly resetsAt: Instant;
}

/** Refusals are values. Nothing was changed; a refused event keeps no id, so it may be sent again. */
export type Refusal =
  | LimitReached
  | InsufficientCredits
  | { readonly code: "event_in_future"; readonly time: Instant; readonly latestAllowed: Instant }
  | { readonly code: "unknown_meter"; readonly meterId: string; readonly meters: readonly string[] }
  | { readonly code: "level_below_zero"; readonly meterId: string; readonly level: number }
  | { readonly code: "hold_not_found"; readonly holdId: string }
  | { readonly code: "hold_closed"; readonly holdId: string; readonly state: "settled" | "released" }
  | { readonly code: "hold_differs"; readonly holdId: string }
  | { readonly code: "too_many_holds"; readonly holdsMax: number }
  | { readonly code: "account_not_found" };

/** What a use of tokens was paid from. */
export interface Draw {
  readonly fromAllocation: number;
  readonly fromCredits: number;
  /** Credits after it; below zero when they were short. */
  readonly balance: number;
}

export type Success =
  /** `late`: its window is over for longer than the grace time, so it counts in the current one (P2). */
  | { readonly code: "recorded"; readonly late: boolean; readonly draw: Draw | null }
  /** This event, or this source of credits, was entered before; nothing was changed now. */
  | { readonly code: "duplicate"; readonly balance: number }
  | { readonly code: "granted"; readonly balance: number }
  | { readonly code: "taken_back"; readonly balance: number }
  | { readonly code: "held"; readonly hold: Hold }
  | ({ readonly code: "settled" } & Draw)
  | { readonly code: "released" };

export type Outcome = Success | Refusal;
