import { sql } from "kysely";
import { verifyBook } from "../packages/server/src/book/verify-book.ts";
import type { Database } from "../packages/server/src/db/open-database.ts";
import { benchCatalog } from "./place.ts";

/** What the answers said was recorded. */
export interface Answered {
  /** Events that were accepted. */
  readonly events: number;
  /** Tokens that were drawn, of accepted events and settled holds. */
  readonly tokens: number;
}

/**
 * The book against the answers, and against itself: as many events as were accepted (none lost, none twice), as many
 * tokens drawn as were allowed, and the verifier's proof of balances, counters and holds from the entries.
 */
export async function judge(database: Database, answered: Answered): Promise<string> {
  const { rows } = await sql<{ events: number; rawEvents: number; tokens: number; overdrawn: number }>`
    select (select count(*) from event_ids) as events,
           (select count(*) from events) as "rawEvents",
           (select coalesce(sum(tokens), 0)::bigint from ledger_entries
            where kind in ('usage', 'allocation_usage')) as tokens,
           (select count(*) from balances where book_account = 'purchased' and balance < 0) as overdrawn`.execute(
    database.kysely,
  );
  const found = rows[0]!;
  const { faults, entries } = await verifyBook(database, benchCatalog());
  const wrong = [
    ...(found.events === answered.events && found.rawEvents === answered.events
      ? []
      : [
          `${answered.events} events were accepted, the book has ${found.events} ids and ${found.rawEvents} events`,
        ]),
    ...(found.tokens === answered.tokens
      ? []
      : [`${answered.tokens} tokens were allowed, the ledger has ${found.tokens}`]),
    ...(found.overdrawn === 0 ? [] : [`${found.overdrawn} accounts gave more than they had`]),
    ...faults.map((fault) => JSON.stringify(fault)),
  ];
  if (wrong.length > 0) return `WRONG: ${wrong.join("; ")}`;
  return `exact: ${answered.events} events, ${entries} entries`;
}
