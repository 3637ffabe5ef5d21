/** Invoice payments: which payment intent pays which invoice. The only link between the two. */
import type { Invoice } from "../../entities/invoice.ts";
import type { InvoicePayment } from "../../entities/invoice-payment.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId } from "../../store/ids.ts";
import { noSuchObject } from "../../wire/errors.ts";
import { listPage } from "../../wire/lists.ts";
import { route } from "../../wire/route.ts";
import { complete, type WireObject } from "../../wire/shape.ts";

export function showInvoicePayment(_sandbox: Sandbox, payment: InvoicePayment): WireObject {
  const { payment_intent, ...fields } = payment;
  return complete({
    object: "invoice_payment",
    ...fields,
    payment: { type: "payment_intent", payment_intent },
  });
}

/** Links an invoice to the intent that is to pay it. */
export function createInvoicePayment(sandbox: Sandbox, invoice: Invoice, intent: string): InvoicePayment {
  return sandbox.store.invoicePayments.put({
    id: newId("inpay"),
    created: sandbox.now(invoice.customer),
    invoice: invoice.id,
    payment_intent: intent,
    amount_paid: null,
    amount_requested: invoice.amount_due,
    currency: invoice.currency,
    is_default: true,
    status: "open",
    status_transitions: { canceled_at: null, paid_at: null },
  });
}

export function markPaymentPaid(sandbox: Sandbox, payment: InvoicePayment, paidAt: number): InvoicePayment {
  const paid = sandbox.store.invoicePayments.patch(payment.id, {
    status: "paid",
    amount_paid: payment.amount_requested,
    status_transitions: { canceled_at: null, paid_at: paidAt },
  });
  sandbox.emit("invoice_payment.paid", showInvoicePayment(sandbox, paid));
  return paid;
}

export const invoicePaymentRoutes = [
  route<Stripe.InvoicePaymentListParams>("GET /v1/invoice_payments", ({ sandbox, params, url }) => {
    const { invoicePayments } = sandbox.store;
    const intent = params.payment?.payment_intent;
    const found = params.invoice
      ? invoicePayments.where("invoice", params.invoice).reverse()
      : intent
        ? invoicePayments.where("payment_intent", intent).reverse()
        : invoicePayments.newestFirst();
    const matching = found
      .filter((payment) => !intent || payment.payment_intent === intent)
      .filter((payment) => params.status == null || payment.status === params.status);
    return listPage(matching, { params, url, show: (payment) => showInvoicePayment(sandbox, payment) });
  }),
  route("GET /v1/invoice_payments/{id}", ({ sandbox, id }) => {
    const payment = sandbox.store.invoicePayments.get(id);
    if (payment === undefined) throw noSuchObject("invoice_payment", id);
    return showInvoicePayment(sandbox, payment);
  }),
];
