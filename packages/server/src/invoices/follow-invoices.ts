import type { AccountId, Drift, Instant, Subscription } from "@bursar/core";
import type { Queryable } from "../db/open-database.ts";
import type { InvoiceFact } from "../stripe/facts.ts";
import { invoiceDrifts } from "./invoice-drifts.ts";
import { readStatuses, upsertInvoice } from "./store.ts";
import { tellPayments } from "./tell-payments.ts";

/** Writes what Stripe shows of an account's invoices, in the caller's transaction, and tells of it. @returns what we had otherwise */
export async function followInvoices(
  db: Queryable,
  accountId: AccountId,
  facts: {
    invoices: readonly InvoiceFact[];
    subscriptions: readonly Subscription[];
    now: Instant;
  },
): Promise<Drift[]> {
  const { invoices } = facts;
  const stored = await readStatuses(
    db,
    accountId,
    invoices.map(({ invoiceId }) => invoiceId),
  );
  for (const invoice of invoices) await upsertInvoice(db, accountId, invoice);
  const hadPaid = new Set([...stored].flatMap(([id, { status }]) => (status === "paid" ? [id] : [])));
  await tellPayments(db, accountId, { ...facts, hadPaid });
  return invoiceDrifts(stored, invoices);
}
