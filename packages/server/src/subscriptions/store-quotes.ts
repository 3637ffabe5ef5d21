import type { AccountId, Interval } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";

/** The SQL on `quotes`. */

export interface QuoteRow {
  quoteId: string;
  planId: string;
  interval: Interval;
  seats: number;
  amountDueCents: number;
  currency: string;
  expiresAt: number;
}

export async function insertQuote(db: Queryable, accountId: AccountId, quote: QuoteRow): Promise<void> {
  await sql`
    insert into quotes (account_id, quote_id, plan_id, billing_interval, seats, amount_due, currency, expires_at)
    values (${accountId}, ${quote.quoteId}, ${quote.planId}, ${quote.interval}, ${quote.seats}, ${quote.amountDueCents},
            ${quote.currency}, ${new Date(quote.expiresAt)})`.execute(db);
}

export async function findQuote(
  db: Queryable,
  accountId: AccountId,
  quoteId: string,
): Promise<QuoteRow | null> {
  const { rows } = await sql<Omit<QuoteRow, "expiresAt"> & { expiresAt: Date }>`
    select quote_id as "quoteId", plan_id as "planId", billing_interval as interval, seats,
           amount_due as "amountDueCents", currency, expires_at as "expiresAt"
    from   quotes
    where  account_id = ${accountId} and quote_id = ${quoteId}`.execute(db);
  const row = rows[0];
  return row === undefined ? null : { ...row, expiresAt: row.expiresAt.getTime() };
}
