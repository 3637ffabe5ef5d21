/** When an invoice moves by itself: a draft is finalized, an unpaid one is tried again or falls overdue. */
import type { AccountSettings } from "../account.ts";
import type { Invoice } from "../entities/invoice.ts";
import { firstDue, type Due, type Told } from "./due.ts";

const DAY = 86_400;

export interface InvoiceFacts {
  invoice: Invoice;
  told: Told;
  settings: Pick<AccountSettings, "invoiceWillBeDueDays">;
}

export function dueOfInvoice(facts: InvoiceFacts): Due | null {
  const { invoice } = facts;
  if (invoice.status === "draft") {
    const at = invoice.automatically_finalizes_at;
    return invoice.auto_advance && at !== null ? { kind: "invoice_finalizes", at } : null;
  }
  if (invoice.status !== "open") return null;
  return firstDue([retry(invoice), willBeDue(facts), overdue(facts)]);
}

function retry(invoice: Invoice): Due | null {
  const at = invoice.next_payment_attempt;
  const isCharged = invoice.collection_method === "charge_automatically";
  return isCharged && invoice.auto_advance && at !== null ? { kind: "invoice_retried", at } : null;
}

function willBeDue({ invoice, told, settings }: InvoiceFacts): Due | null {
  const { due_date } = invoice;
  if (due_date === null || settings.invoiceWillBeDueDays === 0) return null;
  const at = due_date - settings.invoiceWillBeDueDays * DAY;
  if (at < (invoice.status_transitions.finalized_at ?? 0) || told["invoice_will_be_due"] === due_date)
    return null;
  return { kind: "invoice_will_be_due", at };
}

function overdue({ invoice, told }: InvoiceFacts): Due | null {
  const { due_date } = invoice;
  if (due_date === null || told["invoice_overdue"] === due_date) return null;
  return { kind: "invoice_overdue", at: due_date };
}
