import type { AccountId, Instant } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";

/** The SQL on `account_clocks`. */

export interface AccountClockRow {
  readonly accountId: AccountId;
  readonly offsetMs: number;
  readonly testClockId: string | null;
  readonly targetAt: Instant | null;
}

/** All of them: it is a demo, and they are few. */
export async function listAccountClocks(db: Queryable): Promise<AccountClockRow[]> {
  const { rows } = await sql<Omit<AccountClockRow, "targetAt"> & { targetAt: Date | null }>`
    select account_id as "accountId", offset_ms as "offsetMs", test_clock_id as "testClockId", target_at as "targetAt"
    from   account_clocks
    order by account_id`.execute(db);
  return rows.map((row) => ({ ...row, targetAt: row.targetAt?.getTime() ?? null }));
}

export async function findAccountClock(db: Queryable, accountId: AccountId): Promise<AccountClockRow | null> {
  const { rows } = await sql<Omit<AccountClockRow, "targetAt"> & { targetAt: Date | null }>`
    select account_id as "accountId", offset_ms as "offsetMs", test_clock_id as "testClockId", target_at as "targetAt"
    from   account_clocks
    where  account_id = ${accountId}`.execute(db);
  const row = rows[0];
  return row === undefined ? null : { ...row, targetAt: row.targetAt?.getTime() ?? null };
}

/** Never back: a smaller offset than the stored one changes nothing. */
export async function raiseOffset(db: Queryable, accountId: AccountId, offsetMs: number): Promise<void> {
  await sql`
    insert into account_clocks (account_id, offset_ms) values (${accountId}, ${offsetMs})
    on conflict (account_id) do update
    set offset_ms = greatest(account_clocks.offset_ms, excluded.offset_ms)`.execute(db);
}

/** Of two who give the account a test clock at once the first does. @param replaces the one that is no more */
export async function keepTestClock(
  db: Queryable,
  accountId: AccountId,
  { testClockId, replaces }: { testClockId: string; replaces: string | null },
): Promise<void> {
  await sql`
    insert into account_clocks (account_id, test_clock_id) values (${accountId}, ${testClockId})
    on conflict (account_id) do update
    set   test_clock_id = excluded.test_clock_id
    where account_clocks.test_clock_id is not distinct from ${replaces}::text`.execute(db);
}

/** Where the clock shall go. One that was on its way further, and was cut off, still goes there. */
export async function raiseTarget(db: Queryable, accountId: AccountId, targetAt: Instant): Promise<void> {
  await sql`
    insert into account_clocks (account_id, target_at) values (${accountId}, ${new Date(targetAt)})
    on conflict (account_id) do update
    set target_at = greatest(account_clocks.target_at, excluded.target_at)`.execute(db);
}

export async function clearTarget(db: Queryable, accountId: AccountId): Promise<void> {
  await sql`update account_clocks set target_at = null where account_id = ${accountId}`.execute(db);
}
