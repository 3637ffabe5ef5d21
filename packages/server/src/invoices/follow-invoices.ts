import type { AccountId, Drift } from "@bursar/core";
import type { Queryable } from "../db/open-database.ts";
import type { InvoiceFact } from "../stripe/facts.ts";
import { invoiceDrifts } from "./invoice-drifts.ts";
import { readStatuses, upsertInvoice } from "./store.ts";

/** Writes what Stripe shows of an account's invoices, in the caller's transaction. @returns what we had otherwise */
export async function followInvoices(
  db: Queryable,
  accountId: AccountId,
  invoices: readonly InvoiceFact[],
): Promise<Drift[]> {
  const stored = await readStatuses(
    db,
    accountId,
    invoices.map(({ invoiceId }) => invoiceId),
  );
  for (const invoice of invoices) await upsertInvoice(db, accountId, invoice);
  return invoiceDrifts(stored, invoices);
}
