/** Open -> paid: by a payment, by nothing when nothing is due, or by money that Stripe never saw. */
import type { Invoice } from "../../entities/invoice.ts";
import type { InvoicePayment } from "../../entities/invoice-payment.ts";
import type { Sandbox } from "../../sandbox.ts";
import { followPaidInvoice } from "../subscriptions/follow-invoice.ts";
import { markPaymentPaid } from "./invoice-payments.ts";
import { patchInvoice, showInvoice } from "./invoice.ts";

/** Raises `invoice.paid`, `invoice.payment_succeeded`, `invoice_payment.paid`; then its subscription follows. */
export function settleInvoice(
  sandbox: Sandbox,
  invoice: Invoice,
  payment: InvoicePayment | null,
  options: { outOfBand?: boolean } = {},
): Invoice {
  const now = sandbox.now(invoice.customer);
  const outOfBand = options.outOfBand ?? false;
  const paid = patchInvoice(sandbox, invoice.id, {
    status: "paid",
    amount_paid: payment === null && !outOfBand ? 0 : invoice.amount_due,
    amount_paid_off_stripe: outOfBand ? invoice.amount_due : 0,
    attempted: true,
    attempt_count: payment === null ? invoice.attempt_count : Math.max(1, invoice.attempt_count),
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: { ...invoice.status_transitions, paid_at: now },
  });
  const shown = showInvoice(sandbox, paid);
  sandbox.emit("invoice.paid", shown);
  sandbox.emit("invoice.payment_succeeded", shown);
  if (payment !== null) markPaymentPaid(sandbox, payment, now);
  followPaidInvoice(sandbox, paid);
  return paid;
}
