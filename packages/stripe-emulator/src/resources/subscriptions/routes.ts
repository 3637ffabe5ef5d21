/** The routes of subscriptions and their items. */
import type { Subscription, SubscriptionItem } from "../../entities/subscription.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import type { Sandbox } from "../../sandbox.ts";
import { noSuchObject, noSuchReference } from "../../wire/errors.ts";
import { listPage } from "../../wire/lists.ts";
import { route } from "../../wire/route.ts";
import { endsWithoutInvoice, endTrialNow } from "./period-end.ts";
import { cancelAndBill } from "./cancel-request.ts";
import { keepScheduleInStep } from "../schedules/keep-in-step.ts";
import { itemsOf, showSubscription, showSubscriptionItem } from "./subscription.ts";
import type { ItemParams } from "./items.ts";
import type { UpdateParams } from "./terms.ts";
import { pause, resume } from "./pause.ts";
import { subscribe } from "./create.ts";
import { changeSubscription } from "./update.ts";

function requireSubscription(sandbox: Sandbox, id: string): Subscription {
  const subscription = sandbox.store.subscriptions.get(id);
  if (subscription === undefined) throw noSuchObject("subscription", id);
  return subscription;
}

function requireItem(sandbox: Sandbox, id: string): SubscriptionItem {
  const item = sandbox.store.subscriptionItems.get(id);
  if (item === undefined) throw noSuchObject("subscription_item", id);
  return item;
}

const ENDED = ["canceled", "incomplete_expired"];

/** Without a status the canceled ones are left out; `ended` and `all` are Stripe's words for groups. */
function hasStatus(subscription: Subscription, wanted: string | null | undefined): boolean {
  if (wanted == null) return !ENDED.includes(subscription.status);
  if (wanted === "all") return true;
  return wanted === "ended" ? ENDED.includes(subscription.status) : subscription.status === wanted;
}

/** Changing one item is changing its subscription. */
function changeItem(
  sandbox: Sandbox,
  subscription: Subscription,
  params: ItemParams & ItemChangeParams,
  named: Pick<ItemParams, "id" | "deleted">,
): void {
  const { payment_behavior, proration_behavior, proration_date, off_session, ...item } = params;
  changeSubscription(sandbox, subscription, {
    items: [{ ...item, ...named }] as NonNullable<UpdateParams["items"]>,
    ...(payment_behavior != null && { payment_behavior }),
    ...(proration_behavior != null && { proration_behavior }),
    ...(proration_date != null && { proration_date }),
    ...(off_session != null && { off_session }),
  });
  keepScheduleInStep(sandbox, subscription.id);
}

type ItemChangeParams = Pick<
  UpdateParams,
  "payment_behavior" | "proration_behavior" | "proration_date" | "off_session"
>;

export const subscriptionRoutes = [
  route<Stripe.SubscriptionListParams>("GET /v1/subscriptions", ({ sandbox, params, url }) => {
    const { subscriptions } = sandbox.store;
    const found = params.customer
      ? subscriptions.where("customer", params.customer).reverse()
      : subscriptions.newestFirst();
    const hasPrice = (subscription: Subscription) =>
      params.price == null || itemsOf(sandbox, subscription.id).some((item) => item.price === params.price);
    const matching = found.filter((entry) => hasStatus(entry, params.status) && hasPrice(entry));
    return listPage(matching, { params, url, show: (entry) => showSubscription(sandbox, entry) });
  }),
  route<Stripe.SubscriptionCreateParams>("POST /v1/subscriptions", ({ sandbox, params }) =>
    showSubscription(sandbox, subscribe(sandbox, params)),
  ),
  route("GET /v1/subscriptions/{id}", ({ sandbox, id }) =>
    showSubscription(sandbox, requireSubscription(sandbox, id)),
  ),
  route<Stripe.SubscriptionUpdateParams>("POST /v1/subscriptions/{id}", ({ sandbox, id, params }) => {
    const before = requireSubscription(sandbox, id);
    const { trial_end, ...others } = params;
    const endsTrial = trial_end === "now" && endsWithoutInvoice(sandbox, before);
    const changed = changeSubscription(sandbox, before, endsTrial ? others : params);
    keepScheduleInStep(sandbox, id);
    return showSubscription(sandbox, endsTrial ? endTrialNow(sandbox, changed) : changed);
  }),
  route<Stripe.SubscriptionCancelParams>("DELETE /v1/subscriptions/{id}", ({ sandbox, id, params }) => {
    const { comment, feedback } = params.cancellation_details ?? {};
    const canceled = cancelAndBill(sandbox, requireSubscription(sandbox, id), {
      details: { comment: comment ?? null, feedback: feedback ?? null },
      isProrated: params.prorate ?? false,
      isInvoiced: params.invoice_now ?? false,
    });
    return showSubscription(sandbox, canceled);
  }),
  route<Stripe.SubscriptionPauseParams>("POST /v1/subscriptions/{id}/pause", ({ sandbox, id, params }) =>
    showSubscription(sandbox, pause(sandbox, requireSubscription(sandbox, id), params)),
  ),
  route<Stripe.SubscriptionResumeParams>("POST /v1/subscriptions/{id}/resume", ({ sandbox, id, params }) =>
    showSubscription(sandbox, resume(sandbox, requireSubscription(sandbox, id), params)),
  ),
  route<Stripe.SubscriptionItemListParams>("GET /v1/subscription_items", ({ sandbox, params, url }) => {
    const items = itemsOf(sandbox, requireSubscription(sandbox, params.subscription).id);
    return listPage(items, { params, url, show: (item) => showSubscriptionItem(sandbox, item) });
  }),
  route<Stripe.SubscriptionItemCreateParams>("POST /v1/subscription_items", ({ sandbox, params }) => {
    const { subscription: id, ...given } = params;
    const subscription = sandbox.store.subscriptions.get(id);
    if (subscription === undefined) throw noSuchReference("subscription", id, "subscription");
    const before = new Set(itemsOf(sandbox, id).map((item) => item.id));
    changeItem(sandbox, subscription, given, {});
    const added = itemsOf(sandbox, id).find((item) => !before.has(item.id));
    // A change that waits for its payment has not made the item yet: what it will be is shown.
    const waiting = sandbox.store.subscriptions.get(id)?.pending_update?.change.items;
    const shown = added ?? waiting?.find((item) => !before.has(item.id));
    if (shown === undefined) throw new Error(`no item was added to ${id}`);
    return showSubscriptionItem(sandbox, shown);
  }),
  route<Stripe.SubscriptionItemUpdateParams>(
    "POST /v1/subscription_items/{id}",
    ({ sandbox, id, params }) => {
      const item = requireItem(sandbox, id);
      changeItem(sandbox, requireSubscription(sandbox, item.subscription), params, { id });
      return showSubscriptionItem(sandbox, requireItem(sandbox, id));
    },
  ),
  route<Stripe.SubscriptionItemDeleteParams>(
    "DELETE /v1/subscription_items/{id}",
    ({ sandbox, id, params }) => {
      const item = requireItem(sandbox, id);
      changeItem(sandbox, requireSubscription(sandbox, item.subscription), params, { id, deleted: true });
      return { id, object: "subscription_item", deleted: true };
    },
  ),
  route("GET /v1/subscription_items/{id}", ({ sandbox, id }) =>
    showSubscriptionItem(sandbox, requireItem(sandbox, id)),
  ),
];
