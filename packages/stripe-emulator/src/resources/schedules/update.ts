/**
 * Updating a schedule. Phases are replaced as a whole: the current one is sent again with its own start, ended ones are
 * left out, later ones are as the request says. A change of the current phase changes the subscription now, prorated by
 * the request's own `proration_behavior`; a phase's own is for the entry into it.
 */
import type {
  ProrationBehavior,
  SchedulePhase,
  SubscriptionSchedule,
} from "../../entities/subscription-schedule.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest } from "../../wire/errors.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import type { Given } from "../../wire/route.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import { enterPhase } from "./enter-phase.ts";
import { phaseItemsOf } from "./keep-in-step.ts";
import { moveOn } from "./move-on.ts";
import { phasesFrom, type PhaseParams } from "./phases.ts";
import { phaseAt, requireLive, updateSchedule } from "./schedule.ts";
import { endBehaviorFrom, settingsFrom } from "./settings.ts";

type Params = Given<Stripe.SubscriptionScheduleUpdateParams>;

export function changeSchedule(
  sandbox: Sandbox,
  schedule: SubscriptionSchedule,
  params: Params,
): SubscriptionSchedule {
  requireLive(schedule, "update");
  if (params.pause_schedules != null) {
    throw invalidRequest("The emulator does not serve `pause_schedules`.", { param: "pause_schedules" });
  }
  const settings = settingsFrom(
    sandbox,
    params.default_settings,
    schedule.customer,
    schedule.default_settings,
  );
  const phases = params.phases ? newPhases(sandbox, schedule, params.phases) : schedule.phases;
  const now = sandbox.now(schedule.customer);
  const current = schedule.status === "active" ? phaseOf(schedule, phases) : undefined;
  if (current !== undefined)
    applyNow(sandbox, schedule, current, params.proration_behavior ?? "create_prorations");
  const after = updateSchedule(sandbox, schedule, {
    phases,
    current_phase: current === undefined ? null : { start: current.start_date, end: current.end_date },
    end_behavior: endBehaviorFrom(params.end_behavior) ?? schedule.end_behavior,
    default_settings: settings,
    metadata: mergeMetadata(schedule.metadata, params.metadata),
  });
  return current !== undefined && current.end_date <= now ? moveOn(sandbox, after) : after;
}

function phaseOf(schedule: SubscriptionSchedule, phases: SchedulePhase[]): SchedulePhase | undefined {
  return phaseAt(phases, schedule.current_phase?.start ?? schedule.created);
}

/** Ended phases stay on record, though requests leave them out. */
function newPhases(
  sandbox: Sandbox,
  schedule: SubscriptionSchedule,
  given: readonly PhaseParams[],
): SchedulePhase[] {
  const now = sandbox.now(schedule.customer);
  const start = firstStart(schedule, given, now);
  const fresh = phasesFrom(sandbox, given, { customer: schedule.customer, start, now });
  checkStarts(given, fresh);
  if (schedule.status === "not_started") return fresh;
  if ((fresh[0]?.end_date ?? 0) < now) {
    throw invalidRequest("The current phase must not end in the past.", { param: "phases[0][end_date]" });
  }
  return [...schedule.phases.filter(({ end_date }) => end_date <= start), ...fresh];
}

function firstStart(schedule: SubscriptionSchedule, given: readonly PhaseParams[], now: number): number {
  const stated = startOf(given[0]);
  const start = stated === "now" ? now : stated;
  const current = schedule.current_phase?.start;
  if (current !== undefined) {
    if (start === current) return current;
    throw invalidRequest(
      `The first phase must be the current one, sent again with its own start date ${current}; phases that have ended are left out.`,
      { param: "phases[0][start_date]" },
    );
  }
  if (start === null) return schedule.phases[0]?.start_date ?? now;
  if (start >= now) return start;
  throw invalidRequest("`start_date` must not lie in the past.", { param: "phases[0][start_date]" });
}

function startOf(params: PhaseParams | undefined): number | "now" | null {
  return params && "start_date" in params ? (params.start_date ?? null) : null;
}

function checkStarts(given: readonly PhaseParams[], phases: SchedulePhase[]): void {
  for (const [index, params] of given.entries()) {
    const stated = startOf(params);
    if (index === 0 || stated === null || stated === phases[index]?.start_date) continue;
    throw invalidRequest("A phase must start where the one before ends.", {
      param: `phases[${index}][start_date]`,
    });
  }
}

/** The subscription follows at once when the current phase asks for other items than it has. */
function applyNow(
  sandbox: Sandbox,
  schedule: SubscriptionSchedule,
  phase: SchedulePhase,
  proration_behavior: ProrationBehavior,
): void {
  const subscription = sandbox.store.subscriptions.get(schedule.subscription ?? "");
  if (subscription === undefined) return;
  const listed = (items: SchedulePhase["items"]) =>
    JSON.stringify(items.map(({ price, quantity }) => [price, quantity]));
  if (listed(phaseItemsOf(sandbox, subscription.id)) === listed(phase.items)) return;
  enterPhase(sandbox, subscription, {
    ...phase,
    proration_behavior,
    billing_cycle_anchor: null,
    trial_end: null,
  });
}
