import type { Instant } from "@bursar/core";
import Stripe from "stripe";
import type { WantedPrice } from "../catalog/push.ts";
import {
  creditCustomer,
  endSubscription,
  fetchLive,
  findUpgrade,
  previewPeriod,
  previewRenewal,
  previewUpgrade,
  upgrade,
  type CreditRequest,
  type PeriodPreviewRequest,
  type PreviewFact,
  type UpgradeOutcome,
  type UpgradeRequest,
} from "./change-subscription.ts";
import { fetchCustomerFacts, type FactsRequest } from "./customer-facts.ts";
import type { CheckoutFact, CustomerFacts, PriceFact, StrayCard } from "./facts.ts";
import type { LiveSubscription } from "./live-subscription.ts";
import { openCheckout, type CheckoutRequest } from "./open-checkout.ts";
import { packCharges, type PackCharges } from "./pack-charge.ts";
import { findCustomerOfPayment, listRecentReversals } from "./payment-reversals.ts";
import { Portal, type PortalPage, type UpgradePageRequest } from "./portal.ts";
import { PriceBook } from "./price-book.ts";
import { createPrice, findPrices } from "./prices.ts";
import { refundContract, type ContractRefund, type ContractRequest } from "./refund-contract.ts";
import { setPeriodEnd, type PeriodEnd } from "./schedule-change.ts";
import {
  findFailedCard,
  listUnpaidInvoices,
  payInvoice,
  refundSubscription,
  voidInvoice,
  type PayRequest,
} from "./unpaid-invoices.ts";
import {
  advanceTestClock,
  createTestClock,
  fetchTestClock,
  saveTestCard,
  type TestCard,
  type TestClockFact,
} from "./test-clocks.ts";
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
  /** Of refunds and disputes: the payment that they are of. */
  readonly paymentId: string | null;
  readonly payload: unknown;
}

/** Stripe did not answer, or answered that it cannot now. `cause` has what the SDK said. */
export class StripeUnavailableError extends Error {
  override readonly name = "StripeUnavailableError";
}

interface NewCustomer {
  readonly accountId: string;
  readonly name: string;
  readonly email: string;
  readonly replaces?: string | null;
  /** In the demo: the test clock that the customer lives on. */
  readonly testClockId?: string;
}

/** All that Bursar asks of Stripe. Calls throw `StripeUnavailableError` when Stripe cannot be reached. */
export interface Gateway extends PackCharges {
  readonly isTestMode: boolean;
  findPrices(lookupKeys: readonly string[]): Promise<PriceFact[]>;
  /** @param options.replaces the price that has the lookup key now: then a repeat makes no second one */
  createPrice(wanted: WantedPrice, options?: { replaces: string | null }): Promise<PriceFact>;
  /** @param request.replaces the customer before it, which was deleted at Stripe */
  createCustomer(request: NewCustomer): Promise<string>;
  openCheckout(request: CheckoutRequest): Promise<{ sessionId: string; url: string }>;
  /** @returns `complete` when it was paid before it could be expired */
  expireCheckout(sessionId: string): Promise<"expired" | "complete">;
  fetchCheckout(sessionId: string): Promise<CheckoutFact | null>;
  fetchCustomerFacts(request: FactsRequest): Promise<CustomerFacts>;
  findCustomerOfPayment(paymentId: string): Promise<string | null>;
  /** Of all customers, made since then. */
  listRecentReversals(since: Instant): ReturnType<typeof listRecentReversals>;
  moveCardToCustomer(customerId: string, card: StrayCard): Promise<void>;
  fetchLive(subscriptionId: string): Promise<LiveSubscription | null>;
  previewUpgrade(request: UpgradeRequest): Promise<PreviewFact>;
  previewPeriod(request: PeriodPreviewRequest): Promise<PreviewFact>;
  previewRenewal(subscriptionId: string): Promise<PreviewFact | null>;
  upgrade(request: UpgradeRequest & { readonly changeId: string }): Promise<UpgradeOutcome>;
  /** What became of an upgrade that may have been asked for; `null`: it did not happen. */
  findUpgrade(request: { subscriptionId: string; changeId: string }): Promise<UpgradeOutcome | null>;
  voidInvoice(invoiceId: string): Promise<"voided" | "paid">;
  creditCustomer(request: CreditRequest): Promise<void>;
  setPeriodEnd(live: LiveSubscription, wanted: PeriodEnd): Promise<void>;
  /** Ends a subscription at once. One that has ended already is fine. */
  endSubscription(subscriptionId: string): Promise<void>;
  openPortal(request: PortalPage): Promise<string>;
  openCardPage(request: PortalPage): Promise<string>;
  openUpgradePage(request: UpgradePageRequest): Promise<string>;
  findFailedCard(invoiceId: string): Promise<string | null>;
  payInvoice(request: PayRequest): Promise<"paid" | "declined">;
  /** @returns minor units that were given back in all */
  refundSubscription(subscriptionId: string): Promise<number>;
  /** Of a subscription that has ended: all that was paid for it, each payment once. */
  refundContract(request: ContractRequest): Promise<ContractRefund>;
  /** Of a subscription: those that could still be paid. */
  listUnpaidInvoices(subscriptionId: string): Promise<string[]>;
  createTestClock(request: { name: string; frozenAt: Instant }): Promise<string>;
  fetchTestClock(testClockId: string): Promise<TestClockFact | null>;
  advanceTestClock(request: { testClockId: string; to: Instant }): Promise<void>;
  saveTestCard(request: { customerId: string; card: TestCard }): Promise<void>;
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
  const prices = new PriceBook(stripe);
  const portal = new Portal(stripe);
  const ask = <T>(call: () => Promise<T>) => withStripe(call);
  return {
    isTestMode: !settings.secretKey.startsWith("sk_live_") && !settings.secretKey.startsWith("rk_live_"),
    findPrices: (lookupKeys) => ask(() => findPrices(stripe, lookupKeys)),
    createPrice: (wanted, options) => ask(() => createPrice(stripe, wanted, options)),
    createCustomer: ({ accountId, name, email, replaces, testClockId }) =>
      ask(async () => {
        const onClock = testClockId === undefined ? {} : { test_clock: testClockId };
        const body = { name, email, metadata: { bursar_account: accountId }, ...onClock };
        const idempotencyKey = `customer:${accountId}${replaces == null ? "" : `:${replaces}`}`;
        const customer = await stripe.customers.create(body, { idempotencyKey });
        return customer.id;
      }),
    openCheckout: (request) => ask(() => openCheckout(stripe, request)),
    expireCheckout: (sessionId) => ask(() => expireIfOpen(stripe, sessionId)),
    fetchCheckout: (sessionId) => ask(() => fetchCheckout(stripe, sessionId)),
    fetchCustomerFacts: (request) => ask(() => fetchCustomerFacts(stripe, prices, request)),
    findCustomerOfPayment: (paymentId) => ask(() => findCustomerOfPayment(stripe, paymentId)),
    listRecentReversals: (since) => ask(() => listRecentReversals(stripe, since)),
    fetchLive: (subscriptionId) => ask(() => fetchLive(stripe, prices, subscriptionId)),
    previewUpgrade: (request) => ask(() => previewUpgrade(stripe, request)),
    previewPeriod: (request) => ask(() => previewPeriod(stripe, request)),
    previewRenewal: (subscriptionId) => ask(() => previewRenewal(stripe, subscriptionId)),
    upgrade: (request) => ask(() => upgrade(stripe, request)),
    findUpgrade: (request) => ask(() => findUpgrade(stripe, prices, request)),
    voidInvoice: (invoiceId) => ask(() => voidInvoice(stripe, invoiceId)),
    creditCustomer: (request) => ask(() => creditCustomer(stripe, request)),
    setPeriodEnd: (live, wanted) => ask(() => setPeriodEnd(stripe, live, wanted)),
    endSubscription: (subscriptionId) => ask(() => endSubscription(stripe, subscriptionId)),
    moveCardToCustomer: (customerId, card) => ask(() => moveCard(stripe, customerId, card)),
    openPortal: (request) => ask(() => portal.open(request)),
    openCardPage: (request) => ask(() => portal.openCardPage(request)),
    openUpgradePage: (request) => ask(() => portal.openUpgradePage(request)),
    findFailedCard: (invoiceId) => ask(() => findFailedCard(stripe, invoiceId)),
    payInvoice: (request) => ask(() => payInvoice(stripe, request)),
    refundSubscription: (subscriptionId) => ask(() => refundSubscription(stripe, subscriptionId)),
    refundContract: (request) => ask(() => refundContract(stripe, request)),
    listUnpaidInvoices: (subscriptionId) => ask(() => listUnpaidInvoices(stripe, subscriptionId)),
    createTestClock: (request) => ask(() => createTestClock(stripe, request)),
    fetchTestClock: (testClockId) => ask(() => fetchTestClock(stripe, testClockId)),
    advanceTestClock: (request) => ask(() => advanceTestClock(stripe, request)),
    saveTestCard: (request) => ask(() => saveTestCard(stripe, request)),
    ensureWebhookEndpoint: (request) => ask(() => ensureWebhookEndpoint(stripe, request)),
    ...packCharges(stripe, ask),
    verifyEvent: (rawBody, signature) => verifyEvent(rawBody, signature, settings.webhookSecret),
  };
}

export function baseOptions(apiBase: string | undefined): Stripe.StripeConfig {
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
  try {
    await stripe.subscriptions.update(subscriptionId, { default_payment_method: "" });
  } catch (error) {
    // One that has ended meanwhile charges no card any more.
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    if ((await stripe.subscriptions.retrieve(subscriptionId)).ended_at === null) throw error;
  }
}

/** The SDK throws an error that is not about signatures when one of them is empty (`v1=`); anybody can send that. */
const EMPTY_SIGNATURE = /(?:^|,)v1(?:=(?:[,=]|$)|,|$)/;

/** Events whose payment must be read, however old it is: `refund.failed`, `charge.refunded`, `charge.dispute.closed` ... */
const REVERSAL_EVENT = /^(refund\.|charge\.refund|charge\.dispute\.)/;

function verifyEvent(rawBody: string, signature: string, secret: string): StripeEvent | null {
  if (EMPTY_SIGNATURE.test(signature)) return null;
  try {
    const event: unknown = Stripe.webhooks.constructEvent(rawBody, signature, secret);
    if (!isEvent(event)) return null;
    const { object } = event.data;
    const customer = object.object === "customer" ? object.id : object.customer;
    const customerId = typeof customer === "object" ? (customer?.id ?? null) : (customer ?? null);
    const payment = REVERSAL_EVENT.test(event.type) ? (object.payment_intent ?? null) : null;
    const paymentId = typeof payment === "object" ? (payment?.id ?? null) : payment;
    return { eventId: event.id, type: event.type, customerId, paymentId, payload: event };
  } catch (error) {
    const isNoEvent = error instanceof SyntaxError;
    if (isNoEvent || error instanceof Stripe.errors.StripeSignatureVerificationError) return null;
    throw error;
  }
}

interface SignedEvent {
  id: string;
  type: string;
  data: {
    object: {
      object?: string;
      id?: string;
      customer?: string | { id: string } | null;
      payment_intent?: string | { id: string } | null;
    };
  };
}

/** A signature proves who sent it, and not that it is what we read. */
function isEvent(value: unknown): value is SignedEvent {
  if (typeof value !== "object" || value === null) return false;
  const { id, type, data } = value as Partial<SignedEvent>;
  const object: unknown = data?.object;
  return typeof id === "string" && typeof type === "string" && typeof object === "object" && object !== null;
}
