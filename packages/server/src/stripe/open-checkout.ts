import type Stripe from "stripe";
import { pageLocale } from "./page-locale.ts";

/** What a hosted checkout sells: a first subscription, or a pack of credits. */
export type CheckoutRequest = {
  readonly customerId: string;
  readonly priceId: string;
  readonly successUrl: string;
  readonly cancelUrl: string;
  /** Of the page that led here. */
  readonly locale: string | undefined;
  /** Our checkout's id: the same one never opens two sessions. */
  readonly idempotencyKey: string;
  readonly accountId: string;
} & (
  | { readonly purpose: "subscription"; readonly seats: number; readonly planId: string }
  | { readonly purpose: "credits"; readonly packId: string; readonly tokens: number }
);

/** Opens Stripe's hosted page. Nothing is created or charged there until the customer pays. */
export async function openCheckout(
  stripe: Stripe,
  request: CheckoutRequest,
): Promise<{ sessionId: string; url: string }> {
  const session = await stripe.checkout.sessions.create(
    {
      ...commonParameters(request),
      ...(request.purpose === "subscription" ? forSubscription(request) : forCredits(request)),
    },
    { idempotencyKey: request.idempotencyKey },
  );
  if (session.url === null) throw new Error(`Stripe opened the checkout ${session.id} without an address.`);
  return { sessionId: session.id, url: session.url };
}

/** The address decides the tax and is kept with the customer, as is the name that a tax id needs. */
function commonParameters(request: CheckoutRequest) {
  return {
    customer: request.customerId,
    success_url: request.successUrl,
    cancel_url: request.cancelUrl,
    locale: pageLocale(request.locale),
    client_reference_id: request.accountId,
    automatic_tax: { enabled: true },
    billing_address_collection: "required",
    customer_update: { address: "auto", name: "auto" },
    tax_id_collection: { enabled: true },
  } satisfies Stripe.Checkout.SessionCreateParams;
}

function forSubscription(request: CheckoutRequest & { purpose: "subscription" }) {
  return {
    mode: "subscription",
    line_items: [{ price: request.priceId, quantity: request.seats }],
    // Session metadata is not copied to what it makes, so it is given here (Stripe, trap 15).
    subscription_data: { metadata: { bursar_account: request.accountId } },
  } satisfies Stripe.Checkout.SessionCreateParams;
}

function forCredits(request: CheckoutRequest & { purpose: "credits" }) {
  return {
    mode: "payment",
    line_items: [{ price: request.priceId, quantity: 1 }],
    invoice_creation: { enabled: true },
    payment_intent_data: {
      setup_future_usage: "off_session",
      metadata: {
        bursar_account: request.accountId,
        bursar_pack: request.packId,
        bursar_tokens: String(request.tokens),
      },
    },
  } satisfies Stripe.Checkout.SessionCreateParams;
}
