import Stripe from "stripe";
import { baseOptions, type StripeSettings } from "./gateway.ts";
import { EVENTS } from "./webhook-endpoint.ts";

/** How the connection to Stripe stands, for an operator who asks. */
export type StripeStanding =
  | { readonly is: "unreachable"; readonly reason: string }
  | { readonly is: "refused"; readonly reason: string }
  | {
      readonly is: "well";
      readonly endpoints: readonly WebhookStanding[];
    };

export interface WebhookStanding {
  readonly url: string;
  readonly isEnabled: boolean;
  /** Events that Bursar follows and that are not sent there. */
  readonly missingEvents: readonly string[];
}

const TIMEOUT_MS = 10_000;
const ENDPOINTS_MAX = 100;

/** Asks Stripe with the key, and which webhook endpoints there are. Changes nothing. */
export async function checkStripe({ secretKey, apiBase }: StripeSettings): Promise<StripeStanding> {
  const stripe = new Stripe(secretKey, {
    ...baseOptions(apiBase),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: 0,
    telemetry: false,
  });
  try {
    const { data } = await stripe.webhookEndpoints.list({ limit: ENDPOINTS_MAX });
    return { is: "well", endpoints: data.map(standingOf) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const isRefused =
      error instanceof Stripe.errors.StripeAuthenticationError ||
      error instanceof Stripe.errors.StripePermissionError;
    return { is: isRefused ? "refused" : "unreachable", reason };
  }
}

function standingOf({ url, status, enabled_events: sent }: Stripe.WebhookEndpoint): WebhookStanding {
  const missingEvents = sent.includes("*") ? [] : EVENTS.filter((event) => !sent.includes(event));
  return { url, isEnabled: status === "enabled", missingEvents };
}
