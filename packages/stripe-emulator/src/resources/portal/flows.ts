/** Deep links into the portal: what Stripe refuses when the session is made, so that the page meets no surprise. */
import type { Customer } from "../../entities/customer.ts";
import type { PortalConfiguration } from "../../entities/portal-configuration.ts";
import type { PortalFlow } from "../../entities/portal-session.ts";
import type { Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest, noSuchReference, parameterMissing } from "../../wire/errors.ts";
import type { Given } from "../../wire/route.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import { priceOf } from "../prices.ts";
import { itemsOf } from "../subscriptions/subscription.ts";

type Params = Given<NonNullable<Stripe.BillingPortal.SessionCreateParams["flow_data"]>>;

interface For {
  customer: Customer;
  configuration: PortalConfiguration;
}

export function flowFrom(sandbox: Sandbox, params: Params, given: For): PortalFlow {
  const base: PortalFlow = {
    type: params.type,
    subscription: null,
    items: [],
    discounts: [],
    after: afterFrom(params),
  };
  const { features } = given.configuration;
  switch (params.type) {
    case "payment_method_update":
      requireFeature(features.payment_method_update.enabled, "payment method update");
      return base;
    case "customer_update":
      requireFeature(features.customer_update.enabled, "customer update");
      return base;
    case "subscription_cancel": {
      requireFeature(features.subscription_cancel.enabled, "subscription cancel");
      const subscription = subscriptionFor(sandbox, params.subscription_cancel, params.type, given);
      if (subscription.cancel_at !== null) {
        throw refusal("This subscription cannot be canceled because it is already set to be canceled.");
      }
      return { ...base, subscription: subscription.id };
    }
    case "subscription_pause": {
      requireFeature(features.subscription_pause.enabled, "subscription pause");
      const subscription = subscriptionFor(sandbox, params.subscription_pause, params.type, given);
      return { ...base, subscription: subscription.id };
    }
    case "subscription_update": {
      requireUpdates(given.configuration);
      const subscription = subscriptionFor(sandbox, params.subscription_update, params.type, given);
      return { ...base, subscription: subscription.id };
    }
    case "subscription_update_confirm":
      requireUpdates(given.configuration);
      return { ...base, ...confirmFrom(sandbox, params, given) };
  }
}

function refusal(message: string, param?: string) {
  return invalidRequest(message, param === undefined ? {} : { param });
}

function requireFeature(isEnabled: boolean, feature: string): void {
  if (isEnabled) return;
  throw refusal(`The ${feature} feature in the portal configuration is disabled.`, "flow_data[type]");
}

function requireUpdates({ features }: PortalConfiguration): void {
  if (features.subscription_update.enabled) return;
  throw refusal(
    "This subscription cannot be updated because the subscription update feature in the portal configuration is disabled.",
  );
}

function afterFrom({ after_completion: after }: Params): PortalFlow["after"] {
  if (after?.type === "redirect") {
    if (!after.redirect?.return_url)
      throw parameterMissing("flow_data[after_completion][redirect][return_url]");
    return { type: "redirect", return_url: after.redirect.return_url };
  }
  if (after?.type === "hosted_confirmation") {
    return { type: "hosted_confirmation", custom_message: after.hosted_confirmation?.custom_message ?? null };
  }
  return { type: "portal_homepage" };
}

/** The subscription that a flow names: of this customer, alive, and ruled by no schedule that has a future. */
function subscriptionFor(
  sandbox: Sandbox,
  named: { subscription: string } | null | undefined,
  type: string,
  { customer }: For,
): Subscription {
  const param = `flow_data[${type}][subscription]`;
  if (!named?.subscription) throw parameterMissing(param);
  const subscription = sandbox.store.subscriptions.get(named.subscription);
  if (subscription?.customer !== customer.id) {
    throw noSuchReference("subscription", named.subscription, param);
  }
  if (!isChangeable(subscription)) {
    throw refusal(`This subscription is ${subscription.status} and cannot be changed in the portal.`, param);
  }
  if (subscription.schedule !== null) {
    throw refusal(
      "This subscription cannot be changed in the portal because it is managed by a subscription schedule.",
      param,
    );
  }
  return subscription;
}

export function isChangeable({ status }: Subscription): boolean {
  return status === "active" || status === "trialing" || status === "past_due";
}

function confirmFrom(
  sandbox: Sandbox,
  params: Params,
  given: For,
): Pick<PortalFlow, "subscription" | "items" | "discounts"> {
  const wanted = params.subscription_update_confirm;
  const subscription = subscriptionFor(sandbox, wanted, "subscription_update_confirm", given);
  const param = "flow_data[subscription_update_confirm][items]";
  const items = wanted?.items ?? [];
  const [item] = items;
  const current = itemsOf(sandbox, subscription.id);
  if (item === undefined || items.length > 1 || current.length > 1) {
    throw refusal("Exactly one item can be confirmed, on a subscription that has one item.", param);
  }
  const before = current.find(({ id }) => id === item.id);
  if (before === undefined) throw noSuchReference("subscription item", item.id, `${param}[0][id]`);
  if (item.quantity === 0) {
    throw refusal("The quantity must be at least 1.", `${param}[0][quantity]`);
  }
  const price = item.price ?? before.price;
  if (price !== before.price) requireOffered(sandbox, given.configuration, price);
  const discounts = (wanted?.discounts ?? []).map(({ coupon, promotion_code }) => ({
    coupon: coupon ?? null,
    promotion_code: promotion_code ?? null,
  }));
  const isSame = price === before.price && (item.quantity ?? before.quantity) === before.quantity;
  if (isSame && discounts.length === 0) {
    throw refusal("Cannot update the subscription because there are no changes to confirm.");
  }
  return {
    subscription: subscription.id,
    items: [{ id: item.id, price: item.price ?? null, quantity: item.quantity ?? null }],
    discounts,
  };
}

function requireOffered(sandbox: Sandbox, { features }: PortalConfiguration, id: string): void {
  const param = "flow_data[subscription_update_confirm][items][0][price]";
  const price = priceOf(sandbox, id, param);
  const offered = features.subscription_update.products?.flatMap(({ prices }) => prices) ?? [];
  if (offered.includes(price.id)) return;
  throw refusal(`The price ${id} is not among the products of the portal configuration.`, param);
}
