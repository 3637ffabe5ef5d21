import type Stripe from "stripe";
import { expect, test } from "vitest";
import { refusal, startFixture } from "../../testing/fixture.ts";

async function paid(stripe: Stripe, payment_method = "pm_card_visa", amount = 1000) {
  return stripe.paymentIntents.create({ amount, currency: "eur", payment_method, confirm: true });
}

async function eventsAfter(stripe: Stripe, id: string): Promise<Stripe.Event[]> {
  const events = (await stripe.events.list({ limit: 100, ending_before: id })).data;
  return events.reverse();
}

async function lastEvent(stripe: Stripe): Promise<string> {
  return (await stripe.events.list({ limit: 1 })).data[0]?.id ?? "";
}

test("a payment is booked a moment after it succeeded, less the fee", async () => {
  const { stripe } = await startFixture();
  const intent = await paid(stripe);
  const events = (await stripe.events.list()).data.reverse();
  expect(events.map(({ type }) => type)).toEqual([
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "charge.updated",
  ]);
  expect(events[1]?.data.object).toMatchObject({ balance_transaction: null });
  expect(events[3]?.data.previous_attributes).toEqual({ balance_transaction: null });
  const charge = await stripe.charges.retrieve(intent.latest_charge as string, {
    expand: ["balance_transaction"],
  });
  expect(charge.balance_transaction).toMatchObject({
    amount: 1000,
    fee: 40,
    net: 960,
    type: "charge",
    source: charge.id,
  });
});

test("refunds add up on the charge, and there is no more to give back than was paid", async () => {
  const { stripe } = await startFixture();
  const intent = await paid(stripe);
  const first = await stripe.refunds.create({
    payment_intent: intent.id,
    amount: 300,
    reason: "requested_by_customer",
  });
  expect(first).toMatchObject({ status: "succeeded", amount: 300, charge: intent.latest_charge });
  const tooMuch = await refusal(stripe.refunds.create({ payment_intent: intent.id, amount: 701 }));
  expect(tooMuch).toMatchObject({ statusCode: 400, param: "amount" });
  expect(tooMuch.message).toContain("(€7.01) is greater than unrefunded amount on charge (€7.00)");
  const rest = await stripe.refunds.create({ charge: intent.latest_charge as string });
  expect(rest.amount).toBe(700);
  const again = await refusal(stripe.refunds.create({ payment_intent: intent.id }));
  expect(again).toMatchObject({ statusCode: 400, code: "charge_already_refunded" });
  const charge = await stripe.charges.retrieve(intent.latest_charge as string, { expand: ["refunds"] });
  expect(charge).toMatchObject({ amount_refunded: 1000, refunded: true, status: "succeeded" });
  expect(charge.refunds?.data.map(({ id }) => id)).toEqual([rest.id, first.id]);
  expect((await stripe.refunds.list({ payment_intent: intent.id })).data).toHaveLength(2);
  expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe("succeeded");
});

test("a refund is told by its events in order, the charge's sum being cumulative", async () => {
  const { stripe } = await startFixture();
  const intent = await paid(stripe);
  await stripe.refunds.create({ payment_intent: intent.id, amount: 100 });
  const before = await lastEvent(stripe);
  const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 200 });
  const events = await eventsAfter(stripe, before);
  expect(events.map(({ type }) => type)).toEqual([
    "refund.created",
    "charge.refunded",
    "refund.updated",
    "charge.refund.updated",
  ]);
  expect(events[1]?.data).toMatchObject({
    object: { amount_refunded: 300, refunded: false },
    previous_attributes: { amount_refunded: 100 },
  });
  const updated = await stripe.refunds.update(refund.id, { metadata: { ticket: "7" } });
  expect(updated.metadata).toEqual({ ticket: "7" });
  expect((await refusal(stripe.refunds.cancel(refund.id))).message).toContain("This one is succeeded");
});

test("what was not paid cannot be refunded", async () => {
  const { stripe } = await startFixture();
  const waiting = await stripe.paymentIntents.create({ amount: 500, currency: "eur" });
  const declined = await refusal(paid(stripe, "pm_card_chargeDeclined"));
  expect((await refusal(stripe.refunds.create({ payment_intent: waiting.id }))).message).toContain(
    "does not have a successful charge to refund",
  );
  const failed = await refusal(stripe.refunds.create({ charge: declined.charge ?? "" }));
  expect(failed.code).toBe("charge_not_refundable");
  expect((await refusal(stripe.refunds.create({}))).message).toContain("payment_intent or charge");
  expect((await refusal(stripe.refunds.create({ charge: "ch_none" }))).param).toBe("charge");
});

test.each([
  [
    "pm_card_pendingRefund",
    "pending",
    "succeeded",
    400,
    ["refund.created", "charge.refunded", "refund.updated", "charge.refund.updated"],
  ],
  [
    "pm_card_refundFail",
    "succeeded",
    "failed",
    0,
    [
      ...["refund.created", "charge.refunded", "refund.updated", "charge.refund.updated"],
      ...["refund.updated", "charge.refund.updated", "refund.failed", "charge.updated"],
    ],
  ],
])("a refund to %s is %s and %s in the end", async (card, first, last, refunded, types) => {
  let now = Date.UTC(2026, 5, 1);
  const { emulator, stripe } = await startFixture({ now: () => now });
  const intent = await paid(stripe, card);
  const before = await lastEvent(stripe);
  const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 400 });
  expect(refund.status).toBe(first);
  now += 30_000;
  await emulator.catchUp();
  const ended = await stripe.refunds.retrieve(refund.id, { expand: ["failure_balance_transaction"] });
  expect(ended.status).toBe(last);
  if (last === "failed") {
    expect(ended.failure_balance_transaction).toMatchObject({ amount: 400, type: "refund_failure" });
  }
  const charge = await stripe.charges.retrieve(intent.latest_charge as string);
  expect(charge.amount_refunded).toBe(refunded);
  expect((await eventsAfter(stripe, before)).map(({ type }) => type)).toEqual(types);
});

test("under the other reading a failed refund still counts on its charge", async () => {
  let now = Date.UTC(2026, 5, 1);
  const account = { assumptions: { failedRefundOnCharge: "stays" as const } };
  const { emulator, stripe } = await startFixture({ now: () => now, account });
  const intent = await paid(stripe, "pm_card_refundFail");
  await stripe.refunds.create({ payment_intent: intent.id, amount: 400 });
  now += 30_000;
  await emulator.catchUp();
  const charge = await stripe.charges.retrieve(intent.latest_charge as string);
  expect(charge.amount_refunded).toBe(400);
});
