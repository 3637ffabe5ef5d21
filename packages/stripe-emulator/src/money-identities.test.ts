/**
 * Money neither appears nor vanishes: whatever is done to a customer, what their invoices come to is what was charged,
 * what is still owed, what was paid outside, and what moved to their balance.
 *
 *   sum of totals (void ones left out) = charges + owed + paid outside + moved to the balance by invoices
 */
import fc from "fast-check";
import type Stripe from "stripe";
import { expect, test } from "vitest";
import type { AccountSettings } from "./account.ts";
import { customerOnClock } from "./testing/clock.ts";
import { idOf, seconds, startFixture, type Fixture } from "./testing/fixture.ts";
import { priceAt } from "./testing/subscriptions.ts";

const DAY = 86_400;

interface World extends Fixture {
  clock: string;
  customer: string;
  subscription: string;
  prices: string[];
  /** What was put on the balance by hand. */
  adjusted: number;
  now: number;
}

async function startWorld(): Promise<World> {
  const settings: Partial<AccountSettings> = {
    testClockLimits: "relaxed",
    dunningEndsIn: "past_due",
    retryPauseDays: [2],
  };
  const fixture = await startFixture({ account: { settings } });
  const { stripe } = fixture;
  const from = "2026-01-31T10:00:00Z";
  const { clock, customer } = await customerOnClock(fixture, { from, card: "pm_card_visa" });
  const prices = [
    await priceAt(stripe, "Basic", 999),
    await priceAt(stripe, "Team", 4901),
    await priceAt(stripe, "Weekly", 333, "week"),
  ];
  const items = [{ price: prices[1] ?? "", quantity: 3 }];
  const rate = await stripe.taxRates.create({ display_name: "VAT", percentage: 19, inclusive: false });
  const { id } = await stripe.subscriptions.create({ customer, items, default_tax_rates: [rate.id] });
  return { ...fixture, clock, customer, subscription: id, prices, adjusted: 0, now: seconds(from) };
}

type Deed = (world: World) => Promise<unknown>;

const deed = (name: string, work: Deed) => Object.assign(work, { toString: () => name });

const itemNow = async ({ stripe, subscription }: World) =>
  (await stripe.subscriptions.retrieve(subscription)).items.data[0]?.id ?? "";

const openInvoices = async ({ stripe, customer }: World) =>
  (await stripe.invoices.list({ customer, status: "open", limit: 100 })).data.map(({ id }) => id ?? "");

const passing = fc.integer({ min: 1, max: 40 }).map((days) =>
  deed(`${days} days pass`, async (world) => {
    world.now += days * DAY + 3_600;
    await world.stripe.testHelpers.testClocks.advance(world.clock, { frozen_time: world.now });
    await world.emulator.catchUp();
  }),
);

const changing = fc
  .record({
    price: fc.nat(2),
    quantity: fc.integer({ min: 0, max: 9 }),
    proration_behavior: fc.constantFrom("create_prorations", "always_invoice", "none"),
    payment_behavior: fc.constantFrom("allow_incomplete", "error_if_incomplete", "pending_if_incomplete"),
    restarts: fc.boolean(),
  })
  .map(({ price, restarts, quantity, ...params }) =>
    deed(JSON.stringify({ price, quantity, restarts, ...params }), async (world) =>
      world.stripe.subscriptions.update(world.subscription, {
        items: [{ id: await itemNow(world), price: world.prices[price] ?? "", quantity }],
        ...params,
        ...(restarts && { billing_cycle_anchor: { type: "now" as const } }),
      }),
    ),
  );

const ending = fc
  .record({ days: fc.integer({ min: 1, max: 60 }), isUndone: fc.boolean(), isProrated: fc.boolean() })
  .map(({ days, isUndone, isProrated }) =>
    deed(isUndone ? "stays" : `ends in ${days} days`, (world) =>
      world.stripe.subscriptions.update(world.subscription, {
        cancel_at: isUndone ? "" : world.now + days * DAY,
        proration_behavior: isProrated ? "create_prorations" : "none",
      }),
    ),
  );

const CARDS = ["pm_card_visa", "pm_card_chargeCustomerFail", "pm_card_authenticationRequired"];

const other = fc.constantFrom(
  ...CARDS.map((card) =>
    deed(card, async ({ stripe, customer, subscription }) => {
      const { id } = await stripe.paymentMethods.attach(card, { customer });
      await stripe.subscriptions.update(subscription, { default_payment_method: id });
    }),
  ),
  deed("pays what is open", async (world) => {
    for (const id of await openInvoices(world)) await world.stripe.invoices.pay(id);
  }),
  deed("pays one outside", async (world) => {
    const [id] = await openInvoices(world);
    if (id !== undefined) await world.stripe.invoices.pay(id, { paid_out_of_band: true });
  }),
  deed("voids one", async (world) => {
    const [id] = await openInvoices(world);
    if (id !== undefined) await world.stripe.invoices.voidInvoice(id);
  }),
  deed("pauses collection", ({ stripe, subscription }) =>
    stripe.subscriptions.update(subscription, { pause_collection: { behavior: "keep_as_draft" } }),
  ),
  deed("resumes collection", ({ stripe, subscription }) =>
    stripe.subscriptions.update(subscription, { pause_collection: "" }),
  ),
  deed("is canceled now", ({ stripe, subscription }) =>
    stripe.subscriptions.cancel(subscription, { prorate: true, invoice_now: true }),
  ),
);

const adjusting = fc.integer({ min: -5_000, max: 5_000 }).map((amount) =>
  deed(`balance ${amount}`, async (world) => {
    if (amount === 0) return;
    await world.stripe.customers.createBalanceTransaction(world.customer, { amount, currency: "eur" });
    world.adjusted += amount;
  }),
);

const adding = fc
  .integer({ min: -3_000, max: 3_000 })
  .map((amount) =>
    deed(`item ${amount}`, ({ stripe, customer }) =>
      stripe.invoiceItems.create({ customer, amount, currency: "eur" }),
    ),
  );

const sum = <T>(list: T[], of: (one: T) => number) => list.reduce((total, one) => total + of(one), 0);

async function checkMoney({ stripe, customer, adjusted }: World): Promise<void> {
  const everything = await stripe.invoices.list({ customer, limit: 100 });
  const invoices = everything.data.filter(({ status }) => status !== "draft" && status !== "void");
  const charges = (await stripe.charges.list({ customer, limit: 100 })).data.filter(({ paid }) => paid);
  const { balance } = (await stripe.customers.retrieve(customer)) as Stripe.Customer;
  const charged = sum(charges, ({ amount }) => amount);
  const outside = sum(invoices, ({ amount_paid_off_stripe: amount }) => amount ?? 0);
  const owed = sum(invoices, ({ amount_remaining }) => amount_remaining);
  const moved = balance - adjusted;
  expect({ totals: sum(invoices, ({ total }) => total) }).toEqual({
    totals: charged + outside + owed + moved,
  });
  const moves = (await stripe.customers.listBalanceTransactions(customer, { limit: 100 })).data;
  expect(sum(moves, ({ amount }) => amount)).toBe(balance);
  expect(everything.has_more).toBe(false);
}

/** A refusal is an answer like any other; anything else is a fault. */
async function tryTo(work: Deed, world: World, isRefusal: (error: unknown) => boolean): Promise<void> {
  try {
    await work(world);
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}

test("whatever is done to a customer, totals are charges, debts and moves of the balance", { timeout: 120_000 }, async () => {
  const deeds = fc.oneof(passing, changing, ending, other, adjusting, adding);
  await fc.assert(
    fc.asyncProperty(fc.array(deeds, { minLength: 3, maxLength: 12 }), async (story) => {
      const world = await startWorld();
      const { errors } = (await import("stripe")).default;
      for (const work of story) {
        await tryTo(
          work,
          world,
          (error) => error instanceof errors.StripeError && (error.statusCode ?? 500) < 500,
        );
        await checkMoney(world);
      }
      const clock = await world.stripe.testHelpers.testClocks.retrieve(world.clock);
      expect(clock.status).toBe("ready");
      await world.emulator.close();
    }),
    { numRuns: Number(process.env["MONEY_RUNS"] ?? 15) },
  );
}); // prettier-ignore

test("a customer is never given back more than they paid", { timeout: 60_000 }, async () => {
  const behaviors = fc.constantFrom("create_prorations" as const, "always_invoice" as const);
  const seat = fc.record({ days: fc.nat(20), quantity: fc.integer({ min: 1, max: 9 }), how: behaviors });
  await fc.assert(
    fc.asyncProperty(fc.array(seat, { minLength: 1, maxLength: 6 }), async (seats) => {
      const world = await startWorld();
      const { stripe, customer, subscription, emulator } = world;
      for (const { days, quantity, how } of seats) {
        if (days > 0) {
          world.now += days * DAY;
          await stripe.testHelpers.testClocks.advance(world.clock, { frozen_time: world.now });
          await emulator.catchUp();
        }
        await stripe.subscriptions.update(subscription, {
          items: [{ id: await itemNow(world), quantity }],
          proration_behavior: how,
        });
      }
      await stripe.subscriptions.cancel(subscription, { prorate: true, invoice_now: true });
      const charges = (await stripe.charges.list({ customer, limit: 100 })).data;
      const { balance } = (await stripe.customers.retrieve(customer)) as Stripe.Customer;
      // Cancelled within the hour after a renewal, the renewal's invoice stays a draft: its time is given back and never
      // charged, which whoever sends the draft or deletes it must know.
      const drafts = (await stripe.invoices.list({ customer, status: "draft", limit: 100 })).data;
      const billed = sum(charges, ({ amount }) => amount) + sum(drafts, ({ total }) => total);
      expect(billed + balance).toBeGreaterThanOrEqual(0);
      const [last] = (await stripe.invoices.list({ customer })).data;
      expect(idOf(last?.customer as string)).toBe(customer);
      await emulator.close();
    }),
    { numRuns: 10 },
  );
});
