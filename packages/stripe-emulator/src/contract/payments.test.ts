/** Contract: payment intents on and off session, setup intents, charges, refunds and disputes. */
import Stripe from "stripe";
import { expect, test } from "vitest";
import { idOf, refusal, stripeUnderTest } from "./stripe-under-test.ts";

const under = stripeUnderTest();

/** Cards only, so that a confirmation needs no address to return to. */
const CARD = { automatic_payment_methods: { enabled: true, allow_redirects: "never" } } as const;

function pay(card: string, extra: Partial<Stripe.PaymentIntentCreateParams> = {}) {
  const params = { amount: 1999, currency: "eur", payment_method: card, confirm: true, ...CARD, ...extra };
  return under.stripe.paymentIntents.create(params);
}

test("contract: a good card pays at once, and its charge tells how", async () => {
  const intent = await pay("pm_card_visa", { expand: ["latest_charge"] });
  expect(intent).toMatchObject({ object: "payment_intent", status: "succeeded", amount_received: 1999 });
  expect(intent.latest_charge).toMatchObject({
    ...{ object: "charge", paid: true, status: "succeeded", amount: 1999, refunded: false },
    ...{ outcome: { network_status: "approved_by_network" }, payment_method_details: { type: "card" } },
  });
});

test.each([
  ["pm_card_visa_chargeDeclined", "card_declined", "generic_decline"],
  ["pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"],
  ["pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"],
  ["pm_card_chargeDeclinedExpiredCard", "expired_card", undefined],
  ["pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", undefined],
  ["pm_card_chargeDeclinedProcessingError", "processing_error", undefined],
])(
  "contract: %s is declined as %s with 402, and the intent waits for another card",
  async (card, code, decline) => {
    const error = await refusal(pay(card));
    expect(error).toBeInstanceOf(Stripe.errors.StripeCardError);
    expect(error).toMatchObject({
      statusCode: 402,
      code,
      ...(decline !== undefined && { decline_code: decline }),
    });
    const intent = await under.stripe.paymentIntents.retrieve(error.payment_intent?.id ?? "");
    expect(intent).toMatchObject({ status: "requires_payment_method", last_payment_error: { code } });
    const paid = await under.stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_visa" });
    expect(paid.status).toBe("succeeded");
  },
);

test("contract: a card that wants its holder asks on session and declines off session", async () => {
  const { stripe } = under;
  const asked = await pay("pm_card_threeDSecure2Required");
  expect(asked.status).toBe("requires_action");
  const customer = await stripe.customers.create({});
  const method = await stripe.paymentMethods.attach("pm_card_authenticationRequired", {
    customer: customer.id,
  });
  const error = await refusal(pay(method.id, { customer: customer.id, off_session: true }));
  expect(error).toMatchObject({ statusCode: 402, code: "authentication_required" });
});

test("contract: an unpaid intent can be changed and canceled, a paid one cannot", async () => {
  const { stripe } = under;
  const intent = await stripe.paymentIntents.create({ amount: 500, currency: "eur", ...CARD });
  expect(intent.status).toBe("requires_payment_method");
  expect((await stripe.paymentIntents.update(intent.id, { amount: 700 })).amount).toBe(700);
  const canceled = await stripe.paymentIntents.cancel(intent.id, { cancellation_reason: "abandoned" });
  expect(canceled).toMatchObject({ status: "canceled", cancellation_reason: "abandoned" });
  const paid = await pay("pm_card_visa");
  const error = await refusal(stripe.paymentIntents.cancel(paid.id));
  expect(error).toMatchObject({ statusCode: 400, code: "payment_intent_unexpected_state" });
});

test("contract: a setup intent saves a card for later without charging it", async () => {
  const { stripe } = under;
  const customer = await stripe.customers.create({});
  const intent = await stripe.setupIntents.create({
    ...{ customer: customer.id, payment_method: "pm_card_visa", confirm: true },
    ...CARD,
  });
  expect(intent).toMatchObject({ object: "setup_intent", status: "succeeded", usage: "off_session" });
  expect((await stripe.customers.listPaymentMethods(customer.id)).data.map(({ id }) => id)).toEqual([
    intent.payment_method,
  ]);
});

test("contract: refunds give back a part, then the rest, and never more", async () => {
  const { stripe } = under;
  const intent = await pay("pm_card_visa");
  const part = await stripe.refunds.create({ payment_intent: intent.id, amount: 500 });
  expect(part).toMatchObject({
    object: "refund",
    amount: 500,
    status: "succeeded",
    payment_intent: intent.id,
  });
  const tooMuch = await refusal(stripe.refunds.create({ payment_intent: intent.id, amount: 1500 }));
  expect(tooMuch.statusCode).toBe(400);
  expect((await stripe.refunds.create({ payment_intent: intent.id })).amount).toBe(1499);
  const charge = await stripe.charges.retrieve(idOf(intent.latest_charge));
  expect(charge).toMatchObject({ amount_refunded: 1999, refunded: true });
  const again = await refusal(stripe.refunds.create({ payment_intent: intent.id }));
  expect(again).toMatchObject({ statusCode: 400, code: "charge_already_refunded" });
});

test("contract: the last refund of a charge is listed first", async () => {
  const { stripe } = under;
  const intent = await pay("pm_card_visa");
  const first = await stripe.refunds.create({ payment_intent: intent.id, amount: 100 });
  const second = await stripe.refunds.create({ payment_intent: intent.id, amount: 200 });
  const list = await stripe.refunds.list({ payment_intent: intent.id });
  expect(list.data.map(({ id }) => id)).toEqual([second.id, first.id]);
});
