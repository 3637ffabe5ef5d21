/** Setup intents: a card saved for later charges without a payment now. So far they are made by Checkout only. */
import type { PaymentMethod } from "../../entities/payment-method.ts";
import type { SetupIntent } from "../../entities/setup-intent.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId, randomText } from "../../store/ids.ts";
import { noSuchObject } from "../../wire/errors.ts";
import { listPage } from "../../wire/lists.ts";
import type { Metadata } from "../../wire/metadata.ts";
import { route } from "../../wire/route.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import { attachPaymentMethod } from "../payment-methods.ts";

export function showSetupIntent(_sandbox: Sandbox, intent: SetupIntent): WireObject {
  return complete({
    object: "setup_intent",
    ...intent,
    automatic_payment_methods: { allow_redirects: "always", enabled: true },
    payment_method_options: {
      card: { mandate_options: null, network: null, request_three_d_secure: "automatic" },
    },
    payment_method_types: ["card"],
  });
}

/** Saves a card to a customer, throwing a 402 when the bank would not have it. */
export function setUpCard(
  sandbox: Sandbox,
  given: { method: PaymentMethod; customer: string | null; metadata: Metadata; description: string | null },
): SetupIntent {
  const id = newId("seti");
  const intent = sandbox.store.setupIntents.put({
    id,
    created: sandbox.now(given.customer),
    client_secret: `${id}_secret_${randomText(25)}`,
    customer: given.customer,
    description: given.description,
    metadata: given.metadata,
    payment_method: null,
    status: "requires_payment_method",
    usage: "off_session",
  });
  sandbox.emit("setup_intent.created", showSetupIntent(sandbox, intent));
  if (given.customer !== null) attachPaymentMethod(sandbox, given.method.id, given.customer);
  sandbox.store.paymentMethods.patch(given.method.id, { is_set_up: true });
  const changes = { status: "succeeded", payment_method: given.method.id } as const;
  const succeeded = sandbox.store.setupIntents.patch(id, changes);
  sandbox.emit("setup_intent.succeeded", showSetupIntent(sandbox, succeeded));
  return succeeded;
}

export const setupIntentRoutes = [
  route<Stripe.SetupIntentListParams>("GET /v1/setup_intents", ({ sandbox, params, url }) => {
    const matching = sandbox.store.setupIntents
      .newestFirst()
      .filter((intent) => params.customer == null || intent.customer === params.customer)
      .filter((intent) => params.payment_method == null || intent.payment_method === params.payment_method);
    return listPage(matching, { params, url, show: (intent) => showSetupIntent(sandbox, intent) });
  }),
  route("GET /v1/setup_intents/{id}", ({ sandbox, id }) => {
    const intent = sandbox.store.setupIntents.get(id);
    if (intent === undefined) throw noSuchObject("setup_intent", id);
    return showSetupIntent(sandbox, intent);
  }),
];
