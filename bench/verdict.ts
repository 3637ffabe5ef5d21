import { sql } from "kysely";
import { verifyBook } from "../packages/server/src/book/verify-book.ts";
import type { Database } from "../packages/server/src/db/open-database.ts";
import type { Figures } from "./load.ts";
import { benchCatalog } from "./place.ts";

/** What the answers said was recorded. */
export interface Answered {
  /** Events that were accepted. */
  readonly events: number;
  /** Tokens that were drawn for them. */
  readonly tokens: number;
  /** Tokens of each settled hold, all the same; how many were settled the book says itself. */
  readonly tokensOfHold?: number;
}

/** How many answers said yes. */
export function accepted({ statuses }: Figures): number {
  return statuses[200] ?? 0;
}

/** A refusal, where none is expected, is told beside the verdict. */
export function withRefusals(verdict: string, figures: Figures): string {
  const isClean = accepted(figures) === figures.answers;
  return isClean ? verdict : `${verdict}; answers by status ${JSON.stringify(figures.statuses)}`;
}

/**
 * The book against the answers, and against itself: as many events as were accepted (none lost, none twice), as many
 * tokens drawn as were allowed, and the verifier's proof of balances, counters and holds from the entries.
 */
export async function judge(database: Database, answered: Answered): Promise<string> {
  const { rows } = await sql<{
    events: number;
    rawEvents: number;
    tokens: number;
    settled: number;
    overdrawn: number;
  }>`
    select (select count(*) from event_ids) as events,
           (select count(*) from events) as "rawEvents",
           (select coalesce(sum(tokens), 0)::bigint from ledger_entries
            where kind in ('usage', 'allocation_usage')) as tokens,
           (select count(*) from holds where state = 'settled') as settled,
           (select count(*) from balances where book_account = 'purchased' and balance < 0) as overdrawn`.execute(
    database.kysely,
  );
  const found = rows[0]!;
  const tokens = answered.tokens + found.settled * (answered.tokensOfHold ?? 0);
  const { faults, entries } = await verifyBook(database, benchCatalog());
  const wrong = [
    ...(found.events === answered.events && found.rawEvents === answered.events
      ? []
      : [
          `${answered.events} events were accepted, the book has ${found.events} ids and ${found.rawEvents} events`,
        ]),
    ...(found.tokens === tokens ? [] : [`${tokens} tokens were allowed, the ledger has ${found.tokens}`]),
    ...(found.overdrawn === 0 ? [] : [`${found.overdrawn} accounts gave more than they had`]),
    ...faults.map((fault) => JSON.stringify(fault)),
  ];
  if (wrong.length > 0) return `WRONG: ${wrong.join("; ")}`;
  return `exact: ${answered.events} events, ${entries} entries`;
}
