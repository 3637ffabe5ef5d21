/** What a subscription does by itself besides renewing and ending: it expires unpaid, resumes, or announces something. */
import type { Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { voidInvoice } from "../invoices/end.ts";
import { rememberNotice } from "../notices.ts";
import { showSubscription, updateSubscription } from "./subscription.ts";

/** The first invoice was not paid in time: it is void, and the subscription never began. */
export function expireIncomplete(sandbox: Sandbox, subscription: Subscription): void {
  const invoice = sandbox.store.invoices.get(subscription.latest_invoice ?? "");
  if (invoice?.status === "open" || invoice?.status === "uncollectible") voidInvoice(sandbox, invoice);
  const after = sandbox.store.subscriptions.get(subscription.id) ?? subscription;
  if (after.status !== "incomplete") return;
  const ended_at = sandbox.now(subscription.customer);
  updateSubscription(sandbox, after, { status: "incomplete_expired", ended_at });
}

/** A change that waited for its payment is given up, by time or by a schedule's next phase: its invoice is void. */
export function expirePendingUpdate(sandbox: Sandbox, subscription: Subscription): Subscription {
  const current = () => sandbox.store.subscriptions.get(subscription.id) ?? subscription;
  if (subscription.pending_update === null) return subscription;
  const invoice = sandbox.store.invoices.get(subscription.latest_invoice ?? "");
  if (invoice?.status === "open") voidInvoice(sandbox, invoice);
  if (current().pending_update !== null) {
    updateSubscription(sandbox, current(), { pending_update: null });
  }
  if (sandbox.account.assumptions.ownVoidOfPendingUpdate === "updated_only") {
    sandbox.emit("customer.subscription.pending_update_expired", showSubscription(sandbox, current()));
  }
  return current();
}

/** The pause of collection is over: from the next period on invoices are charged again. */
export function resumeCollection(sandbox: Sandbox, subscription: Subscription): void {
  updateSubscription(sandbox, subscription, { pause_collection: null });
}

export function tellTrialWillEnd(sandbox: Sandbox, subscription: Subscription): void {
  sandbox.emit("customer.subscription.trial_will_end", showSubscription(sandbox, subscription));
  const { id, trial_end } = subscription;
  rememberNotice(sandbox, { id, collection: "subscriptions" }, "trial_will_end", trial_end ?? 0);
}
