import type { AccountId, Catalog, Clock, Outcome } from "@bursar/core";
import { findNamedAccounts } from "../accounts/store.ts";
import { createBackfill, type BackfillRoom, type PastEvent } from "../book/backfill.ts";
import { runStatement } from "../db/open-database.ts";
import type { EventRefusal } from "./read-events.ts";
import type { NamedEvent } from "./read-past-event.ts";
import { sayRefusal } from "./refusals.ts";

/** What became of one event of the past. */
export type PastEventResult = "accepted" | "duplicate" | EventRefusal;

/**
 * Records past events, in one transaction or, when they are many, in several, and answers for each by itself, in their
 * order. @throws when one cannot be recorded now; all of them may be sent again.
 */
export type ImportEvents = (events: readonly NamedEvent[]) => Promise<PastEventResult[]>;

/** Larger ones gain nothing, and keep the accounts' rows from others for longer. */
export const TRANSACTION_EVENTS = 20_000;

/** So many accounts are remembered by their names; a file over more of them asks again. */
const KNOWN_ACCOUNTS_MAX = 200_000;

export function createEventImport(
  room: BackfillRoom & { readonly catalog: Catalog; readonly clock: Clock },
): ImportEvents {
  const { database, catalog, clock } = room;
  const backfill = createBackfill(room);
  let known = new Map<string, AccountId>();

  async function meet(events: readonly NamedEvent[]): Promise<void> {
    const unknown = new Set(events.map(({ account }) => account).filter((name) => !known.has(name)));
    if (unknown.size === 0) return;
    if (known.size > KNOWN_ACCOUNTS_MAX) known = new Map();
    const rows = await runStatement(database.kysely, findNamedAccounts([...unknown]));
    for (const { name, accountId } of rows as readonly { name: string; accountId: AccountId }[]) {
      // Our own id comes first: the product may have given an account another's id as its own.
      if (!known.has(name)) known.set(name, accountId);
    }
  }

  return async (events) => {
    await meet(events);
    const results: PastEventResult[] = [];
    const addressed: { readonly index: number; readonly event: PastEvent }[] = [];
    events.forEach(({ account, event }, index) => {
      const accountId = known.get(account);
      if (accountId === undefined) results[index] = noSuchAccount(account);
      else addressed.push({ index, event: { ...event, command: { ...event.command, accountId } } });
    });
    for (const part of inTransactions(addressed)) {
      const outcomes = await backfill(
        part.map(({ event }) => event),
        clock.now(),
      );
      part.forEach(({ index }, at) => (results[index] = toResult(catalog, outcomes[at]!)));
    }
    return results;
  };
}

/**
 * Cuts events into transactions. Where several are needed the events of an account come together first, in their
 * order, so that few transactions lock it, read it and write its counters.
 */
function inTransactions<Item extends { readonly event: PastEvent }>(items: readonly Item[]): Item[][] {
  if (items.length <= TRANSACTION_EVENTS) return items.length === 0 ? [] : [[...items]];
  const byAccount = Map.groupBy(items, ({ event }) => event.command.accountId);
  const sorted = [...byAccount.keys()].sort().flatMap((accountId) => byAccount.get(accountId)!);
  return Array.from({ length: Math.ceil(sorted.length / TRANSACTION_EVENTS) }, (_, part) =>
    sorted.slice(part * TRANSACTION_EVENTS, (part + 1) * TRANSACTION_EVENTS),
  );
}

function noSuchAccount(named: string): EventRefusal {
  return {
    code: "not_found",
    detail: `There is no account ${named} here. Create it first with POST /api/accounts.`,
  };
}

function toResult(catalog: Catalog, outcome: Outcome): PastEventResult {
  if (outcome.code === "duplicate") return "duplicate";
  return sayRefusal(catalog, outcome) ?? "accepted";
}
