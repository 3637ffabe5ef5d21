/* A2, A4 What can come between the decision to charge and the grant: two servers, Stripe, the clock, the customer. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asAccountId, HOUR_MS, MINUTE_MS } from "@bursar/core";
import type { AutoRecharge, AutoRechargeRequest, Credits } from "../../packages/client/src/index.ts";
import { openPostgres, type Database } from "../../packages/server/src/db/open-database.ts";
import { createLog } from "../../packages/server/src/log.ts";
import { compose, type Service } from "../../packages/server/src/main.ts";
import type { RechargeContext } from "../../packages/server/src/recharge/context.ts";
import { lookAtAccount } from "../../packages/server/src/recharge/look-at-account.ts";
import type { Gateway } from "../../packages/server/src/stripe/gateway.ts";
import { systemIds } from "../../packages/server/src/system.ts";
import { catalog } from "../book/databases.ts";
import { newCustomer, paidBy, replaceCard, stripeOf, type Customer } from "./customer.ts";
import { startAt, type TimeTravel } from "./moved-clock.ts";
import { databases } from "./service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;

let time: TimeTravel;
let otherDatabase: Database;
/** A second server on the same database. */
let other: Service;

beforeAll(async () => {
  let url = "";
  time = await startAt(async () => {
    const opened = await open();
    url = opened.url!;
    return opened;
  }, "2027-03-10T09:00:00Z");
  otherDatabase = openPostgres(url);
  const { emulator, webhookSecret } = time;
  other = compose({
    database: otherDatabase,
    catalog,
    clock: { now: () => time.now() },
    ids: systemIds,
    stripe: { apiBase: emulator.url, secretKey: emulator.secretKey, webhookSecret },
    log: createLog("silent"),
    jobsByHand: true,
    rawEventsKeptDays: 90,
  });
});
afterAll(async () => {
  expect(await time.faults()).toEqual([]);
  await other.stop();
  await otherDatabase.close();
  await time.stop();
});

interface Buyer {
  customer: Customer;
  id: string;
  put: (change?: Partial<AutoRechargeRequest>) => Promise<AutoRecharge>;
  recharge: () => Promise<AutoRecharge>;
  balance: () => Promise<number>;
  use: (tokens: number) => Promise<void>;
  /** For packs, since auto-recharge was turned on. */
  paid: () => Promise<number>;
  openBills: () => Promise<number>;
}

let uses = 0;

/** On Team, its allocation used up, a million and a half tokens bought, and auto-recharge on. */
async function buyer(limit = 5_000): Promise<Buyer> {
  const customer = await newCustomer(time, { planId: "team", seats: 2 });
  const id = await customer.customerId();
  const { call } = customer;
  const credits = async () => (await call<Credits>("GET", "/api/billing/credits")).body;
  const use = async (tokens: number) => {
    uses += 1;
    await call("POST", "/api/events", { id: `use_${uses}`, meter: "ai_tokens", quantity: tokens });
  };
  await use(6_000_000);
  await call("POST", "/api/billing/credits/purchase", { packId: "credits_2_5m" });
  const put = async (change: Partial<AutoRechargeRequest> = {}) => {
    const wanted = {
      enabled: true,
      threshold: 500_000,
      packId: "credits_2_5m",
      spendingLimit: limit,
      ...change,
    };
    const { status, body } = await call<AutoRecharge>("PUT", "/api/billing/credits/auto-recharge", wanted);
    expect([status, body]).toEqual([200, expect.anything()]);
    return body;
  };
  await put();
  const before = await paidBy(stripeOf(time), id);
  return {
    customer,
    id,
    put,
    use,
    balance: async () => (await credits()).balance,
    recharge: async () => (await credits()).autoRecharge,
    paid: async () => (await paidBy(stripeOf(time), id)) - before,
    openBills: async () =>
      (await stripeOf(time).invoices.list({ customer: id, status: "open" })).data.length +
      (await stripeOf(time).invoices.list({ customer: id, status: "draft" })).data.length,
  };
}

async function later(minutes: number): Promise<void> {
  await time.travelTo(new Date(time.now() + minutes * MINUTE_MS).toISOString());
}

/** The service's own parts, with something happening just before or just after the card is asked. */
function around(moment: Partial<Record<"before" | "after", () => Promise<unknown>>>): RechargeContext {
  const { gateway } = time.service.services;
  const payPackInvoice: Gateway["payPackInvoice"] = async (...given) => {
    await moment.before?.();
    const bill = await gateway.payPackInvoice(...given);
    await moment.after?.();
    return bill;
  };
  return { ...time.service.services, gateway: { ...gateway, payPackInvoice } };
}

describe("two servers", () => {
  it("A2 see a hundred draws around the threshold, and buy one pack", async () => {
    for (let round = 0; round < 3; round += 1) {
      const { customer, paid, balance } = await buyer();
      const accountId = asAccountId(customer.accountId);
      const draw = (service: Service, index: number) =>
        service.services.book.submit({
          type: "event",
          accountId,
          eventId: `draw_${index}`,
          meterId: "ai_tokens",
          quantity: 12_000,
          time: time.now(),
          mode: "plain",
          resource: null,
          group: null,
        });
      await Promise.all(
        Array.from({ length: 100 }, async (_, index) => {
          const server = index % 2 === 0 ? time.service : other;
          await draw(server, index);
          if (index % 10 < 2) await server.runDue();
        }),
      );
      await Promise.all([time.service.runDue(), other.runDue(), time.service.runDue(), other.runDue()]);
      await later(3);
      expect(await paid()).toBe(1_000);
      expect(await balance()).toBe(1_500_000 - 100 * 12_000 + 2_500_000);
    }
  }, 60_000);
});

describe("Stripe", () => {
  it.each([
    { kind: "timeout", stage: "after", writes: [0, 1, 2, 3, 4] },
    { kind: "server_error", stage: "before", writes: [0, 3] },
  ] as const)(
    "$kind $stage the work, at its writes $writes: one charge and one grant",
    async ({ writes, ...fault }) => {
      const { use, paid, balance, openBills } = await buyer(90_000_000);
      for (const skip of writes) {
        const packs = Math.round((await paid()) / 1_000);
        await use((await balance()) - 1);
        time.emulator.faults.add({ ...fault, method: "POST", path: "/v1/invoice*", skip, times: 6 });
        await time.settle();
        time.emulator.faults.clear();
        await later(2);
        await later(12);
        await later(12);
        expect(await paid()).toBe((packs + 1) * 1_000);
        expect(await balance()).toBe(2_500_001);
        expect(await openBills()).toBe(0);
      }
    },
    120_000,
  );

  it("A4 the webhook comes before our own call returns: the pack enters once, as a recharge", async () => {
    const { customer, use, paid, balance } = await buyer();
    await use(1_400_000);
    const context = around({
      after: async () => {
        await time.emulator.deliverDue();
        await time.service.services.inbox.drain();
        expect(await balance()).toBe(2_600_000);
      },
    });
    await lookAtAccount(context, customer.accountId);
    expect(await balance()).toBe(2_600_000);
    expect(await paid()).toBe(1_000);
    const { body } = await customer.call<Credits>("GET", "/api/billing/credits");
    expect(body.transactions[0]).toMatchObject({ type: "auto_recharge", amount: 2_500_000 });
  });
});

describe("the customer, while a charge is on its way", () => {
  it("lowers the limit: what is at the card is finished, and nothing more", async () => {
    const { customer, use, paid, put, balance, recharge } = await buyer(2_000);
    await use(1_400_000);
    await time.settle();
    await use((await balance()) - 1);
    await lookAtAccount(around({ before: () => put({ spendingLimit: 1_000 }) }), customer.accountId);
    expect(await paid()).toBe(2_000);
    await use((await balance()) - 1);
    await later(30);
    expect(await paid()).toBe(2_000);
    expect(await recharge()).toMatchObject({
      state: "limit_reached",
      spentThisPeriod: 2_000,
      spendingLimit: 1_000,
    });
  });

  it("turns it off just before the card is asked: it is finished, and that was the last", async () => {
    const { customer, use, paid, put, balance, recharge } = await buyer();
    await use(1_400_000);
    await lookAtAccount(around({ after: () => put({ enabled: false }) }), customer.accountId);
    await use((await balance()) - 1);
    await later(30);
    expect(await paid()).toBe(1_000);
    expect(await recharge()).toMatchObject({ enabled: false, state: "off", spentThisPeriod: 1_000 });
  });

  it("replaces the card: the old one is not charged, and the next try takes the new one", async () => {
    const { customer, id, use, paid, recharge, openBills } = await buyer();
    const stripe = stripeOf(time);
    await use(1_400_000);
    const replace = async () => {
      for (const { id: method } of (await stripe.paymentMethods.list({ customer: id })).data)
        await stripe.paymentMethods.detach(method);
      await replaceCard(stripe, id, "pm_card_mastercard");
    };
    await lookAtAccount(around({ before: replace }), customer.accountId);
    await time.settle();
    expect(await recharge()).toMatchObject({ state: "declined", spentThisPeriod: 0 });
    expect(await openBills()).toBe(0);
    await later(62);
    expect(await recharge()).toMatchObject({ state: "idle", spentThisPeriod: 1_000 });
    expect(await paid()).toBe(1_000);
    const { data } = await stripe.charges.list({ customer: id, limit: 1 });
    expect(data[0]?.payment_method_details?.card?.brand).toBe("mastercard");
  });
});

describe("the window turns over while a charge is on its way", () => {
  /** To so long before the end of the usage window. */
  async function toEndOfWindow({ recharge }: Buyer, hours: number): Promise<void> {
    const { periodEndsAt } = await recharge();
    const target = new Date(Date.parse(periodEndsAt) - hours * HOUR_MS).toISOString();
    await time.travelTo(target, { stepDays: 10 });
  }

  it("declined at its end, it reserves in the new one", async () => {
    const life = await buyer(1_000);
    const { id, use, recharge, balance } = life;
    await toEndOfWindow(life, 0.5);
    await replaceCard(stripeOf(time), id, "pm_card_chargeCustomerFail");
    await time.settle();
    await use((await balance()) - 1);
    await time.settle();
    expect(await recharge()).toMatchObject({ state: "declined", spentThisPeriod: 0 });
    await replaceCard(stripeOf(time), id, "pm_card_visa");
    await later(3 * 60);
    await later(60);
    const { spentThisPeriod, chargesThisPeriod, periodStartsAt } = await recharge();
    expect([spentThisPeriod, chargesThisPeriod]).toEqual([1_000, 1]);
    expect(Date.parse(periodStartsAt)).toBeGreaterThan(time.now() - 5 * HOUR_MS);
  });

  it("asked by the bank at its end and answered in the new one, it counts where it was reserved", async () => {
    const life = await buyer(1_000);
    const { id, use, recharge, balance } = life;
    await toEndOfWindow(life, 0.5);
    const stripe = stripeOf(time);
    await replaceCard(stripe, id, "pm_card_authenticationRequired");
    await time.settle();
    await use((await balance()) - 1);
    await time.settle();
    expect(await recharge()).toMatchObject({ state: "needs_authentication", spentThisPeriod: 1_000 });
    const { id: method } = await stripe.paymentMethods.attach("pm_card_visa", { customer: id });
    await stripe.customers.update(id, { invoice_settings: { default_payment_method: method } });
    await later(2 * 60);
    const open = await stripe.invoices.list({ customer: id, status: "open" });
    await stripe.invoices.pay(open.data.find(({ total }) => total === 1_000)!.id, { payment_method: method });
    await time.settle();
    expect(await balance()).toBe(2_500_001);
    expect(await recharge()).toMatchObject({ state: "idle", spentThisPeriod: 0 });
    // And the new window's limit is whole.
    await use(5_000_000 + (await balance()) - 1);
    await later(5);
    expect(await recharge()).toMatchObject({ spentThisPeriod: 1_000 });
  });
});
