/** The routes of subscriptions and their items. */
import type { Subscription, SubscriptionItem } from "../../entities/subscription.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest, noSuchObject } from "../../wire/errors.ts";
import { listPage } from "../../wire/lists.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import { route, type Given } from "../../wire/route.ts";
import type { WireObject } from "../../wire/shape.ts";
import { usablePaymentMethod } from "../payment-methods.ts";
import { changed } from "../products.ts";
import { cancelNow } from "./cancel.ts";
import { itemsOf, showSubscription, showSubscriptionItem, updateSubscription } from "./subscription.ts";

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

/** What can be updated so far. Everything else that Stripe knows is refused in words rather than ignored. */
const UPDATABLE = ["metadata", "default_payment_method", "description", "cancellation_details"];

function update(
  sandbox: Sandbox,
  subscription: Subscription,
  params: Given<Stripe.SubscriptionUpdateParams>,
): WireObject {
  const unsupported = Object.keys(params).find((key) => key !== "expand" && !UPDATABLE.includes(key));
  if (unsupported !== undefined) {
    throw invalidRequest(`The emulator cannot update \`${unsupported}\` of a subscription yet.`, {
      param: unsupported,
    });
  }
  const chosen = params.default_payment_method;
  const method = chosen
    ? usablePaymentMethod(sandbox, chosen, subscription.customer, "default_payment_method")
    : null;
  const details = subscription.cancellation_details;
  const after = updateSubscription(sandbox, subscription, {
    metadata: mergeMetadata(subscription.metadata, params.metadata),
    description: changed(params.description, subscription.description),
    default_payment_method:
      method?.id ?? changed(params.default_payment_method, subscription.default_payment_method),
    cancellation_details: {
      ...details,
      comment: changed(params.cancellation_details?.comment, details.comment),
      feedback: changed(params.cancellation_details?.feedback, details.feedback),
    },
  });
  return showSubscription(sandbox, after);
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
  route("GET /v1/subscriptions/{id}", ({ sandbox, id }) =>
    showSubscription(sandbox, requireSubscription(sandbox, id)),
  ),
  route<Stripe.SubscriptionUpdateParams>("POST /v1/subscriptions/{id}", ({ sandbox, id, params }) =>
    update(sandbox, requireSubscription(sandbox, id), params),
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
