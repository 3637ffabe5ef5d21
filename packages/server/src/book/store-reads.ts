import type { AccountId, DayQuantity, EntryKind, Instant } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import { iso } from "../db/session.ts";

/** One ledger entry as the history shows it. */
export interface EntryRow {
  number: number;
  kind: EntryKind;
  source: string;
  from: string;
  to: string;
  tokens: number;
  fromBalanceAfter: number;
  toBalanceAfter: number;
  bookedAt: Date;
  priceCents: number | null;
  currency: string | null;
  description: string;
  resource: string | null;
}

/** Uses of one day that follow each other, put together: sums, and the balances after the newest of them. */
export interface EntryRun extends EntryRow {
  /** The number of the oldest; `number` is that of the newest. */
  firstNumber: number;
  entries: number;
}

export interface EntryFilter {
  readonly kinds?: readonly EntryKind[];
  /** Inclusive. */
  readonly from?: Instant;
  /** Exclusive. */
  readonly to?: Instant;
  /** Only entries before this number: the last one of the page before. */
  readonly before?: number | undefined;
  /** Only entries after this number. */
  readonly after?: number | undefined;
}

/** Kinds of which a busy account has one for each use; all others are few. The index `ledger_entries_rare` leaves them out. */
const FREQUENT_KINDS: readonly EntryKind[] = ["usage", "allocation_usage"];

export function areRare(kinds: readonly EntryKind[]): boolean {
  return !kinds.some((kind) => FREQUENT_KINDS.includes(kind));
}

/**
 * Newest first, by the primary key backwards, or by `ledger_entries_rare` where only rare kinds are asked for. What
 * keeps a page flat in the size of the history is the caller's: see `readEntries`.
 */
export async function listEntries(
  db: Queryable,
  accountId: AccountId,
  { limit, ...filter }: EntryFilter & { readonly limit: number },
): Promise<EntryRow[]> {
  const { rows } = await sql<EntryRow>`
    select entry_number as "number", kind, source, from_account as "from", to_account as "to", tokens,
           from_balance_after as "fromBalanceAfter", to_balance_after as "toBalanceAfter",
           booked_at as "bookedAt", price as "priceCents", currency, description, resource
    from   ledger_entries
    where  ${matches(accountId, filter)}
    order by entry_number desc
    limit  ${limit}`.execute(db);
  return rows;
}

/**
 * The same, with uses of one UTC day out of one book account put together while nothing else lies between them. Runs
 * are made of consecutive numbers, so the balances stay a running balance and a page may begin at any number.
 * @param filter bounded on both sides by who asks: all entries between are looked at
 */
export async function listEntryRuns(
  db: Queryable,
  accountId: AccountId,
  {
    limit,
    ...filter
  }: EntryFilter & { readonly before: number; readonly after: number; readonly limit: number },
): Promise<EntryRun[]> {
  const newest = (column: string) => sql`(array_agg(${sql.ref(column)} order by entry_number desc))[1]`;
  const { rows } = await sql<EntryRun>`
    with keyed as (
      select *,
             case when kind in ('usage', 'allocation_usage')
                  then kind || ' ' || from_account || ' ' || (booked_at at time zone 'UTC')::date
                  else entry_number::text end as run_key
      from   ledger_entries
      where  ${matches(accountId, filter)}),
    marked as (
      select *,
             (run_key is distinct from lag(run_key) over (order by entry_number desc))::int as begins
      from   keyed),
    numbered as (
      select *, sum(begins) over (order by entry_number desc) as run
      from   marked)
    select max(entry_number) as "number", min(entry_number) as "firstNumber", count(*)::int as entries,
           min(kind) as kind, min(from_account) as "from", min(to_account) as "to", sum(tokens)::bigint as tokens,
           ${newest("source")} as source, ${newest("from_balance_after")} as "fromBalanceAfter",
           ${newest("to_balance_after")} as "toBalanceAfter", ${newest("booked_at")} as "bookedAt",
           min(price) as "priceCents", min(currency) as currency, ${newest("description")} as description,
           case when count(distinct coalesce(resource, '')) = 1 then min(resource) end as resource
    from   numbered
    group by run
    order by run
    limit  ${limit}`.execute(db);
  return rows;
}

/** How many there are; as costly as reading them, so only for an export that reads them anyway. */
export async function countEntries(
  db: Queryable,
  accountId: AccountId,
  filter: EntryFilter,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ledger_entries where ${matches(accountId, filter)}`.execute(db);
  return rows[0]!.count;
}

function matches(accountId: AccountId, { kinds, from, to, before, after }: EntryFilter) {
  return sql.join(
    [
      sql`account_id = ${accountId}`,
      ...(kinds === undefined ? [] : [sql`kind = any (${[...kinds]}::text[])`]),
      // In the words of the index's condition, which the planner does not find in a list of values.
      ...(kinds !== undefined && areRare(kinds) ? [sql`kind not in ('usage', 'allocation_usage')`] : []),
      ...(from === undefined ? [] : [sql`booked_at >= ${iso(from)}::timestamptz`]),
      ...(to === undefined ? [] : [sql`booked_at < ${iso(to)}::timestamptz`]),
      ...(before === undefined ? [] : [sql`entry_number < ${before}::bigint`]),
      ...(after === undefined ? [] : [sql`entry_number > ${after}::bigint`]),
    ],
    sql` and `,
  );
}

/** The number of the newest entry; 0: there is none. */
export async function lastEntryNumber(db: Queryable, accountId: AccountId): Promise<number> {
  const { rows } = await sql<{ number: number }>`
    select last_entry_number as number from accounts where account_id = ${accountId}`.execute(db);
  return rows[0]?.number ?? 0;
}

export async function bookedAt(db: Queryable, accountId: AccountId, number: number): Promise<Instant> {
  const { rows } = await sql<{ bookedAt: Date }>`
    select booked_at as "bookedAt" from ledger_entries
    where  account_id = ${accountId} and entry_number = ${number}::bigint`.execute(db);
  return rows[0]!.bookedAt.getTime();
}

/** What the days from `from` to `to` (UTC, both inclusive) counted; days without anything are left out. */
export async function listDays(
  db: Queryable,
  accountId: AccountId,
  { meterId, from, to }: { readonly meterId: string; readonly from: string; readonly to: string },
): Promise<DayQuantity[]> {
  const { rows } = await sql<DayQuantity>`
    select day::text as day, quantity
    from   usage_days
    where  account_id = ${accountId} and meter_id = ${meterId} and day between ${from}::date and ${to}::date
    order by day`.execute(db);
  return rows;
}

/** The entries that these sources caused. Index: the unique key (account_id, source, kind). */
export async function listEntriesOfSources(
  db: Queryable,
  accountId: AccountId,
  sources: readonly string[],
): Promise<Pick<EntryRow, "kind" | "source" | "tokens">[]> {
  const { rows } = await sql<Pick<EntryRow, "kind" | "source" | "tokens">>`
    select kind, source, tokens
    from   ledger_entries
    where  account_id = ${accountId} and source = any (${[...sources]}::text[])`.execute(db);
  return rows;
}
