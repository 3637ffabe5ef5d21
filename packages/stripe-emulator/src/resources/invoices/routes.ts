/** The routes of invoices. */
import type { EventType } from "../../entities/event.ts";
import type { Invoice } from "../../entities/invoice.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest, noSuchObject } from "../../wire/errors.ts";
import { listPage } from "../../wire/lists.ts";
import { route, type Given } from "../../wire/route.ts";
import { resolvePaymentMethod } from "../payment-methods.ts";
import { payRefused } from "./bill-now.ts";
import { collectInvoice } from "./collect.ts";
import { deleteDraft, markUncollectible, voidInvoice } from "./end.ts";
import { finalizeInvoice } from "./finalize.ts";
import { linesOf, showInvoice, updateInvoice } from "./invoice.ts";
import { showLine } from "./line.ts";
import { changeInvoice, makeInvoice } from "./make.ts";
import { previewInvoice } from "./preview.ts";
import { settleInvoice } from "./settle.ts";

function requireInvoice(sandbox: Sandbox, id: string): Invoice {
  const invoice = sandbox.store.invoices.get(id);
  if (invoice === undefined) throw noSuchObject("invoice", id);
  return invoice;
}

function find(sandbox: Sandbox, by: { customer?: string | null; subscription?: string | null }): Invoice[] {
  const { invoices } = sandbox.store;
  if (by.subscription) return invoices.where("subscription", by.subscription).reverse();
  return by.customer ? invoices.where("customer", by.customer).reverse() : invoices.newestFirst();
}

/** The order in which the events of a paid invoice arrive (observed, not promised). */
const PAY_ORDER: EventType[] = [
  "payment_method.attached",
  "charge.succeeded",
  "charge.failed",
  "payment_intent.succeeded",
  "payment_intent.payment_failed",
  "invoice.paid",
  "invoice.payment_succeeded",
  "invoice.payment_failed",
  "invoice.payment_action_required",
  "invoice.updated",
  "customer.subscription.updated",
  "invoice_payment.paid",
];

/** Off session unless told otherwise. A draft is finalized first, as Stripe does. A refused try stays on record. */
function pay(sandbox: Sandbox, given: Invoice, params: Given<Stripe.InvoicePayParams>): Invoice {
  if (given.status === "paid") {
    throw invalidRequest("Invoice is already paid", { code: "invoice_already_paid" });
  }
  if (given.status === "void") {
    throw invalidRequest("This invoice is void and can't be paid.", { code: "invoice_no_longer_payable" });
  }
  sandbox.arrangeEvents(given.status === "draft" ? [] : PAY_ORDER);
  const invoice = given.status === "draft" ? finalizeInvoice(sandbox, given) : given;
  if (invoice.status === "paid") return invoice;
  if (params.paid_out_of_band) return settleInvoice(sandbox, invoice, null, { outOfBand: true });
  const method = params.payment_method ? methodFor(sandbox, invoice, params.payment_method) : undefined;
  const collected = collectInvoice(sandbox, invoice, {
    ...(method && { method }),
    offSession: params.off_session ?? true,
  });
  const refusal = payRefused(sandbox, collected);
  if (refusal !== null) throw refusal;
  return collected.invoice;
}

function methodFor(sandbox: Sandbox, invoice: Invoice, id: string) {
  const method = resolvePaymentMethod(sandbox, id, "payment_method");
  if (method.customer === null && method.is_spent) {
    throw invalidRequest("This PaymentMethod was detached from a Customer, and may not be used again.", {
      param: "payment_method",
    });
  }
  if (method.customer === invoice.customer || method.customer === null) return method;
  throw invalidRequest("The payment method belongs to another customer.", { param: "payment_method" });
}

function finalize(sandbox: Sandbox, draft: Invoice, isAutomatic: boolean | null | undefined): Invoice {
  const invoice = finalizeInvoice(sandbox, draft);
  if (isAutomatic == null || invoice.status !== "open") return invoice;
  return sandbox.store.invoices.patch(invoice.id, { auto_advance: isAutomatic });
}

function send(sandbox: Sandbox, given: Invoice): Invoice {
  if (given.collection_method !== "send_invoice") {
    throw invalidRequest("You can only send invoices with `collection_method=send_invoice`.");
  }
  const invoice = given.status === "draft" ? finalizeInvoice(sandbox, given) : given;
  sandbox.emit("invoice.sent", showInvoice(sandbox, invoice));
  return updateInvoice(sandbox, invoice, {});
}

export const invoiceRoutes = [
  route<Stripe.InvoiceListParams>("GET /v1/invoices", ({ sandbox, params, url }) => {
    const by = { customer: params.customer ?? null, subscription: params.subscription ?? null };
    const { status, collection_method: method } = params;
    const matching = find(sandbox, by)
      .filter((invoice) => !params.customer || invoice.customer === params.customer)
      .filter((invoice) => method == null || invoice.collection_method === method)
      .filter((invoice) => status == null || invoice.status === status);
    return listPage(matching, { params, url, show: (invoice) => showInvoice(sandbox, invoice) });
  }),
  route<Stripe.InvoiceCreateParams>("POST /v1/invoices", ({ sandbox, params }) =>
    showInvoice(sandbox, makeInvoice(sandbox, params)),
  ),
  route<Stripe.InvoiceCreatePreviewParams>("POST /v1/invoices/create_preview", ({ sandbox, params }) =>
    previewInvoice(sandbox, params),
  ),
  route("GET /v1/invoices/{id}", ({ sandbox, id }) => showInvoice(sandbox, requireInvoice(sandbox, id))),
  route<Stripe.InvoiceListLineItemsParams>("GET /v1/invoices/{id}/lines", ({ sandbox, id, params, url }) => {
    const lines = linesOf(sandbox, requireInvoice(sandbox, id).id);
    return listPage(lines, { params, url, show: (line) => showLine(sandbox, line) });
  }),
  route<Stripe.InvoiceUpdateParams>("POST /v1/invoices/{id}", ({ sandbox, id, params }) =>
    showInvoice(sandbox, changeInvoice(sandbox, requireInvoice(sandbox, id), params)),
  ),
  route("DELETE /v1/invoices/{id}", ({ sandbox, id }) => deleteDraft(sandbox, requireInvoice(sandbox, id))),
  route<Stripe.InvoiceFinalizeInvoiceParams>("POST /v1/invoices/{id}/finalize", ({ sandbox, id, params }) =>
    showInvoice(sandbox, finalize(sandbox, requireInvoice(sandbox, id), params.auto_advance)),
  ),
  route<Stripe.InvoicePayParams>("POST /v1/invoices/{id}/pay", ({ sandbox, id, params }) =>
    showInvoice(sandbox, pay(sandbox, requireInvoice(sandbox, id), params)),
  ),
  route("POST /v1/invoices/{id}/void", ({ sandbox, id }) =>
    showInvoice(sandbox, voidInvoice(sandbox, requireInvoice(sandbox, id))),
  ),
  route("POST /v1/invoices/{id}/mark_uncollectible", ({ sandbox, id }) =>
    showInvoice(sandbox, markUncollectible(sandbox, requireInvoice(sandbox, id), "user_forgiven")),
  ),
  route("POST /v1/invoices/{id}/send", ({ sandbox, id }) =>
    showInvoice(sandbox, send(sandbox, requireInvoice(sandbox, id))),
  ),
];
