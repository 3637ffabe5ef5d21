/** A schedule for a subscription that exists, or one that will begin a subscription. */
import type { SubscriptionSchedule } from "../../entities/subscription-schedule.ts";
import type { Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId } from "../../store/ids.ts";
import { invalidRequest, noSuchReference, parameterMissing } from "../../wire/errors.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import type { Given } from "../../wire/route.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import { customerOf } from "../customers.ts";
import { itemsOf, updateSubscription } from "../subscriptions/subscription.ts";
import { shared } from "./keep-in-step.ts";
import { startSchedule } from "./move-on.ts";
import { phasesFrom } from "./phases.ts";
import { endBehaviorFrom, settingsFrom } from "./settings.ts";
import { requireSchedule, showSchedule } from "./schedule.ts";

type Params = Given<Stripe.SubscriptionScheduleCreateParams>;

export function createSchedule(sandbox: Sandbox, params: Params): SubscriptionSchedule {
  if (params.pause_schedules != null) {
    throw invalidRequest("The emulator does not serve `pause_schedules`.", { param: "pause_schedules" });
  }
  return params.from_subscription
    ? createFrom(sandbox, params.from_subscription, params)
    : createNew(sandbox, params);
}

/** Stripe makes the schedule from the subscription alone; what is to change goes into an update. */
function createFrom(sandbox: Sandbox, id: string, params: Params): SubscriptionSchedule {
  const other = Object.keys(params).find((name) => name !== "from_subscription");
  if (other !== undefined) {
    throw invalidRequest(
      `You cannot set \`${other}\` if \`from_subscription\` is set. Create the schedule first and update it afterwards.`,
      { param: other },
    );
  }
  const subscription = sandbox.store.subscriptions.get(id);
  if (subscription === undefined) throw noSuchReference("subscription", id, "from_subscription");
  checkFree(subscription);
  const schedule = put(sandbox, {
    ...blank(sandbox, subscription.customer),
    status: "active",
    subscription: id,
    ...phaseOf(sandbox, subscription),
    end_behavior: subscription.cancel_at === null ? "release" : "cancel",
    default_settings: {
      automatic_tax: subscription.automatic_tax,
      billing_cycle_anchor: "automatic",
      default_payment_method: subscription.default_payment_method,
      description: subscription.description,
    },
  });
  updateSubscription(sandbox, subscription, { schedule: schedule.id });
  return schedule;
}

function checkFree(subscription: Subscription): void {
  const { id, status, schedule } = subscription;
  if (schedule !== null) {
    const message = `You cannot migrate a subscription that is already attached to a schedule: ${schedule}`;
    throw invalidRequest(message, { param: "from_subscription" });
  }
  if (status === "canceled" || status === "incomplete" || status === "incomplete_expired") {
    const message = `You cannot migrate the subscription ${id}, which is \`${status}\`.`;
    throw invalidRequest(message, { param: "from_subscription" });
  }
}

/** One phase: the period that the subscription is in. */
function phaseOf(sandbox: Sandbox, subscription: Subscription) {
  const items = itemsOf(sandbox, subscription.id);
  const start = Math.max(...items.map((item) => item.current_period_start));
  const end = subscription.cancel_at ?? Math.min(...items.map((item) => item.current_period_end));
  const phase = {
    start_date: start,
    end_date: end,
    billing_cycle_anchor: null,
    currency: subscription.currency,
    default_payment_method: null,
    description: null,
    discounts: subscription.discounts,
    proration_behavior: "create_prorations" as const,
    trial_end: subscription.status === "trialing" ? subscription.trial_end : null,
    ...shared(sandbox, subscription),
  };
  return { phases: [phase], current_phase: { start, end } };
}

function createNew(sandbox: Sandbox, params: Params): SubscriptionSchedule {
  if (!params.customer) throw parameterMissing("customer");
  const customer = customerOf(sandbox, params.customer);
  const now = sandbox.now(customer.id);
  const start = params.start_date === "now" || params.start_date == null ? now : params.start_date;
  if (start < now) {
    throw invalidRequest("The emulator does not backdate schedules: `start_date` must not lie in the past.", {
      param: "start_date",
    });
  }
  const schedule = put(sandbox, {
    ...blank(sandbox, customer.id),
    status: "not_started",
    phases: phasesFrom(sandbox, params.phases ?? [], { customer: customer.id, start, now }),
    end_behavior: endBehaviorFrom(params.end_behavior) ?? "release",
    default_settings: settingsFrom(sandbox, params.default_settings, customer.id),
    metadata: mergeMetadata({}, params.metadata),
  });
  return start > now ? schedule : startSchedule(sandbox, schedule);
}

function blank(sandbox: Sandbox, customer: string) {
  return {
    id: newId("sub_sched"),
    created: sandbox.now(customer),
    customer,
    subscription: null,
    released_subscription: null,
    current_phase: null,
    canceled_at: null,
    completed_at: null,
    released_at: null,
    metadata: {},
  };
}

function put(sandbox: Sandbox, schedule: SubscriptionSchedule): SubscriptionSchedule {
  sandbox.store.subscriptionSchedules.put(schedule);
  sandbox.emit("subscription_schedule.created", showSchedule(sandbox, schedule));
  return requireSchedule(sandbox, schedule.id);
}
