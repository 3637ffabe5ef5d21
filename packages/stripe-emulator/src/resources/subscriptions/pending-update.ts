/**
 * A change that waits for its payment (`pending_if_incomplete`): its invoice is open and the subscription is as before.
 *
 *   none -> pending      the payment of an update did not come through at once (when it does, there is none)
 *   pending -> none      its invoice is paid: the change is made; or voided, by hand, by a further update or because
 *                        `expires_at` has come: the change is forgotten
 */
import type { Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { keepScheduleInStep } from "../schedules/keep-in-step.ts";
import { applyChange } from "./apply-change.ts";
import { showSubscription, updateSubscription } from "./subscription.ts";

/** The invoice is paid: makes the change. */
export function applyPendingUpdate(sandbox: Sandbox, subscription: Subscription): Subscription {
  const { pending_update: pending } = subscription;
  if (pending === null) return subscription;
  const old = showSubscription(sandbox, subscription);
  const changed = applyChange(sandbox, subscription, pending.change);
  const applied = updateSubscription(sandbox, changed, { pending_update: null }, old);
  sandbox.emit("customer.subscription.pending_update_applied", showSubscription(sandbox, applied));
  keepScheduleInStep(sandbox, subscription.id);
  return applied;
}

/** The invoice was voided: forgets the change. */
export function discardPendingUpdate(sandbox: Sandbox, subscription: Subscription): void {
  const forgotten = updateSubscription(sandbox, subscription, { pending_update: null });
  if (sandbox.account.assumptions.ownVoidOfPendingUpdate === "expired_too") {
    sandbox.emit("customer.subscription.pending_update_expired", showSubscription(sandbox, forgotten));
  }
}
