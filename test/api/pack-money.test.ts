/* K2 A2 The sums of packs where something else than the plain case happens: what the card pays, and what goes back. */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decideRecharge } from "@bursar/core";
import type {
  AutoRecharge,
  AutoRechargeRequest,
  Overview,
  PackPurchase,
  Problem,
} from "../../packages/client/src/index.ts";
import { readStanding } from "../../packages/server/src/recharge/recharge-facts.ts";
import { listConsents } from "../../packages/server/src/recharge/store-settings.ts";
import { paidBy, replaceCard, stripeOf, type Customer } from "./customer.ts";
import { startAt, type TimeTravel } from "./moved-clock.ts";
import { creditsOf, minutesLater, newPackBuyer } from "./pack-buyer.ts";
import { expectProblem } from "./problem.ts";
import { databases } from "./service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;
const path = "/api/billing/credits/purchase";
const rechargePath = "/api/billing/credits/auto-recharge";
const pack = { packId: "credits_1m" };
const standard = { enabled: true, threshold: 500_000, packId: "credits_2_5m", spendingLimit: 5_000 };

let time: TimeTravel;
beforeAll(async () => {
  time = await startAt(open, "2027-03-10T09:00:00Z");
});
afterAll(async () => {
  expect(await time.faults()).toEqual([]);
  await time.stop();
});

const buyer = () => newPackBuyer(time);
const later = (minutes: number) => minutesLater(time, minutes);
let uses = 0;
async function use({ call }: Customer, quantity: number) {
  uses += 1;
  expect(
    (await call("POST", "/api/events", { id: `use_${uses}`, meter: "ai_tokens", quantity })).status,
  ).toBe(200);
}

describe("K2 what the card pays", () => {
  it("what the customer owes at Stripe is told before it is charged with a pack", async () => {
    const { customer, id, before } = await buyer();
    await stripeOf(time).customers.createBalanceTransaction(id, { amount: 300, currency: "eur" });
    const refused = await customer.call<Problem>("POST", path, { ...pack, expectedTotal: 500 });
    expectProblem(refused, 409, "quote_changed");
    expect(refused.body).toMatchObject({ total: 800 });
    expect(await paidBy(stripeOf(time), id)).toBe(before);
    expect((await customer.call("POST", path, { ...pack, expectedTotal: 800 })).status).toBe(200);
    expect(await paidBy(stripeOf(time), id)).toBe(before + 800);
  });

  it("what waits for the customer's next bill is neither told nor charged with a pack", async () => {
    const { customer, id, before } = await buyer();
    const item = { amount: 700, currency: "eur", tax_behavior: "inclusive" } as const;
    await stripeOf(time).invoiceItems.create({ customer: id, ...item });
    expect((await customer.call("POST", path, { ...pack, expectedTotal: 500 })).status).toBe(200);
    expect(await paidBy(stripeOf(time), id)).toBe(before + 500);
  });

  it("A2 auto-recharge does not collect such a debt: it stops until somebody agrees to the sum", async () => {
    const { customer, id, before } = await buyer();
    const stripe = stripeOf(time);
    await use(customer, 5_000_000);
    expect((await customer.call("POST", path, { packId: "credits_2_5m" })).status).toBe(200);
    const put = () => customer.call<AutoRecharge>("PUT", rechargePath, { ...standard, spendingLimit: 1_000 });
    expect((await put()).status).toBe(200);
    await stripe.customers.createBalanceTransaction(id, { amount: 300, currency: "eur" });
    await use(customer, 2_400_000);
    await time.settle();
    expect(await paidBy(stripe, id)).toBe(before + 1_000);
    expect((await creditsOf(customer)).autoRecharge).toMatchObject({ state: "paused" });
    // Nor past the limit, which such a sum counts for.
    expectProblem(await put(), 400, "invalid_request");
  });

  it("a refund of the card's part takes that part of the tokens, where credit at Stripe paid the rest", async () => {
    const { customer, id } = await buyer();
    const stripe = stripeOf(time);
    await stripe.customers.createBalanceTransaction(id, { amount: -200, currency: "eur" });
    expect((await customer.call("POST", path, pack)).status).toBe(200);
    const [payment] = (await stripe.paymentIntents.list({ customer: id, limit: 1 })).data;
    expect(payment).toMatchObject({ amount_received: 300 });
    await stripe.refunds.create({ payment_intent: payment!.id });
    await time.settle();
    expect(await creditsOf(customer)).toMatchObject({
      balance: 400_000,
      transactions: [
        {
          type: "refund",
          description: "€3.00 of €5.00 for Starter were refunded: 600,000 of 1,000,000 tokens",
        },
        {},
        {},
      ],
    });
  });
});

describe("A1 what was agreed to", () => {
  it("AR3 who waits for the next purchase goes on waiting through any change, until told to start", async () => {
    const { customer, id, before } = await buyer();
    const put = async (change: Partial<AutoRechargeRequest>) =>
      (await customer.call<AutoRecharge>("PUT", rechargePath, { ...standard, ...change })).body;
    await use(customer, 5_000_000);
    expect(await put({ start: "after_next_purchase" })).toMatchObject({ startsAfterPurchase: true });
    expect(await put({ threshold: 600_000, spendingLimit: 6_000 })).toMatchObject({
      startsAfterPurchase: true,
    });
    expect(await paidBy(stripeOf(time), id)).toBe(before);
    const started = await put({ threshold: 600_000, spendingLimit: 6_000, start: "now" });
    expect(started).toMatchObject({ startsAfterPurchase: false, spentThisPeriod: 1_000 });
    expect(await paidBy(stripeOf(time), id)).toBe(before + 1_000);
    const consents = await listConsents(time.database.kysely, customer.accountId);
    expect(consents.map(({ start }) => start)).toEqual(["now", "after_next_purchase", "after_next_purchase"]);
  });

  it("A2 a plan that ends while the bank is asked takes the bill back, and auto-recharge is off", async () => {
    const { customer, id, before } = await buyer();
    const stripe = stripeOf(time);
    await use(customer, 5_000_000);
    expect((await customer.call("POST", path, { packId: "credits_2_5m" })).status).toBe(200);
    expect((await customer.call("PUT", rechargePath, standard)).status).toBe(200);
    await replaceCard(stripe, id, "pm_card_authenticationRequired");
    await time.settle();
    await use(customer, 2_400_000);
    await time.settle();
    expect((await creditsOf(customer)).autoRecharge).toMatchObject({ state: "needs_authentication" });
    const [subscription] = (await stripe.subscriptions.list({ customer: id })).data;
    await stripe.subscriptions.cancel(subscription!.id);
    await time.settle();
    expect((await stripe.invoices.list({ customer: id, status: "open" })).data).toEqual([]);
    expect((await creditsOf(customer)).autoRecharge).toMatchObject({ state: "off", spentThisPeriod: 0 });
    expect(await paidBy(stripe, id)).toBe(before + 1_000);
  });

  it.each([
    ["holds less for the same price", { tokens: 2_000_000 }],
    ["does not reach the threshold any more", { tokens: 500_000 }],
    ["costs more", { priceCents: 1_001 }],
  ])("a pack that %s is not bought: auto-recharge stops", async (_, change) => {
    const { customer } = await buyer();
    const put = await customer.call("PUT", rechargePath, { ...standard, start: "after_next_purchase" });
    expect(put.status).toBe(200);
    const { bookContext, isPastDue } = time.service.services;
    const packs = bookContext.catalog.packs.map((each) =>
      each.id === standard.packId ? { ...each, ...change } : each,
    );
    const decisionWith = async (catalog: typeof bookContext.catalog) => {
      const context = { bookContext: { ...bookContext, catalog }, isPastDue };
      const given = { accountId: customer.accountId, now: time.now() };
      const standing = await readStanding(context, time.database.kysely, given);
      return decideRecharge({ ...standing!.facts, isArmed: true, balanceTokens: 0 });
    };
    expect(await decisionWith(bookContext.catalog)).toMatchObject({ code: "charge", amountCents: 1_000 });
    expect(await decisionWith({ ...bookContext.catalog, packs })).toEqual({
      code: "pause",
      reason: "pack_withdrawn",
    });
  });
});

describe("K2 one intention", () => {
  /** The card is charged, and neither the answer nor a look at the bill comes through. */
  const loseTheAnswer = () => {
    time.emulator.faults.add({ kind: "timeout", stage: "after", method: "POST", path: "/v1/invoices/*/pay" });
    time.emulator.faults.add({ kind: "timeout", stage: "before", method: "GET", path: "/v1/invoices/*" });
  };

  it("sent again with its key after an answer in doubt it is the same purchase, and is charged once", async () => {
    const { customer, id, before } = await buyer();
    const key = { "idempotency-key": "one-wish" };
    loseTheAnswer();
    expectProblem(await customer.call("POST", path, pack, key), 502, "stripe_unavailable");
    time.emulator.faults.clear();
    await later(2);
    expect(await paidBy(stripeOf(time), id)).toBe(before + 500);
    const again = await customer.call<PackPurchase>("POST", path, pack, key);
    expect([again.status, again.body]).toEqual([200, { status: "granted", balance: 1_000_000 }]);
    expect(await paidBy(stripeOf(time), id)).toBe(before + 500);
  });

  it("is told as granted whatever keeps us from reading the customer afterwards", async () => {
    const { customer, id, before } = await buyer();
    time.emulator.faults.add({ kind: "rate_limit", path: "/v1/subscriptions*", times: 20 });
    const bought = await customer.call<PackPurchase>("POST", path, pack);
    time.emulator.faults.clear();
    expect([bought.status, bought.body]).toEqual([200, { status: "granted", balance: 1_000_000 }]);
    expect(await paidBy(stripeOf(time), id)).toBe(before + 500);
  });

  it("and what follows of the customer go on though Stripe cannot compute the next bill; no estimate is told", async () => {
    const { customer, id } = await buyer();
    // Nothing of ours: with an item of unknown tax Stripe refuses to preview the renewal.
    await stripeOf(time).invoiceItems.create({ customer: id, amount: 700, currency: "eur" });
    const followed = await customer.call<Overview>("POST", "/api/billing/reconcile", {});
    expect([followed.status, followed.body.nextInvoice]).toEqual([200, null]);
  });

  it("of an operator without an id of theirs is one adjustment a key, also when its answer was not kept", async () => {
    const { customer } = await buyer();
    const adjust = () =>
      customer.call<{ id: string; balance: number }>(
        "POST",
        `/api/accounts/${customer.accountId}/adjustments`,
        { tokens: 50_000, reason: "Outage of 3 March" },
        { "idempotency-key": "outage" },
      );
    const first = await adjust();
    // As after an answer of 500 and above, or a crash.
    await sql`delete from idempotency_keys where key = 'outage'`.execute(time.database.kysely);
    const again = await adjust();
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect((await creditsOf(customer)).balance).toBe(50_000);
  });

  it("is not another pack under the same key", async () => {
    const { customer, id, before } = await buyer();
    const key = { "idempotency-key": "one-wish" };
    loseTheAnswer();
    expectProblem(await customer.call("POST", path, pack, key), 502, "stripe_unavailable");
    time.emulator.faults.clear();
    await later(2);
    const other = await customer.call("POST", path, { packId: "credits_2_5m" }, key);
    expectProblem(other, 422, "idempotency_mismatch");
    expect(await paidBy(stripeOf(time), id)).toBe(before + 500);
  });

  it("sent again at once it is carried on, and told as granted", async () => {
    const { customer, id, before } = await buyer();
    const key = { "idempotency-key": "one-wish" };
    loseTheAnswer();
    expectProblem(await customer.call("POST", path, pack, key), 502, "stripe_unavailable");
    time.emulator.faults.clear();
    const again = await customer.call<PackPurchase>("POST", path, pack, key);
    expect([again.status, again.body]).toEqual([200, { status: "granted", balance: 1_000_000 }]);
    expect(await paidBy(stripeOf(time), id)).toBe(before + 500);
  });
});
