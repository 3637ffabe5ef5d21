/** Portal sessions: the address of the portal for one customer, good for a short while. */
import type { PortalConfiguration } from "../../entities/portal-configuration.ts";
import type { PortalFlow, PortalSession } from "../../entities/portal-session.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId, randomText } from "../../store/ids.ts";
import { invalidRequest, noSuchReference } from "../../wire/errors.ts";
import { route } from "../../wire/route.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import { customerOf } from "../customers.ts";
import { flowFrom } from "./flows.ts";

export function portalUrl(sandbox: Sandbox, session: PortalSession): string {
  return `${sandbox.baseUrl}/p/session/${session.token}`;
}

function showPortalSession(sandbox: Sandbox, session: PortalSession): WireObject {
  const { token: _, opened_at: _opened, flow, ...fields } = session;
  return complete({
    object: "billing_portal.session",
    ...fields,
    flow: flow === null ? null : shownFlow(flow),
    url: portalUrl(sandbox, session),
  });
}

function shownFlow({ type, subscription, items, discounts, after }: PortalFlow) {
  const { type: afterType, ...detail } = after;
  const none = { subscription_cancel: null, subscription_pause: null, subscription_update: null };
  const named =
    type === "subscription_update_confirm" ? { subscription, items, discounts } : { subscription };
  return {
    type,
    after_completion: {
      hosted_confirmation: null,
      redirect: null,
      ...(afterType !== "portal_homepage" && { [afterType]: detail }),
      type: afterType,
    },
    ...none,
    subscription_update_confirm: null,
    ...(subscription !== null && {
      [type]: type === "subscription_cancel" ? { retention: null, ...named } : named,
    }),
  };
}

function configurationFor(sandbox: Sandbox, id: string | null | undefined): PortalConfiguration {
  const { portalConfigurations } = sandbox.store;
  if (id) {
    const named = portalConfigurations.get(id);
    if (named === undefined) throw noSuchReference("configuration", id, "configuration");
    return named;
  }
  const standard = [...portalConfigurations.values()].find((configuration) => configuration.is_default);
  if (standard !== undefined) return standard;
  throw invalidRequest(
    "No configuration provided and your test mode default configuration has not been created. Provide a configuration or create your default by saving your customer portal settings in test mode at https://dashboard.stripe.com/test/settings/billing/portal.",
  );
}

export const portalSessionRoutes = [
  route<Stripe.BillingPortal.SessionCreateParams>(
    "POST /v1/billing_portal/sessions",
    ({ sandbox, params }) => {
      const customer = customerOf(sandbox, params.customer ?? "");
      const configuration = configurationFor(sandbox, params.configuration);
      const flow = params.flow_data ? flowFrom(sandbox, params.flow_data, { customer, configuration }) : null;
      const session = sandbox.store.portalSessions.put({
        id: newId("bps"),
        created: sandbox.wallNow(),
        customer: customer.id,
        configuration: configuration.id,
        return_url: params.return_url ?? configuration.default_return_url,
        locale: params.locale ?? null,
        flow,
        token: randomText(40),
      });
      const shown = showPortalSession(sandbox, session);
      sandbox.emit("billing_portal.session.created", shown);
      return shown;
    },
  ),
];
