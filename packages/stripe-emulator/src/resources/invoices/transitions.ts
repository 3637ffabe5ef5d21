/** The steps of an invoice's life: finalized, paid. Each raises the events that Stripe raises for it. */
import type { Invoice } from "../../entities/invoice.ts";
import type { PaymentIntent } from "../../entities/payment-intent.ts";
import type { Sandbox } from "../../sandbox.ts";
import { createInvoicePayment, markPaymentPaid } from "./invoice-payments.ts";
import { patchInvoice, showInvoice } from "./invoice.ts";

const NUMBER_DIGITS = 4;

/** Draft -> open: the number is the next of the account's sequence, as for accounts in the EU. */
export function finalizeInvoice(sandbox: Sandbox, invoice: Invoice): Invoice {
  const now = sandbox.now(invoice.customer);
  const finalized = patchInvoice(sandbox, invoice.id, {
    status: "open",
    number: nextNumber(sandbox),
    effective_at: now,
    ending_balance: 0,
    status_transitions: { ...invoice.status_transitions, finalized_at: now },
  });
  sandbox.emit("invoice.finalized", showInvoice(sandbox, finalized));
  return finalized;
}

function nextNumber(sandbox: Sandbox): string {
  const { counters } = sandbox.store;
  const sequence = (counters.get("invoice_number")?.value ?? 0) + 1;
  counters.put({ id: "invoice_number", value: sequence });
  return `${sandbox.account.settings.invoicePrefix}-${String(sequence).padStart(NUMBER_DIGITS, "0")}`;
}

/** Open -> paid, by an intent that succeeded, or by nothing when nothing is due. */
export function settleInvoice(sandbox: Sandbox, invoice: Invoice, intent: PaymentIntent | null): Invoice {
  const now = sandbox.now(invoice.customer);
  const payment = intent === null ? null : createInvoicePayment(sandbox, invoice, intent.id);
  const paid = patchInvoice(sandbox, invoice.id, {
    status: "paid",
    amount_paid: intent === null ? 0 : invoice.amount_due,
    attempted: true,
    attempt_count: intent === null ? 0 : invoice.attempt_count + 1,
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: { ...invoice.status_transitions, paid_at: now },
  });
  const shown = showInvoice(sandbox, paid);
  sandbox.emit("invoice.paid", shown);
  sandbox.emit("invoice.payment_succeeded", shown);
  if (payment !== null) markPaymentPaid(sandbox, payment, now);
  return paid;
}
