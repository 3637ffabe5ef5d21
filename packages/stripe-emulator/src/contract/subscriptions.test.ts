/** Contract: subscriptions from the first payment to their end, items, schedules and test clocks. */
import type Stripe from "stripe";
import { expect, test } from "vitest";
import {
  advance,
  idOf,
  newClock,
  newPayer,
  newPrice,
  refusal,
  stripeUnderTest,
  unix,
} from "./stripe-under-test.ts";

const under = stripeUnderTest();

/** A clock moves some seconds at Stripe. */
const TIMEOUT = { timeout: 120_000 };

async function subscribe(card = "pm_card_visa", extra: Partial<Stripe.SubscriptionCreateParams> = {}) {
  const { stripe } = under;
  const { id: customer } = await newPayer(stripe, { card });
  const price = await newPrice(stripe, { amount: 1900, interval: "month" });
  return stripe.subscriptions.create({ customer, items: [{ price: price.id, quantity: 3 }], ...extra });
}

test("contract: a card that pays makes an active subscription with a paid first invoice", async () => {
  const subscription = await subscribe("pm_card_visa", { expand: ["latest_invoice.payments"] });
  expect(subscription).toMatchObject({
    ...{ object: "subscription", status: "active", collection_method: "charge_automatically" },
    ...{ cancel_at_period_end: false, ended_at: null, billing_mode: { type: "flexible" } },
  });
  expect(subscription.items.data[0]).toMatchObject({ object: "subscription_item", quantity: 3 });
  const invoice = subscription.latest_invoice as Stripe.Invoice;
  expect(invoice).toMatchObject({
    ...{ billing_reason: "subscription_create", status: "paid", total: 5700, amount_remaining: 0 },
    parent: { type: "subscription_details", subscription_details: { subscription: subscription.id } },
  });
  expect(invoice.payments?.data[0]).toMatchObject({
    object: "invoice_payment",
    status: "paid",
    is_default: true,
  });
});

test("contract: a card that declines leaves it incomplete and its invoice open; paying makes it active", async () => {
  const { stripe } = under;
  const subscription = await subscribe("pm_card_chargeCustomerFail");
  expect(subscription.status).toBe("incomplete");
  const invoice = await stripe.invoices.retrieve(idOf(subscription.latest_invoice));
  expect(invoice).toMatchObject({ status: "open", attempted: true, amount_remaining: 5700 });
  const customer = idOf(subscription.customer);
  const good = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  const paid = await stripe.invoices.pay(invoice.id ?? "", { payment_method: good.id });
  expect(paid.status).toBe("paid");
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
});

test("contract: error_if_incomplete refuses with 402 and makes nothing", async () => {
  const { stripe } = under;
  const { id: customer } = await newPayer(stripe, { card: "pm_card_chargeCustomerFail" });
  const price = await newPrice(stripe, { amount: 1900, interval: "month" });
  const params = { customer, items: [{ price: price.id }], payment_behavior: "error_if_incomplete" as const };
  expect((await refusal(stripe.subscriptions.create(params))).statusCode).toBe(402);
  expect((await stripe.subscriptions.list({ customer, status: "all" })).data).toEqual([]);
});

test("contract: default_incomplete waits for the buyer, with a secret to confirm on a page", async () => {
  const subscription = await subscribe("pm_card_visa", {
    payment_behavior: "default_incomplete",
    expand: ["latest_invoice.confirmation_secret"],
  });
  expect(subscription.status).toBe("incomplete");
  const { confirmation_secret } = subscription.latest_invoice as Stripe.Invoice;
  expect(confirmation_secret).toMatchObject({ type: "payment_intent" });
  expect(confirmation_secret?.client_secret).toMatch(/^pi_\w+_secret_/);
});

test("contract: cancellation at the period's end can be taken back, at once it is the end", async () => {
  const { stripe } = under;
  const { id } = await subscribe();
  const leaving = await stripe.subscriptions.update(id, { cancel_at_period_end: true });
  expect(leaving).toMatchObject({ status: "active", cancel_at_period_end: true });
  expect(leaving.cancel_at).toBe(leaving.items.data[0]?.current_period_end);
  const staying = await stripe.subscriptions.update(id, { cancel_at_period_end: false });
  expect(staying).toMatchObject({ cancel_at_period_end: false, cancel_at: null });
  const gone = await stripe.subscriptions.cancel(id);
  expect(gone.status).toBe("canceled");
  expect(gone.ended_at).not.toBeNull();
  expect([400, 404]).toContain((await refusal(stripe.subscriptions.cancel(id))).statusCode);
});

test("contract: an update without the item's id adds a second item", async () => {
  const { stripe } = under;
  const { id } = await subscribe();
  const other = await newPrice(stripe, { amount: 500, interval: "month" });
  const after = await stripe.subscriptions.update(id, { items: [{ price: other.id }] });
  expect(after.items.data).toHaveLength(2);
  const second = after.items.data.find(({ price }) => price.id === other.id);
  expect((await stripe.subscriptionItems.del(second?.id ?? "")).deleted).toBe(true);
  expect((await stripe.subscriptions.retrieve(id)).items.data).toHaveLength(1);
});

test("contract: a trial charges nothing until its end", TIMEOUT, async () => {
  const { stripe } = under;
  const clock = await newClock(stripe, "2026-06-01T00:00:00Z");
  const { id: customer } = await newPayer(stripe, { clock });
  const price = await newPrice(stripe, { amount: 1900, interval: "month" });
  const items = [{ price: price.id }];
  const started = await stripe.subscriptions.create({ customer, items, trial_period_days: 7 });
  expect(started).toMatchObject({ status: "trialing", trial_end: unix("2026-06-08T00:00:00Z") });
  expect((await stripe.invoices.retrieve(idOf(started.latest_invoice))).total).toBe(0);
  await advance(stripe, clock, "2026-06-09T00:00:00Z");
  const paying = await stripe.subscriptions.retrieve(started.id, { expand: ["latest_invoice"] });
  expect(paying.status).toBe("active");
  expect(paying.latest_invoice).toMatchObject({ status: "paid", total: 1900 });
});

test("contract: a year of renewals on a clock is thirteen paid invoices", { timeout: 300_000 }, async () => {
  const { stripe } = under;
  const clock = await newClock(stripe, "2027-01-31T12:00:00Z");
  const { id: customer } = await newPayer(stripe, { clock });
  const price = await newPrice(stripe, { amount: 1900, interval: "month" });
  const { id } = await stripe.subscriptions.create({ customer, items: [{ price: price.id }] });
  // Two intervals a step is the most that Stripe takes.
  for (const day of ["2027-03-31", "2027-05-31", "2027-07-31", "2027-09-30", "2027-11-30", "2028-01-30"])
    await advance(stripe, clock, `${day}T12:00:00Z`);
  await advance(stripe, clock, "2028-01-31T14:00:00Z");
  const invoices = await stripe.invoices.list({ subscription: id, limit: 100 });
  expect(invoices.data.map(({ status, total }) => `${status} ${total}`)).toEqual(
    Array<string>(13).fill("paid 1900"),
  );
});

test("contract: a renewal that declines makes it past due", TIMEOUT, async () => {
  const { stripe } = under;
  const clock = await newClock(stripe, "2026-06-01T00:00:00Z");
  const { id: customer } = await newPayer(stripe, { clock });
  const price = await newPrice(stripe, { amount: 1900, interval: "month" });
  const { id } = await stripe.subscriptions.create({ customer, items: [{ price: price.id }] });
  const bad = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: bad.id } });
  await advance(stripe, clock, "2026-07-01T06:00:00Z");
  const late = await stripe.subscriptions.retrieve(id, { expand: ["latest_invoice"] });
  expect(late.status).toBe("past_due");
  expect(late.latest_invoice).toMatchObject({ status: "open", attempt_count: 1 });
});

test("contract: a schedule lowers the plan at the period's end", TIMEOUT, async () => {
  const { stripe } = under;
  const clock = await newClock(stripe, "2026-06-01T00:00:00Z");
  const { id: customer } = await newPayer(stripe, { clock });
  const pro = await newPrice(stripe, { amount: 5000, interval: "month" });
  const basic = await newPrice(stripe, { amount: 2000, interval: "month" });
  const { id } = await stripe.subscriptions.create({ customer, items: [{ price: pro.id }] });
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: id });
  expect(schedule).toMatchObject({ object: "subscription_schedule", status: "active", subscription: id });
  const [phase] = schedule.phases;
  await stripe.subscriptionSchedules.update(schedule.id, {
    end_behavior: "release",
    phases: [
      { items: [{ price: pro.id }], start_date: phase?.start_date ?? 0, end_date: phase?.end_date ?? 0 },
      { items: [{ price: basic.id }], duration: { interval: "month", interval_count: 1 } },
    ],
  });
  const refused = await refusal(stripe.subscriptions.update(id, { cancel_at_period_end: true }));
  expect(refused.statusCode).toBe(400);
  await advance(stripe, clock, "2026-07-02T00:00:00Z");
  const lowered = await stripe.subscriptions.retrieve(id, { expand: ["latest_invoice"] });
  expect(lowered.items.data[0]?.price.id).toBe(basic.id);
  expect(lowered.latest_invoice).toMatchObject({ total: 2000, status: "paid" });
});

test(
  "contract: a clock only moves forward, and takes its customers with it when it is deleted",
  TIMEOUT,
  async () => {
    const { stripe } = under;
    const clock = await newClock(stripe, "2026-06-01T00:00:00Z");
    const { id: customer } = await newPayer(stripe, { clock });
    expect((await stripe.testHelpers.testClocks.retrieve(clock)).status).toBe("ready");
    const frozen_time = unix("2026-05-01T00:00:00Z");
    expect((await refusal(stripe.testHelpers.testClocks.advance(clock, { frozen_time }))).statusCode).toBe(
      400,
    );
    expect((await stripe.testHelpers.testClocks.del(clock)).deleted).toBe(true);
    expect(await stripe.customers.retrieve(customer)).toMatchObject({ deleted: true });
  },
);
