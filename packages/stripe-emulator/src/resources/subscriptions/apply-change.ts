/** Writing a planned change: the items and the terms. */
import type { PlannedChange, Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";

/** The caller raises `customer.subscription.updated`. */
export function applyChange(
  sandbox: Sandbox,
  subscription: Subscription,
  change: PlannedChange,
): Subscription {
  for (const id of change.removed) sandbox.store.subscriptionItems.delete(id);
  for (const item of change.items) sandbox.store.subscriptionItems.put(item);
  return sandbox.store.subscriptions.patch(subscription.id, change.subscription);
}
