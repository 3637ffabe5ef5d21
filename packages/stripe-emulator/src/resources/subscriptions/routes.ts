/** The routes of subscriptions and their items. */
import type { Subscription, SubscriptionItem } from "../../entities/subscription.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest, noSuchObject } from "../../wire/errors.ts";
import { listPage } from "../../wire/lists.ts";
import { route } from "../../wire/route.ts";
import { cancelNow } from "./cancel.ts";
import { itemsOf, showSubscription, showSubscriptionItem } from "./subscription.ts";
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
  route<Stripe.SubscriptionUpdateParams>("POST /v1/subscriptions/{id}", ({ sandbox, id, params }) =>
    showSubscription(sandbox, changeSubscription(sandbox, requireSubscription(sandbox, id), params)),
  ),
  route<Stripe.SubscriptionCancelParams>("DELETE /v1/subscriptions/{id}", ({ sandbox, id, params }) => {
    if (params.prorate || params.invoice_now) {
      throw invalidRequest("The emulator cancels without proration so far.", { param: "prorate" });
    }
    const { comment, feedback } = params.cancellation_details ?? {};
    const details = { comment: comment ?? null, feedback: feedback ?? null };
    return showSubscription(sandbox, cancelNow(sandbox, requireSubscription(sandbox, id), details));
  }),
  route<Stripe.SubscriptionItemListParams>("GET /v1/subscription_items", ({ sandbox, params, url }) => {
    const items = itemsOf(sandbox, requireSubscription(sandbox, params.subscription).id);
    return listPage(items, { params, url, show: (item) => showSubscriptionItem(sandbox, item) });
  }),
  route("GET /v1/subscription_items/{id}", ({ sandbox, id }) =>
    showSubscriptionItem(sandbox, requireItem(sandbox, id)),
  ),
];
