import type { AccountId } from "@bursar/core";
import type { Queryable } from "../db/open-database.ts";
import type { InvoiceFact } from "../stripe/facts.ts";
import { upsertInvoice } from "./store.ts";

/** Writes what Stripe shows of an account's invoices, in the caller's transaction. */
export async function followInvoices(
  db: Queryable,
  accountId: AccountId,
  invoices: readonly InvoiceFact[],
): Promise<void> {
  for (const invoice of invoices) await upsertInvoice(db, accountId, invoice);
}
