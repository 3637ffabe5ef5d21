/**
 * Subscriptions: an agreement to pay for items, each a price and a quantity, period after period. Items own their
 * periods; the anchor fixes where all periods begin. Billing mode is flexible, Stripe's default.
 */
import type { PendingUpdate, Subscription, SubscriptionItem } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { embeddedList } from "../../wire/lists.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import { previousAttributes } from "../events.ts";
import type { LineDraft } from "../invoices/line.ts";
import { priceOf, showPlan, showPrice } from "../prices.ts";
import { showTaxRates } from "../tax-rates.ts";

export function itemsOf(sandbox: Sandbox, subscription: string): SubscriptionItem[] {
  return sandbox.store.subscriptionItems.where("subscription", subscription);
}

export function showSubscriptionItem(sandbox: Sandbox, item: SubscriptionItem): WireObject {
  const price = priceOf(sandbox, item.price, "price");
  return complete({
    object: "subscription_item",
    ...item,
    plan: showPlan(price),
    price: showPrice(sandbox, price),
    tax_rates: showTaxRates(sandbox, item.tax_rates),
  });
}

export function showSubscription(sandbox: Sandbox, subscription: Subscription): WireObject {
  const {
    automatic_tax: isTaxed,
    cancel_prorates: _,
    cancellation_details,
    paused,
    pending_update: pending,
    ...stored
  } = subscription;
  const { invoice_description, invoice_footer, trial_missing_payment_method, ...fields } = stored;
  return complete({
    object: "subscription",
    ...fields,
    automatic_tax: { disabled_reason: null, enabled: isTaxed, liability: isTaxed ? { type: "self" } : null },
    billing_mode: { type: "flexible", flexible: { proration_discounts: "included" } },
    billing_schedules: [],
    cancellation_details: { ...cancellation_details, feedback_option: null },
    default_tax_rates: showTaxRates(sandbox, subscription.default_tax_rates),
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: invoice_description,
      footer: invoice_footer,
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
    pending_update: pending === null ? null : showPendingUpdate(sandbox, pending),
    ...(paused !== null && {
      status_details: {
        paused: {
          type: "subscription",
          subscription: { type: paused.type },
          transitioned_at: paused.transitioned_at,
        },
      },
    }),
    test_clock: sandbox.store.customers.get(subscription.customer)?.test_clock ?? null,
    trial_settings: {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: trial_missing_payment_method },
    },
  });
}

function showPendingUpdate(sandbox: Sandbox, { expires_at, change }: PendingUpdate) {
  const terms = change.subscription;
  return {
    billing_cycle_anchor: terms.billing_cycle_anchor ?? null,
    cancel_at_period_end: terms.cancel_at_period_end ?? null,
    discounts: terms.discounts ?? null,
    expires_at,
    metadata: terms.metadata ?? null,
    subscription_items: change.items.map((item) => showSubscriptionItem(sandbox, item)),
    trial_end: terms.trial_end ?? null,
    trial_from_plan: null,
  };
}

/** The line with which an item is billed for the period that it is in. */
export function itemLine(sandbox: Sandbox, item: SubscriptionItem): LineDraft {
  const period = { start: item.current_period_start, end: item.current_period_end };
  const price = priceOf(sandbox, item.price, "price");
  const { id, quantity, tax_rates } = item;
  return { price, quantity, period, subscription_item: id, tax_rates };
}

/**
 * Writes changes and raises `customer.subscription.updated` when anything shows. `old` is what was shown before, for
 * callers that have changed the items already.
 */
export function updateSubscription(
  sandbox: Sandbox,
  before: Subscription,
  changes: Partial<Subscription>,
  old = showSubscription(sandbox, before),
): Subscription {
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
