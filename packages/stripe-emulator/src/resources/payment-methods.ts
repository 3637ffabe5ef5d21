/**
 * Payment methods: cards only. `pm_card_*` are templates: using one makes a new card with an id of its own. A method
 * that was used without a customer, or taken from one, can never be attached again.
 */
import type { BillingDetails, CardDetails, PaymentMethod } from "../entities/payment-method.ts";
import type { Stripe } from "../wire/stripe-types.ts";
import type { Sandbox } from "../sandbox.ts";
import { newId } from "../store/ids.ts";
import {
  invalidRequest,
  noSuchObject,
  noSuchReference,
  parameterMissing,
  StripeError,
} from "../wire/errors.ts";
import { listPage } from "../wire/lists.ts";
import { mergeMetadata } from "../wire/metadata.ts";
import { route, type Given } from "../wire/route.ts";
import { complete, type WireObject } from "../wire/shape.ts";
import { addressOf } from "./addresses.ts";
import { previousAttributes } from "./events.ts";
import {
  cardOfNumber,
  cardOfTemplate,
  cardOfToken,
  DECLINE_MESSAGES,
  errorCode,
  hasValidCheckDigit,
  normalizeNumber,
  type TestCard,
} from "./test-cards.ts";

/** The emulator stores numbers of known test cards only, so the card behind a method is always found. */
export function testCardOf(method: PaymentMethod): TestCard {
  const card = cardOfNumber(method.test_number);
  if (card === undefined) throw new Error(`payment method ${method.id} has no test card`);
  return card;
}

export function showPaymentMethod(_sandbox: Sandbox, method: PaymentMethod): WireObject {
  const { id, created, customer, billing_details, allow_redisplay, metadata } = method;
  return complete({
    object: "payment_method",
    id,
    type: "card",
    created,
    customer,
    billing_details: { ...billing_details, tax_id: null },
    allow_redisplay,
    metadata,
    card: {
      ...cardDetails(method),
      display_brand: testCardOf(method).brand,
      generated_from: null,
      networks: { available: [testCardOf(method).brand], preferred: null },
      regulated_status: "unregulated",
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
  });
}

/** What a payment method and the charges made with it both tell of the card. */
export function cardDetails(method: PaymentMethod): CardDetails {
  const card = testCardOf(method);
  const hasPostalCode = Boolean(method.billing_details.address?.postal_code);
  return {
    brand: card.brand,
    checks: {
      address_line1_check: null,
      address_postal_code_check: hasPostalCode ? "pass" : null,
      cvc_check: "pass",
    },
    country: card.country,
    exp_month: method.exp_month,
    exp_year: method.exp_year,
    fingerprint: `test${card.number.slice(0, 6)}${card.number.slice(-4)}`,
    funding: card.funding,
    last4: card.number.slice(-4),
  };
}

export interface NewCard {
  card: TestCard;
  exp_month: number;
  exp_year: number;
  billing_details?: Partial<BillingDetails>;
}

export function createPaymentMethod(sandbox: Sandbox, given: NewCard): PaymentMethod {
  return sandbox.store.paymentMethods.put({
    id: newId("pm"),
    created: sandbox.wallNow(),
    customer: null,
    billing_details: { address: null, email: null, name: null, phone: null, ...given.billing_details },
    exp_month: given.exp_month,
    exp_year: given.exp_year,
    allow_redisplay: "unspecified",
    metadata: {},
    test_number: given.card.number,
    is_set_up: false,
    is_spent: false,
  });
}

/** A stored method, or a new one from a template. Its expiry is next year's, as on Stripe's own templates. */
export function resolvePaymentMethod(sandbox: Sandbox, id: string, param: string): PaymentMethod {
  const card = cardOfTemplate(id);
  if (card !== undefined) return createPaymentMethod(sandbox, { card, ...nextYear(sandbox) });
  const method = sandbox.store.paymentMethods.get(id);
  if (method === undefined) throw noSuchReference("PaymentMethod", id, param);
  return method;
}

function nextYear(sandbox: Sandbox) {
  const today = new Date(sandbox.wallNow() * 1000);
  return { exp_month: today.getUTCMonth() + 1, exp_year: today.getUTCFullYear() + 1 };
}

/** For parameters that name a customer's method: it must be theirs (a template becomes theirs here). */
export function usablePaymentMethod(
  sandbox: Sandbox,
  id: string,
  customer: string,
  param: string,
): PaymentMethod {
  if (cardOfTemplate(id) !== undefined) return attachPaymentMethod(sandbox, id, customer);
  const method = resolvePaymentMethod(sandbox, id, param);
  if (method.customer !== customer) {
    throw invalidRequest(
      "The customer does not have a payment method with the ID " +
        `${id}. The payment method must be attached to the customer.`,
      { code: "resource_missing", param },
    );
  }
  return method;
}

/** 402 for a card that cannot be saved: Stripe asks the bank when a card is attached. */
function cannotBeSaved(card: TestCard): StripeError {
  const decline = card.charge === "succeeds" ? "generic_decline" : card.charge;
  const code = errorCode(decline);
  return new StripeError(402, {
    type: "card_error",
    code,
    ...(code === "card_declined" && { decline_code: decline }),
    message: DECLINE_MESSAGES[decline],
    param: "",
  });
}

export function attachPaymentMethod(sandbox: Sandbox, id: string, customer: string): PaymentMethod {
  const method = resolvePaymentMethod(sandbox, id, "payment_method");
  if (method.customer === customer) return method;
  if (method.customer !== null) {
    throw invalidRequest("The payment method you provided has already been attached to a customer.");
  }
  if (method.is_spent) {
    throw invalidRequest(
      "This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again.",
    );
  }
  const card = testCardOf(method);
  if (!card.attachable) throw cannotBeSaved(card);
  const attached = sandbox.store.paymentMethods.patch(method.id, { customer });
  sandbox.emit("payment_method.attached", showPaymentMethod(sandbox, attached));
  return attached;
}

/** The methods of a customer, newest first. */
export function paymentMethodsOf(sandbox: Sandbox, customer: string): PaymentMethod[] {
  return sandbox.store.paymentMethods.where("customer", customer).reverse();
}

export function detachPaymentMethod(sandbox: Sandbox, method: PaymentMethod): PaymentMethod {
  if (method.customer === null) {
    throw invalidRequest(
      "The payment method you provided is not attached to a customer so detachment is impossible.",
    );
  }
  const customer = sandbox.store.customers.get(method.customer);
  const detached = sandbox.store.paymentMethods.patch(method.id, { customer: null, is_spent: true });
  if (customer?.default_payment_method === method.id) {
    sandbox.store.customers.patch(customer.id, { default_payment_method: null });
  }
  for (const subscription of sandbox.store.subscriptions.where("customer", method.customer)) {
    if (subscription.default_payment_method !== method.id) continue;
    sandbox.store.subscriptions.patch(subscription.id, { default_payment_method: null });
  }
  const previous = { customer: method.customer };
  sandbox.emit("payment_method.detached", showPaymentMethod(sandbox, detached), previous);
  return detached;
}

/** Refuses what no bank needs to be asked about. Returns the test card behind a number. */
export function checkTypedCard(
  typed: { number: string; exp_month: number; exp_year: number; cvc?: string | null | undefined },
  now: number,
): TestCard {
  const refuse = (code: string, message: string, param: string, decline?: string) =>
    new StripeError(402, {
      type: "card_error",
      code,
      message,
      param,
      ...(decline && { decline_code: decline }),
    });
  const digits = normalizeNumber(typed.number);
  if (!hasValidCheckDigit(digits))
    throw refuse("incorrect_number", "Your card number is incorrect.", "number");
  const { exp_month: month, exp_year: year } = typed;
  if (month < 1 || month > 12) {
    throw refuse("invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month");
  }
  const today = new Date(now * 1000);
  if (year < today.getUTCFullYear() || year > today.getUTCFullYear() + 50) {
    throw refuse("invalid_expiry_year", "Your card's expiration year is invalid.", "exp_year");
  }
  if (year === today.getUTCFullYear() && month < today.getUTCMonth() + 1) {
    throw refuse("invalid_expiry_month", "Your card's expiration date is in the past.", "exp_month");
  }
  const card = cardOfNumber(digits);
  const cvcLength = card?.brand === "amex" ? 4 : 3;
  if (typed.cvc != null && !new RegExp(`^\\d{${cvcLength}}$`).test(typed.cvc)) {
    throw refuse("invalid_cvc", "Your card's security code is invalid.", "cvc");
  }
  if (card === undefined)
    throw refuse("card_declined", DECLINE_MESSAGES.live_card, "number", "test_mode_live_card");
  return card;
}

function requireMethod(sandbox: Sandbox, id: string): PaymentMethod {
  const method = cardOfTemplate(id)
    ? resolvePaymentMethod(sandbox, id, "id")
    : sandbox.store.paymentMethods.get(id);
  if (method === undefined) throw noSuchObject("PaymentMethod", id);
  return method;
}

function billingDetailsOf(
  given: Given<Stripe.PaymentMethodCreateParams["billing_details"]> | null,
): Partial<BillingDetails> {
  if (!given) return {};
  const { address, email, name, phone } = given;
  return { address: addressOf(address), email: email ?? null, name: name ?? null, phone: phone ?? null };
}

function createFromParams(sandbox: Sandbox, params: Given<Stripe.PaymentMethodCreateParams>): PaymentMethod {
  const given = params.card;
  if (!given) throw parameterMissing("card");
  const billing_details = billingDetailsOf(params.billing_details);
  const metadata = mergeMetadata({}, params.metadata);
  const created = (details: NewCard) =>
    sandbox.store.paymentMethods.patch(createPaymentMethod(sandbox, details).id, {
      metadata,
      allow_redisplay: params.allow_redisplay ?? "unspecified",
    });
  if ("token" in given && given.token != null) {
    const card = cardOfToken(given.token);
    if (card === undefined) throw noSuchReference("token", given.token, "card[token]");
    return created({ card, billing_details, ...nextYear(sandbox) });
  }
  const typed = given as { number: string; exp_month: number; exp_year: number; cvc?: string | null };
  if (typed.number == null) throw parameterMissing("card[number]");
  if (typed.exp_month == null) throw parameterMissing("card[exp_month]");
  if (typed.exp_year == null) throw parameterMissing("card[exp_year]");
  const card = checkTypedCard(typed, sandbox.wallNow());
  return created({ card, billing_details, exp_month: typed.exp_month, exp_year: typed.exp_year });
}

export const paymentMethodRoutes = [
  route<Stripe.PaymentMethodCreateParams>("POST /v1/payment_methods", ({ sandbox, params }) =>
    showPaymentMethod(sandbox, createFromParams(sandbox, params)),
  ),
  route<Stripe.PaymentMethodListParams>("GET /v1/payment_methods", ({ sandbox, params, url }) => {
    const matching = params.customer ? paymentMethodsOf(sandbox, params.customer) : [];
    return listPage(matching, { params, url, show: (method) => showPaymentMethod(sandbox, method) });
  }),
  route<Stripe.CustomerListPaymentMethodsParams>("GET /v1/customers/{id}/payment_methods", (call) => {
    const { sandbox, id, params, url } = call;
    if (sandbox.store.customers.get(id) === undefined) throw noSuchObject("customer", id);
    const matching = paymentMethodsOf(sandbox, id).filter(
      (method) => params.allow_redisplay == null || method.allow_redisplay === params.allow_redisplay,
    );
    return listPage(matching, { params, url, show: (method) => showPaymentMethod(sandbox, method) });
  }),
  route("GET /v1/customers/{customerId}/payment_methods/{id}", ({ sandbox, customerId, id }) => {
    const method = sandbox.store.paymentMethods.get(id);
    if (method?.customer !== customerId) throw noSuchObject("PaymentMethod", id);
    return showPaymentMethod(sandbox, method);
  }),
  route("GET /v1/payment_methods/{id}", ({ sandbox, id }) =>
    showPaymentMethod(sandbox, requireMethod(sandbox, id)),
  ),
  route<Stripe.PaymentMethodUpdateParams>("POST /v1/payment_methods/{id}", ({ sandbox, id, params }) => {
    const before = requireMethod(sandbox, id);
    const after = sandbox.store.paymentMethods.patch(before.id, {
      billing_details: { ...before.billing_details, ...billingDetailsOf(params.billing_details) },
      exp_month: params.card?.exp_month ?? before.exp_month,
      exp_year: params.card?.exp_year ?? before.exp_year,
      allow_redisplay: params.allow_redisplay ?? before.allow_redisplay,
      metadata: mergeMetadata(before.metadata, params.metadata),
    });
    const [old, fresh] = [showPaymentMethod(sandbox, before), showPaymentMethod(sandbox, after)];
    sandbox.emit("payment_method.updated", fresh, previousAttributes(old, fresh));
    return fresh;
  }),
  route<Stripe.PaymentMethodAttachParams>(
    "POST /v1/payment_methods/{id}/attach",
    ({ sandbox, id, params }) => {
      const customer = params.customer;
      if (!customer) throw parameterMissing("customer");
      if (sandbox.store.customers.get(customer) === undefined)
        throw noSuchReference("customer", customer, "customer");
      return showPaymentMethod(
        sandbox,
        attachPaymentMethod(sandbox, requireMethod(sandbox, id).id, customer),
      );
    },
  ),
  route("POST /v1/payment_methods/{id}/detach", ({ sandbox, id }) =>
    showPaymentMethod(sandbox, detachPaymentMethod(sandbox, requireMethod(sandbox, id))),
  ),
];
