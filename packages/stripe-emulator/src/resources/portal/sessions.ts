/** Portal sessions: the address of the portal for one customer, good for a short while. */
import type { PortalConfiguration } from "../../entities/portal-configuration.ts";
import type { PortalSession } from "../../entities/portal-session.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId, randomText } from "../../store/ids.ts";
import { invalidRequest, noSuchReference } from "../../wire/errors.ts";
import { route } from "../../wire/route.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import { customerOf } from "../customers.ts";

export function portalUrl(sandbox: Sandbox, session: PortalSession): string {
  return `${sandbox.baseUrl}/p/session/${session.token}`;
}

function showPortalSession(sandbox: Sandbox, session: PortalSession): WireObject {
  const { token: _, flow, flow_return_url, ...fields } = session;
  return complete({
    object: "billing_portal.session",
    ...fields,
    flow: flow === null ? null : shownFlow(flow, flow_return_url),
    url: portalUrl(sandbox, session),
  });
}

function shownFlow(type: string, returnUrl: string | null) {
  const redirect = returnUrl === null ? null : { return_url: returnUrl };
  return {
    after_completion: {
      hosted_confirmation: null,
      redirect,
      type: redirect ? "redirect" : "portal_homepage",
    },
    subscription_cancel: null,
    subscription_update: null,
    subscription_update_confirm: null,
    type,
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
      const flow = params.flow_data?.type ?? null;
      if (flow !== null && flow !== "payment_method_update") {
        throw invalidRequest(`The emulator's portal does not serve the flow \`${flow}\` yet.`, {
          param: "flow_data[type]",
        });
      }
      const session = sandbox.store.portalSessions.put({
        id: newId("bps"),
        created: sandbox.wallNow(),
        customer: customer.id,
        configuration: configuration.id,
        return_url: params.return_url ?? configuration.default_return_url,
        locale: params.locale ?? null,
        flow,
        flow_return_url: params.flow_data?.after_completion?.redirect?.return_url ?? null,
        token: randomText(40),
      });
      const shown = showPortalSession(sandbox, session);
      sandbox.emit("billing_portal.session.created", shown);
      return shown;
    },
  ),
];
