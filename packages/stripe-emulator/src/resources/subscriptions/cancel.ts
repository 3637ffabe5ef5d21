/** The end of a subscription, now. What was paid stays paid. */
import type { CancellationDetails, Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest } from "../../wire/errors.ts";
import { showSubscription } from "./subscription.ts";

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
  const now = sandbox.now(subscription.customer);
  const canceled = sandbox.store.subscriptions.patch(subscription.id, {
    status: "canceled",
    canceled_at: now,
    ended_at: now,
    cancel_at: null,
    cancel_at_period_end: false,
    cancellation_details: { comment: null, feedback: null, reason: "cancellation_requested", ...details },
  });
  for (const invoice of sandbox.store.invoices.where("subscription", subscription.id)) {
    if (invoice.status === "open" || invoice.status === "draft") {
      sandbox.store.invoices.patch(invoice.id, { auto_advance: false, next_payment_attempt: null });
    }
  }
  sandbox.emit("customer.subscription.deleted", showSubscription(sandbox, canceled));
  return canceled;
}

/** For a customer who is deleted. */
export function cancelAllOf(sandbox: Sandbox, customer: string): void {
  for (const subscription of sandbox.store.subscriptions.where("customer", customer)) {
    if (subscription.status !== "canceled" && subscription.status !== "incomplete_expired") {
      cancelNow(sandbox, subscription);
    }
  }
}
