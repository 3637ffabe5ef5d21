import type { AccountId, DayQuantity, EntryKind, Instant } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import { iso } from "./store-facts.ts";

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

export interface EntryFilter {
  readonly kinds?: readonly EntryKind[];
  /** Inclusive. */
  readonly from?: Instant;
  /** Exclusive. */
  readonly to?: Instant;
  /** Only entries before this number: the last one of the page before. */
  readonly before?: number;
  readonly limit: number;
}

/** Newest first, by the primary key backwards; a page costs the same however long the history is. */
export async function listEntries(
  db: Queryable,
  accountId: AccountId,
  { kinds, from, to, before, limit }: EntryFilter,
): Promise<EntryRow[]> {
  const ofKind = kinds === undefined ? sql`true` : sql`kind = any (${[...kinds]}::text[])`;
  const since = from === undefined ? sql`true` : sql`booked_at >= ${iso(from)}::timestamptz`;
  const until = to === undefined ? sql`true` : sql`booked_at < ${iso(to)}::timestamptz`;
  const earlier = before === undefined ? sql`true` : sql`entry_number < ${before}::bigint`;
  const { rows } = await sql<EntryRow>`
    select entry_number as "number", kind, source, from_account as "from", to_account as "to", tokens,
           from_balance_after as "fromBalanceAfter", to_balance_after as "toBalanceAfter",
           booked_at as "bookedAt", price as "priceCents", currency, description, resource
    from   ledger_entries
    where  account_id = ${accountId} and ${earlier} and ${ofKind} and ${since} and ${until}
    order by entry_number desc
    limit  ${limit}`.execute(db);
  return rows;
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
