import type { AccountId, Catalog, Clock, Outcome } from "@bursar/core";
import { findNamedAccounts } from "../accounts/store.ts";
import { createBackfill, type BackfillRoom } from "../book/backfill.ts";
import { runStatement } from "../db/open-database.ts";
import type { EventRefusal } from "./read-events.ts";
import type { NamedEvent } from "./read-past-event.ts";
import { sayRefusal } from "./refusals.ts";

/** What became of one event of the past. */
export type PastEventResult = "accepted" | "duplicate" | EventRefusal;

/**
 * Records a batch of past events and answers for each by itself, in their order. @throws when nothing can be recorded
 * now; the same batch may be sent again.
 */
export type ImportEvents = (events: readonly NamedEvent[]) => Promise<PastEventResult[]>;

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
    const addressed = events.map(({ account, event }) => {
      const accountId = known.get(account);
      return accountId === undefined ? null : { ...event, command: { ...event.command, accountId } };
    });
    const sent = addressed.filter((event) => event !== null);
    const outcomes = (sent.length === 0 ? [] : await backfill(sent, clock.now())).values();
    return addressed.map((event, index) =>
      event === null ? noSuchAccount(events[index]!.account) : toResult(catalog, outcomes.next().value!),
    );
  };
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
