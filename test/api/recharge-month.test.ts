/* A month in the life of an account on auto-recharge, told day by day on a clock that only the test moves. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import type {
  AutoRecharge,
  Credits,
  CreditTransaction,
  Invoice,
  List,
  RechargeAttempt,
} from "../../packages/client/src/index.ts";
import { newCustomer, paidBy, replaceCard, stripeOf } from "./customer.ts";
import { startAt, type TimeTravel } from "./moved-clock.ts";
import { databases } from "./service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;

let time: TimeTravel;
beforeAll(async () => {
  time = await startAt(open, "2027-03-01T09:00:00Z");
});
afterAll(async () => {
  expect(await time.faults()).toEqual([]);
  await time.stop();
});

it("A1-A4 a month: turned on, bought, declined, a new card, the limit, a new window, turned off", async () => {
  const customer = await newCustomer(time, { planId: "team", seats: 2 });
  const { call, accountId } = customer;
  const id = await customer.customerId();
  const stripe = stripeOf(time);
  const credits = async () => (await call<Credits>("GET", "/api/billing/credits")).body;
  const recharge = async (): Promise<AutoRecharge> => (await credits()).autoRecharge;
  const put = (body: object) => call<AutoRecharge>("PUT", "/api/billing/credits/auto-recharge", body);
  const planPaid = await paidBy(stripe, id);
  let uses = 0;
  /** A day's work, at noon and in the evening. */
  const day = async (tokens: number) => {
    for (const share of [Math.floor(tokens / 2), Math.ceil(tokens / 2)]) {
      uses += 1;
      await call("POST", "/api/events", { id: `use_${uses}`, meter: "ai_tokens", quantity: share });
      await time.travelTo(new Date(time.now() + 43_200_000).toISOString());
    }
  };

  // 1-5 March: the allocation pays; nobody is charged.
  const settings = { enabled: true, threshold: 400_000, packId: "credits_1m", spendingLimit: 2_500 };
  await call("POST", "/api/billing/credits/purchase", { packId: "credits_1m", expectedTotal: 500 });
  expect((await put(settings)).body).toMatchObject({ state: "idle", chargesLeft: 5 });
  for (let each = 0; each < 5; each += 1) await day(1_000_000);
  expect(await credits()).toMatchObject({ balance: 1_000_000 });
  expect(await recharge()).toMatchObject({ state: "idle", spentThisPeriod: 0 });

  // 6-8 March: the credits pay, and one pack a fall is bought.
  await day(700_000);
  expect(await credits()).toMatchObject({ balance: 1_300_000 });
  await day(500_000);
  await day(500_000);
  expect(await credits()).toMatchObject({ balance: 1_300_000 });
  expect(await recharge()).toMatchObject({ spentThisPeriod: 1_000, chargesThisPeriod: 2, chargesLeft: 3 });

  // 9-10 March: the card is declined three times, and auto-recharge stops. Nothing was charged.
  await replaceCard(stripe, id, "pm_card_chargeCustomerFail");
  await time.settle();
  await day(1_000_000);
  expect(await recharge()).toMatchObject({ state: "declined", spentThisPeriod: 1_000 });
  await day(200_000);
  expect(await recharge()).toMatchObject({
    state: "paused",
    pausedReason: "declined",
    spentThisPeriod: 1_000,
  });
  expect((await customer.overview()).notices.map((notice) => notice.id)).toContain("recharge_paused");
  expect(await credits()).toMatchObject({ balance: 100_000 });

  // 11 March: a new card does not start it; a person does.
  await replaceCard(stripe, id, "pm_card_mastercard");
  await day(1);
  expect(await recharge()).toMatchObject({ state: "paused" });
  expect((await put(settings)).body).toMatchObject({ state: "idle", spentThisPeriod: 1_500 });
  expect(await credits()).toMatchObject({ balance: 1_099_999 });

  // 12-16 March: busy days use the limit up, to the cent; then nothing more is charged.
  for (let each = 0; each < 4; each += 1) await day(800_000);
  expect(await recharge()).toMatchObject({ state: "limit_reached", spentThisPeriod: 2_500, chargesLeft: 0 });
  const { balance } = await credits();
  expect(balance).toBe(1_099_999 - 3_200_000 + 2_000_000);
  await time.travelTo("2027-03-31T09:00:00Z", { stepDays: 5 });
  expect(await credits()).toMatchObject({ balance });

  // 1 April: a new window, a new limit, and the allocation clears what was owed.
  await time.travelTo("2027-04-01T12:00:00Z");
  await time.travelTo("2027-04-01T12:30:00Z");
  expect(await recharge()).toMatchObject({ state: "idle", spentThisPeriod: 500, chargesThisPeriod: 1 });

  // Turned off, it is off.
  expect((await put({ enabled: false })).body).toMatchObject({ state: "off" });
  await day(9_000_000);
  expect(await recharge()).toMatchObject({ state: "off", spentThisPeriod: 500 });

  // The figures add up: every charge has its entry and its receipt, and the balance is the sum of the entries.
  const { body: history } = await call<List<CreditTransaction>>(
    "GET",
    "/api/billing/credits/transactions?type=auto_recharge&limit=100",
  );
  const { body: attempts } = await call<List<RechargeAttempt>>(
    "GET",
    "/api/billing/credits/auto-recharge/attempts?limit=100",
  );
  expect(attempts.data.map(({ state }) => state)).toEqual([
    ...Array<string>(4).fill("succeeded"),
    "failed",
    ...Array<string>(2).fill("succeeded"),
  ]);
  expect(history.data.map(({ price }) => price)).toEqual(Array(6).fill(500));
  const { body: invoices } = await call<List<Invoice>>("GET", "/api/billing/invoices?limit=100");
  const packBills = invoices.data.filter(({ status, total }) => status === "paid" && total === 500);
  expect(packBills).toHaveLength(7);
  const plans = invoices.data.filter(({ status, total }) => status === "paid" && total > 500);
  const forPlans = plans.reduce((sum, { total }) => sum + total, 0);
  expect(await paidBy(stripe, id)).toBe(forPlans + 7 * 500);
  expect(forPlans).toBe(2 * planPaid);

  const { rows } = await sql<{ topic: string; told: number }>`
    select topic, count(*)::int as told from outbox
    where  account_id = ${accountId} and topic like 'auto_recharge.%'
    group by topic order by topic`.execute(time.database.kysely);
  expect(Object.fromEntries(rows.map(({ topic, told }) => [topic, told]))).toEqual({
    "auto_recharge.charged": 6,
    "auto_recharge.declined": 2,
    "auto_recharge.limit_reached": 1,
    "auto_recharge.paused": 1,
  });
}, 120_000);
