/**
 * Subscription schedules: what a subscription is to become, phase after phase.
 *
 *   not_started -> active     its first phase begins, and with it the subscription
 *   active -> active          a phase ends where the next begins; the subscription takes over that one's items
 *   active -> released        by the release call, or at the last phase's end; the subscription goes on by itself
 *   active -> canceled        by the cancel call, or with its subscription
 *   active -> completed       at the last phase's end when `end_behavior` is cancel; the subscription ends too
 *
 * While one is attached, how the subscription ends is the schedule's matter. Direct changes of its items are not refused:
 * they change the current phase and leave the later ones (see keep-in-step.ts).
 */
import type { SchedulePhase, SubscriptionSchedule } from "../../entities/subscription-schedule.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest, noSuchObject } from "../../wire/errors.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import { previousAttributes } from "../events.ts";

export function requireSchedule(sandbox: Sandbox, id: string): SubscriptionSchedule {
  const schedule = sandbox.store.subscriptionSchedules.get(id);
  if (schedule === undefined) throw noSuchObject("subscription schedule", id);
  return schedule;
}

/** For calls that need one that is still in force. */
export function requireLive(schedule: SubscriptionSchedule, deed: string): void {
  if (schedule.status === "not_started" || schedule.status === "active") return;
  throw invalidRequest(
    `You cannot ${deed} a subscription schedule that is currently in the \`${schedule.status}\` status; it must be \`not_started\` or \`active\`.`,
  );
}

export function showSchedule(sandbox: Sandbox, schedule: SubscriptionSchedule): WireObject {
  const { current_phase: current, default_settings: settings, phases, ...fields } = schedule;
  const { automatic_tax: isTaxed, ...defaults } = settings;
  return complete({
    object: "subscription_schedule",
    ...fields,
    billing_mode: { type: "flexible", flexible: { proration_discounts: "included" } },
    current_phase: current === null ? null : { start_date: current.start, end_date: current.end },
    default_settings: {
      ...defaults,
      application_fee_percent: null,
      automatic_tax: {
        disabled_reason: null,
        enabled: isTaxed,
        liability: isTaxed ? { type: "self" } : null,
      },
      billing_thresholds: null,
      collection_method: "charge_automatically",
      invoice_settings: {
        account_tax_ids: null,
        custom_fields: null,
        days_until_due: null,
        description: null,
        footer: null,
        issuer: { type: "self" },
      },
      on_behalf_of: null,
      transfer_data: null,
    },
    phases: phases.map(showPhase),
    test_clock: sandbox.store.customers.get(schedule.customer)?.test_clock ?? null,
  });
}

function showPhase({ discounts, items, ...phase }: SchedulePhase) {
  return {
    ...phase,
    add_invoice_items: [],
    application_fee_percent: null,
    billing_thresholds: null,
    collection_method: null,
    default_tax_rates: [],
    discounts: (discounts ?? []).map((discount) => ({ coupon: null, discount, promotion_code: null })),
    invoice_settings: null,
    items: items.map((item) => ({
      ...item,
      billing_thresholds: null,
      discounts: [],
      plan: item.price,
      tax_rates: [],
    })),
    on_behalf_of: null,
    transfer_data: null,
  };
}

/** Writes changes and raises `subscription_schedule.updated` when anything shows. */
export function updateSchedule(
  sandbox: Sandbox,
  before: SubscriptionSchedule,
  changes: Partial<SubscriptionSchedule>,
): SubscriptionSchedule {
  const after = sandbox.store.subscriptionSchedules.patch(before.id, changes);
  const [old, fresh] = [showSchedule(sandbox, before), showSchedule(sandbox, after)];
  const previous = previousAttributes(old, fresh);
  if (Object.keys(previous).length > 0) sandbox.emit("subscription_schedule.updated", fresh, previous);
  return after;
}

/** The phase that an instant lies in; found by its dates, for its place in the list may change. */
export function phaseAt(phases: SchedulePhase[], instant: number): SchedulePhase | undefined {
  return phases.find(({ start_date, end_date }) => start_date <= instant && instant < end_date);
}
