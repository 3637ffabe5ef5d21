/**
 * Subscriptions: an agreement to pay for items, each a price and a quantity, period after period. Items own their
 * periods; the anchor fixes where all periods begin. Billing mode is flexible, Stripe's default.
 */
import type { Subscription, SubscriptionItem } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { embeddedList } from "../../wire/lists.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import { previousAttributes } from "../events.ts";
import { priceOf, showPlan, showPrice } from "../prices.ts";

export function itemsOf(sandbox: Sandbox, subscription: string): SubscriptionItem[] {
  return sandbox.store.subscriptionItems.where("subscription", subscription);
}

export function showSubscriptionItem(sandbox: Sandbox, item: SubscriptionItem): WireObject {
  const price = priceOf(sandbox, item.price, "price");
  return complete({
    object: "subscription_item",
    ...item,
    billed_until: item.current_period_end,
    discounts: [],
    plan: showPlan(price),
    price: showPrice(sandbox, price),
    tax_rates: [],
  });
}

export function showSubscription(sandbox: Sandbox, subscription: Subscription): WireObject {
  const { automatic_tax: isTaxed, cancellation_details, ...fields } = subscription;
  return complete({
    object: "subscription",
    ...fields,
    automatic_tax: { disabled_reason: null, enabled: isTaxed, liability: isTaxed ? { type: "self" } : null },
    billing_mode: { type: "flexible", flexible: { proration_discounts: "included" } },
    billing_schedules: [],
    cancellation_details: { ...cancellation_details, feedback_option: null },
    collection_method: "charge_automatically",
    default_tax_rates: [],
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: "self" },
    },
    items: embeddedList(
      itemsOf(sandbox, subscription.id).map((item) => showSubscriptionItem(sandbox, item)),
      `/v1/subscription_items?subscription=${subscription.id}`,
    ),
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: "off",
    },
    test_clock: sandbox.store.customers.get(subscription.customer)?.test_clock ?? null,
    trial_settings: {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: "create_invoice" },
    },
  });
}

/** Writes changes and raises `customer.subscription.updated` when anything shows. */
export function updateSubscription(
  sandbox: Sandbox,
  before: Subscription,
  changes: Partial<Subscription>,
): Subscription {
  const old = showSubscription(sandbox, before);
  const after = sandbox.store.subscriptions.patch(before.id, changes);
  const fresh = showSubscription(sandbox, after);
  const previous = previousAttributes(old, fresh);
  if (Object.keys(previous).length > 0) sandbox.emit("customer.subscription.updated", fresh, previous);
  return after;
}

/** `customer.subscriptions`, sent on request only: those that have not ended. */
export function includeSubscriptions(sandbox: Sandbox, customer: string): WireObject {
  const alive = sandbox.store.subscriptions
    .where("customer", customer)
    .filter(
      (subscription) => subscription.status !== "canceled" && subscription.status !== "incomplete_expired",
    );
  return embeddedList(
    alive.reverse().map((subscription) => showSubscription(sandbox, subscription)),
    `/v1/customers/${customer}/subscriptions`,
  );
}
