import type { AccountId, Instant } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import type { QuotedChange } from "./wanted-change.ts";

/** The SQL on `quotes`. */

export interface QuoteRow {
  readonly quoteId: string;
  readonly change: QuotedChange;
  readonly proratedAt: Instant;
  /** Before tax and credit. */
  readonly subtotalCents: number;
  readonly amountDueCents: number;
  readonly currency: string;
  readonly expiresAt: Instant;
}

export async function insertQuote(db: Queryable, accountId: AccountId, quote: QuoteRow): Promise<void> {
  await sql`
    insert into quotes (account_id, quote_id, change, prorated_at, subtotal, amount_due, currency, expires_at)
    values (${accountId}, ${quote.quoteId}, ${JSON.stringify(quote.change)}::jsonb, ${new Date(quote.proratedAt)},
            ${quote.subtotalCents}, ${quote.amountDueCents}, ${quote.currency}, ${new Date(quote.expiresAt)})`.execute(
    db,
  );
}

export async function findQuote(
  db: Queryable,
  accountId: AccountId,
  quoteId: string,
): Promise<QuoteRow | null> {
  const { rows } = await sql<
    Omit<QuoteRow, "expiresAt" | "proratedAt"> & { expiresAt: Date; proratedAt: Date }
  >`
    select quote_id as "quoteId", change, prorated_at as "proratedAt", subtotal as "subtotalCents", amount_due as "amountDueCents", currency,
           expires_at as "expiresAt"
    from   quotes
    where  account_id = ${accountId} and quote_id = ${quoteId}`.execute(db);
  const row = rows[0];
  if (row === undefined) return null;
  return { ...row, expiresAt: row.expiresAt.getTime(), proratedAt: row.proratedAt.getTime() };
}

/** Removes quotes that bind no more, some at a time. Index: quotes_by_expiry. */
export async function trimQuotes(
  db: Queryable,
  { before, limit }: { before: Instant; limit: number },
): Promise<void> {
  await sql`
    delete from quotes
    where (account_id, quote_id) in (
      select account_id, quote_id from quotes where expires_at < ${new Date(before)} limit ${limit})`.execute(
    db,
  );
}
