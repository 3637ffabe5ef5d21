import Stripe from "stripe";
import type { WantedPrice } from "../catalog/push.ts";
import { fetchCustomerFacts } from "./customer-facts.ts";
import type { CheckoutFact, CustomerFacts, PriceFact, StrayCard } from "./facts.ts";
import { openCheckout, type CheckoutRequest } from "./open-checkout.ts";
import { createPrice, findPrices } from "./prices.ts";
import { ensureWebhookEndpoint } from "./webhook-endpoint.ts";

/** Settings of the connection to Stripe; `apiBase` is given for the offline Stripe only. */
export interface StripeSettings {
  readonly secretKey: string;
  readonly apiBase?: string;
  readonly webhookSecret: string;
}

/** A signed event, its signature proved. The payload is a hint; what counts is fetched. */
export interface StripeEvent {
  readonly eventId: string;
  readonly type: string;
  readonly customerId: string | null;
  readonly payload: unknown;
}

/** Stripe did not answer, or answered that it cannot now. `cause` has what the SDK said. */
export class StripeUnavailableError extends Error {
  override readonly name = "StripeUnavailableError";
}

/** All that Bursar asks of Stripe. Calls throw `StripeUnavailableError` when Stripe cannot be reached. */
export interface Gateway {
  readonly isTestMode: boolean;
  findPrices(lookupKeys: readonly string[]): Promise<PriceFact[]>;
  createPrice(wanted: WantedPrice): Promise<PriceFact>;
  createCustomer(request: { accountId: string; name: string; email: string }): Promise<string>;
  openCheckout(request: CheckoutRequest): Promise<{ sessionId: string; url: string }>;
  /** @returns `complete` when it was paid before it could be expired */
  expireCheckout(sessionId: string): Promise<"expired" | "complete">;
  fetchCheckout(sessionId: string): Promise<CheckoutFact | null>;
  fetchCustomerFacts(customerId: string): Promise<CustomerFacts>;
  moveCardToCustomer(customerId: string, card: StrayCard): Promise<void>;
  openPortal(request: { customerId: string; returnUrl: string }): Promise<string>;
  ensureWebhookEndpoint(request: {
    url: string;
    endpointId?: string | undefined;
  }): Promise<{ endpointId: string; secret?: string }>;
  /** @returns the event, or `null` when the signature is not Stripe's */
  verifyEvent(rawBody: string, signature: string): StripeEvent | null;
}

/** Longer than Stripe's slowest calls on this road, shorter than a person waits for a page. */
const TIMEOUT_MS = 20_000;

export function createGateway(settings: StripeSettings): Gateway {
  const stripe = new Stripe(settings.secretKey, {
    ...baseOptions(settings.apiBase),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: 2,
    telemetry: false,
  });
  const ask = <T>(call: () => Promise<T>) => withStripe(call);
  return {
    isTestMode: !settings.secretKey.startsWith("sk_live_") && !settings.secretKey.startsWith("rk_live_"),
    findPrices: (lookupKeys) => ask(() => findPrices(stripe, lookupKeys)),
    createPrice: (wanted) => ask(() => createPrice(stripe, wanted)),
    createCustomer: ({ accountId, name, email }) =>
      ask(async () => {
        const body = { name, email, metadata: { bursar_account: accountId } };
        const customer = await stripe.customers.create(body, { idempotencyKey: `customer:${accountId}` });
        return customer.id;
      }),
    openCheckout: (request) => ask(() => openCheckout(stripe, request)),
    expireCheckout: (sessionId) => ask(() => expireIfOpen(stripe, sessionId)),
    fetchCheckout: (sessionId) => ask(() => fetchCheckout(stripe, sessionId)),
    fetchCustomerFacts: (customerId) => ask(() => fetchCustomerFacts(stripe, customerId)),
    moveCardToCustomer: (customerId, card) => ask(() => moveCard(stripe, customerId, card)),
    openPortal: ({ customerId, returnUrl }) =>
      ask(async () => {
        const session = await stripe.billingPortal.sessions.create({
          customer: customerId,
          return_url: returnUrl,
        });
        return session.url;
      }),
    ensureWebhookEndpoint: (request) => ask(() => ensureWebhookEndpoint(stripe, request)),
    verifyEvent: (rawBody, signature) => verifyEvent(rawBody, signature, settings.webhookSecret),
  };
}

function baseOptions(apiBase: string | undefined): Stripe.StripeConfig {
  if (apiBase === undefined) return {};
  const url = new URL(apiBase);
  const protocol = url.protocol === "https:" ? "https" : "http";
  return {
    host: url.hostname,
    protocol,
    port: url.port === "" ? (protocol === "https" ? 443 : 80) : Number(url.port),
  };
}

/** Tells "Stripe is not there" from "Stripe refused": the first may be tried again, the second is a bug of ours. */
async function withStripe<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (
      error instanceof Stripe.errors.StripeConnectionError ||
      error instanceof Stripe.errors.StripeRateLimitError
    ) {
      throw new StripeUnavailableError("Stripe did not answer.", { cause: error });
    }
    if (error instanceof Stripe.errors.StripeAPIError) {
      throw new StripeUnavailableError("Stripe answered that it has a problem.", { cause: error });
    }
    throw error;
  }
}

const CHECKOUT_STATES = ["open", "complete", "expired"] as const;

async function fetchCheckout(stripe: Stripe, sessionId: string): Promise<CheckoutFact | null> {
  try {
    const session = await stripe.checkout.sessions.retrieve(sessionId);
    return {
      sessionId: session.id,
      customerId: typeof session.customer === "string" ? session.customer : (session.customer?.id ?? null),
      state: CHECKOUT_STATES.find((known) => known === session.status) ?? "open",
    };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_missing")
      return null;
    throw error;
  }
}

/** A session that is paid just now cannot be expired: Stripe refuses with a 400, and the second look says why. */
async function expireIfOpen(stripe: Stripe, sessionId: string): Promise<"expired" | "complete"> {
  try {
    const session = await stripe.checkout.sessions.retrieve(sessionId);
    if (session.status === "open") await stripe.checkout.sessions.expire(sessionId);
    return session.status === "complete" ? "complete" : "expired";
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    const session = await stripe.checkout.sessions.retrieve(sessionId);
    return session.status === "complete" ? "complete" : "expired";
  }
}

/** Checkout leaves the card on the subscription; on the customer every later charge finds it, packs included. */
async function moveCard(stripe: Stripe, customerId: string, card: StrayCard): Promise<void> {
  const { subscriptionId, paymentMethodId } = card;
  await stripe.customers.update(customerId, {
    invoice_settings: { default_payment_method: paymentMethodId },
  });
  await stripe.subscriptions.update(subscriptionId, { default_payment_method: "" });
}

/** The SDK throws an error that is not about signatures when one of them is empty (`v1=`); anybody can send that. */
const EMPTY_SIGNATURE = /(?:^|,)v1(?:=(?:[,=]|$)|,|$)/;

function verifyEvent(rawBody: string, signature: string, secret: string): StripeEvent | null {
  if (EMPTY_SIGNATURE.test(signature)) return null;
  try {
    const event = Stripe.webhooks.constructEvent(rawBody, signature, secret);
    const object = event.data.object as {
      object?: string;
      id?: string;
      customer?: string | { id: string } | null;
    };
    const customer = object.object === "customer" ? object.id : object.customer;
    const customerId = typeof customer === "object" ? (customer?.id ?? null) : (customer ?? null);
    return { eventId: event.id, type: event.type, customerId, payload: event };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return null;
    throw error;
  }
}
