/** Charges: one try at a card, succeeded or failed. Made by payment intents only. */
import type { PaymentIntent } from "../../entities/payment-intent.ts";
import type { Charge, Failure } from "../../entities/charge.ts";
import type { PaymentMethod } from "../../entities/payment-method.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import type { Sandbox } from "../../sandbox.ts";
import { roundHalfAway } from "../../money/amounts.ts";
import { newId } from "../../store/ids.ts";
import { noSuchObject } from "../../wire/errors.ts";
import { listPage } from "../../wire/lists.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import { route } from "../../wire/route.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import { previousAttributes } from "../events.ts";
import { cardDetails } from "../payment-methods.ts";
import { recordTransaction } from "./account-transactions.ts";

export function showCharge(sandbox: Sandbox, charge: Charge): WireObject {
  const { card, failure, ...fields } = charge;
  return complete({
    object: "charge",
    ...fields,
    billing_details: { ...charge.billing_details, tax_id: null },
    calculated_statement_descriptor: sandbox.account.name.toUpperCase().slice(0, 22),
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    fraud_details: {},
    outcome: outcomeOf(failure),
    paid: failure === null,
    payment_method_details: {
      type: "card",
      card: {
        ...card,
        amount_authorized: failure ? null : charge.amount,
        network: card.brand,
        three_d_secure: null,
      },
    },
    refunded: charge.amount_refunded === charge.amount && charge.amount > 0,
    status: failure ? "failed" : "succeeded",
  });
}

function outcomeOf(failure: Failure | null) {
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: failure ? "declined_by_network" : "approved_by_network",
    reason: failure?.decline_code ?? null,
    risk_level: "normal",
    risk_score: 20,
    seller_message: failure ? "The bank did not approve the payment." : "Payment complete.",
    type: failure ? "issuer_declined" : "authorized",
  };
}

export function createCharge(
  sandbox: Sandbox,
  from: { intent: PaymentIntent; method: PaymentMethod; failure: Failure | null },
): Charge {
  const { intent, method, failure } = from;
  const isTaken = failure === null && intent.capture_method !== "manual";
  const charge = sandbox.store.charges.put({
    id: newId("ch"),
    created: sandbox.now(intent.customer),
    amount: intent.amount,
    captured: isTaken,
    amount_captured: isTaken ? intent.amount : 0,
    amount_refunded: 0,
    currency: intent.currency,
    customer: intent.customer,
    balance_transaction: null,
    payment_intent: intent.id,
    payment_method: method.id,
    billing_details: method.billing_details,
    card: cardDetails(method),
    description: intent.description,
    disputed: false,
    failure,
    metadata: intent.metadata,
    receipt_email: intent.receipt_email,
  });
  sandbox.emit(failure ? "charge.failed" : "charge.succeeded", showCharge(sandbox, charge));
  return charge;
}

/** Books what a charge brought, after fees, and raises `charge.updated`: Stripe does so a moment after the payment. */
export function bookCharge(sandbox: Sandbox, charge: Charge): Charge {
  const { percent, fixed } = sandbox.account.settings.cardFee;
  const { amount_captured: amount, currency, customer, description } = charge;
  const fee = Math.min(amount, roundHalfAway((amount * percent) / 100) + fixed);
  const transaction = recordTransaction(
    sandbox,
    { amount, fee, currency, type: "charge", reporting_category: "charge", description, source: charge.id },
    customer,
  );
  const booked = sandbox.store.charges.patch(charge.id, { balance_transaction: transaction.id });
  sandbox.emit("charge.updated", showCharge(sandbox, booked), { balance_transaction: null });
  return booked;
}

/** Money that was set aside is not taken after all. */
export function releaseCharge(sandbox: Sandbox, id: string): void {
  const charge = sandbox.store.charges.get(id);
  if (charge === undefined) return;
  const released = sandbox.store.charges.patch(id, { amount_refunded: charge.amount });
  sandbox.emit("charge.refunded", showCharge(sandbox, released), { amount_refunded: 0, refunded: false });
}

function requireCharge(sandbox: Sandbox, id: string): Charge {
  const charge = sandbox.store.charges.get(id);
  if (charge === undefined) throw noSuchObject("charge", id);
  return charge;
}

export const chargeRoutes = [
  route<Stripe.ChargeListParams>("GET /v1/charges", ({ sandbox, params, url }) => {
    const { charges } = sandbox.store;
    const found = params.payment_intent
      ? charges.where("payment_intent", params.payment_intent).reverse()
      : params.customer
        ? charges.where("customer", params.customer).reverse()
        : charges.newestFirst();
    const matching = found.filter((charge) => params.customer == null || charge.customer === params.customer);
    return listPage(matching, { params, url, show: (charge) => showCharge(sandbox, charge) });
  }),
  route("GET /v1/charges/{id}", ({ sandbox, id }) => showCharge(sandbox, requireCharge(sandbox, id))),
  route<Stripe.ChargeUpdateParams>("POST /v1/charges/{id}", ({ sandbox, id, params }) => {
    const before = requireCharge(sandbox, id);
    const after = sandbox.store.charges.patch(id, {
      description: params.description ?? before.description,
      receipt_email: params.receipt_email ?? before.receipt_email,
      metadata: mergeMetadata(before.metadata, params.metadata),
    });
    const [old, fresh] = [showCharge(sandbox, before), showCharge(sandbox, after)];
    sandbox.emit("charge.updated", fresh, previousAttributes(old, fresh));
    return fresh;
  }),
];
