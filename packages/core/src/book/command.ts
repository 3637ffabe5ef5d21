import type { AccountId } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { EntryNote } from "./ledger-entry.ts";
import type { CreditsNews } from "./notice.ts";

/**
 * The most that one command moves, up or down. Thousands of it fit in a safe integer, so no sender can fill a counter
 * to where arithmetic ends; it is a terabyte, or a million times a large pack of credits.
 */
export const QUANTITY_MAX = 10 ** 12;

/** Whether it is a whole number within the bound; its sign is the command's own matter. */
export function isQuantity(value: number): boolean {
  return Number.isSafeInteger(value) && Math.abs(value) <= QUANTITY_MAX;
}

/** What every command says: whose book, and when Bursar received it. */
interface Addressed {
  readonly accountId: AccountId;
  readonly receivedAt: Instant;
}

/** Something was used, or wants to be. Of its properties, kept with the raw event, nothing but the group counts. */
export interface EventCommand extends Addressed {
  readonly type: "event";
  /** The sender's id: the same id in the same account is the same event (U3). */
  readonly eventId: string;
  readonly meterId: string;
  /** A positive whole number; for a level the signed change. */
  readonly quantity: number;
  /** When it happened, as the sender says. */
  readonly time: Instant;
  /**
   * `plain`: it has happened and is counted whatever the limit says. `enforced`: it asks, and is recorded only if it
   * may be done now (U4). `backfill`: history, counted in the window of its time; it draws nothing and alerts nobody.
   */
  readonly mode: "plain" | "enforced" | "backfill";
  readonly resource: string | null;
  /** To whom or what it belongs, where the meter has groups (`groupOf`); `null`: not said. It decides nothing. */
  readonly group: string | null;
}

/** Credits enter, once per (kind, source). */
export interface GrantCommand extends Addressed {
  readonly type: "grant";
  readonly kind: "purchase" | "auto_recharge" | "adjustment" | "refund_reversal";
  /** A payment's, dispute's or operator's id. */
  readonly source: string;
  readonly tokens: number;
  readonly note: EntryNote;
  readonly tells?: CreditsNews;
}

/** Credits are taken back, once per (kind, source). The balance may go below zero: they may have been used. */
export interface TakeBackCommand extends Addressed {
  readonly type: "take_back";
  readonly kind: "refund" | "adjustment";
  readonly source: string;
  readonly tokens: number;
  readonly note: EntryNote;
  readonly tells?: CreditsNews;
}

/** Reserve tokens before the work; refused when allocation and credits are short. */
export interface HoldCommand extends Addressed {
  readonly type: "hold";
  readonly holdId: string;
  readonly tokens: number;
  readonly expiresAt: Instant;
  readonly description: string;
  readonly resource: string | null;
}

/** The work was done and took so many tokens (zero or more): always recorded, whatever was held. */
export interface SettleCommand extends Addressed {
  readonly type: "settle";
  readonly holdId: string;
  readonly tokens: number;
}

/** The work was not done: give everything back. */
export interface ReleaseCommand extends Addressed {
  readonly type: "release";
  readonly holdId: string;
}

export type Command =
  EventCommand | GrantCommand | TakeBackCommand | HoldCommand | SettleCommand | ReleaseCommand;
