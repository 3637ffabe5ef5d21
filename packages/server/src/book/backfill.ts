import {
  applyBackfill,
  factsNeeded,
  type AccountId,
  type AccountState,
  type BackfillCommand,
  type BookContext,
  type FactsNeeded,
  type Instant,
  type Outcome,
} from "@bursar/core";
import { runStatement, type Database } from "../db/open-database.ts";
import type { CopyDatabase } from "../db/open-for-copy.ts";
import { failureOf } from "./failure.ts";
import { copyEvents } from "./store-backfill.ts";
import { lockAccounts, readFacts, readKnown, toStates } from "./store-facts.ts";
import { writeBatch, type RawEvent } from "./store.ts";

/** An event of the past before the book has stamped it with the instant of its receipt. */
export interface PastEvent {
  readonly command: Omit<BackfillCommand, "receivedAt">;
  /** JSON text. */
  readonly properties: string | null;
}

/** What a backfill works on. */
export interface BackfillRoom {
  /** With COPY it is some times as fast. */
  readonly database: Pick<Database, "kysely"> | CopyDatabase;
  readonly context: BookContext;
}

/** Records one batch; outcomes in the order of its events. @throws see `createBackfill` */
export type Backfill = (events: readonly PastEvent[], receivedAt: Instant) => Promise<Outcome[]>;

/** A lost race is tried again; this many in a row mean that something else is wrong. */
const TRIES_MAX = 4;

/**
 * Records history, thousands of events in one transaction under the lock of their accounts: the same rules, rows and
 * exactly-once ids as the book's lanes, so it may run beside any number of servers.
 *
 * Looking up which ids are known costs as much as storing them, and mostly none is. So a batch is first tried as if
 * all were new; an id that is known fails on the table's key, and the batch is done again with a look at each; so is
 * one in which an event is refused. Under the accounts' lock nobody else adds ids of theirs in between.
 *
 * It throws when the database cannot be written: then nothing of the batch was recorded, or all of it when the
 * connection broke in the commit. The same batch sent again counts nothing twice either way.
 */
export function createBackfill(room: BackfillRoom): Backfill {
  let isNew = true;

  return async function backfill(events, receivedAt) {
    for (let tries = 1; ; tries += 1) {
      try {
        const outcomes = await commit(room, events, { receivedAt, isNew });
        if (!outcomes.some(({ code }) => code === "duplicate")) isNew = true;
        return outcomes;
      } catch (error) {
        if (isNew && isKnownId(error)) isNew = false;
        else if (failureOf(error) !== "conflict" || tries === TRIES_MAX) throw error;
      }
    }
  };
}

async function commit(
  { database, context }: BackfillRoom,
  events: readonly PastEvent[],
  { receivedAt, isNew }: { readonly receivedAt: Instant; readonly isNew: boolean },
): Promise<Outcome[]> {
  const commands = events.map(({ command }): BackfillCommand => ({ ...command, receivedAt }));
  const needed = factsNeeded(context, commands);
  return database.kysely.transaction().execute(async (transaction) => {
    await runStatement(transaction, lockAccounts(needed));
    const facts = await runStatement(transaction, readFacts(needed));
    const judge = async (wanted: readonly FactsNeeded[]) => {
      const known = wanted.length === 0 ? [] : await runStatement(transaction, readKnown(wanted));
      return applyBackfill(context, toStates(facts, known), commands);
    };
    let judged = await judge(toLookUp(needed, toStates(facts), isNew));
    // A refused event stores no id that could fail, and a known one is a duplicate before it is anything else.
    if (isNew && judged.outcomes.some(isRefusal)) judged = await judge(needed);
    const { outcomes, writes } = judged;
    const recorded = commands.flatMap((event, index): RawEvent[] =>
      outcomes[index]?.code === "recorded"
        ? [{ event, late: false, properties: events[index]!.properties }]
        : [],
    );
    const statements =
      "copyIn" in database ? writeBatch({ ...writes, eventIds: [] }, []) : writeBatch(writes, recorded);
    if ("copyIn" in database) await copyEvents(database, writes.eventIds, recorded);
    for (const statement of statements) await runStatement(transaction, statement);
    return [...outcomes];
  });
}

/** Only an account that has used tokens can have drawn for an event whose id was forgotten since. */
function toLookUp(
  needed: readonly FactsNeeded[],
  facts: ReadonlyMap<AccountId, AccountState>,
  isNew: boolean,
): FactsNeeded[] {
  return needed.flatMap((each) => {
    const hasDrawn = (facts.get(each.accountId)?.balances.get("used") ?? 0) > 0;
    if (isNew && !hasDrawn) return [];
    return [{ ...each, eventIds: isNew ? [] : each.eventIds, sources: hasDrawn ? each.sources : [] }];
  });
}

function isRefusal({ code }: Outcome): boolean {
  return code !== "recorded" && code !== "duplicate";
}

/** SQLSTATE unique_violation. */
function isKnownId(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "23505";
}
