/**
 * A payment intent is one payment from first try to success.
 *
 *   requires_payment_method  no card yet, or the last one was declined
 *   requires_confirmation    a card is named; nobody has asked the bank
 *   requires_action          the bank wants the holder to authenticate, and the holder is there
 *   requires_capture         the bank has set the money aside, and a call of its own takes it (manual capture)
 *   succeeded, canceled      the end
 *
 * `confirmIntent` moves it: each try makes a charge. Off session nobody can authenticate, so a bank that asks is a
 * decline (`authentication_required`) and the intent goes back to requires_payment_method.
 */
import type { Charge, Failure } from "../../entities/charge.ts";
import type { FutureUsage, PaymentIntent } from "../../entities/payment-intent.ts";
import type { PaymentMethod } from "../../entities/payment-method.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId, randomText } from "../../store/ids.ts";
import { invalidRequest, StripeError } from "../../wire/errors.ts";
import type { Metadata } from "../../wire/metadata.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import { attachPaymentMethod, cardDetails, showPaymentMethod, testCardOf } from "../payment-methods.ts";
import { DECLINE_MESSAGES, errorCode, type TestCard } from "../test-cards.ts";
import { bookCharge, createCharge, releaseCharge } from "./charges.ts";
import { openDispute } from "./disputes.ts";

export function showPaymentIntent(sandbox: Sandbox, intent: PaymentIntent): WireObject {
  const { last_failure, return_url, ...fields } = intent;
  return complete({
    object: "payment_intent",
    ...fields,
    amount_capturable: intent.status === "requires_capture" ? intent.amount : 0,
    amount_details: { tip: {} },
    automatic_payment_methods: { allow_redirects: "always", enabled: true },
    confirmation_method: "automatic",
    last_payment_error: last_failure === null ? null : showFailure(sandbox, last_failure),
    next_action:
      intent.status === "requires_action"
        ? { type: "redirect_to_url", redirect_to_url: { return_url, url: challengeUrl(sandbox, intent) } }
        : null,
    payment_method_options: {
      card: { installments: null, network: null, request_three_d_secure: "automatic" },
    },
    payment_method_types: ["card"],
  });
}

function challengeUrl(sandbox: Sandbox, intent: PaymentIntent): string {
  return `${sandbox.baseUrl}/authenticate/${intent.client_secret}`;
}

function showFailure(sandbox: Sandbox, failure: NonNullable<PaymentIntent["last_failure"]>) {
  const { payment_method, charge, code, decline_code, message } = failure;
  const method = sandbox.store.paymentMethods.get(payment_method);
  return {
    type: "card_error",
    code,
    decline_code,
    message,
    doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}`,
    ...(charge && { charge }),
    ...(method && { payment_method: showPaymentMethod(sandbox, method) }),
  };
}

export interface NewIntent {
  amount: number;
  currency: string;
  customer: string | null;
  description?: string | null;
  metadata?: Metadata;
  capture_method?: PaymentIntent["capture_method"];
  receipt_email?: string | null;
  return_url?: string | null;
  setup_future_usage?: FutureUsage | null;
  payment_method?: string | null;
}

export function createIntent(sandbox: Sandbox, given: NewIntent): PaymentIntent {
  const id = newId("pi");
  const intent = sandbox.store.paymentIntents.put({
    id,
    created: sandbox.now(given.customer),
    amount: given.amount,
    amount_received: 0,
    capture_method: given.capture_method ?? "automatic_async",
    currency: given.currency,
    customer: given.customer,
    client_secret: `${id}_secret_${randomText(25)}`,
    description: given.description ?? null,
    payment_method: given.payment_method ?? null,
    latest_charge: null,
    last_failure: null,
    metadata: given.metadata ?? {},
    receipt_email: given.receipt_email ?? null,
    return_url: given.return_url ?? null,
    setup_future_usage: given.setup_future_usage ?? null,
    status: given.payment_method ? "requires_confirmation" : "requires_payment_method",
    canceled_at: null,
    cancellation_reason: null,
  });
  sandbox.emit("payment_intent.created", showPaymentIntent(sandbox, intent));
  return intent;
}

/** How one confirmation ended. The intent is as stored afterwards. */
export type Confirmation =
  | { outcome: "succeeded"; intent: PaymentIntent; charge: Charge }
  | { outcome: "declined"; intent: PaymentIntent; charge: Charge; failure: Failure }
  | { outcome: "requires_action"; intent: PaymentIntent };

const CONFIRMABLE = ["requires_payment_method", "requires_confirmation", "requires_action"];

export function confirmIntent(
  sandbox: Sandbox,
  intent: PaymentIntent,
  given: { method: PaymentMethod; offSession: boolean; isAuthenticated?: boolean },
): Confirmation {
  if (!CONFIRMABLE.includes(intent.status)) {
    throw invalidRequest(
      `This PaymentIntent's status is ${intent.status}, but must be one of ${CONFIRMABLE.join(", ")} to be confirmed.`,
      { code: "payment_intent_unexpected_state" },
    );
  }
  const { method, offSession } = given;
  const card = testCardOf(method);
  const mustAuthenticate = !given.isAuthenticated && asksHolder(card, method, offSession);
  if (mustAuthenticate && !offSession) {
    const changes = { status: "requires_action", payment_method: method.id, last_failure: null } as const;
    const waiting = sandbox.store.paymentIntents.patch(intent.id, changes);
    sandbox.emit("payment_intent.requires_action", showPaymentIntent(sandbox, waiting));
    return { outcome: "requires_action", intent: waiting };
  }
  const failure = mustAuthenticate
    ? AUTHENTICATION_REQUIRED
    : (failureOf(card) ?? sandbox.faults.forCharge(method, cardDetails(method)));
  return failure ? recordDecline(sandbox, intent, method, failure) : recordSuccess(sandbox, intent, method);
}

function asksHolder(card: TestCard, method: PaymentMethod, offSession: boolean): boolean {
  switch (card.authentication) {
    case "never":
      return false;
    case "always":
      return true;
    case "unless_set_up":
      return !(offSession && method.is_set_up);
    case "on_session":
      return !offSession;
  }
}

const AUTHENTICATION_REQUIRED: Failure = {
  code: "authentication_required",
  decline_code: "authentication_required",
  message: "Your card was declined. This transaction requires authentication.",
};

function failureOf(card: TestCard): Failure | null {
  if (card.charge === "succeeds") return null;
  return { code: errorCode(card.charge), decline_code: card.charge, message: DECLINE_MESSAGES[card.charge] };
}

function recordSuccess(sandbox: Sandbox, intent: PaymentIntent, method: PaymentMethod): Confirmation {
  const charge = createCharge(sandbox, { intent, method, failure: null });
  keepOrSpend(sandbox, intent, method);
  if (intent.capture_method === "manual") return recordAuthorization(sandbox, intent, charge);
  const paid = sandbox.store.paymentIntents.patch(intent.id, {
    status: "succeeded",
    amount_received: intent.amount,
    payment_method: method.id,
    latest_charge: charge.id,
    last_failure: null,
  });
  sandbox.emit("payment_intent.succeeded", showPaymentIntent(sandbox, paid));
  const booked = bookCharge(sandbox, charge);
  const { dispute } = testCardOf(method);
  if (dispute !== undefined) openDispute(sandbox, booked, dispute);
  return { outcome: "succeeded", intent: paid, charge: booked };
}

/** The bank has set the money aside; it is taken later. */
function recordAuthorization(sandbox: Sandbox, intent: PaymentIntent, charge: Charge): Confirmation {
  const waiting = sandbox.store.paymentIntents.patch(intent.id, {
    status: "requires_capture",
    payment_method: charge.payment_method,
    latest_charge: charge.id,
    last_failure: null,
  });
  sandbox.emit("payment_intent.amount_capturable_updated", showPaymentIntent(sandbox, waiting));
  return { outcome: "succeeded", intent: waiting, charge };
}

/** A card set up for later charges becomes the customer's; one that nobody keeps cannot be used again. */
function keepOrSpend(sandbox: Sandbox, intent: PaymentIntent, method: PaymentMethod): void {
  const { setup_future_usage: usage, customer } = intent;
  if (usage !== null && customer !== null) attachPaymentMethod(sandbox, method.id, customer);
  else if (method.customer === null) sandbox.store.paymentMethods.patch(method.id, { is_spent: true });
  if (usage === "off_session") sandbox.store.paymentMethods.patch(method.id, { is_set_up: true });
}

function recordDecline(
  sandbox: Sandbox,
  intent: PaymentIntent,
  method: PaymentMethod,
  failure: Failure,
): Confirmation {
  const charge = createCharge(sandbox, { intent, method, failure });
  const refused = sandbox.store.paymentIntents.patch(intent.id, {
    status: "requires_payment_method",
    payment_method: null,
    latest_charge: charge.id,
    last_failure: { ...failure, charge: charge.id, payment_method: method.id },
  });
  sandbox.emit("payment_intent.payment_failed", showPaymentIntent(sandbox, refused));
  return { outcome: "declined", intent: refused, charge, failure };
}

/** The holder was asked and did not authenticate: nothing reached the bank, so there is no charge. */
export function failAuthentication(sandbox: Sandbox, intent: PaymentIntent): void {
  const refused = sandbox.store.paymentIntents.patch(intent.id, {
    status: "requires_payment_method",
    payment_method: null,
    last_failure: {
      code: "payment_intent_authentication_failure",
      decline_code: "authentication_required",
      message:
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
      charge: null,
      payment_method: intent.payment_method ?? "",
    },
  });
  sandbox.emit("payment_intent.payment_failed", showPaymentIntent(sandbox, refused));
}

/** No further try: of a payment given up, or of an invoice that was voided. */
export function cancelIntent(sandbox: Sandbox, intent: PaymentIntent, reason: string | null): PaymentIntent {
  if (intent.status === "succeeded" || intent.status === "canceled") {
    const message = `You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`;
    throw invalidRequest(message, { code: "payment_intent_unexpected_state" });
  }
  if (intent.status === "requires_capture") releaseCharge(sandbox, intent.latest_charge ?? "");
  const canceled = sandbox.store.paymentIntents.patch(intent.id, {
    status: "canceled",
    canceled_at: sandbox.now(intent.customer),
    cancellation_reason: reason,
  });
  sandbox.emit("payment_intent.canceled", showPaymentIntent(sandbox, canceled));
  return canceled;
}

/** 402: the payment was refused, and what happened stays on record. */
export function cardError(
  sandbox: Sandbox,
  declined: Extract<Confirmation, { outcome: "declined" }>,
): StripeError {
  const { intent, charge, failure } = declined;
  const method = sandbox.store.paymentMethods.get(charge.payment_method);
  return new StripeError(
    402,
    {
      type: "card_error",
      ...failure,
      charge: charge.id,
      payment_intent: showPaymentIntent(sandbox, intent),
      ...(method && { payment_method: showPaymentMethod(sandbox, method) }),
    },
    { keepsChanges: true },
  );
}
