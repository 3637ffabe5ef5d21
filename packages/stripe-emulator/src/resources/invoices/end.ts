/** The ends of an invoice without its money: voided, written off, or deleted while still a draft. */
import type { Invoice, UncollectibleReason } from "../../entities/invoice.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest } from "../../wire/errors.ts";
import type { WireObject } from "../../wire/shape.ts";
import { changeBalance } from "../customer-balance-routes.ts";
import { cancelIntent } from "../payments/payment-intent.ts";
import { followEndedInvoice } from "../subscriptions/follow-invoice.ts";
import { linesOf, patchInvoice, showInvoice } from "./invoice.ts";

/** Open or uncollectible -> void, for good: it keeps its number, and what it took of the customer's balance goes back. */
export function voidInvoice(sandbox: Sandbox, invoice: Invoice): Invoice {
  if (invoice.status !== "open" && invoice.status !== "uncollectible") throw notPayable(invoice, "voided");
  const now = sandbox.now(invoice.customer);
  const applied = (invoice.ending_balance ?? 0) - invoice.starting_balance;
  if (applied !== 0) {
    const { currency, id } = invoice;
    const change = { type: "unapplied_from_invoice", amount: -applied, currency, invoice: id } as const;
    changeBalance(sandbox, invoice.customer, change);
  }
  const voided = patchInvoice(sandbox, invoice.id, {
    status: "void",
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: { ...invoice.status_transitions, voided_at: now },
  });
  cancelPayments(sandbox, invoice.id, now);
  sandbox.emit("invoice.voided", showInvoice(sandbox, voided));
  followEndedInvoice(sandbox, voided);
  return voided;
}

/** Payments that wait for an invoice that no longer asks for them. */
export function cancelPayments(sandbox: Sandbox, invoice: string, now: number): void {
  for (const payment of sandbox.store.invoicePayments.where("invoice", invoice)) {
    if (payment.status !== "open") continue;
    sandbox.store.invoicePayments.patch(payment.id, {
      status: "canceled",
      status_transitions: { canceled_at: now, paid_at: null },
    });
    const intent = sandbox.store.paymentIntents.get(payment.payment_intent);
    if (intent !== undefined && intent.status !== "succeeded" && intent.status !== "canceled") {
      cancelIntent(sandbox, intent, "void_invoice");
    }
  }
}

/** Open -> uncollectible: a bad debt in the books. It can still be paid, or voided. */
export function markUncollectible(sandbox: Sandbox, invoice: Invoice, reason: UncollectibleReason): Invoice {
  if (invoice.status !== "open") throw notPayable(invoice, "marked as uncollectible");
  const marked = patchInvoice(sandbox, invoice.id, {
    status: "uncollectible",
    uncollectible_reason: reason,
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: {
      ...invoice.status_transitions,
      marked_uncollectible_at: sandbox.now(invoice.customer),
    },
  });
  sandbox.emit("invoice.marked_uncollectible", showInvoice(sandbox, marked));
  followEndedInvoice(sandbox, marked);
  return marked;
}

function notPayable(invoice: Invoice, done: string): Error {
  return invalidRequest(`This invoice is ${invoice.status} and can't be ${done}.`, {
    code: invoice.status === "draft" ? "invoice_not_editable" : "invoice_no_longer_payable",
  });
}

/** Removes a draft with its lines. Only invoices that belong to no subscription can go. */
export function deleteDraft(sandbox: Sandbox, invoice: Invoice): WireObject {
  if (invoice.status !== "draft" || invoice.subscription !== null) {
    throw invalidRequest(
      "You can only delete draft invoices that belong to no subscription. Void a finalized one instead.",
      { code: "invoice_not_editable" },
    );
  }
  sandbox.emit("invoice.deleted", showInvoice(sandbox, invoice));
  const isKept = sandbox.account.assumptions.itemsOfDeletedDraft === "pending_again";
  for (const line of linesOf(sandbox, invoice.id)) {
    if (line.invoice_item !== null && isKept) {
      sandbox.store.invoiceItems.patch(line.invoice_item, { invoice: null });
    } else if (line.invoice_item !== null) sandbox.store.invoiceItems.delete(line.invoice_item);
    sandbox.store.invoiceLines.delete(line.id);
  }
  sandbox.store.invoices.delete(invoice.id);
  return { id: invoice.id, object: "invoice", deleted: true };
}
