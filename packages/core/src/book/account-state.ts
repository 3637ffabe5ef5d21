import type { EntitlementFacts } from "../entitlements/entitlement.ts";
import type { AccountId } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { BookAccount } from "./book-account.ts";

/** What was counted of one meter in one window; of a level, what there is. */
export interface Counter {
  readonly meterId: string;
  /** `LEVEL_STARTS_AT` for a level, which belongs to no window. */
  readonly windowStartsAt: Instant;
  /** `null` for a level. */
  readonly windowEndsAt: Instant | null;
  /** Of the tokens meter: what was drawn from the window's allocation. */
  readonly used: number;
  /** When the newest event in it was received. */
  readonly newestReceivedAt: Instant;
  /** The highest threshold (0, 80, 100) that was told in the window that starts at `alertWindowStartsAt`. */
  readonly alertPercent: number;
  readonly alertWindowStartsAt: Instant | null;
}

/** A level never resets: its one counter stands at this instant, before every window. */
export const LEVEL_STARTS_AT: Instant = 0;

/** How a settled hold was paid. */
export interface Settlement {
  readonly tokens: number;
  readonly fromAllocation: number;
  readonly fromCredits: number;
  /** Credits after it. */
  readonly balanceAfter: number;
}

/**
 * Tokens reserved before the work. A row beside the book: no transfer is made until it is settled.
 * Time moves it out of the way by itself: from `expiresAt` on (inclusive) it reserves nothing.
 */
export interface Hold {
  readonly holdId: string;
  readonly tokens: number;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly state: "held" | "settled" | "released";
  readonly settlement: Settlement | null;
  readonly description: string;
  readonly resource: string | null;
}

/** All that decides the next commands of an account. Whoever loads it loads what `factsNeeded` names. */
export interface AccountState {
  readonly accountId: AccountId;
  readonly entitlements: EntitlementFacts;
  readonly lastEntryNumber: number;
  /** An account that is not in it has a balance of zero. */
  readonly balances: ReadonlyMap<BookAccount, number>;
  /** Starts of windows whose allocation has lapsed: nothing enters or leaves there again. */
  readonly lapsedWindows: ReadonlySet<Instant>;
  readonly counters: ReadonlyMap<string, Counter>;
  /** Those that reserve something, and those that the commands name. */
  readonly holds: ReadonlyMap<string, Hold>;
  /** Which of the event ids that the commands bring were recorded before. */
  readonly knownEventIds: ReadonlySet<string>;
  /** Which of the (kind, source) that the commands bring are in the ledger; see `sourceKey`. */
  readonly knownSources: ReadonlySet<string>;
}

export function counterKey(meterId: string, windowStartsAt: Instant): string {
  return `${meterId}@${windowStartsAt}`;
}

export function sourceKey(kind: string, source: string): string {
  return `${kind} ${source}`;
}

/** The state of an account on which nothing was booked yet. */
export function emptyState(accountId: AccountId, entitlements: EntitlementFacts): AccountState {
  return {
    accountId,
    entitlements,
    lastEntryNumber: 0,
    balances: new Map(),
    lapsedWindows: new Set(),
    counters: new Map(),
    holds: new Map(),
    knownEventIds: new Set(),
    knownSources: new Set(),
  };
}
