/** The routes of payment intents: payments that an integration makes itself, on or off session. */
import type { PaymentIntent } from "../../entities/payment-intent.ts";
import type { PaymentMethod } from "../../entities/payment-method.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest, noSuchObject } from "../../wire/errors.ts";
import { listPage } from "../../wire/lists.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import { route, type Given } from "../../wire/route.ts";
import type { WireObject } from "../../wire/shape.ts";
import { minimumCharge, formatAmount } from "../../money/amounts.ts";
import { customerOf } from "../customers.ts";
import { resolvePaymentMethod } from "../payment-methods.ts";
import { changed } from "../products.ts";
import { followConfirmation, openInvoiceOf } from "../invoices/collect.ts";
import { captureIntent } from "./capture.ts";
import { cancelIntent, cardError, confirmIntent, createIntent, showPaymentIntent } from "./payment-intent.ts";
import { MAX_AMOUNT } from "../../wire/bounds.ts";
import { refuseUnserved } from "./unserved.ts";

function checkAmount(amount: number, currency: string): void {
  const minimum = minimumCharge(currency);
  if (amount < minimum) {
    throw invalidRequest(`Amount must be at least ${formatAmount(minimum, currency)}`, {
      code: "amount_too_small",
      param: "amount",
    });
  }
  if (amount > MAX_AMOUNT) {
    throw invalidRequest(`Amount must be no more than ${formatAmount(MAX_AMOUNT, currency)}`, {
      code: "amount_too_large",
      param: "amount",
    });
  }
}

/** The method to charge: it may belong to nobody yet, but not to somebody else. */
function methodFor(sandbox: Sandbox, intent: PaymentIntent, id: string | null | undefined): PaymentMethod {
  const wanted = id ?? intent.payment_method;
  if (!wanted) {
    throw invalidRequest(
      "You cannot confirm this PaymentIntent because it's missing a payment method. Update it with one, or confirm it with a payment method.",
      { code: "payment_intent_unexpected_state" },
    );
  }
  const method = resolvePaymentMethod(sandbox, wanted, "payment_method");
  if (method.customer === intent.customer || method.customer === null) return method;
  const message =
    intent.customer === null
      ? `The provided PaymentMethod belongs to a Customer. Please include the Customer in the \`customer\` parameter on the PaymentIntent.`
      : `The provided PaymentMethod belongs to another Customer and cannot be used with ${intent.customer}.`;
  throw invalidRequest(message, { param: "payment_method" });
}

interface ConfirmParams {
  payment_method?: string | null | undefined;
  off_session?: unknown;
  receipt_email?: string | null | undefined;
  return_url?: string | null | undefined;
  setup_future_usage?: PaymentIntent["setup_future_usage"] | undefined;
}

/** For connected accounts, and other ways to name a card. */
const NOT_SERVED = [
  "application_fee_amount",
  "confirmation_token",
  "error_on_requires_action",
  "hooks",
  "on_behalf_of",
  "payment_method_data",
  "transfer_data",
] as const;

function confirm(sandbox: Sandbox, intent: PaymentIntent, params: ConfirmParams): WireObject {
  const method = methodFor(sandbox, intent, params.payment_method);
  const isOffSession =
    params.off_session !== undefined && params.off_session !== null && params.off_session !== false;
  const asked = sandbox.store.paymentIntents.patch(intent.id, {
    receipt_email: changed(params.receipt_email, intent.receipt_email),
    return_url: changed(params.return_url, intent.return_url),
    setup_future_usage: changed(params.setup_future_usage, intent.setup_future_usage),
  });
  const result = confirmIntent(sandbox, asked, { method, offSession: isOffSession });
  followConfirmation(sandbox, result);
  if (result.outcome === "declined") throw cardError(sandbox, result);
  return showPaymentIntent(sandbox, result.intent);
}

function create(sandbox: Sandbox, params: Given<Stripe.PaymentIntentCreateParams>): WireObject {
  refuseUnserved(params, NOT_SERVED);
  const currency = params.currency.toLowerCase();
  checkAmount(params.amount, currency);
  if (params.off_session && !params.confirm) {
    throw invalidRequest("The parameter `off_session` may only be given with `confirm=true`.", {
      param: "off_session",
    });
  }
  const customer = params.customer ? customerOf(sandbox, params.customer).id : null;
  const method = params.payment_method
    ? resolvePaymentMethod(sandbox, params.payment_method, "payment_method")
    : null;
  const intent = createIntent(sandbox, {
    amount: params.amount,
    currency,
    customer,
    description: params.description ?? null,
    metadata: mergeMetadata({}, params.metadata),
    capture_method: params.capture_method ?? "automatic_async",
    receipt_email: params.receipt_email ?? null,
    return_url: params.return_url ?? null,
    setup_future_usage: params.setup_future_usage ?? null,
    payment_method: method?.id ?? null,
  });
  return params.confirm
    ? confirm(sandbox, intent, { off_session: params.off_session })
    : showPaymentIntent(sandbox, intent);
}

function requireIntent(sandbox: Sandbox, id: string): PaymentIntent {
  const intent = sandbox.store.paymentIntents.get(id);
  if (intent === undefined) throw noSuchObject("payment_intent", id);
  return intent;
}

function update(
  sandbox: Sandbox,
  intent: PaymentIntent,
  params: Given<Stripe.PaymentIntentUpdateParams>,
): WireObject {
  if (intent.status === "succeeded" || intent.status === "canceled") {
    const isHarmless = Object.keys(params).every((key) =>
      ["metadata", "description", "receipt_email"].includes(key),
    );
    if (!isHarmless) {
      throw invalidRequest(
        `This PaymentIntent's status is ${intent.status}; its payment can no longer change.`,
        {
          code: "payment_intent_unexpected_state",
        },
      );
    }
  }
  const amount = params.amount ?? intent.amount;
  if (params.amount != null) checkAmount(amount, intent.currency);
  const method = params.payment_method ? methodFor(sandbox, intent, params.payment_method) : null;
  const after = sandbox.store.paymentIntents.patch(intent.id, {
    amount,
    customer: params.customer ? customerOf(sandbox, params.customer).id : intent.customer,
    description: changed(params.description, intent.description),
    metadata: mergeMetadata(intent.metadata, params.metadata),
    receipt_email: changed(params.receipt_email, intent.receipt_email),
    setup_future_usage: changed(params.setup_future_usage, intent.setup_future_usage),
    ...(method && { payment_method: method.id, status: "requires_confirmation" as const }),
  });
  return showPaymentIntent(sandbox, after);
}

function cancel(sandbox: Sandbox, intent: PaymentIntent, reason: string | null): PaymentIntent {
  if (openInvoiceOf(sandbox, intent.id) !== undefined) {
    throw invalidRequest("You cannot cancel the PaymentIntent of an invoice. Void the invoice instead.", {
      code: "payment_intent_unexpected_state",
    });
  }
  return cancelIntent(sandbox, intent, reason);
}

export const paymentIntentRoutes = [
  route<Stripe.PaymentIntentCreateParams>("POST /v1/payment_intents", ({ sandbox, params }) =>
    create(sandbox, params),
  ),
  route<Stripe.PaymentIntentListParams>("GET /v1/payment_intents", ({ sandbox, params, url }) => {
    const { paymentIntents } = sandbox.store;
    const matching = params.customer
      ? paymentIntents.where("customer", params.customer).reverse()
      : paymentIntents.newestFirst();
    return listPage(matching, { params, url, show: (intent) => showPaymentIntent(sandbox, intent) });
  }),
  route("GET /v1/payment_intents/{id}", ({ sandbox, id }) =>
    showPaymentIntent(sandbox, requireIntent(sandbox, id)),
  ),
  route<Stripe.PaymentIntentUpdateParams>("POST /v1/payment_intents/{id}", ({ sandbox, id, params }) =>
    update(sandbox, requireIntent(sandbox, id), params),
  ),
  route<Stripe.PaymentIntentConfirmParams>(
    "POST /v1/payment_intents/{id}/confirm",
    ({ sandbox, id, params }) => {
      refuseUnserved(params, [
        "confirmation_token",
        "error_on_requires_action",
        "hooks",
        "payment_method_data",
      ]);
      return confirm(sandbox, requireIntent(sandbox, id), params);
    },
  ),
  route<Stripe.PaymentIntentCaptureParams>(
    "POST /v1/payment_intents/{id}/capture",
    ({ sandbox, id, params }) => {
      refuseUnserved(params, ["application_fee_amount", "hooks", "transfer_data"]);
      const intent = requireIntent(sandbox, id);
      const metadata = mergeMetadata(intent.metadata, params.metadata);
      const paid = captureIntent(
        sandbox,
        sandbox.store.paymentIntents.patch(id, { metadata }),
        params.amount_to_capture ?? null,
      );
      return showPaymentIntent(sandbox, paid);
    },
  ),
  route<Stripe.PaymentIntentCancelParams>("POST /v1/payment_intents/{id}/cancel", ({ sandbox, id, params }) =>
    showPaymentIntent(
      sandbox,
      cancel(sandbox, requireIntent(sandbox, id), params.cancellation_reason ?? null),
    ),
  ),
];
