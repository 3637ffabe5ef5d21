import type { AccountId, BookWrites, EventCommand, Instant } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import { iso } from "./store-facts.ts";

/** A recorded event as it is kept: what it decided, and the properties that decide nothing. */
export interface RawEvent {
  readonly event: EventCommand;
  readonly late: boolean;
  /** JSON text. */
  readonly properties: string | null;
}

/** Stores all that a batch decided, one statement a table. The caller holds the accounts' rows. */
export async function writeBatch(
  db: Queryable,
  writes: BookWrites,
  events: readonly RawEvent[],
): Promise<void> {
  if (writes.accounts.length === 0) return;
  await writeAccounts(db, writes.accounts);
  if (writes.eventIds.length > 0) await writeEventIds(db, writes.eventIds);
  if (events.length > 0) await writeEvents(db, events);
  if (writes.entries.length > 0) await writeEntries(db, writes.entries);
  if (writes.balances.length > 0) await writeBalances(db, writes.balances);
  if (writes.counters.length > 0) await writeCounters(db, writes.counters);
  if (writes.days.length > 0) await writeDays(db, writes.days);
  if (writes.holds.length > 0) await writeHolds(db, writes.holds);
  if (writes.notices.length > 0) await writeNotices(db, writes.notices);
}

/** The new version tells open pages to look again. */
async function writeAccounts(db: Queryable, rows: BookWrites["accounts"]): Promise<void> {
  await sql`
    update accounts a
    set    last_entry_number = w.last_entry_number, version = a.version + 1
    from   unnest(${ids(rows)}::text[], ${rows.map((row) => row.lastEntryNumber)}::bigint[])
             as w (account_id, last_entry_number)
    where  a.account_id = w.account_id`.execute(db);
}

async function writeEventIds(db: Queryable, rows: BookWrites["eventIds"]): Promise<void> {
  await sql`
    insert into event_ids (account_id, event_id, received_at)
    select * from unnest(${ids(rows)}::text[], ${rows.map((row) => row.eventId)}::text[],
                         ${instants(rows.map((row) => row.receivedAt))}::timestamptz[])`.execute(db);
}

async function writeEvents(db: Queryable, rows: readonly RawEvent[]): Promise<void> {
  const events = rows.map((row) => row.event);
  await sql`
    insert into events (account_id, event_id, meter_id, quantity, happened_at, received_at, late, mode, resource, properties)
    select * from unnest(${ids(events)}::text[], ${events.map((event) => event.eventId)}::text[],
                         ${events.map((event) => event.meterId)}::text[],
                         ${events.map((event) => event.quantity)}::bigint[],
                         ${instants(events.map((event) => event.time))}::timestamptz[],
                         ${instants(events.map((event) => event.receivedAt))}::timestamptz[],
                         ${rows.map((row) => row.late)}::boolean[],
                         ${events.map((event) => event.mode)}::text[],
                         ${events.map((event) => event.resource)}::text[],
                         ${rows.map((row) => row.properties)}::jsonb[])`.execute(db);
}

async function writeEntries(db: Queryable, rows: BookWrites["entries"]): Promise<void> {
  await sql`
    insert into ledger_entries (account_id, entry_number, kind, source, from_account, to_account, tokens,
                                from_balance_after, to_balance_after, booked_at, price, currency, description, resource)
    select * from unnest(${ids(rows)}::text[], ${rows.map((row) => row.number)}::bigint[],
                         ${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.source)}::text[],
                         ${rows.map((row) => row.from)}::text[], ${rows.map((row) => row.to)}::text[],
                         ${rows.map((row) => row.tokens)}::bigint[],
                         ${rows.map((row) => row.fromBalanceAfter)}::bigint[],
                         ${rows.map((row) => row.toBalanceAfter)}::bigint[],
                         ${instants(rows.map((row) => row.at))}::timestamptz[],
                         ${rows.map((row) => row.note.priceCents)}::bigint[],
                         ${rows.map((row) => row.note.currency)}::text[],
                         ${rows.map((row) => row.note.description)}::text[],
                         ${rows.map((row) => row.note.resource)}::text[])`.execute(db);
}

async function writeBalances(db: Queryable, rows: BookWrites["balances"]): Promise<void> {
  await sql`
    insert into balances (account_id, book_account, balance, window_start, lapsed)
    select * from unnest(${ids(rows)}::text[], ${rows.map((row) => row.bookAccount)}::text[],
                         ${rows.map((row) => row.balance)}::bigint[],
                         ${instants(rows.map((row) => row.windowStartsAt))}::timestamptz[],
                         ${rows.map((row) => row.lapsed)}::boolean[])
    on conflict (account_id, book_account)
    do update set balance = excluded.balance, lapsed = excluded.lapsed`.execute(db);
}

async function writeCounters(db: Queryable, rows: BookWrites["counters"]): Promise<void> {
  await sql`
    insert into usage_counters (account_id, meter_id, window_start, window_end, used, newest_received_at,
                                alert_percent, alert_window_start)
    select * from unnest(${ids(rows)}::text[], ${rows.map((row) => row.meterId)}::text[],
                         ${instants(rows.map((row) => row.windowStartsAt))}::timestamptz[],
                         ${instants(rows.map((row) => row.windowEndsAt))}::timestamptz[],
                         ${rows.map((row) => row.used)}::bigint[],
                         ${instants(rows.map((row) => row.newestReceivedAt))}::timestamptz[],
                         ${rows.map((row) => row.alertPercent)}::int[],
                         ${instants(rows.map((row) => row.alertWindowStartsAt))}::timestamptz[])
    on conflict (account_id, meter_id, window_start)
    do update set window_end         = excluded.window_end,
                  used               = excluded.used,
                  newest_received_at = excluded.newest_received_at,
                  alert_percent      = excluded.alert_percent,
                  alert_window_start = excluded.alert_window_start`.execute(db);
}

async function writeDays(db: Queryable, rows: BookWrites["days"]): Promise<void> {
  await sql`
    insert into usage_days (account_id, meter_id, day, quantity)
    select * from unnest(${ids(rows)}::text[], ${rows.map((row) => row.meterId)}::text[],
                         ${rows.map((row) => row.day)}::date[], ${rows.map((row) => row.quantity)}::bigint[])
    on conflict (account_id, meter_id, day)
    do update set quantity = usage_days.quantity + excluded.quantity`.execute(db);
}

async function writeHolds(db: Queryable, rows: BookWrites["holds"]): Promise<void> {
  const settlements = rows.map((row) => row.settlement);
  await sql`
    insert into holds (account_id, hold_id, tokens, created_at, expires_at, state, settled_tokens, from_allocation,
                       from_credits, balance_after, description, resource)
    select * from unnest(${ids(rows)}::text[], ${rows.map((row) => row.holdId)}::text[],
                         ${rows.map((row) => row.tokens)}::bigint[],
                         ${instants(rows.map((row) => row.createdAt))}::timestamptz[],
                         ${instants(rows.map((row) => row.expiresAt))}::timestamptz[],
                         ${rows.map((row) => row.state)}::text[],
                         ${settlements.map((paid) => paid?.tokens ?? null)}::bigint[],
                         ${settlements.map((paid) => paid?.fromAllocation ?? null)}::bigint[],
                         ${settlements.map((paid) => paid?.fromCredits ?? null)}::bigint[],
                         ${settlements.map((paid) => paid?.balanceAfter ?? null)}::bigint[],
                         ${rows.map((row) => row.description)}::text[],
                         ${rows.map((row) => row.resource)}::text[])
    on conflict (account_id, hold_id)
    do update set state           = excluded.state,
                  settled_tokens  = excluded.settled_tokens,
                  from_allocation = excluded.from_allocation,
                  from_credits    = excluded.from_credits,
                  balance_after   = excluded.balance_after`.execute(db);
}

async function writeNotices(db: Queryable, rows: BookWrites["notices"]): Promise<void> {
  const payloads = rows.map((row) =>
    JSON.stringify({
      meter: row.meterId,
      percent: row.percent,
      used: row.used,
      limit: row.limit,
      windowStart: iso(row.windowStartsAt),
      windowEnd: iso(row.windowEndsAt),
    }),
  );
  await sql`
    insert into outbox (account_id, topic, payload, created_at)
    select * from unnest(${ids(rows)}::text[], ${rows.map((row) => row.topic)}::text[], ${payloads}::jsonb[],
                         ${instants(rows.map((row) => row.at))}::timestamptz[])`.execute(db);
}

function ids(rows: readonly { readonly accountId: AccountId }[]): AccountId[] {
  return rows.map((row) => row.accountId);
}

function instants(values: readonly (Instant | null)[]): (string | null)[] {
  return values.map((at) => (at === null ? null : iso(at)));
}
