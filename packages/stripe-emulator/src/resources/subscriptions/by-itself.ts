/** What a subscription does by itself besides renewing and ending: it expires unpaid, resumes, or announces something. */
import type { Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { voidInvoice } from "../invoices/end.ts";
import { rememberNotice } from "../notices.ts";
import { itemsOf, showSubscription, updateSubscription } from "./subscription.ts";

/** The first invoice was not paid in time: it is void, and the subscription never began. */
export function expireIncomplete(sandbox: Sandbox, subscription: Subscription): void {
  const invoice = sandbox.store.invoices.get(subscription.latest_invoice ?? "");
  if (invoice?.status === "open" || invoice?.status === "uncollectible") voidInvoice(sandbox, invoice);
  const after = sandbox.store.subscriptions.get(subscription.id) ?? subscription;
  if (after.status !== "incomplete") return;
  const ended_at = sandbox.now(subscription.customer);
  updateSubscription(sandbox, after, { status: "incomplete_expired", ended_at });
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

/** `invoice.upcoming`: the invoice as the renewal would make it now. It has no id, for it does not exist yet. */
export function tellUpcoming(sandbox: Sandbox, subscription: Subscription): void {
  const { id } = subscription;
  const end = Math.min(...itemsOf(sandbox, id).map((item) => item.current_period_end));
  rememberNotice(sandbox, { id, collection: "subscriptions" }, "invoice_upcoming", end);
}
