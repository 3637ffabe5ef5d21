import type { AccountId } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import type { InvoiceFact, InvoiceLine } from "../stripe/facts.ts";

/** The SQL on `invoices`. */

export async function upsertInvoice(db: Queryable, accountId: AccountId, fact: InvoiceFact): Promise<void> {
  await sql`
    insert into invoices (account_id, invoice_id, number, status, subtotal, tax, total, currency, lines, pdf_url, hosted_url, created_at,
                          subscription_id, amount_due, attempts, next_attempt_at, finalized_at, payment_id,
                          discount, credit_used, failure)
    values (${accountId}, ${fact.invoiceId}, ${fact.number}, ${fact.status}, ${fact.subtotalCents}, ${fact.taxCents},
            ${fact.totalCents}, ${fact.currency}, ${JSON.stringify(fact.lines)}::jsonb, ${fact.pdfUrl}, ${fact.hostedUrl},
            ${new Date(fact.createdAt)}, ${fact.subscriptionId}, ${fact.amountDueCents}, ${fact.attempts},
            ${dateOrNull(fact.nextAttemptAt)}, ${dateOrNull(fact.finalizedAt)}, ${fact.paymentId},
            ${fact.discountCents}, ${fact.creditUsedCents}, ${fact.failure})
    on conflict (account_id, invoice_id) do update
    set number = excluded.number, status = excluded.status, subtotal = excluded.subtotal, tax = excluded.tax,
        total = excluded.total, lines = excluded.lines, pdf_url = excluded.pdf_url, hosted_url = excluded.hosted_url,
        amount_due = excluded.amount_due, attempts = excluded.attempts, next_attempt_at = excluded.next_attempt_at,
        finalized_at = excluded.finalized_at, payment_id = excluded.payment_id, discount = excluded.discount,
        credit_used = excluded.credit_used,
        -- A later look may not read the payment of a bill that stays unpaid: what was known of it stays.
        failure = case when excluded.status = 'paid' then null else coalesce(excluded.failure, invoices.failure) end`.execute(
    db,
  );
}

function dateOrNull(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}

interface InvoiceRow extends Omit<InvoiceFact, "createdAt" | "lines" | "nextAttemptAt" | "finalizedAt"> {
  createdAt: Date;
  lines: InvoiceLine[];
  nextAttemptAt: Date | null;
  finalizedAt: Date | null;
}

const columns = sql`invoice_id as "invoiceId", number, subscription_id as "subscriptionId", status,
  subtotal as "subtotalCents", discount as "discountCents", credit_used as "creditUsedCents", failure, tax as "taxCents", total as "totalCents", amount_due as "amountDueCents", currency, lines,
  attempts, next_attempt_at as "nextAttemptAt", finalized_at as "finalizedAt", pdf_url as "pdfUrl",
  hosted_url as "hostedUrl", payment_id as "paymentId", created_at as "createdAt"`;

/** How these invoices are stored; those that are not are left out. */
export async function readStatuses(
  db: Queryable,
  accountId: AccountId,
  invoiceIds: readonly string[],
): Promise<Map<string, Pick<InvoiceFact, "status" | "totalCents">>> {
  const { rows } = await sql<Pick<InvoiceFact, "invoiceId" | "status" | "totalCents">>`
    select invoice_id as "invoiceId", status, total as "totalCents"
    from   invoices
    where  account_id = ${accountId} and invoice_id = any(${invoiceIds}::text[])`.execute(db);
  return new Map(rows.map(({ invoiceId, ...row }) => [invoiceId, row]));
}

/** Where a page of the list ended: the next begins after it. */
export interface InvoiceCursor {
  readonly createdAt: number;
  readonly invoiceId: string;
}

/** An invoice with what was given back of its payment. */
export interface ListedInvoice extends InvoiceFact {
  readonly refundedCents: number;
}

/**
 * Newest first, those of one second by their numbers: Stripe knows no shorter time, and on a test clock every bill
 * between two advances has the same. Drafts are not shown: they are not yet bills. Index: invoices_newest.
 * @param page.year of its date, UTC; `null`: all
 */
export async function listInvoices(
  db: Queryable,
  accountId: AccountId,
  { after, limit, year }: { after: InvoiceCursor | null; limit: number; year: number | null },
): Promise<ListedInvoice[]> {
  const { rows } = await sql<InvoiceRow & { refundedCents: number }>`
    select ${columns}, ${refundedOf(accountId)}
    from   invoices
    where  account_id = ${accountId} and status <> 'draft' and ${inYear(year)}
      and  (${after === null}::boolean
            or (created_at, length(coalesce(number, '')), coalesce(number, ''), invoice_id) <
               (select created_at, length(coalesce(number, '')), coalesce(number, ''), invoice_id
                from   invoices
                where  account_id = ${accountId} and invoice_id = ${after?.invoiceId ?? ""}))
    order by created_at desc, length(coalesce(number, '')) desc, coalesce(number, '') desc, invoice_id desc
    limit ${limit}`.execute(db);
  return rows.map((row) => ({ ...toFact(row), refundedCents: row.refundedCents }));
}

/** What of an invoice's payment went back to its card. */
function refundedOf(accountId: AccountId) {
  return sql`
    (select coalesce(sum(out_cents - back_cents), 0)::bigint
     from   payment_reversals r
     where  r.account_id = ${accountId} and r.payment_id = invoices.payment_id
       and  r.kind = 'refund') as "refundedCents"`;
}

/** The bills of one subscription, with what was given back of them; tens at most. Index: invoices_newest. */
export async function listBillsOf(
  db: Queryable,
  accountId: AccountId,
  subscriptionId: string,
): Promise<ListedInvoice[]> {
  const { rows } = await sql<InvoiceRow & { refundedCents: number }>`
    select ${columns}, ${refundedOf(accountId)}
    from   invoices
    where  account_id = ${accountId} and subscription_id = ${subscriptionId}`.execute(db);
  return rows.map((row) => ({ ...toFact(row), refundedCents: row.refundedCents }));
}

function inYear(year: number | null) {
  if (year === null) return sql`true`;
  const [from, to] = [new Date(Date.UTC(year, 0, 1)), new Date(Date.UTC(year + 1, 0, 1))];
  return sql`created_at >= ${from} and created_at < ${to}`;
}

/** The years (UTC) that have invoices, the newest first. Index: invoices_newest. */
export async function listInvoiceYears(db: Queryable, accountId: AccountId): Promise<number[]> {
  const { rows } = await sql<{ year: number }>`
    select distinct extract(year from created_at at time zone 'UTC')::int as year
    from   invoices
    where  account_id = ${accountId} and status <> 'draft'
    order by year desc`.execute(db);
  return rows.map(({ year }) => year);
}

export async function countInvoices(
  db: Queryable,
  accountId: AccountId,
  year: number | null,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from invoices
    where  account_id = ${accountId} and status <> 'draft' and ${inYear(year)}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** The unpaid bill of a subscription, the oldest if there are several: its first failed try began the grace time (S6). */
export async function findUnpaidInvoice(
  db: Queryable,
  accountId: AccountId,
  subscriptionId: string,
): Promise<InvoiceFact | null> {
  const { rows } = await sql<InvoiceRow>`
    select ${columns}
    from   invoices
    where  account_id = ${accountId} and subscription_id = ${subscriptionId} and status = 'open' and attempts > 0
    order by created_at
    limit  1`.execute(db);
  return rows[0] === undefined ? null : toFact(rows[0]);
}

/** Whether a bill of the subscription was tried in vain and then given up. */
export async function hasGivenUpInvoice(
  db: Queryable,
  accountId: AccountId,
  subscriptionId: string,
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from invoices
    where  account_id = ${accountId} and subscription_id = ${subscriptionId} and attempts > 0
      and  status in ('void', 'uncollectible')
    limit  1`.execute(db);
  return rows.length > 0;
}

function toFact(row: InvoiceRow): InvoiceFact {
  return {
    ...row,
    createdAt: row.createdAt.getTime(),
    nextAttemptAt: row.nextAttemptAt?.getTime() ?? null,
    finalizedAt: row.finalizedAt?.getTime() ?? null,
  };
}

/**
 * Stripe's page of the invoice that each of these payments paid; one that the customer's credit paid alone stands for
 * its payment by its own id. Indexes: invoices_by_payment and the primary key.
 */
export async function listReceipts(
  db: Queryable,
  accountId: AccountId,
  paymentIds: readonly string[],
): Promise<{ paymentId: string; hostedUrl: string }[]> {
  const { rows } = await sql<{ paymentId: string; hostedUrl: string }>`
    select coalesce(payment_id, invoice_id) as "paymentId", hosted_url as "hostedUrl" from invoices
    where  account_id = ${accountId}
      and  ((payment_id is not null and payment_id = any (${[...paymentIds]}::text[]))
            or invoice_id = any (${[...paymentIds]}::text[]))
      and  hosted_url is not null`.execute(db);
  return rows;
}
