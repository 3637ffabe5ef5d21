/* A1-A4 What auto-recharge may do, what it asks, when it stops, and what it tells. */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type {
  AutoRecharge,
  AutoRechargeRequest,
  Credits,
  List,
  Problem,
  RechargeAttempt,
} from "../../packages/client/src/index.ts";
import { pauseAutoRecharge } from "../../packages/server/src/recharge/pause-recharge.ts";
import { listConsents } from "../../packages/server/src/recharge/store-settings.ts";
import { newCustomer, paidBy, replaceCard, stripeOf, type Customer } from "./customer.ts";
import { startAt, type TimeTravel } from "./moved-clock.ts";
import { expectProblem } from "./problem.ts";
import { databases, type Answer } from "./service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;
const path = "/api/billing/credits/auto-recharge";
const standard = { enabled: true, threshold: 500_000, packId: "credits_2_5m", spendingLimit: 5_000 };

let time: TimeTravel;
beforeAll(async () => {
  time = await startAt(open, "2027-03-10T09:00:00Z");
});
afterAll(async () => {
  expect(await time.faults()).toEqual([]);
  await time.stop();
});

interface Buyer {
  customer: Customer;
  /** At Stripe. */
  id: string;
  put: (change?: Partial<AutoRechargeRequest>) => Promise<Answer<AutoRecharge & Problem>>;
  recharge: () => Promise<AutoRecharge>;
  balance: () => Promise<number>;
  /** So many tokens are used, from the credits alone. */
  use: (tokens: number) => Promise<void>;
  /** What was charged for packs since. */
  paid: () => Promise<number>;
  attempts: () => Promise<RechargeAttempt[]>;
  told: () => Promise<string[]>;
}

let uses = 0;

/** On Team, its allocation used up, with a Standard pack bought. */
async function buyer(): Promise<Buyer> {
  const customer = await newCustomer(time, { planId: "team", seats: 2 });
  const id = await customer.customerId();
  const before = await paidBy(stripeOf(time), id);
  const { call, accountId } = customer;
  const creditsOf = async () => (await call<Credits>("GET", "/api/billing/credits")).body;
  const use = async (tokens: number) => {
    uses += 1;
    const event = { id: `use_${uses}`, meter: "ai_tokens", quantity: tokens };
    expect((await call("POST", "/api/events", event)).status).toBe(200);
  };
  await use(5_000_000);
  expect((await call("POST", "/api/billing/credits/purchase", { packId: "credits_2_5m" })).status).toBe(200);
  return {
    customer,
    id,
    put: (change = {}) => call("PUT", path, { ...standard, ...change }),
    recharge: async () => (await creditsOf()).autoRecharge,
    balance: async () => (await creditsOf()).balance,
    use,
    paid: async () => (await paidBy(stripeOf(time), id)) - before - 1_000,
    attempts: async () => (await call<List<RechargeAttempt>>("GET", `${path}/attempts`)).body.data,
    told: async () => {
      const { rows } = await sql<{ topic: string }>`
        select topic from outbox where account_id = ${accountId} and topic like 'auto_recharge.%'
        order by outbox_id`.execute(time.database.kysely);
      return rows.map(({ topic }) => topic.replace("auto_recharge.", ""));
    },
  };
}

async function later(minutes: number, options?: { stepDays: number }): Promise<void> {
  await time.travelTo(new Date(time.now() + minutes * 60_000).toISOString(), options);
}

/** Past the renewal, in few steps. */
const aMonthLater = () => later(32 * 24 * 60, { stepDays: 8 });

describe("A1 settings", () => {
  it("are off at first, with a fifth of the popular pack and 50.00, and say what a recharge costs", async () => {
    const { recharge } = await buyer();
    expect(await recharge()).toMatchObject({
      enabled: false,
      state: "off",
      threshold: 500_000,
      packId: "credits_2_5m",
      spendingLimit: 5_000,
      chargeTotal: 1_000,
      chargesLeft: 5,
      spentThisPeriod: 0,
      updatedBy: null,
    });
  });

  it("AR2 a threshold that could set off twice, and a limit that never allows one, are refused by their fields", async () => {
    const { put, recharge } = await buyer();
    const refused = await put({ threshold: 2_500_000, spendingLimit: 999 });
    expectProblem(refused, 400, "invalid_request");
    expect(refused.body.errors?.map(({ path: field }) => field)).toEqual(["threshold", "spendingLimit"]);
    expect(refused.body.errors?.[1]?.message).toContain("€10.00");
    expectProblem(await put({ packId: "credits_9" }), 400, "invalid_request");
    expect(await recharge()).toMatchObject({ enabled: false });
    expect((await put({ threshold: 2_499_999, spendingLimit: 1_000 })).status).toBe(200);
  });

  it("AR1 need a saved card and a paid plan to be turned on, and nothing to be turned off", async () => {
    const free = await time.newAccount();
    expectProblem(await free.call("PUT", path, standard), 409, "conflict");
    const { put, id, customer } = await buyer();
    expect((await customer.overview()).can.autoRechargeOff.reason).toBe("Auto-recharge is off.");
    expect((await put({})).status).toBe(200);
    const stripe = stripeOf(time);
    for (const method of (await stripe.paymentMethods.list({ customer: id })).data)
      await stripe.paymentMethods.detach(method.id);
    await time.settle();
    expectProblem(await put(), 409, "no_saved_payment_method");
    const { can } = await customer.overview();
    expect(can.autoRecharge.allowed).toBe(false);
    expect(can.autoRecharge.reason).toContain("card");
    expect(can.autoRechargeOff).toEqual({ allowed: true });
    expect((await put({ enabled: false })).status).toBe(200);
  });

  it("AR4 are agreed to anew when more may be taken, and not when less", async () => {
    const { put, customer } = await buyer();
    const consents = async () => listConsents(time.database.kysely, customer.accountId);
    await put();
    expect(await consents()).toMatchObject([
      {
        agreedBy: "platform_key",
        textVersion: 1,
        thresholdTokens: 500_000,
        limitCents: 5_000,
        chargeCents: 1_000,
      },
    ]);
    expect((await consents())[0]?.card).toMatchObject({ brand: "visa" });
    await put({ threshold: 400_000, spendingLimit: 4_000 });
    await put({ threshold: 400_000, spendingLimit: 4_000, packId: "credits_1m" });
    expect(await consents()).toHaveLength(1);
    await put({ threshold: 400_001, spendingLimit: 4_000, packId: "credits_1m" });
    await put({ threshold: 400_001, spendingLimit: 4_001, packId: "credits_1m" });
    await put({ threshold: 400_001, spendingLimit: 4_001, packId: "credits_2_5m" });
    expect(await consents()).toHaveLength(4);
    await put({ enabled: false });
    await put({ threshold: 400_001, spendingLimit: 4_001 });
    expect(await consents()).toHaveLength(5);
  });

  it("AR3 below the threshold already it buys now, or only after the next purchase", async () => {
    const now = await buyer();
    await now.use(2_400_000);
    expect((await now.put()).body).toMatchObject({ state: "idle", chargesThisPeriod: 1 });
    expect(await now.balance()).toBe(2_600_000);

    const waits = await buyer();
    await waits.use(3_400_000);
    const saved = await waits.put({ start: "after_next_purchase" });
    expect(saved.body).toMatchObject({ state: "idle", startsAfterPurchase: true });
    await later(10);
    expect(await waits.paid()).toBe(0);
    // -900,000 and one pack of a million: still below, and armed by it.
    await waits.customer.call("POST", "/api/billing/credits/purchase", { packId: "credits_1m" });
    await time.settle();
    expect(await waits.balance()).toBe(2_600_000);
    expect(await waits.recharge()).toMatchObject({ startsAfterPurchase: false, spentThisPeriod: 1_000 });
  });
});

describe("A2 a fall", () => {
  it("is ended by one pack, with its entry, its receipt and its mail", async () => {
    const { put, use, balance, paid, customer, told, attempts } = await buyer();
    await put();
    await use(2_000_000);
    await time.settle();
    expect(await balance()).toBe(500_000);
    await use(1);
    await time.settle();
    await time.settle();
    expect(await balance()).toBe(2_999_999);
    expect(await paid()).toBe(1_000);
    const { body } = await customer.call<Credits>("GET", "/api/billing/credits");
    expect(body.transactions[0]).toMatchObject({
      type: "auto_recharge",
      amount: 2_500_000,
      price: 1_000,
      description: "Standard",
    });
    expect(await told()).toEqual(["charged"]);
    expect(await attempts()).toMatchObject([{ state: "succeeded", try: 1, amount: 1_000 }]);
  });

  it("is none for a hold: what is held is an estimate", async () => {
    const { put, customer, paid } = await buyer();
    await put();
    expect((await customer.call("POST", "/api/holds", { tokens: 2_400_000 })).status).toBe(200);
    await later(10);
    expect(await paid()).toBe(0);
  });

  it("spends exactly the limit and not a cent more, and says once that it is reached", async () => {
    const { put, use, paid, recharge, told, balance, attempts } = await buyer();
    await put({ spendingLimit: 2_000 });
    for (let fall = 0; fall < 3; fall += 1) {
      await use((await balance()) - 1);
      await later(30);
    }
    expect(await paid()).toBe(2_000);
    expect(await recharge()).toMatchObject({
      state: "limit_reached",
      spentThisPeriod: 2_000,
      chargesLeft: 0,
    });
    await later(120);
    expect((await told()).filter((topic) => topic === "limit_reached")).toHaveLength(1);
    // Raised, it goes on; the next window begins at zero.
    await put({ spendingLimit: 3_000 });
    expect(await paid()).toBe(3_000);
    await use((await balance()) - 1);
    await later(10);
    expect(await paid()).toBe(3_000);
    await aMonthLater();
    expect(await recharge()).toMatchObject({ spentThisPeriod: 1_000 });
    expect((await attempts()).map(({ state }) => state)).toEqual(Array(4).fill("succeeded"));
  });

  it("from the third within a day on waits ten minutes, and tells it", async () => {
    const { put, use, paid, balance, told, customer } = await buyer();
    await put({ spendingLimit: 10_000 });
    for (let fall = 0; fall < 3; fall += 1) {
      await use((await balance()) - 1);
      await time.settle();
      await time.settle();
    }
    expect(await paid()).toBe(3_000);
    expect((await told()).filter((topic) => topic === "often")).toHaveLength(1);
    expect((await customer.overview()).notices.map(({ id }) => id)).toContain("recharged_often");
    await use((await balance()) - 1);
    await later(9);
    expect(await paid()).toBe(3_000);
    await later(2);
    expect(await paid()).toBe(4_000);
  });

  it("waits while past due, and ends with the plan", async () => {
    const { put, use, paid, id, recharge, balance, told, customer } = await buyer();
    await put();
    const stripe = stripeOf(time);
    await replaceCard(stripe, id, "pm_card_chargeCustomerFail");
    // Past the renewal, whose payment fails.
    await aMonthLater();
    expect((await customer.overview()).status).toBe("past_due");
    await use(5_000_000 + (await balance()) - 1);
    await later(60);
    expect(await recharge()).toMatchObject({ state: "due", spentThisPeriod: 0 });
    await customer.call("POST", "/api/billing/cancel", { now: true });
    await time.settle();
    expect(await recharge()).toMatchObject({ enabled: false, state: "off", endedReason: "plan_ended" });
    expect((await told()).at(-1)).toBe("ended");
    expect(await paid()).toBe(0);
  });
});

describe("A3 the card", () => {
  it("is tried three times with growing pauses, then auto-recharge stops, and a new card does not start it", async () => {
    const { put, use, paid, id, recharge, attempts, told, customer } = await buyer();
    await put();
    const stripe = stripeOf(time);
    await replaceCard(stripe, id, "pm_card_chargeCustomerFail");
    await time.settle();
    await use(2_400_000);
    await time.settle();
    expect(await recharge()).toMatchObject({ state: "declined", spentThisPeriod: 0 });
    const tries: number[] = [];
    for (let hour = 0; hour < 10; hour += 1) {
      tries.push((await attempts())[0]!.try);
      await later(61);
    }
    expect(tries).toEqual([1, 2, 2, 2, 2, 2, 2, 3, 3, 3]);
    expect(await recharge()).toMatchObject({ state: "paused", pausedReason: "declined" });
    expect(await told()).toEqual(["declined", "declined", "paused"]);
    expect((await customer.overview()).notices.map(({ id: notice }) => notice)).toContain("recharge_paused");
    expect((await stripe.invoices.list({ customer: id, status: "open" })).data).toEqual([]);
    await replaceCard(stripe, id, "pm_card_visa");
    await later(24 * 60);
    expect(await paid()).toBe(0);
    expect(await attempts()).toHaveLength(1);
    expect((await put()).body).toMatchObject({ state: "idle", enabled: true });
    expect(await paid()).toBe(1_000);
  });

  it("that was replaced between two tries is the one that is charged", async () => {
    const { put, use, paid, id, attempts } = await buyer();
    await put();
    const stripe = stripeOf(time);
    await replaceCard(stripe, id, "pm_card_chargeCustomerFail");
    await time.settle();
    await use(2_400_000);
    await time.settle();
    await replaceCard(stripe, id, "pm_card_mastercard");
    await later(62);
    expect(await attempts()).toMatchObject([{ state: "succeeded", try: 2 }]);
    expect(await paid()).toBe(1_000);
  });

  it("a bank that asks gets its answer on Stripe's page", async () => {
    const { put, use, paid, id, recharge, told, customer, balance } = await buyer();
    await put();
    const stripe = stripeOf(time);
    await replaceCard(stripe, id, "pm_card_authenticationRequired");
    await time.settle();
    await use(2_400_000);
    await time.settle();
    const asked = await recharge();
    expect(asked).toMatchObject({ state: "needs_authentication", spentThisPeriod: 1_000 });
    expect(asked.url).toMatch(/^http/);
    const notice = (await customer.overview()).notices.find(({ id: each }) => each === "recharge_bank_check");
    expect(notice?.action?.href).toBe(asked.url);
    await later(3 * 60);
    const [bill] = (await stripe.invoices.list({ customer: id, status: "open" })).data;
    const { id: method } = await stripe.paymentMethods.attach("pm_card_visa", { customer: id });
    await stripe.invoices.pay(bill!.id, { payment_method: method });
    await time.settle();
    expect(await balance()).toBe(2_600_000);
    expect(await paid()).toBe(1_000);
    expect(await told()).toEqual(["action_required", "charged"]);
  });

  it("a bank that gets no answer within a day stops it, once and for all", async () => {
    const { put, use, paid, id, recharge, told, attempts } = await buyer();
    await put();
    const stripe = stripeOf(time);
    await replaceCard(stripe, id, "pm_card_authenticationRequired");
    await time.settle();
    await use(2_400_000);
    await time.settle();
    await later(25 * 60);
    expect(await recharge()).toMatchObject({
      state: "paused",
      pausedReason: "authentication",
      spentThisPeriod: 0,
    });
    expect((await stripe.invoices.list({ customer: id, status: "open" })).data).toEqual([]);
    await later(48 * 60);
    expect(await attempts()).toHaveLength(1);
    expect(await told()).toEqual(["action_required", "paused"]);
    expect(await paid()).toBe(0);
  });

  it("is not even asked where Stripe cannot make the bill: the same three tries, then it stops", async () => {
    const { put, use, paid, id, recharge, attempts } = await buyer();
    await put();
    const stripe = stripeOf(time);
    // Without an address there is no tax, and without the tax no bill.
    await stripe.customers.update(id, { address: "" });
    await use(2_400_000);
    await time.settle();
    expect((await attempts())[0]).toMatchObject({ state: "declined", try: 1 });
    for (const minutes of [62, 62, 6 * 60]) await later(minutes);
    expect(await recharge()).toMatchObject({ state: "paused", pausedReason: "declined" });
    expect((await stripe.invoices.list({ customer: id, status: "draft" })).data).toEqual([]);
    expect(await paid()).toBe(0);
  });

  it("that is gone stops it", async () => {
    const { put, use, id, recharge, paid } = await buyer();
    await put();
    const stripe = stripeOf(time);
    for (const method of (await stripe.paymentMethods.list({ customer: id })).data)
      await stripe.paymentMethods.detach(method.id);
    await time.settle();
    await use(2_400_000);
    await time.settle();
    expect(await recharge()).toMatchObject({ state: "paused", pausedReason: "no_payment_method" });
    expect(await paid()).toBe(0);
  });
});

describe("stopping", () => {
  it("turning off is instant: what waits for the bank is voided, what waits for a try is dropped", async () => {
    for (const card of ["pm_card_authenticationRequired", "pm_card_chargeCustomerFail"]) {
      const { put, use, paid, id, attempts } = await buyer();
      await put();
      const stripe = stripeOf(time);
      await replaceCard(stripe, id, card);
      await time.settle();
      await use(2_400_000);
      await time.settle();
      expect((await put({ enabled: false })).body).toMatchObject({ enabled: false, state: "off" });
      expect((await stripe.invoices.list({ customer: id, status: "open" })).data).toEqual([]);
      const [last] = await attempts();
      expect(last?.state).toBe("failed");
      expect(last?.reason).toContain("turned off");
      await later(8 * 60);
      expect(await attempts()).toHaveLength(1);
      expect(await paid()).toBe(0);
    }
  });

  it("a refund stops it until it is turned on again; the same refund told again does not", async () => {
    const { put, use, paid, customer, recharge, told } = await buyer();
    await put();
    const { accountId } = customer;
    const { kysely } = time.database;
    const happenedAt = time.now();
    const refunded = () =>
      pauseAutoRecharge(kysely, accountId, { reason: "refund", happenedAt, now: time.now() });
    expect(await refunded()).toBe(true);
    expect(await refunded()).toBe(false);
    await use(2_400_000);
    await later(30);
    expect(await recharge()).toMatchObject({ state: "paused", pausedReason: "refund" });
    await put();
    expect(await refunded()).toBe(false);
    expect(await paid()).toBe(1_000);
    expect(await told()).toEqual(["paused", "charged"]);
  });
});
