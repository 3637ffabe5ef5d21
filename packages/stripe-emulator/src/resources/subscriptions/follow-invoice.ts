/**
 * What the fate of its invoices does to a subscription. Only the latest counts: paying it makes an incomplete, past due
 * or unpaid subscription active; when it fails, an active one is past due. A pending update is made when its invoice is
 * paid, and forgotten when that is voided.
 */
import type { Invoice } from "../../entities/invoice.ts";
import type { Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { applyPendingUpdate, discardPendingUpdate } from "./pending-update.ts";
import { updateSubscription } from "./subscription.ts";

function subscriptionOf(sandbox: Sandbox, invoice: Invoice): Subscription | undefined {
  return invoice.subscription === null ? undefined : sandbox.store.subscriptions.get(invoice.subscription);
}

export function followPaidInvoice(sandbox: Sandbox, invoice: Invoice): void {
  const subscription = subscriptionOf(sandbox, invoice);
  if (subscription?.latest_invoice !== invoice.id) return;
  if (subscription.pending_update !== null) {
    applyPendingUpdate(sandbox, subscription);
    return;
  }
  if (["incomplete", "past_due", "unpaid"].includes(subscription.status)) {
    updateSubscription(sandbox, subscription, { status: runningStatus(sandbox, subscription) });
  }
}

/** What a subscription is that owes nothing. */
function runningStatus(sandbox: Sandbox, subscription: Subscription): Subscription["status"] {
  const isTrial =
    subscription.trial_end !== null && subscription.trial_end > sandbox.now(subscription.customer);
  return isTrial ? "trialing" : "active";
}

/**
 * After a try that did not bring the money, or with none made. The first invoice of a subscription that is just being
 * created makes it incomplete, which `customer.subscription.created` tells; later ones make it past due.
 */
export function followFailedInvoice(sandbox: Sandbox, invoice: Invoice): void {
  const subscription = subscriptionOf(sandbox, invoice);
  if (subscription?.latest_invoice !== invoice.id || subscription.status !== "active") return;
  // Nothing is past due: the invoice of a pending update is for what there is not yet.
  if (subscription.pending_update !== null) return;
  if (invoice.billing_reason === "subscription_create") {
    sandbox.store.subscriptions.patch(subscription.id, { status: "incomplete" });
    return;
  }
  updateSubscription(sandbox, subscription, { status: "past_due" });
}

/**
 * After an invoice was voided or written off. The first invoice of an incomplete subscription takes it along; otherwise
 * the newest of the invoices that remain decides.
 */
export function followEndedInvoice(sandbox: Sandbox, invoice: Invoice): void {
  const subscription = subscriptionOf(sandbox, invoice);
  if (subscription?.latest_invoice !== invoice.id) return;
  if (subscription.pending_update !== null && invoice.status === "void") {
    discardPendingUpdate(sandbox, subscription);
    return;
  }
  if (subscription.status === "incomplete" && invoice.status === "void") {
    updateSubscription(sandbox, subscription, {
      status: "incomplete_expired",
      ended_at: sandbox.now(subscription.customer),
    });
    return;
  }
  if (subscription.status !== "past_due" && subscription.status !== "unpaid") return;
  const counting = sandbox.store.invoices
    .where("subscription", subscription.id)
    .findLast(({ status }) => status !== "void" && status !== "draft");
  if (counting?.status !== "open") {
    updateSubscription(sandbox, subscription, { status: runningStatus(sandbox, subscription) });
  }
}
