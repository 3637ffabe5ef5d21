import {
  BEYOND_GROUPS,
  type AccountId,
  type DayQuantity,
  type EntryKind,
  type GroupedSpan,
  type Instant,
} from "@bursar/core";
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

/** Days (UTC, both inclusive) of one meter. */
export interface DaySpan {
  readonly meterId: string;
  readonly from: string;
  readonly to: string;
}

/** What the days of a span counted; days without anything are left out. */
export async function listDays(db: Queryable, accountId: AccountId, span: DaySpan): Promise<DayQuantity[]> {
  const { rows } = await sql<DayQuantity>`
    select day::text as day, quantity from usage_days where ${inSpan(accountId, span)} order by day`.execute(
    db,
  );
  return rows;
}

/**
 * The same with what the groups used in the span, the `most` largest by name. One statement, so that days and groups
 * are of one instant and what is left is what said none. Both are read by their primary keys.
 */
export async function listDaysAndGroups(
  db: Queryable,
  accountId: AccountId,
  { most, ...span }: DaySpan & { readonly most: number },
): Promise<GroupedSpan> {
  const { rows } = await sql<{ part: string; name: string; quantity: number; groups: number }>`
    with sums as (
      select group_name, sum(quantity)::bigint as quantity
      from   usage_groups where ${inSpan(accountId, span)} group by group_name
    ), ranked as (
      select *, case when group_name = ${BEYOND_GROUPS} then 'beyond'
                     when row_number() over (order by group_name = ${BEYOND_GROUPS}, quantity desc, group_name) <= ${most}
                     then 'largest' else 'smaller' end as part
      from   sums
    )
    select 'day' as part, day::text collate "C" as name, quantity, 1 as groups
    from   usage_days where ${inSpan(accountId, span)}
    union all
    select part, group_name, quantity, 1 from ranked where part = 'largest'
    union all
    select part, '', sum(quantity)::bigint, count(*)::int from ranked where part <> 'largest' group by part
    order by part, quantity desc, name`.execute(db);
  const of = (wanted: string) => rows.filter(({ part }) => part === wanted);
  const [smaller] = of("smaller");
  return {
    days: of("day").map(({ name, quantity }) => ({ day: name, quantity })),
    largest: of("largest").map(({ name, quantity }) => ({ group: name, quantity })),
    smaller: { groups: smaller?.groups ?? 0, quantity: smaller?.quantity ?? 0 },
    beyond: of("beyond")[0]?.quantity ?? 0,
  };
}

/** What one group used on one day; `null`: what said no group. */
export interface DayGroup {
  readonly day: string;
  readonly group: string | null;
  readonly quantity: number;
}

/** Each day's groups in the order of their names, after what said none. */
export async function listDayGroups(db: Queryable, accountId: AccountId, span: DaySpan): Promise<DayGroup[]> {
  const { rows } = await sql<DayGroup>`
    select day::text as day, group_name as "group", quantity
    from   usage_groups where ${inSpan(accountId, span)}
    union all
    select day::text, null, quantity - grouped
    from   usage_days where ${inSpan(accountId, span)} and quantity <> grouped
    order by 1, 2 nulls first`.execute(db);
  return rows;
}

/** How many rows of `listDayGroups` the days have; those without any are left out. */
export async function countDayGroups(
  db: Queryable,
  accountId: AccountId,
  span: DaySpan,
): Promise<DayQuantity[]> {
  const { rows } = await sql<DayQuantity>`
    select day::text as day, (quantity <> grouped)::int + (
             select count(*) from usage_groups g
             where  g.account_id = d.account_id and g.meter_id = d.meter_id and g.day = d.day) as quantity
    from   usage_days d
    where  ${inSpan(accountId, span)}`.execute(db);
  return rows;
}

function inSpan(accountId: AccountId, { meterId, from, to }: DaySpan) {
  return sql`account_id = ${accountId} and meter_id = ${meterId} and day between ${from}::date and ${to}::date`;
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
