import type { AccountId } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { BookAccount } from "./book-account.ts";

export type EntryKind =
  /** A pack was paid for: by hand, or by auto-recharge. */
  | "purchase"
  | "auto_recharge"
  /** An operator's correction, up or down. */
  | "adjustment"
  /** The money of a pack went back (refund, lost dispute), or came again (a dispute that was won). */
  | "refund"
  | "refund_reversal"
  /** The included tokens of a window entered, or rose with an upgrade. */
  | "allocation"
  /** An allocation cleared credits that were below zero. */
  | "repayment"
  /** Tokens were used: out of the allocation, and out of the credits. */
  | "allocation_usage"
  | "usage"
  /** What was left of an allocation ended with its window. */
  | "lapse";

/** What a transfer was for; shown in the history, never used in a decision. */
export interface EntryNote {
  /** Minor units that were paid for it. */
  readonly priceCents: number | null;
  readonly currency: string | null;
  readonly description: string;
  /** The thing that it belongs to, in the product's words (a document, a session). */
  readonly resource: string | null;
}

/** A movement of tokens that is wanted. It can enter a book once: (`kind`, `source`) is unique in an account. */
export interface Transfer {
  readonly kind: EntryKind;
  /** What caused it: a payment's id, `event:<id>`, `hold:<id>`, a window. */
  readonly source: string;
  readonly from: BookAccount;
  readonly to: BookAccount;
  /** More than zero; the direction is in `from` and `to`. */
  readonly tokens: number;
  readonly at: Instant;
  readonly note: EntryNote;
}

/**
 * One line of the ledger: both sides in one row, so that it cannot fail to sum to zero. Never changed or deleted (K4).
 */
export interface LedgerEntry extends Transfer {
  readonly accountId: AccountId;
  /** 1, 2, 3 ... in each account, without a gap. */
  readonly number: number;
  readonly fromBalanceAfter: number;
  readonly toBalanceAfter: number;
}

export function plainNote(description: string, resource: string | null = null): EntryNote {
  return { priceCents: null, currency: null, description, resource };
}

type Side = BookAccount | "allocation";

/** Between which accounts a kind moves tokens. An unlimited allocation has no account: what it pays leaves `granted`. */
const SIDES: Readonly<Record<EntryKind, readonly (readonly [from: Side, to: Side])[]>> = {
  purchase: [["granted", "purchased"]],
  auto_recharge: [["granted", "purchased"]],
  adjustment: [
    ["adjusted", "purchased"],
    ["purchased", "adjusted"],
  ],
  refund: [["purchased", "refunded"]],
  refund_reversal: [["refunded", "purchased"]],
  allocation: [["granted", "allocation"]],
  repayment: [
    ["allocation", "purchased"],
    ["granted", "purchased"],
  ],
  allocation_usage: [
    ["allocation", "used"],
    ["granted", "used"],
  ],
  usage: [["purchased", "used"]],
  lapse: [["allocation", "lapsed"]],
};

/** Whether an entry moves tokens between accounts that its kind connects; for the verifier, which trusts nothing. */
export function hasSidesOfKind({ kind, from, to }: { kind: string; from: string; to: string }): boolean {
  const sides = Object.hasOwn(SIDES, kind) ? SIDES[kind as EntryKind] : [];
  return sides.some(([out, into]) => out === sideOf(from) && into === sideOf(to));
}

function sideOf(account: string): string {
  return account.startsWith("allocation:") ? "allocation" : account;
}
