/**
 * A setup intent saves a card for later charges without a payment now.
 *
 *   requires_payment_method  no card yet, or the bank refused the last one
 *   requires_confirmation    a card is named; nobody has asked the bank
 *   requires_action          the bank wants the holder to authenticate
 *   succeeded, canceled      the end; a card saved for use off session need not be authenticated again then
 *
 * The holder is always there, so a bank that asks is never a refusal by itself.
 */
import type { PaymentMethod } from "../../entities/payment-method.ts";
import type { SetupIntent } from "../../entities/setup-intent.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId, randomText } from "../../store/ids.ts";
import { invalidRequest, StripeError } from "../../wire/errors.ts";
import type { Metadata } from "../../wire/metadata.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import { attachPaymentMethod, showPaymentMethod, testCardOf } from "../payment-methods.ts";
import { DECLINE_MESSAGES, errorCode } from "../test-cards.ts";

export function showSetupIntent(sandbox: Sandbox, intent: SetupIntent): WireObject {
  const { last_failure, return_url, ...fields } = intent;
  const url = `${sandbox.baseUrl}/authenticate/setup/${intent.client_secret}`;
  return complete({
    object: "setup_intent",
    ...fields,
    automatic_payment_methods: { allow_redirects: "always", enabled: true },
    last_setup_error: last_failure === null ? null : showFailure(sandbox, last_failure),
    next_action:
      intent.status === "requires_action"
        ? { type: "redirect_to_url", redirect_to_url: { return_url, url } }
        : null,
    payment_method_options: {
      card: { mandate_options: null, network: null, request_three_d_secure: "automatic" },
    },
    payment_method_types: ["card"],
  });
}

function showFailure(sandbox: Sandbox, failure: NonNullable<SetupIntent["last_failure"]>) {
  const { payment_method, decline_code, ...rest } = failure;
  const method = sandbox.store.paymentMethods.get(payment_method);
  return {
    type: "card_error",
    ...rest,
    ...(decline_code !== null && { decline_code }),
    doc_url: `https://stripe.com/docs/error-codes/${failure.code.replaceAll("_", "-")}`,
    ...(method && { payment_method: showPaymentMethod(sandbox, method) }),
  };
}

export interface NewSetupIntent {
  customer: string | null;
  description?: string | null;
  metadata?: Metadata;
  payment_method?: string | null;
  return_url?: string | null;
  usage?: SetupIntent["usage"];
}

export function createSetupIntent(sandbox: Sandbox, given: NewSetupIntent): SetupIntent {
  const id = newId("seti");
  const intent = sandbox.store.setupIntents.put({
    id,
    created: sandbox.now(given.customer),
    client_secret: `${id}_secret_${randomText(25)}`,
    customer: given.customer,
    description: given.description ?? null,
    last_failure: null,
    metadata: given.metadata ?? {},
    payment_method: given.payment_method ?? null,
    return_url: given.return_url ?? null,
    status: given.payment_method ? "requires_confirmation" : "requires_payment_method",
    cancellation_reason: null,
    usage: given.usage ?? "off_session",
  });
  sandbox.emit("setup_intent.created", showSetupIntent(sandbox, intent));
  return intent;
}

/** How one confirmation ended. The intent is as stored afterwards. */
export type SetupConfirmation =
  | { outcome: "succeeded" | "requires_action"; intent: SetupIntent }
  | { outcome: "declined"; intent: SetupIntent; failure: NonNullable<SetupIntent["last_failure"]> };

const OPEN: SetupIntent["status"][] = ["requires_payment_method", "requires_confirmation", "requires_action"];

/** Refuses what can no longer be done to an intent that has ended. */
export function requireOpen(intent: SetupIntent, deed: "cancel" | "confirm" | "update"): void {
  if (OPEN.includes(intent.status)) return;
  throw invalidRequest(
    `You cannot ${deed} this SetupIntent because it has a status of ${intent.status}. Only a SetupIntent with one of the following statuses may be ${PARTICIPLES[deed]}: ${OPEN.join(", ")}.`,
    { code: "setup_intent_unexpected_state" },
  );
}

const PARTICIPLES = { cancel: "canceled", confirm: "confirmed", update: "updated" };

export function confirmSetup(
  sandbox: Sandbox,
  intent: SetupIntent,
  given: { method: PaymentMethod; isAuthenticated?: boolean },
): SetupConfirmation {
  requireOpen(intent, "confirm");
  const { method } = given;
  const card = testCardOf(method);
  const asksHolder = card.authentication === "always" || card.authentication === "unless_set_up";
  if (asksHolder && !given.isAuthenticated) {
    const changes = { status: "requires_action", payment_method: method.id, last_failure: null } as const;
    const waiting = sandbox.store.setupIntents.patch(intent.id, changes);
    sandbox.emit("setup_intent.requires_action", showSetupIntent(sandbox, waiting));
    return { outcome: "requires_action", intent: waiting };
  }
  if (!card.attachable && card.charge !== "succeeds") {
    const code = errorCode(card.charge);
    return refuse(sandbox, intent, {
      code,
      decline_code: code === "card_declined" ? card.charge : null,
      message: DECLINE_MESSAGES[card.charge],
      payment_method: method.id,
    });
  }
  if (intent.customer !== null) attachPaymentMethod(sandbox, method.id, intent.customer);
  if (intent.usage === "off_session") sandbox.store.paymentMethods.patch(method.id, { is_set_up: true });
  const changes = { status: "succeeded", payment_method: method.id, last_failure: null } as const;
  const succeeded = sandbox.store.setupIntents.patch(intent.id, changes);
  sandbox.emit("setup_intent.succeeded", showSetupIntent(sandbox, succeeded));
  return { outcome: "succeeded", intent: succeeded };
}

function refuse(
  sandbox: Sandbox,
  intent: SetupIntent,
  failure: NonNullable<SetupIntent["last_failure"]>,
): SetupConfirmation {
  const refused = sandbox.store.setupIntents.patch(intent.id, {
    status: "requires_payment_method",
    payment_method: null,
    last_failure: failure,
  });
  sandbox.emit("setup_intent.setup_failed", showSetupIntent(sandbox, refused));
  return { outcome: "declined", intent: refused, failure };
}

/** The holder was asked and did not authenticate. */
export function failSetupAuthentication(sandbox: Sandbox, intent: SetupIntent): void {
  refuse(sandbox, intent, {
    code: "setup_intent_authentication_failure",
    decline_code: null,
    message:
      "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    payment_method: intent.payment_method ?? "",
  });
}

/** 402: the card was refused, and the intent says so. */
export function setupError(
  sandbox: Sandbox,
  declined: Extract<SetupConfirmation, { outcome: "declined" }>,
): StripeError {
  const { intent, failure } = declined;
  const { payment_method, decline_code, ...rest } = failure;
  const method = sandbox.store.paymentMethods.get(payment_method);
  return new StripeError(
    402,
    {
      type: "card_error",
      ...rest,
      ...(decline_code !== null && { decline_code }),
      setup_intent: showSetupIntent(sandbox, intent),
      ...(method && { payment_method: showPaymentMethod(sandbox, method) }),
    },
    { keepsChanges: true },
  );
}
