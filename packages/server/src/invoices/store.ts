import type { AccountId } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import type { InvoiceFact, InvoiceLine } from "../stripe/facts.ts";

/** The SQL on `invoices`. */

export async function upsertInvoice(db: Queryable, accountId: AccountId, fact: InvoiceFact): Promise<void> {
  await sql`
    insert into invoices (account_id, invoice_id, number, status, subtotal, tax, total, currency, lines, pdf_url, hosted_url, created_at)
    values (${accountId}, ${fact.invoiceId}, ${fact.number}, ${fact.status}, ${fact.subtotalCents}, ${fact.taxCents},
            ${fact.totalCents}, ${fact.currency}, ${JSON.stringify(fact.lines)}::jsonb, ${fact.pdfUrl}, ${fact.hostedUrl},
            ${new Date(fact.createdAt)})
    on conflict (account_id, invoice_id) do update
    set number = excluded.number, status = excluded.status, subtotal = excluded.subtotal, tax = excluded.tax,
        total = excluded.total, lines = excluded.lines, pdf_url = excluded.pdf_url, hosted_url = excluded.hosted_url`.execute(
    db,
  );
}

interface InvoiceRow extends Omit<InvoiceFact, "createdAt" | "lines"> {
  createdAt: Date;
  lines: InvoiceLine[];
}

/** Where a page of the list ended: the next begins after it. */
export interface InvoiceCursor {
  readonly createdAt: number;
  readonly invoiceId: string;
}

/** Newest first. Drafts are not shown: they are not yet bills. Index: invoices_newest. */
export async function listInvoices(
  db: Queryable,
  accountId: AccountId,
  { after, limit }: { after: InvoiceCursor | null; limit: number },
): Promise<InvoiceFact[]> {
  const { rows } = await sql<InvoiceRow>`
    select invoice_id as "invoiceId", number, status, subtotal as "subtotalCents", tax as "taxCents", total as "totalCents",
           currency, lines, pdf_url as "pdfUrl", hosted_url as "hostedUrl", created_at as "createdAt"
    from   invoices
    where  account_id = ${accountId} and status <> 'draft'
      and  (${after === null}::boolean or (created_at, invoice_id) < (${new Date(after?.createdAt ?? 0)}::timestamptz, ${after?.invoiceId ?? ""}::text))
    order by created_at desc, invoice_id desc
    limit ${limit}`.execute(db);
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.getTime() }));
}
