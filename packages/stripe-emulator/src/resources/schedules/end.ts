/** The ends of a schedule: released, canceled with its subscription, or completed. */
import type { SubscriptionSchedule } from "../../entities/subscription-schedule.ts";
import type { Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { chargeWhatWasCut } from "../subscriptions/cut-period.ts";
import { updateSubscription } from "../subscriptions/subscription.ts";
import { showSchedule } from "./schedule.ts";

/** The subscription goes on as it is, without the schedule; an end that was agreed on goes too, unless it is kept. */
export function releaseSchedule(
  sandbox: Sandbox,
  schedule: SubscriptionSchedule,
  options: { preserve_cancel_date?: boolean | null | undefined } = {},
): SubscriptionSchedule {
  const released = sandbox.store.subscriptionSchedules.patch(schedule.id, {
    status: "released",
    released_at: sandbox.now(schedule.customer),
    released_subscription: schedule.subscription,
    subscription: null,
    current_phase: null,
  });
  const subscription = sandbox.store.subscriptions.get(schedule.subscription ?? "");
  if (subscription !== undefined) {
    const goesOn = {
      cancel_at: null,
      cancel_at_period_end: false,
      cancel_prorates: false,
      canceled_at: null,
    };
    if (!options.preserve_cancel_date) chargeWhatWasCut(sandbox, subscription, null);
    updateSubscription(sandbox, subscription, {
      schedule: null,
      ...(!options.preserve_cancel_date && goesOn),
    });
  }
  sandbox.emit("subscription_schedule.released", showSchedule(sandbox, released));
  return released;
}

/** The last phase is over and the subscription goes on. How Stripe calls that is `scheduleEndByRelease`. */
export function endByRelease(sandbox: Sandbox, schedule: SubscriptionSchedule): SubscriptionSchedule {
  if (sandbox.account.assumptions.scheduleEndByRelease === "released")
    return releaseSchedule(sandbox, schedule);
  const subscription = sandbox.store.subscriptions.get(schedule.subscription ?? "");
  if (subscription !== undefined) updateSubscription(sandbox, subscription, { schedule: null });
  return completeSchedule(sandbox, schedule);
}

/** The last phase was followed to its end. */
export function completeSchedule(sandbox: Sandbox, schedule: SubscriptionSchedule): SubscriptionSchedule {
  const completed = sandbox.store.subscriptionSchedules.patch(schedule.id, {
    status: "completed",
    completed_at: sandbox.now(schedule.customer),
    current_phase: null,
  });
  sandbox.emit("subscription_schedule.completed", showSchedule(sandbox, completed));
  return completed;
}

/** `aborted` is the word for a schedule that ends because its subscription was not paid for. */
export function markCanceled(
  sandbox: Sandbox,
  schedule: SubscriptionSchedule,
  word: "canceled" | "aborted" = "canceled",
): SubscriptionSchedule {
  const canceled = sandbox.store.subscriptionSchedules.patch(schedule.id, {
    status: "canceled",
    canceled_at: sandbox.now(schedule.customer),
    current_phase: null,
  });
  sandbox.emit(`subscription_schedule.${word}`, showSchedule(sandbox, canceled));
  return canceled;
}

/** A subscription that ends takes its schedule along. */
export function endScheduleOf(sandbox: Sandbox, subscription: Subscription): void {
  const schedule = sandbox.store.subscriptionSchedules.get(subscription.schedule ?? "");
  if (schedule?.status !== "active") return;
  const isUnpaid = subscription.cancellation_details.reason === "payment_failed";
  markCanceled(sandbox, schedule, isUnpaid ? "aborted" : "canceled");
}
