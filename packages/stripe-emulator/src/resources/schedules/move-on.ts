/** What a schedule does when its time comes: it starts, goes on to its next phase, or comes to its end. */
import type { EventType } from "../../entities/event.ts";
import type { SchedulePhase, SubscriptionSchedule } from "../../entities/subscription-schedule.ts";
import type { Sandbox } from "../../sandbox.ts";
import { rememberNotice } from "../notices.ts";
import { cancelNow } from "../subscriptions/cancel.ts";
import { subscribe } from "../subscriptions/create.ts";
import { updateSubscription } from "../subscriptions/subscription.ts";
import { completeSchedule, endByRelease } from "./end.ts";
import { enterPhase } from "./enter-phase.ts";
import { phaseAt, requireSchedule, showSchedule, updateSchedule } from "./schedule.ts";

/** The order in which the events of a transition arrive (assembled, not promised). */
const TRANSITION_ORDER: EventType[] = [
  "customer.subscription.updated",
  "invoice.created",
  "subscription_schedule.updated",
];

/** The first phase begins, and with it the subscription. */
export function startSchedule(sandbox: Sandbox, schedule: SubscriptionSchedule): SubscriptionSchedule {
  const [phase] = schedule.phases;
  if (phase === undefined) throw new Error(`schedule ${schedule.id} has no phase`);
  const { default_settings: settings } = schedule;
  const method = phase.default_payment_method ?? settings.default_payment_method;
  const description = phase.description ?? settings.description;
  const terms = {
    customer: schedule.customer,
    items: phase.items,
    metadata: phase.metadata,
    off_session: true,
    automatic_tax: { enabled: settings.automatic_tax },
    ...(method !== null && { default_payment_method: method }),
    ...(description !== null && { description }),
    ...(phase.trial_end !== null && { trial_end: phase.trial_end }),
    ...(phase.discounts !== null && { discounts: phase.discounts.map((discount) => ({ discount })) }),
  };
  const started = subscribe(sandbox, terms, { mayLackCard: true });
  // What a schedule starts is there; unpaid it is late, not waiting for a buyer who is not there.
  const after = sandbox.store.subscriptions.patch(started.id, { schedule: schedule.id });
  if (started.status === "incomplete") updateSubscription(sandbox, after, { status: "past_due" });
  return updateSchedule(sandbox, schedule, {
    status: "active",
    subscription: started.id,
    current_phase: { start: phase.start_date, end: phase.end_date },
  });
}

/** The current phase is over. */
export function moveOn(sandbox: Sandbox, schedule: SubscriptionSchedule): SubscriptionSchedule {
  const subscription = sandbox.store.subscriptions.get(schedule.subscription ?? "");
  if (subscription === undefined) throw new Error(`schedule ${schedule.id} has no subscription`);
  const next = phaseAt(schedule.phases, schedule.current_phase?.end ?? sandbox.now(schedule.customer));
  if (next !== undefined) {
    sandbox.arrangeEvents(TRANSITION_ORDER);
    enterPhase(sandbox, subscription, withDefaults(schedule, next));
    return updateSchedule(sandbox, schedule, {
      current_phase: { start: next.start_date, end: next.end_date },
    });
  }
  if (schedule.end_behavior === "release") return endByRelease(sandbox, schedule);
  const completed = completeSchedule(sandbox, schedule);
  cancelNow(sandbox, subscription);
  return completed;
}

/** What a phase leaves open is as the schedule's own settings say. */
function withDefaults(
  { default_settings: settings }: SubscriptionSchedule,
  phase: SchedulePhase,
): SchedulePhase {
  return {
    ...phase,
    billing_cycle_anchor: phase.billing_cycle_anchor ?? settings.billing_cycle_anchor,
    default_payment_method: phase.default_payment_method ?? settings.default_payment_method,
    description: phase.description ?? settings.description,
  };
}

export function tellExpiring(sandbox: Sandbox, schedule: SubscriptionSchedule): void {
  const { id, phases } = schedule;
  sandbox.emit("subscription_schedule.expiring", showSchedule(sandbox, requireSchedule(sandbox, id)));
  const end = phases.at(-1)?.end_date ?? 0;
  rememberNotice(sandbox, { id, collection: "subscriptionSchedules" }, "schedule_expiring", end);
}
