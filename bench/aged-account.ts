import { DAY_MS, type AccountId } from "@bursar/core";
import { sql } from "kysely";
import type { Database } from "../packages/server/src/db/open-database.ts";
import { systemClock } from "../packages/server/src/system.ts";

export const YEARS = 5;
const DAYS = 365 * YEARS;
const ENTRIES = 100_000;
const PROJECTS = 4;

/**
 * What five years leave behind, written straight into the tables: windows, days, lapsed allocations and entries of the
 * past. The figures of the past do not add up, and nothing that is measured adds them.
 */
export async function age({ kysely }: Database, account: AccountId): Promise<void> {
  const since = new Date(systemClock.now() - DAYS * DAY_MS);
  await sql`
    update entitlements set starts_at = ${since}, anchor_at = ${since} where account_id = ${account}`.execute(
    kysely,
  );
  await sql`
    insert into usage_counters (account_id, meter_id, window_start, window_end, used, newest_received_at)
    select ${account}, meter, start, start + interval '1 month', 100, start
    from   unnest(array['sessions', 'events', 'enrichments', 'ai_tokens']) meter,
           generate_series(${since}::timestamptz, now() - interval '2 months', interval '1 month') start`.execute(
    kysely,
  );
  await sql`
    insert into balances (account_id, book_account, balance, window_start, lapsed)
    select ${account}, 'allocation:' || start, 0, start, true
    from   generate_series(${since}::timestamptz, now() - interval '2 months', interval '1 month') start`.execute(
    kysely,
  );
  await sql`
    insert into usage_days (account_id, meter_id, day, quantity)
    select ${account}, meter, day, 10
    from   unnest(array['sessions', 'events', 'enrichments', 'storage', 'ai_tokens']) meter,
           generate_series(${since}::date, now()::date, interval '1 day') day
    on conflict do nothing`.execute(kysely);
  await sql`
    insert into usage_groups (account_id, meter_id, day, group_name, quantity)
    select ${account}, 'sessions', day, 'Project ' || project, 2
    from   generate_series(${since}::date, now()::date, interval '1 day') day, generate_series(1, ${PROJECTS}::int) project`.execute(
    kysely,
  );
  await sql`
    insert into ledger_entries (account_id, entry_number, kind, source, from_account, to_account, tokens,
                                from_balance_after, to_balance_after, booked_at, description)
    select ${account}, 1000 + n, 'usage', 'event:old_' || n, 'purchased', 'used', 1, 0, 0,
           ${since}::timestamptz + n * interval '20 minutes', 'AI tokens'
    from   generate_series(1, ${ENTRIES}::int) n`.execute(kysely);
}
