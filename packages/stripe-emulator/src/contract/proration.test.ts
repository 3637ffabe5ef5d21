/**
 * Contract: what a change in the middle of a period costs, to the cent. The worked examples of the specification, each on
 * a test clock, so that Stripe itself can be asked. The period is June 2026: 2,592,000 seconds.
 */
import type Stripe from "stripe";
import { expect, test } from "vitest";
import {
  advance,
  idOf,
  newClock,
  newPayer,
  newPrice,
  stripeUnderTest,
  unix,
  type PriceWish,
} from "./stripe-under-test.ts";

const under = stripeUnderTest();

/** A clock moves some seconds at Stripe. */
const TIMEOUT = { timeout: 120_000 };

interface Started {
  stripe: Stripe;
  clock: string;
  customer: string;
  subscription: Stripe.Subscription;
  /** The only item. */
  item: string;
}

async function start(wish: PriceWish, quantity = 1, from = "2026-06-01T00:00:00Z"): Promise<Started> {
  const { stripe } = under;
  const clock = await newClock(stripe, from);
  const { id: customer } = await newPayer(stripe, { clock });
  const price = await newPrice(stripe, wish);
  const subscription = await stripe.subscriptions.create({
    customer,
    items: [{ price: price.id, quantity }],
  });
  expect(subscription.status).toBe("active");
  return { stripe, clock, customer, subscription, item: subscription.items.data[0]?.id ?? "" };
}

/** The amounts of an invoice's lines, credits first, and what they come to. */
async function amounts(stripe: Stripe, subscription: Stripe.Subscription) {
  const invoice = await stripe.invoices.retrieve(idOf(subscription.latest_invoice));
  const lines = invoice.lines.data.map(({ amount }) => amount).toSorted((a, b) => a - b);
  return { reason: invoice.billing_reason, status: invoice.status, lines, total: invoice.total };
}

test(
  "contract: A, a monthly upgrade from 20.00 to 50.00 with 0.48333 left: -967 + 2417 = 1450",
  TIMEOUT,
  async () => {
    const { stripe, clock, subscription, item } = await start({ amount: 2000, interval: "month" });
    const price = await newPrice(stripe, { amount: 5000, interval: "month" });
    await advance(stripe, clock, "2026-06-16T12:00:00Z");
    const after = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: price.id }],
      proration_behavior: "always_invoice",
    });
    expect(await amounts(stripe, after)).toEqual({
      ...{ reason: "subscription_update", status: "paid" },
      ...{ lines: [-967, 2417], total: 1450 },
    });
    await advance(stripe, clock, "2026-07-02T00:00:00Z");
    const renewed = await stripe.subscriptions.retrieve(subscription.id);
    expect(await amounts(stripe, renewed)).toMatchObject({
      reason: "subscription_cycle",
      lines: [5000],
      total: 5000,
    });
  },
);

test(
  "contract: A, the same upgrade with create_prorations waits for the renewal: 5000 + 1450",
  TIMEOUT,
  async () => {
    const { stripe, clock, customer, subscription, item } = await start({ amount: 2000, interval: "month" });
    const price = await newPrice(stripe, { amount: 5000, interval: "month" });
    await advance(stripe, clock, "2026-06-16T12:00:00Z");
    const after = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: price.id }],
    });
    expect(idOf(after.latest_invoice)).toBe(idOf(subscription.latest_invoice));
    const pending = await stripe.invoiceItems.list({ customer, pending: true });
    expect(pending.data.map(({ amount }) => amount).toSorted((a, b) => a - b)).toEqual([-967, 2417]);
    await advance(stripe, clock, "2026-07-02T00:00:00Z");
    const renewed = await stripe.subscriptions.retrieve(subscription.id);
    expect(await amounts(stripe, renewed)).toMatchObject({
      lines: [-967, 2417, 5000],
      total: 6450,
      status: "paid",
    });
  },
);

test("contract: A, the same upgrade with none costs nothing until the renewal", TIMEOUT, async () => {
  const { stripe, clock, customer, subscription, item } = await start({ amount: 2000, interval: "month" });
  const price = await newPrice(stripe, { amount: 5000, interval: "month" });
  await advance(stripe, clock, "2026-06-16T12:00:00Z");
  const items = [{ id: item, price: price.id }];
  await stripe.subscriptions.update(subscription.id, { items, proration_behavior: "none" });
  expect((await stripe.invoiceItems.list({ customer, pending: true })).data).toEqual([]);
  await advance(stripe, clock, "2026-07-02T00:00:00Z");
  const renewed = await stripe.subscriptions.retrieve(subscription.id);
  expect(await amounts(stripe, renewed)).toMatchObject({ lines: [5000], total: 5000 });
});

test("contract: B, 5 seats become 8 at 10.00 with a third left: -1667 + 2667 = 1000", TIMEOUT, async () => {
  const { stripe, clock, subscription, item } = await start({ amount: 1000, interval: "month" }, 5);
  await advance(stripe, clock, "2026-06-21T00:00:00Z");
  const items = [{ id: item, quantity: 8 }];
  const behaviour = { items, proration_behavior: "always_invoice" } as const;
  const preview = await stripe.invoices.createPreview({
    subscription: subscription.id,
    subscription_details: { ...behaviour, proration_date: unix("2026-06-21T00:00:00Z") },
  });
  expect(preview.amount_due).toBe(1000);
  const after = await stripe.subscriptions.update(subscription.id, {
    ...behaviour,
    proration_date: unix("2026-06-21T00:00:00Z"),
  });
  expect(await amounts(stripe, after)).toMatchObject({ lines: [-1667, 2667], total: 1000, status: "paid" });
});

test(
  "contract: C, monthly 20.00 to annual 200.00 with a new anchor: -967 + 20000 = 19033",
  TIMEOUT,
  async () => {
    const { stripe, clock, subscription, item } = await start({ amount: 2000, interval: "month" });
    const price = await newPrice(stripe, { amount: 20_000, interval: "year" });
    await advance(stripe, clock, "2026-06-16T12:00:00Z");
    const after = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: price.id }],
      billing_cycle_anchor: { type: "now" },
      proration_behavior: "always_invoice",
    });
    expect(await amounts(stripe, after)).toMatchObject({
      lines: [-967, 20_000],
      total: 19_033,
      status: "paid",
    });
    const [first] = after.items.data;
    expect(first?.current_period_end).toBe(unix("2027-06-16T12:00:00Z"));
  },
);

test("contract: C, the same change with the anchor kept: -967 + 19151 = 18184", TIMEOUT, async () => {
  const { stripe, clock, subscription, item } = await start({ amount: 2000, interval: "month" });
  const price = await newPrice(stripe, { amount: 20_000, interval: "year" });
  await advance(stripe, clock, "2026-06-16T12:00:00Z");
  const after = await stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, price: price.id }],
    proration_behavior: "always_invoice",
  });
  expect(await amounts(stripe, after)).toMatchObject({ lines: [-967, 19_151], total: 18_184 });
  expect(after.items.data[0]?.current_period_end).toBe(unix("2027-06-01T00:00:00Z"));
});

test(
  "contract: D, an upgrade from 50.00 to 100.00 after its schedule was released: -2417 + 4833",
  TIMEOUT,
  async () => {
    const { stripe, clock, subscription, item } = await start({ amount: 5000, interval: "month" });
    const [basic, business] = [
      await newPrice(stripe, { amount: 2000, interval: "month" }),
      await newPrice(stripe, { amount: 10_000, interval: "month" }),
    ];
    const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
    const [phase] = schedule.phases;
    const pro = idOf(phase?.items[0]?.price);
    await stripe.subscriptionSchedules.update(schedule.id, {
      end_behavior: "release",
      phases: [
        { items: [{ price: pro }], start_date: phase?.start_date ?? 0, end_date: phase?.end_date ?? 0 },
        { items: [{ price: basic.id }], duration: { interval: "month", interval_count: 1 } },
      ],
    });
    await advance(stripe, clock, "2026-06-16T12:00:00Z");
    expect((await stripe.subscriptionSchedules.release(schedule.id)).status).toBe("released");
    const after = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: business.id }],
      proration_behavior: "always_invoice",
    });
    expect(await amounts(stripe, after)).toMatchObject({ lines: [-2417, 4833], total: 2416 });
    await advance(stripe, clock, "2026-07-02T00:00:00Z");
    expect(await amounts(stripe, await stripe.subscriptions.retrieve(subscription.id))).toMatchObject({
      total: 10_000,
    });
  },
);

test("contract: E, 5 seats become 8 and then 4: the credit is what was debited", TIMEOUT, async () => {
  const { stripe, clock, subscription, item } = await start({ amount: 1000, interval: "month" }, 5);
  const change = (quantity: number) =>
    stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, quantity }],
      proration_behavior: "always_invoice",
    });
  await advance(stripe, clock, "2026-06-11T00:00:00Z");
  expect(await amounts(stripe, await change(8))).toMatchObject({ lines: [-3333, 5333], total: 2000 });
  await advance(stripe, clock, "2026-06-21T00:00:00Z");
  const second = await amounts(stripe, await change(4));
  expect(second).toMatchObject({ lines: [-2667, 1333], total: -1334, status: "paid" });
});

test("contract: E, a negative invoice becomes credit that the next invoice consumes", TIMEOUT, async () => {
  const { stripe, clock, customer, subscription, item } = await start({ amount: 1000, interval: "month" }, 8);
  await advance(stripe, clock, "2026-06-16T00:00:00Z");
  const items = [{ id: item, quantity: 4 }];
  await stripe.subscriptions.update(subscription.id, { items, proration_behavior: "always_invoice" });
  expect(await stripe.customers.retrieve(customer)).toMatchObject({ balance: -2000 });
  await advance(stripe, clock, "2026-07-02T00:00:00Z");
  const renewed = await stripe.subscriptions.retrieve(subscription.id, { expand: ["latest_invoice"] });
  expect(renewed.latest_invoice).toMatchObject({
    ...{ total: 4000, amount_due: 2000, starting_balance: -2000, ending_balance: 0, status: "paid" },
  });
});

test("contract: F, periods from 31 January end on the last days of months", TIMEOUT, async () => {
  const { stripe, clock, subscription } = await start(
    { amount: 1000, interval: "month" },
    1,
    "2026-01-31T10:00:00Z",
  );
  const end = async () =>
    (await stripe.subscriptions.retrieve(subscription.id)).items.data[0]?.current_period_end;
  expect(await end()).toBe(unix("2026-02-28T10:00:00Z"));
  await advance(stripe, clock, "2026-03-01T00:00:00Z");
  expect(await end()).toBe(unix("2026-03-31T10:00:00Z"));
  await advance(stripe, clock, "2026-04-01T00:00:00Z");
  expect(await end()).toBe(unix("2026-04-30T10:00:00Z"));
});
