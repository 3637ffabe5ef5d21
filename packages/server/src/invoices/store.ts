import type { AccountId } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import type { InvoiceFact, InvoiceLine } from "../stripe/facts.ts";

/** The SQL on `invoices`. */

export async function upsertInvoice(db: Queryable, accountId: AccountId, fact: InvoiceFact): Promise<void> {
  await sql`
    insert into invoices (account_id, invoice_id, number, status, subtotal, tax, total, currency, lines, pdf_url, hosted_url, created_at,
                          subscription_id, amount_due, attempts, next_attempt_at, finalized_at, payment_id)
    values (${accountId}, ${fact.invoiceId}, ${fact.number}, ${fact.status}, ${fact.subtotalCents}, ${fact.taxCents},
            ${fact.totalCents}, ${fact.currency}, ${JSON.stringify(fact.lines)}::jsonb, ${fact.pdfUrl}, ${fact.hostedUrl},
            ${new Date(fact.createdAt)}, ${fact.subscriptionId}, ${fact.amountDueCents}, ${fact.attempts},
            ${dateOrNull(fact.nextAttemptAt)}, ${dateOrNull(fact.finalizedAt)}, ${fact.paymentId})
    on conflict (account_id, invoice_id) do update
    set number = excluded.number, status = excluded.status, subtotal = excluded.subtotal, tax = excluded.tax,
        total = excluded.total, lines = excluded.lines, pdf_url = excluded.pdf_url, hosted_url = excluded.hosted_url,
        amount_due = excluded.amount_due, attempts = excluded.attempts, next_attempt_at = excluded.next_attempt_at,
        finalized_at = excluded.finalized_at, payment_id = excluded.payment_id`.execute(db);
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
  subtotal as "subtotalCents", tax as "taxCents", total as "totalCents", amount_due as "amountDueCents", currency, lines,
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

/**
 * Newest first, those of one second by their numbers: Stripe knows no shorter time, and on a test clock every bill
 * between two advances has the same. Drafts are not shown: they are not yet bills. Index: invoices_newest.
 */
export async function listInvoices(
  db: Queryable,
  accountId: AccountId,
  { after, limit }: { after: InvoiceCursor | null; limit: number },
): Promise<InvoiceFact[]> {
  const { rows } = await sql<InvoiceRow>`
    select ${columns}
    from   invoices
    where  account_id = ${accountId} and status <> 'draft'
      and  (${after === null}::boolean
            or (created_at, length(coalesce(number, '')), coalesce(number, ''), invoice_id) <
               (select created_at, length(coalesce(number, '')), coalesce(number, ''), invoice_id
                from   invoices
                where  account_id = ${accountId} and invoice_id = ${after?.invoiceId ?? ""}))
    order by created_at desc, length(coalesce(number, '')) desc, coalesce(number, '') desc, invoice_id desc
    limit ${limit}`.execute(db);
  return rows.map(toFact);
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
