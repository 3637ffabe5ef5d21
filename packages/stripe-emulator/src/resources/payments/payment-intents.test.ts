import type Stripe from "stripe";
import { expect, test } from "vitest";
import { refusal, startFixture } from "../../testing/fixture.ts";

async function newTypes(stripe: Stripe, before: string): Promise<string[]> {
  const { data } = await stripe.events.list({ limit: 100, ending_before: before });
  return data.map(({ type }) => type).reverse();
}

async function lastEvent(stripe: Stripe): Promise<string> {
  return (await stripe.events.list({ limit: 1 })).data[0]?.id ?? "";
}

function authorize(stripe: Stripe, more: Partial<Stripe.PaymentIntentCreateParams> = {}) {
  return stripe.paymentIntents.create({
    amount: 1000,
    currency: "eur",
    payment_method: "pm_card_visa",
    capture_method: "manual",
    confirm: true,
    ...more,
  });
}

test.each([
  [undefined, 1000, 0],
  [400, 400, 600],
])(
  "money that was set aside is taken when told, %s of 1000",
  async (amount_to_capture, received, released) => {
    const { stripe } = await startFixture();
    const held = await authorize(stripe);
    expect(held).toMatchObject({ status: "requires_capture", amount_capturable: 1000, amount_received: 0 });
    const charge = held.latest_charge as string;
    expect(await stripe.charges.retrieve(charge)).toMatchObject({
      captured: false,
      amount_captured: 0,
      paid: true,
    });
    const early = await refusal(stripe.refunds.create({ charge }));
    expect(early.code).toBe("charge_not_refundable");
    const before = await lastEvent(stripe);
    const paid = await stripe.paymentIntents.capture(held.id, amount_to_capture ? { amount_to_capture } : {});
    expect(paid).toMatchObject({ status: "succeeded", amount_received: received, amount_capturable: 0 });
    const after = await stripe.charges.retrieve(charge, { expand: ["balance_transaction"] });
    expect(after).toMatchObject({
      captured: true,
      amount_captured: received,
      amount_refunded: released,
      balance_transaction: { amount: received },
    });
    expect(await newTypes(stripe, before)).toEqual([
      "charge.captured",
      "payment_intent.succeeded",
      "charge.updated",
    ]);
    const again = await refusal(stripe.paymentIntents.capture(held.id));
    expect(again.code).toBe("payment_intent_unexpected_state");
  },
);

test("more than was set aside is not taken, and a canceled payment gives it back", async () => {
  const { stripe } = await startFixture();
  const held = await authorize(stripe);
  const more = await refusal(stripe.paymentIntents.capture(held.id, { amount_to_capture: 1001 }));
  expect(more).toMatchObject({ code: "amount_too_large", param: "amount_to_capture" });
  const canceled = await stripe.paymentIntents.cancel(held.id, { cancellation_reason: "duplicate" });
  expect(canceled).toMatchObject({
    status: "canceled",
    cancellation_reason: "duplicate",
    amount_capturable: 0,
  });
  const charge = await stripe.charges.retrieve(held.latest_charge as string);
  expect(charge).toMatchObject({ captured: false, refunded: true, amount_refunded: 1000 });
});

test.each([
  [49, "eur", "amount_too_small", "€0.50"],
  [49, "jpy", "amount_too_small", "¥50"],
  [29, "gbp", "amount_too_small", "£0.30"],
  [100_000_000, "eur", "amount_too_large", "€999,999.99"],
  [100_000_000, "jpy", "amount_too_large", "¥99,999,999"],
])("%i %s is refused as %s, in words of the currency", async (amount, currency, code, words) => {
  const { stripe } = await startFixture();
  const error = await refusal(stripe.paymentIntents.create({ amount, currency }));
  expect(error).toMatchObject({ statusCode: 400, code, param: "amount" });
  expect(error.message).toContain(words);
});

test("a payment that needed its holder is confirmed with them there, with the same card", async () => {
  const { stripe } = await startFixture();
  const customer = (await stripe.customers.create()).id;
  const card = await stripe.paymentMethods.attach("pm_card_authenticationRequired", { customer });
  const params = { amount: 700, currency: "eur", customer, payment_method: card.id };
  const error = await refusal(stripe.paymentIntents.create({ ...params, off_session: true, confirm: true }));
  expect(error).toMatchObject({
    statusCode: 402,
    code: "authentication_required",
    decline_code: "authentication_required",
  });
  const id = error.payment_intent?.id ?? "";
  const refused = await stripe.paymentIntents.retrieve(id);
  expect(refused).toMatchObject({ status: "requires_payment_method" });
  const payment_method = refused.last_payment_error?.payment_method?.id ?? "";
  expect(payment_method).toBe(card.id);
  const return_url = "http://localhost:3000/back";
  const asked = await stripe.paymentIntents.confirm(id, { payment_method, return_url });
  expect(asked).toMatchObject({
    status: "requires_action",
    next_action: { type: "redirect_to_url", redirect_to_url: { return_url } },
  });
});

test("a card is kept for later by saying so when the payment is confirmed", async () => {
  const { stripe } = await startFixture();
  const customer = (await stripe.customers.create()).id;
  const { id } = await stripe.paymentIntents.create({ amount: 700, currency: "eur", customer });
  const params = { payment_method: "pm_card_visa", setup_future_usage: "off_session" as const };
  expect(await stripe.paymentIntents.confirm(id, params)).toMatchObject({ status: "succeeded" });
  expect((await stripe.customers.listPaymentMethods(customer)).data).toHaveLength(1);
});

test("what would change a payment and is not served is refused by name", async () => {
  const { stripe } = await startFixture();
  const params = { amount: 700, currency: "eur", application_fee_amount: 10 };
  expect((await refusal(stripe.paymentIntents.create(params))).param).toBe("application_fee_amount");
});
