/** The routes of subscription schedules. */
import type { SubscriptionSchedule } from "../../entities/subscription-schedule.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import type { Sandbox } from "../../sandbox.ts";
import { isWithin, listPage } from "../../wire/lists.ts";
import { route, type Given } from "../../wire/route.ts";
import { cancelAndBill } from "../subscriptions/cancel-request.ts";
import { createSchedule } from "./create.ts";
import { markCanceled, releaseSchedule } from "./end.ts";
import { requireLive, requireSchedule, showSchedule } from "./schedule.ts";
import { changeSchedule } from "./update.ts";

/**
 * The subscription is canceled with its schedule, now: unless told otherwise the unused time is given back, and what is
 * pending comes on a last invoice (the SDK's comments).
 */
function cancel(
  sandbox: Sandbox,
  schedule: SubscriptionSchedule,
  params: Given<Stripe.SubscriptionScheduleCancelParams>,
): SubscriptionSchedule {
  requireLive(schedule, "cancel");
  const canceled = markCanceled(sandbox, schedule);
  const subscription = sandbox.store.subscriptions.get(schedule.subscription ?? "");
  if (subscription !== undefined) {
    cancelAndBill(sandbox, subscription, {
      isProrated: params.prorate ?? true,
      isInvoiced: params.invoice_now ?? true,
    });
  }
  return canceled;
}

export const scheduleRoutes = [
  route<Stripe.SubscriptionScheduleCreateParams>("POST /v1/subscription_schedules", ({ sandbox, params }) =>
    showSchedule(sandbox, createSchedule(sandbox, params)),
  ),
  route<Stripe.SubscriptionScheduleListParams>(
    "GET /v1/subscription_schedules",
    ({ sandbox, params, url }) => {
      const { subscriptionSchedules } = sandbox.store;
      const found = params.customer
        ? subscriptionSchedules.where("customer", params.customer).reverse()
        : subscriptionSchedules.newestFirst();
      const matching = found
        .filter(({ status }) => !params.scheduled || status === "not_started")
        .filter(({ canceled_at }) => isWithin(canceled_at, params.canceled_at))
        .filter(({ completed_at }) => isWithin(completed_at, params.completed_at))
        .filter(({ released_at }) => isWithin(released_at, params.released_at));
      return listPage(matching, { params, url, show: (schedule) => showSchedule(sandbox, schedule) });
    },
  ),
  route("GET /v1/subscription_schedules/{id}", ({ sandbox, id }) =>
    showSchedule(sandbox, requireSchedule(sandbox, id)),
  ),
  route<Stripe.SubscriptionScheduleUpdateParams>(
    "POST /v1/subscription_schedules/{id}",
    ({ sandbox, id, params }) =>
      showSchedule(sandbox, changeSchedule(sandbox, requireSchedule(sandbox, id), params)),
  ),
  route<Stripe.SubscriptionScheduleCancelParams>(
    "POST /v1/subscription_schedules/{id}/cancel",
    ({ sandbox, id, params }) => showSchedule(sandbox, cancel(sandbox, requireSchedule(sandbox, id), params)),
  ),
  route<Stripe.SubscriptionScheduleReleaseParams>(
    "POST /v1/subscription_schedules/{id}/release",
    ({ sandbox, id, params }) => {
      const schedule = requireSchedule(sandbox, id);
      requireLive(schedule, "release");
      return showSchedule(sandbox, releaseSchedule(sandbox, schedule, params));
    },
  ),
];
