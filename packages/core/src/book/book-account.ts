import { remembersLast } from "../kernel/memo.ts";
import type { Instant } from "../kernel/time.ts";

/**
 * The accounts of one customer's book. Every transfer moves tokens out of one into another, so their balances
 * always sum to zero; `granted` and `adjusted` are sources and go negative by their nature.
 */
export type BookAccount = FixedBookAccount | `allocation:${string}`;

export type FixedBookAccount =
  /** Where tokens come from: payments and included allocations. */
  | "granted"
  /** The credits: bought tokens. Only tokens that were used or taken back leave; it may go negative (K3). */
  | "purchased"
  /** Tokens that AI processing has used. */
  | "used"
  /** Credits taken back with a refund or a lost dispute. */
  | "refunded"
  /** What was left of an allocation when its window was over. */
  | "lapsed"
  /** The other side of an operator's adjustments. */
  | "adjusted";

const ALLOCATION = "allocation:";

/** The account that holds what is left of the allocation of the window that starts then. */
export const allocationAccount = remembersLast(
  (windowStartsAt: Instant): BookAccount => `${ALLOCATION}${new Date(windowStartsAt).toISOString()}`,
);

/** The start of the window whose allocation the account holds; `null`: it is another account. */
export function allocationWindowStart(account: BookAccount): Instant | null {
  return account.startsWith(ALLOCATION) ? startIn(account) : null;
}

const startIn = remembersLast((account: string) => Date.parse(account.slice(ALLOCATION.length)));
