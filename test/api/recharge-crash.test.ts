/*
 * A4 The process dies at every single point of a charge, one after the other: before and after each statement, each call
 * to Stripe and the grant. Whatever finds what was left carries it on; in the end there is one charge and one grant, or
 * neither, and everything was told once.
 */
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { OPERATOR } from "../../packages/server/src/audit/actor.ts";
import { purchasePack } from "../../packages/server/src/credits/purchase-pack.ts";
import { carryingOn } from "../../packages/server/src/jobs/carry-on.ts";
import { saveSettings } from "../../packages/server/src/recharge/save-settings.ts";
import type { RechargeContext } from "../../packages/server/src/recharge/context.ts";
import { newCustomer, paidBy, replaceCard, stripeOf, type Customer } from "./customer.ts";
import { dying, ProcessDied } from "./dying.ts";
import { startAt, type TimeTravel } from "./moved-clock.ts";
import { databases } from "./service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;
const THRESHOLD = 500_000;

let time: TimeTravel;
let customer: Customer;
let id: string;
let uses = 0;

beforeAll(async () => {
  // Nothing is heard of Stripe: what was left is found by the sweeps alone.
  time = await startAt(open, "2027-03-10T09:00:00Z", { hasWebhooks: false });
});
beforeEach(async () => {
  customer = await newCustomer(time, { planId: "team", seats: 2 });
  id = await customer.customerId();
  await use(5_000_000);
});
afterAll(async () => {
  expect(await time.faults()).toEqual([]);
  await time.stop();
});

async function use(tokens: number): Promise<void> {
  uses += 1;
  await customer.call("POST", "/api/events", { id: `use_${uses}`, meter: "ai_tokens", quantity: tokens });
}

async function balanceNow(): Promise<number> {
  const { rows } = await sql<{ balance: number }>`
    select balance from balances
    where  account_id = ${customer.accountId} and book_account = 'purchased'`.execute(time.database.kysely);
  return rows[0]?.balance ?? 0;
}

/** The next start: its sweeps, as many minutes later. */
async function later(minutes: number): Promise<void> {
  await time.sleepUntil(new Date(time.now() + minutes * 60_000).toISOString());
  const { services } = time.service;
  await carryingOn({ ...services, changed: new Map(), drawn: new Set() }).carryOn();
}

/** How often each kind was told, but for the one that comes with the third recharge of a day. */
async function toldNow(): Promise<Record<string, number>> {
  const { rows } = await sql<{ topic: string; told: number }>`
    select topic, count(*)::int as told from outbox
    where  account_id = ${customer.accountId} and topic like 'auto_recharge.%' and topic <> 'auto_recharge.often'
    group by topic`.execute(time.database.kysely);
  return Object.fromEntries(rows.map(({ topic, told }) => [topic.replace("auto_recharge.", ""), told]));
}

interface Seen {
  paidCents: number;
  tokens: number;
  told: Record<string, number>;
}

/** The same, with one more told of a kind. */
const andTold = (seen: Seen, topic: string): Seen => ({
  ...seen,
  told: { ...seen.told, [topic]: (seen.told[topic] ?? 0) + 1 },
});

async function seeNow(): Promise<Seen> {
  return {
    paidCents: await paidBy(stripeOf(time), id),
    tokens: await balanceNow(),
    told: await toldNow(),
  };
}

const turnOn = (context: RechargeContext) =>
  saveSettings(context, customer.accountId, {
    isEnabled: true,
    packId: "credits_1m",
    thresholdTokens: THRESHOLD,
    limitCents: 90_000_000,
    start: "now",
    actor: OPERATOR,
  });
const turnOff = (context: RechargeContext) =>
  saveSettings(context, customer.accountId, { isEnabled: false, actor: OPERATOR });

/**
 * Runs `saga` again and again, dying one point later each time, until it gets through.
 * @param check sees what came of it; @returns how many bills may be open then
 * @returns how many deaths there were
 */
async function walk(
  saga: (context: RechargeContext) => Promise<unknown>,
  at: "all" | "effects",
  check: (before: Seen, isDead: boolean) => Promise<number>,
): Promise<number> {
  const stripe = stripeOf(time);
  for (let diesAt = 0; ; diesAt += 1) {
    await turnOff(time.service.services);
    // Credits are used up, so that each time there is a fall.
    await use(Math.max(1, (await balanceNow()) - 1));
    const before = await seeNow();
    const life = { points: 0, diesAt, at };
    const isDead = await saga(dying(time.service.services, life)).then(
      () => false,
      (error: unknown) => {
        if (error instanceof ProcessDied) return true;
        throw error;
      },
    );
    const openBills = await check(before, isDead);
    const bills = await stripe.invoices.list({ customer: id, limit: 100 });
    const open = bills.data.filter(({ status }) => status === "open" || status === "draft");
    expect(open.map(({ status }) => status)).toEqual(Array(openBills).fill("open"));
    if (!isDead) return diesAt;
  }
}

const onePack = (seen: Seen): Seen => ({
  ...andTold(seen, "charged"),
  paidCents: seen.paidCents + 500,
  tokens: seen.tokens + 1_000_000,
});

/** The next start finds what was left; then the person who turned it on sees that it is on, or does so again. */
async function recover(minutes: number): Promise<void> {
  await later(minutes);
  await turnOn(time.service.services);
  await later(12);
}

describe("A4 dying at every point", () => {
  it.each([
    { name: "found two minutes later", minutes: 2, at: "all" },
    { name: "found when it is too late to charge", minutes: 15, at: "effects" },
  ] as const)(
    "of a recharge, $name: one charge, one grant, told once",
    async ({ minutes, at }) => {
      const deaths = await walk(turnOn, at, async (before) => {
        await recover(minutes);
        expect(await seeNow()).toEqual(onePack(before));
        return 0;
      });
      console.log(`recharge, ${minutes} minutes: ${deaths} points of death`);
      expect(deaths).toBeGreaterThan(at === "all" ? 60 : 20);
    },
    300_000,
  );

  it("of a purchase with one click: one charge and one grant, or neither", async () => {
    const seen = new Set<boolean>();
    const buy = (context: RechargeContext) =>
      purchasePack(context, customer.accountId, { packId: "credits_1m", actor: OPERATOR });
    const deaths = await walk(buy, "effects", async (before, isDead) => {
      await later(seen.has(true) ? 2 : 15);
      await later(12);
      const after = await seeNow();
      const isBought = after.tokens > before.tokens;
      const paidCents = before.paidCents + (isBought ? 500 : 0);
      expect(after).toEqual({ ...before, paidCents, tokens: before.tokens + (isBought ? 1_000_000 : 0) });
      if (!isDead) expect(isBought).toBe(true);
      seen.add(isBought);
      return 0;
    });
    console.log(`purchase: ${deaths} points of death`);
    expect([...seen].sort()).toEqual([false, true]);
    expect(deaths).toBeGreaterThan(20);
  }, 300_000);

  it.each([
    { name: "that the card declines", card: "pm_card_chargeCustomerFail", topic: "declined", openBills: 0 },
    {
      name: "that the bank asks about",
      card: "pm_card_authenticationRequired",
      topic: "action_required",
      openBills: 1,
    },
  ])(
    "of a recharge $name: nothing is charged, and it is told once",
    async ({ card, topic, openBills }) => {
      await replaceCard(stripeOf(time), id, card);
      await time.service.services.syncCustomer(id);
      const deaths = await walk(turnOn, "effects", async (before) => {
        await later(2);
        await turnOn(time.service.services);
        expect(await seeNow()).toEqual(andTold(before, topic));
        return openBills;
      });
      console.log(`${topic}: ${deaths} points of death`);
      expect(deaths).toBeGreaterThan(20);
    },
    300_000,
  );
});
