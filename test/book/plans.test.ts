import { DAY_MS, type AccountId } from "@bursar/core";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readEntries } from "../../packages/server/src/book/read-entries.ts";
import { listDayGroups, listDays, listDaysAndGroups } from "../../packages/server/src/book/store-reads.ts";
import { trimEventIds } from "../../packages/server/src/book/store-retention.ts";
import type { Queryable } from "../../packages/server/src/db/open-database.ts";
import { databases, NOW, openAccount, type BookDatabase } from "./databases.ts";

const MONTH = { meterId: "events", from: "2025-01-01", to: "2025-01-31" };

let opened: BookDatabase;
let account: AccountId;
beforeAll(async () => {
  opened = await databases[1]!.open();
  const { kysely } = opened.database;
  account = await openAccount(opened.database);
  await sql`
    insert into ledger_entries (account_id, entry_number, kind, source, from_account, to_account, tokens,
                                from_balance_after, to_balance_after, booked_at, description)
    select ${account}, i, case when i % 1000 = 1 then 'purchase' else 'usage' end, 's' || i, 'granted', 'purchased', 1,
           -i, i, ${new Date(NOW)}::timestamptz - (60000 - i) * interval '1 minute', ''
    from   generate_series(1, 60000) i`.execute(kysely);
  await sql`update accounts set last_entry_number = 60000 where account_id = ${account}`.execute(kysely);
  await sql`
    insert into usage_days (account_id, meter_id, day, quantity)
    select ${account}, 'events', '2015-01-01'::date + i, 1 from generate_series(0, 4000) i`.execute(kysely);
  await sql`
    insert into usage_groups (account_id, meter_id, day, group_name, quantity)
    select ${account}, 'events', '2015-01-01'::date + i / 10, 'Project ' || i % 10, 1
    from   generate_series(0, 40000) i`.execute(kysely);
  await sql`
    insert into event_ids (account_id, event_id, received_at)
    select ${account}, 'e' || i, ${new Date(NOW)}::timestamptz - i * interval '1 minute'
    from   generate_series(1, 60000) i`.execute(kysely);
  await sql`analyze`.execute(kysely);
});
afterAll(() => opened.drop());

/** Pages that a piece of work read, by table and by index, as the server's own statistics count them. */
async function touched(
  work: (db: Queryable) => Promise<unknown>,
): Promise<{ scanned: number; rows: number }> {
  const read = async (db: Queryable) => {
    const { rows } = await sql<{ scanned: number; rows: number }>`
      select sum(seq_scan)::bigint as scanned, sum(idx_tup_fetch)::bigint as rows from pg_stat_xact_user_tables
      where  relname in ('ledger_entries', 'usage_days', 'usage_groups', 'event_ids')`.execute(db);
    return rows[0]!;
  };
  return opened.database.kysely.transaction().execute(async (transaction) => {
    const before = await read(transaction);
    await work(transaction);
    const after = await read(transaction);
    return { scanned: after.scanned - before.scanned, rows: after.rows - before.rows };
  });
}

it.each<[string, number, (db: Queryable) => Promise<unknown>]>([
  ["the first page of the history", 60, (db) => readEntries(db, account, { limit: 25 })],
  ["a page from its middle", 60, (db) => readEntries(db, account, { limit: 25, before: 30_000 })],
  ["its purchases", 60, (db) => readEntries(db, account, { limit: 25, kinds: ["purchase"] })],
  ["a kind that it does not have", 60, (db) => readEntries(db, account, { limit: 25, kinds: ["refund"] })],
  [
    // The planner may take the span as a whole and sort it; it never looks outside of it.
    "a day of a month ago",
    1_700,
    (db) => readEntries(db, account, { limit: 25, from: NOW - 31 * DAY_MS, to: NOW - 30 * DAY_MS }),
  ],
  ["a month of the chart", 60, (db) => listDays(db, account, MONTH)],
  ["a month of ten groups", 400, (db) => listDaysAndGroups(db, account, { ...MONTH, most: 20 })],
  ["a month of them day by day", 400, (db) => listDayGroups(db, account, MONTH)],
  ["ids to trim", 4_000, (db) => trimEventIds(db, { before: NOW - 20 * DAY_MS, limit: 1_000 })],
])(
  "%s is read through an index, at most %i rows of it, however long the history is",
  async (_what, most, work) => {
    const { scanned, rows } = await touched(work);
    expect(scanned).toBe(0);
    expect(rows).toBeGreaterThanOrEqual(0);
    expect(rows).toBeLessThanOrEqual(most);
  },
);
