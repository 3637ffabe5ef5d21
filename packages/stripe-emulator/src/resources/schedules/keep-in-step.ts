/**
 * A subscription with a schedule that is changed directly: the schedule's current phase follows, the later ones stay as
 * they were. Stripe has been seen to cut the current phase in two at that instant, even for a change of metadata
 * (`directChangeOfScheduled`), so that readers must find phases by their dates and not by their place.
 */
import type { PhaseItem, SchedulePhase, SubscriptionSchedule } from "../../entities/subscription-schedule.ts";
import type { Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { itemsOf } from "../subscriptions/subscription.ts";
import { phaseAt, updateSchedule } from "./schedule.ts";

/** To be called after a direct change; does nothing when the phase says already what the subscription is. */
export function keepScheduleInStep(sandbox: Sandbox, id: string): void {
  const subscription = sandbox.store.subscriptions.get(id);
  const schedule = sandbox.store.subscriptionSchedules.get(subscription?.schedule ?? "");
  if (subscription === undefined || schedule?.status !== "active") return;
  const phase = phaseAt(schedule.phases, schedule.current_phase?.start ?? 0);
  if (phase === undefined) return;
  const fresh = { ...phase, ...shared(sandbox, subscription) };
  if (JSON.stringify(fresh) === JSON.stringify(phase)) return;
  const now = sandbox.now(subscription.customer);
  const splits =
    sandbox.account.assumptions.directChangeOfScheduled === "splits_phase" && now > phase.start_date;
  const parts = splits ? split(phase, fresh, now) : [fresh];
  replacePhase(sandbox, schedule, phase, parts);
}

/** What a phase and the subscription in it have in common. */
export function shared(
  sandbox: Sandbox,
  subscription: Subscription,
): Pick<SchedulePhase, "items" | "metadata"> {
  return { items: phaseItemsOf(sandbox, subscription.id), metadata: subscription.metadata };
}

export function phaseItemsOf(sandbox: Sandbox, subscription: string): PhaseItem[] {
  return itemsOf(sandbox, subscription).map(({ price, quantity, metadata }) => ({
    price,
    quantity,
    metadata,
  }));
}

function split(before: SchedulePhase, after: SchedulePhase, now: number): SchedulePhase[] {
  return [
    { ...before, end_date: now },
    { ...after, start_date: now },
  ];
}

function replacePhase(
  sandbox: Sandbox,
  schedule: SubscriptionSchedule,
  phase: SchedulePhase,
  parts: SchedulePhase[],
): void {
  const phases = schedule.phases.flatMap((one) => (one === phase ? parts : [one]));
  const last = parts.at(-1) ?? phase;
  updateSchedule(sandbox, schedule, {
    phases,
    current_phase: { start: last.start_date, end: last.end_date },
  });
}
