/**
 * The end of a subscription, now. What was paid stays paid, unless `prorate` gives the unused time back as a credit;
 * `invoice_now` bills that and whatever else is pending. Prorations that nobody bills go with the subscription.
 */
import type { Invoice } from "../../entities/invoice.ts";
import type { CancellationDetails, Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest } from "../../wire/errors.ts";
import { customerOf } from "../customers.ts";
import { buyerOfCustomer } from "../invoices/buyer.ts";
import { createInvoice } from "../invoices/invoice.ts";
import { pendingItems, showInvoiceItem } from "../invoices/items.ts";
import { voidInvoice } from "../invoices/end.ts";
import { createProrationItems } from "./bill-change.ts";
import { planChange } from "./plan-change.ts";
import { invoiceTerms } from "./renewal.ts";
import { itemsOf, showSubscription } from "./subscription.ts";
import { endScheduleOf } from "../schedules/end.ts";

export function cancelNow(
  sandbox: Sandbox,
  subscription: Subscription,
  details: Partial<CancellationDetails> = {},
): Subscription {
  if (subscription.status === "canceled" || subscription.status === "incomplete_expired") {
    throw invalidRequest(`No such subscription: '${subscription.id}'; it has ended.`, {
      code: "resource_missing",
      param: "id",
    });
  }
  voidPending(sandbox, subscription);
  const now = sandbox.now(subscription.customer);
  const canceled = sandbox.store.subscriptions.patch(subscription.id, {
    status: "canceled",
    canceled_at: now,
    ended_at: now,
    cancel_at: null,
    cancel_at_period_end: false,
    cancel_prorates: false,
    pending_update: null,
    cancellation_details: { comment: null, feedback: null, reason: "cancellation_requested", ...details },
  });
  for (const invoice of sandbox.store.invoices.where("subscription", subscription.id)) {
    if (invoice.status === "open" || invoice.status === "draft") {
      sandbox.store.invoices.patch(invoice.id, { auto_advance: false, next_payment_attempt: null });
    }
  }
  sandbox.emit("customer.subscription.deleted", showSubscription(sandbox, canceled));
  endScheduleOf(sandbox, canceled);
  return canceled;
}

/** A change that waits for its payment is not waited for any longer. */
function voidPending(sandbox: Sandbox, subscription: Subscription): void {
  if (subscription.pending_update === null) return;
  const invoice = sandbox.store.invoices.get(subscription.latest_invoice ?? "");
  if (invoice?.status === "open") voidInvoice(sandbox, invoice);
}

/** In a call of its own: with the unused time credited and a last invoice, as the caller wishes. */
export function cancelByRequest(
  sandbox: Sandbox,
  subscription: Subscription,
  given: { details: Partial<CancellationDetails>; isProrated: boolean; isInvoiced: boolean },
): { subscription: Subscription; draft: Invoice | null } {
  const canceled = cancelNow(sandbox, subscription, given.details);
  const at = sandbox.now(subscription.customer);
  const pending = { isProrated: given.isProrated, at };
  if (given.isInvoiced) {
    const draft = draftFinalInvoice(sandbox, subscription, pending);
    if (draft === null) return { subscription: canceled, draft };
    const linked = sandbox.store.subscriptions.patch(subscription.id, { latest_invoice: draft.id });
    return { subscription: linked, draft };
  }
  if (given.isProrated) creditUnused(sandbox, subscription, at);
  else forgetProrations(sandbox, subscription);
  return { subscription: canceled, draft: null };
}

/** What the last invoice would have: the pending items, with the unused time if it is given back. Null for nothing. */
export function draftFinalInvoice(
  sandbox: Sandbox,
  subscription: Subscription,
  given: { isProrated: boolean; at: number },
): Invoice | null {
  if (given.isProrated) creditUnused(sandbox, subscription, given.at);
  const customer = customerOf(sandbox, subscription.customer);
  const { id, currency } = subscription;
  const waiting = pendingItems(sandbox, { customer: customer.id, currency, subscription: id });
  if (waiting.length === 0) return null;
  const now = sandbox.now(customer.id);
  return createInvoice(sandbox, {
    ...invoiceTerms(subscription, now),
    customer,
    currency,
    billing_reason: "subscription_update",
    pending: waiting,
    lines: [],
    buyer: subscription.automatic_tax ? buyerOfCustomer(sandbox, customer) : null,
    period: { start: now, end: now },
    subscription_proration_date: given.isProrated ? given.at : null,
  });
}

/** Gives back what was billed for time after `at`, as pending items. */
export function creditUnused(sandbox: Sandbox, subscription: Subscription, at: number): void {
  const request = { items: [], now: at, prorationDate: at, isProrated: true, restart: null };
  const removed = itemsOf(sandbox, subscription.id);
  const { prorations } = planChange(sandbox, subscription, { ...request, removed });
  createProrationItems(sandbox, subscription, prorations);
}

function forgetProrations(sandbox: Sandbox, { id, customer, currency }: Subscription): void {
  for (const item of pendingItems(sandbox, { customer, currency, subscription: id })) {
    if (item.subscription !== id || !item.proration) continue;
    sandbox.store.invoiceItems.delete(item.id);
    sandbox.emit("invoiceitem.deleted", showInvoiceItem(sandbox, item));
  }
}

/** For a customer who is deleted. */
export function cancelAllOf(sandbox: Sandbox, customer: string): void {
  for (const subscription of sandbox.store.subscriptions.where("customer", customer)) {
    if (subscription.status !== "canceled" && subscription.status !== "incomplete_expired") {
      cancelNow(sandbox, subscription);
    }
  }
}
