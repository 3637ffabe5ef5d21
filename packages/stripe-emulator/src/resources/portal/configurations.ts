/** Portal configurations: what a customer may do in the portal. The first one is the default. */
import type {
  PortalConfiguration,
  PortalFeatures,
  PortalProduct,
} from "../../entities/portal-configuration.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId } from "../../store/ids.ts";
import { invalidRequest, noSuchObject } from "../../wire/errors.ts";
import { listPage } from "../../wire/lists.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import { route, type Given } from "../../wire/route.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import { changed } from "../products.ts";

type Features = Given<Stripe.BillingPortal.ConfigurationCreateParams["features"]>;

export function showConfiguration(_sandbox: Sandbox, configuration: PortalConfiguration): WireObject {
  return complete({
    object: "billing_portal.configuration",
    ...configuration,
    login_page: { enabled: false, url: null },
  });
}

const CANCELLATION_REASONS = ["too_expensive", "missing_features", "switched_service", "unused", "other"];

/** Every feature with what Stripe fills in for what is not given. */
function featuresFrom(given: Features): PortalFeatures {
  const { customer_update: update, subscription_cancel: cancel, subscription_update: change } = given;
  const reason = cancel?.cancellation_reason;
  return {
    customer_update: { allowed_updates: update?.allowed_updates ?? [], enabled: update?.enabled ?? false },
    invoice_history: { enabled: given.invoice_history?.enabled ?? false },
    payment_method_update: {
      enabled: given.payment_method_update?.enabled ?? false,
      payment_method_configuration: null,
    },
    subscription_cancel: {
      cancellation_reason: {
        enabled: reason?.enabled ?? false,
        options: reason?.options ?? CANCELLATION_REASONS,
      },
      enabled: cancel?.enabled ?? false,
      mode: cancel?.mode ?? "at_period_end",
      proration_behavior: cancel?.proration_behavior ?? "none",
    },
    subscription_pause: { enabled: given.subscription_pause?.enabled ?? false },
    subscription_update: {
      billing_cycle_anchor: change?.billing_cycle_anchor ?? "unchanged",
      default_allowed_updates: change?.default_allowed_updates ?? [],
      enabled: change?.enabled ?? false,
      products: change?.products?.map(productFrom) ?? null,
      proration_behavior: change?.proration_behavior ?? "none",
      schedule_at_period_end: { conditions: change?.schedule_at_period_end?.conditions ?? [] },
      trial_update_behavior: change?.trial_update_behavior ?? "end_trial",
    },
  };
}

type ProductParams =
  Given<Stripe.BillingPortal.ConfigurationCreateParams.Features.SubscriptionUpdate.Product>;

function productFrom({ product, prices, adjustable_quantity: range }: ProductParams): PortalProduct {
  const { enabled = false, minimum, maximum } = range ?? {};
  return {
    product,
    prices,
    adjustable_quantity: { enabled, minimum: minimum ?? 1, maximum: maximum ?? null },
  };
}

function checkFeatures(features: PortalFeatures): void {
  if (features.subscription_update.enabled && !features.payment_method_update.enabled) {
    throw invalidRequest("Cannot enable subscription updates while payment method update is disabled.", {
      param: "features[subscription_update]",
    });
  }
}

function requireConfiguration(sandbox: Sandbox, id: string): PortalConfiguration {
  const configuration = sandbox.store.portalConfigurations.get(id);
  if (configuration === undefined) throw noSuchObject("configuration", id);
  return configuration;
}

function createConfiguration(
  sandbox: Sandbox,
  params: Given<Stripe.BillingPortal.ConfigurationCreateParams>,
): PortalConfiguration {
  const now = sandbox.wallNow();
  const features = featuresFrom(params.features);
  checkFeatures(features);
  return sandbox.store.portalConfigurations.put({
    id: newId("bpc"),
    created: now,
    updated: now,
    active: true,
    is_default: sandbox.store.portalConfigurations.size === 0,
    name: params.name ?? null,
    default_return_url: params.default_return_url ?? null,
    business_profile: {
      headline: params.business_profile?.headline ?? null,
      privacy_policy_url: params.business_profile?.privacy_policy_url ?? null,
      terms_of_service_url: params.business_profile?.terms_of_service_url ?? null,
    },
    features,
    metadata: mergeMetadata({}, params.metadata),
  });
}

/** The configuration of an account whose portal settings were saved in the dashboard, once. */
export function savePortalSettings(sandbox: Sandbox): void {
  if (sandbox.store.portalConfigurations.size > 0) return;
  const enabled = { enabled: true };
  sandbox.transaction(() =>
    createConfiguration(sandbox, { features: { invoice_history: enabled, payment_method_update: enabled } }),
  );
}

export const portalConfigurationRoutes = [
  route<Stripe.BillingPortal.ConfigurationCreateParams>(
    "POST /v1/billing_portal/configurations",
    ({ sandbox, params }) => {
      const configuration = createConfiguration(sandbox, params);
      const shown = showConfiguration(sandbox, configuration);
      sandbox.emit("billing_portal.configuration.created", shown);
      return shown;
    },
  ),
  route<Stripe.BillingPortal.ConfigurationListParams>(
    "GET /v1/billing_portal/configurations",
    ({ sandbox, params, url }) => {
      const matching = sandbox.store.portalConfigurations
        .newestFirst()
        .filter((configuration) => params.active == null || configuration.active === params.active)
        .filter(
          (configuration) => params.is_default == null || configuration.is_default === params.is_default,
        );
      return listPage(matching, { params, url, show: (entry) => showConfiguration(sandbox, entry) });
    },
  ),
  route("GET /v1/billing_portal/configurations/{id}", ({ sandbox, id }) =>
    showConfiguration(sandbox, requireConfiguration(sandbox, id)),
  ),
  route<Stripe.BillingPortal.ConfigurationUpdateParams>(
    "POST /v1/billing_portal/configurations/{id}",
    ({ sandbox, id, params }) => {
      const before = requireConfiguration(sandbox, id);
      const merged = { ...before.features, ...params.features } as Features;
      const features = params.features ? featuresFrom(merged) : before.features;
      checkFeatures(features);
      const after = sandbox.store.portalConfigurations.patch(id, {
        updated: sandbox.wallNow(),
        active: params.active ?? before.active,
        name: changed(params.name, before.name),
        default_return_url: changed(params.default_return_url, before.default_return_url),
        features,
        metadata: mergeMetadata(before.metadata, params.metadata),
      });
      const shown = showConfiguration(sandbox, after);
      sandbox.emit("billing_portal.configuration.updated", shown);
      return shown;
    },
  ),
];
