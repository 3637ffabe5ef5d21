/** The routes of refunds. */
import type { Charge } from "../../entities/charge.ts";
import type { Refund } from "../../entities/refund.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest, noSuchObject, noSuchReference } from "../../wire/errors.ts";
import { listPage } from "../../wire/lists.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import { route, type Given } from "../../wire/route.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import { createRefund, showRefund, updateRefund } from "./refunds.ts";

type CreateParams = Given<Stripe.RefundCreateParams>;

/** For connected accounts and customers' cash balances, which the emulator does not have. */
const NOT_SERVED = ["origin", "customer", "currency", "refund_application_fee", "reverse_transfer"] as const;

function chargeFrom(sandbox: Sandbox, params: CreateParams): Charge {
  if (params.charge) {
    const charge = sandbox.store.charges.get(params.charge);
    if (charge === undefined) throw noSuchReference("charge", params.charge, "charge");
    if (params.payment_intent && params.payment_intent !== charge.payment_intent) {
      throw invalidRequest("The charge is not one of this PaymentIntent.", { param: "payment_intent" });
    }
    return charge;
  }
  if (!params.payment_intent) {
    throw invalidRequest(
      "One of the following params should be provided for this request: payment_intent or charge.",
    );
  }
  const intent = sandbox.store.paymentIntents.get(params.payment_intent);
  if (intent === undefined) {
    throw noSuchReference("payment_intent", params.payment_intent, "payment_intent");
  }
  const charge = intent.latest_charge === null ? undefined : sandbox.store.charges.get(intent.latest_charge);
  if (intent.status !== "succeeded" || charge === undefined) {
    throw invalidRequest(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, {
      param: "payment_intent",
    });
  }
  return charge;
}

function requireRefund(sandbox: Sandbox, id: string): Refund {
  const refund = sandbox.store.refunds.get(id);
  if (refund === undefined) throw noSuchObject("refund", id);
  return refund;
}

function refundsFor(sandbox: Sandbox, params: Given<Stripe.RefundListParams>): Refund[] {
  const { refunds } = sandbox.store;
  if (params.charge) return refunds.where("charge", params.charge).reverse();
  if (params.payment_intent) return refunds.where("payment_intent", params.payment_intent).reverse();
  return refunds.newestFirst();
}

export const refundRoutes = [
  route<Stripe.RefundCreateParams>("POST /v1/refunds", ({ sandbox, params }) => {
    const unserved = NOT_SERVED.find((name) => Boolean(params[name]));
    if (unserved !== undefined) {
      throw invalidRequest(`The emulator refunds to the card that paid; it does not serve \`${unserved}\`.`, {
        param: unserved,
      });
    }
    const refund = createRefund(sandbox, chargeFrom(sandbox, params), {
      amount: params.amount ?? null,
      reason: params.reason ?? null,
      metadata: mergeMetadata({}, params.metadata),
    });
    return showRefund(sandbox, refund);
  }),
  route<Stripe.RefundListParams>("GET /v1/refunds", ({ sandbox, params, url }) =>
    listPage(refundsFor(sandbox, params), { params, url, show: (refund) => showRefund(sandbox, refund) }),
  ),
  route("GET /v1/refunds/{id}", ({ sandbox, id }) => showRefund(sandbox, requireRefund(sandbox, id))),
  route<Stripe.RefundUpdateParams>("POST /v1/refunds/{id}", ({ sandbox, id, params }) => {
    const before = requireRefund(sandbox, id);
    const metadata = mergeMetadata(before.metadata, params.metadata);
    return showRefund(sandbox, updateRefund(sandbox, before, { metadata }));
  }),
  route("POST /v1/refunds/{id}/cancel", ({ sandbox, id }) => {
    const { status } = requireRefund(sandbox, id);
    throw invalidRequest(
      `Only refunds that wait for the customer's bank details (requires_action) can be canceled. This one is ${status}.`,
    );
  }),
];
