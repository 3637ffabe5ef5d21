/** The routes of setup intents. */
import type { PaymentMethod } from "../../entities/payment-method.ts";
import type { SetupIntent } from "../../entities/setup-intent.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest, noSuchObject } from "../../wire/errors.ts";
import { listPage } from "../../wire/lists.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import { route, type Given } from "../../wire/route.ts";
import type { WireObject } from "../../wire/shape.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import { customerOf } from "../customers.ts";
import { resolvePaymentMethod } from "../payment-methods.ts";
import { changed } from "../products.ts";
import { refuseUnserved } from "./unserved.ts";
import {
  confirmSetup,
  createSetupIntent,
  requireOpen,
  setupError,
  showSetupIntent,
} from "./setup-intents.ts";

function requireIntent(sandbox: Sandbox, id: string): SetupIntent {
  const intent = sandbox.store.setupIntents.get(id);
  if (intent === undefined) throw noSuchObject("setup_intent", id);
  return intent;
}

/** A card of nobody's or of this customer's. */
function usableMethod(sandbox: Sandbox, id: string, customer: string | null): PaymentMethod {
  const method = resolvePaymentMethod(sandbox, id, "payment_method");
  if (method.customer === null || method.customer === customer) return method;
  const message =
    customer === null
      ? "The provided PaymentMethod belongs to a Customer. Please include the Customer in the `customer` parameter on the SetupIntent."
      : `The provided PaymentMethod belongs to another Customer and cannot be used with ${customer}.`;
  throw invalidRequest(message, { param: "payment_method" });
}

function confirm(
  sandbox: Sandbox,
  intent: SetupIntent,
  params: { payment_method?: string | null | undefined; return_url?: string | null | undefined },
): WireObject {
  requireOpen(intent, "confirm");
  const id = params.payment_method ?? intent.payment_method;
  if (!id) {
    throw invalidRequest(
      "You cannot confirm this SetupIntent because it's missing a payment method. You can either update the SetupIntent with a payment method and then confirm it again, or confirm it again directly with a payment method.",
      { code: "setup_intent_unexpected_state" },
    );
  }
  const method = usableMethod(sandbox, id, intent.customer);
  const return_url = params.return_url ?? intent.return_url;
  const result = confirmSetup(sandbox, sandbox.store.setupIntents.patch(intent.id, { return_url }), {
    method,
  });
  if (result.outcome === "declined") throw setupError(sandbox, result);
  return showSetupIntent(sandbox, result.intent);
}

function create(sandbox: Sandbox, params: Given<Stripe.SetupIntentCreateParams>): WireObject {
  refuseUnserved(params, [
    "attach_to_self",
    "confirmation_token",
    "flow_directions",
    "mandate_data",
    "on_behalf_of",
    "payment_method_data",
    "single_use",
  ]);
  if (params.return_url && !params.confirm) {
    throw invalidRequest("The parameter `return_url` may only be given with `confirm=true`.", {
      param: "return_url",
    });
  }
  const customer = params.customer ? customerOf(sandbox, params.customer).id : null;
  const method = params.payment_method ? usableMethod(sandbox, params.payment_method, customer) : null;
  const intent = createSetupIntent(sandbox, {
    customer,
    description: params.description ?? null,
    metadata: mergeMetadata({}, params.metadata),
    payment_method: method?.id ?? null,
    return_url: params.return_url ?? null,
    usage: params.usage ?? "off_session",
  });
  return params.confirm ? confirm(sandbox, intent, {}) : showSetupIntent(sandbox, intent);
}

function update(
  sandbox: Sandbox,
  intent: SetupIntent,
  params: Given<Stripe.SetupIntentUpdateParams>,
): WireObject {
  refuseUnserved(params, ["attach_to_self", "flow_directions", "payment_method_data"]);
  const isHarmless = Object.keys(params).every((key) => key === "metadata" || key === "description");
  if (!isHarmless) requireOpen(intent, "update");
  const customer = params.customer ? customerOf(sandbox, params.customer).id : intent.customer;
  const method = params.payment_method ? usableMethod(sandbox, params.payment_method, customer) : null;
  const after = sandbox.store.setupIntents.patch(intent.id, {
    customer,
    description: changed(params.description, intent.description),
    metadata: mergeMetadata(intent.metadata, params.metadata),
    ...(method && { payment_method: method.id, status: "requires_confirmation" as const }),
  });
  return showSetupIntent(sandbox, after);
}

function cancel(
  sandbox: Sandbox,
  intent: SetupIntent,
  reason: SetupIntent["cancellation_reason"],
): WireObject {
  requireOpen(intent, "cancel");
  const changes = { status: "canceled", cancellation_reason: reason } as const;
  const shown = showSetupIntent(sandbox, sandbox.store.setupIntents.patch(intent.id, changes));
  sandbox.emit("setup_intent.canceled", shown);
  return shown;
}

export const setupIntentRoutes = [
  route<Stripe.SetupIntentCreateParams>("POST /v1/setup_intents", ({ sandbox, params }) =>
    create(sandbox, params),
  ),
  route<Stripe.SetupIntentListParams>("GET /v1/setup_intents", ({ sandbox, params, url }) => {
    const matching = sandbox.store.setupIntents
      .newestFirst()
      .filter((intent) => params.customer == null || intent.customer === params.customer)
      .filter((intent) => params.payment_method == null || intent.payment_method === params.payment_method);
    return listPage(matching, { params, url, show: (intent) => showSetupIntent(sandbox, intent) });
  }),
  route("GET /v1/setup_intents/{id}", ({ sandbox, id }) =>
    showSetupIntent(sandbox, requireIntent(sandbox, id)),
  ),
  route<Stripe.SetupIntentUpdateParams>("POST /v1/setup_intents/{id}", ({ sandbox, id, params }) =>
    update(sandbox, requireIntent(sandbox, id), params),
  ),
  route<Stripe.SetupIntentConfirmParams>("POST /v1/setup_intents/{id}/confirm", ({ sandbox, id, params }) => {
    refuseUnserved(params, ["confirmation_token", "mandate_data", "payment_method_data"]);
    return confirm(sandbox, requireIntent(sandbox, id), params);
  }),
  route<Stripe.SetupIntentCancelParams>("POST /v1/setup_intents/{id}/cancel", ({ sandbox, id, params }) =>
    cancel(sandbox, requireIntent(sandbox, id), params.cancellation_reason ?? null),
  ),
];
