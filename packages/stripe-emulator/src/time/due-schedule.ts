/** When a schedule moves by itself: it starts, its next phase begins, it ends, and that is announced a week ahead. */
import type { SubscriptionSchedule } from "../entities/subscription-schedule.ts";
import { firstDue, type Due, type Told } from "./due.ts";

/** `subscription_schedule.expiring` comes seven days before the end (docs). */
const EXPIRING_SECONDS = 7 * 86_400;

export function dueOfSchedule({
  schedule,
  told,
}: {
  schedule: SubscriptionSchedule;
  told: Told;
}): Due | null {
  const { status, phases, current_phase } = schedule;
  if (status === "not_started")
    return { kind: "schedule_starts", at: phases[0]?.start_date ?? schedule.created };
  if (status !== "active" || current_phase === null) return null;
  return firstDue([{ kind: "schedule_moves_on", at: current_phase.end }, expiring(schedule, told)]);
}

/** A schedule that is shorter than the notice does not announce its end. */
function expiring({ phases, created }: SubscriptionSchedule, told: Told): Due | null {
  const end = phases.at(-1)?.end_date ?? 0;
  const at = end - EXPIRING_SECONDS;
  return at < created || told["schedule_expiring"] === end ? null : { kind: "schedule_expiring", at };
}
