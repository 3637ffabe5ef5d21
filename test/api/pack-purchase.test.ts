/* K2 A pack with one click: the saved card is charged and the credits are in, once, whatever happens on the way. */
import { asAccountId } from "@bursar/core";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Invoice, List, PackPurchase, Problem } from "../../packages/client/src/index.ts";
import { BURSAR } from "../../packages/server/src/audit/actor.ts";
import { purchasePack } from "../../packages/server/src/credits/purchase-pack.ts";
import { carryOnCharges } from "../../packages/server/src/recharge/sweep-charges.ts";
import type { Gateway } from "../../packages/server/src/stripe/gateway.ts";
import { paidBy, replaceCard, stripeOf } from "./customer.ts";
import { startAt, type TimeTravel } from "./moved-clock.ts";
import { creditsOf, minutesLater, newPackBuyer } from "./pack-buyer.ts";
import { expectProblem } from "./problem.ts";
import { databases } from "./service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;
const path = "/api/billing/credits/purchase";
const pack = { packId: "credits_1m" };

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
describe("K2 one click", () => {
  it("is left to the request that is at it: an event of Stripe that comes between asks the card nothing", async () => {
    const { customer } = await buyer();
    const accountId = asAccountId(customer.accountId);
    const { services } = time.service;
    let asked = 0;
    const counting = new Proxy(services.gateway, {
      get: (target, name) => ((asked += 1), Reflect.get(target, name) as unknown),
    });
    const payPackInvoice: Gateway["payPackInvoice"] = async (...given) => {
      await carryOnCharges({ ...services, gateway: counting }, accountId);
      return services.gateway.payPackInvoice(...given);
    };
    const crossed = { ...services, gateway: { ...services.gateway, payPackInvoice } };
    const bought = await purchasePack(crossed, accountId, { ...pack, actor: BURSAR });
    expect([asked, bought]).toEqual([0, { code: "granted", balance: 1_000_000 }]);
  });

  it("grants the pack, with a receipt, and charges it once when the request is repeated", async () => {
    const { customer, id, before } = await buyer();
    const key = { "idempotency-key": "one-intention" };
    const wanted = { ...pack, expectedTotal: 500 };
    const bought = await customer.call<PackPurchase>("POST", path, wanted, key);
    expect([bought.status, bought.body]).toEqual([200, { status: "granted", balance: 1_000_000 }]);
    await customer.call("POST", path, wanted, key);
    await time.settle();
    expect(await paidBy(stripeOf(time), id)).toBe(before + 500);
    const { balance, transactions } = await creditsOf(customer);
    expect(balance).toBe(1_000_000);
    expect(transactions.filter(({ type }) => type === "purchase")).toMatchObject([
      { amount: 1_000_000, price: 500, currency: "eur", description: "Starter" },
    ]);
    const { body } = await customer.call<List<Invoice>>("GET", "/api/billing/invoices");
    expect(body.data.filter(({ total }) => total === 500)).toMatchObject([{ status: "paid" }]);
    const told = await sql<{ payload: object }>`
      select payload from outbox
      where  account_id = ${customer.accountId} and topic = 'credits.purchased'`.execute(
      time.database.kysely,
    );
    expect(told.rows).toMatchObject([
      { payload: { amount: 500, currency: "eur", tokens: 1_000_000, balance: 1_000_000 } },
    ]);
  });

  it("I1 bills of one second are listed newest first too, page by page", async () => {
    const { customer } = await buyer();
    for (let count = 0; count < 4; count += 1) {
      const { status } = await customer.call("POST", path, { ...pack, expectedTotal: 500 });
      expect(status).toBe(200);
    }
    const numbers: (string | null)[] = [];
    const dates = new Set<string>();
    for (let cursor: string | null = ""; cursor !== null;) {
      const rest: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const { body } = await customer.call<List<Invoice>>("GET", `/api/billing/invoices?limit=2${rest}`);
      numbers.push(...body.data.map(({ number }) => number));
      for (const { date } of body.data) dates.add(date);
      cursor = body.nextCursor;
    }
    expect(dates.size).toBe(1);
    expect(numbers).toHaveLength(5);
    expect(numbers).toEqual(numbers.toSorted().toReversed());
  });

  it("another sum than the one shown charges nothing and tells the new one", async () => {
    const { customer, id, before } = await buyer();
    const refused = await customer.call<Problem>("POST", path, { ...pack, expectedTotal: 400 });
    expectProblem(refused, 409, "quote_changed");
    expect(refused.body).toMatchObject({ total: 500, currency: "eur" });
    expect(await paidBy(stripeOf(time), id)).toBe(before);
  });

  it("without a saved card, on Free, or for no pack of ours it is refused in words", async () => {
    const free = await time.newAccount();
    expectProblem(await free.call("POST", path, pack), 409, "conflict");
    const { customer, id } = await buyer();
    expectProblem(await customer.call("POST", path, { packId: "credits_9" }), 400, "invalid_request");
    const stripe = stripeOf(time);
    for (const { id: method } of (await stripe.paymentMethods.list({ customer: id })).data)
      await stripe.paymentMethods.detach(method);
    await time.settle();
    expectProblem(await customer.call("POST", path, pack), 409, "no_saved_payment_method");
  });

  it("credit at Stripe pays first, and pays all of it where it is enough", async () => {
    const { customer, id, before } = await buyer();
    const stripe = stripeOf(time);
    await stripe.customers.createBalanceTransaction(id, { amount: -700, currency: "eur" });
    expect((await customer.call("POST", path, pack)).status).toBe(200);
    expect((await customer.call("POST", path, pack)).status).toBe(200);
    await time.settle();
    expect((await creditsOf(customer)).balance).toBe(2_000_000);
    expect(await paidBy(stripe, id)).toBe(before + 300);
  });
});

describe("the card refuses", () => {
  it("a decline charges nothing, leaves no bill, and the next try is a new one", async () => {
    const { customer, id, before } = await buyer();
    const stripe = stripeOf(time);
    await replaceCard(stripe, id, "pm_card_chargeCustomerFail");
    await time.settle();
    expectProblem(await customer.call("POST", path, pack), 402, "payment_failed");
    expect((await stripe.invoices.list({ customer: id, status: "open" })).data).toEqual([]);
    await replaceCard(stripe, id, "pm_card_visa");
    await time.settle();
    expect((await customer.call("POST", path, pack)).status).toBe(200);
    expect(await paidBy(stripe, id)).toBe(before + 500);
  });

  it("the bank's question is answered on Stripe's page, or given up after an hour", async () => {
    const { customer, id, before } = await buyer();
    const stripe = stripeOf(time);
    await replaceCard(stripe, id, "pm_card_authenticationRequired");
    await time.settle();
    const asked = await customer.call<Problem>("POST", path, pack);
    expectProblem(asked, 402, "payment_requires_action");
    expect(asked.body.url).toMatch(/^http/);
    const [bill] = (await stripe.invoices.list({ customer: id, status: "open" })).data;
    await stripe.invoices.pay(bill!.id, {
      payment_method: (await stripe.paymentMethods.attach("pm_card_visa", { customer: id })).id,
    });
    await time.settle();
    expect((await creditsOf(customer)).balance).toBe(1_000_000);

    expectProblem(await customer.call("POST", path, pack), 402, "payment_requires_action");
    await later(61);
    expect((await stripe.invoices.list({ customer: id, status: "open" })).data).toEqual([]);
    expect(await paidBy(stripe, id)).toBe(before + 500);
    expect((await creditsOf(customer)).balance).toBe(1_000_000);
  });
});

describe("trouble on the way", () => {
  it("ten tabs at once buy one pack, and the others are told", async () => {
    const { customer, id, before } = await buyer();
    const answers = await Promise.all(Array.from({ length: 10 }, () => customer.call("POST", path, pack)));
    const bought = answers.filter(({ status }) => status === 200).length;
    expect(bought).toBeGreaterThanOrEqual(1);
    for (const answer of answers.filter(({ status }) => status !== 200))
      expectProblem(answer, 409, "conflict");
    expect(await paidBy(stripeOf(time), id)).toBe(before + 500 * bought);
    expect((await creditsOf(customer)).balance).toBe(1_000_000 * bought);
  });

  it.each([
    { kind: "server_error", stage: "after" },
    { kind: "timeout", stage: "after" },
    { kind: "timeout", stage: "before" },
  ] as const)("$kind $stage the payment: one charge and one grant, or none", async (fault) => {
    const { customer, id, before } = await buyer();
    time.emulator.faults.add({ ...fault, method: "POST", path: "/v1/invoices/*/pay", times: 6 });
    const { status } = await customer.call("POST", path, pack);
    expect([200, 502]).toContain(status);
    time.emulator.faults.clear();
    await later(2);
    await later(11);
    const { balance } = await creditsOf(customer);
    expect(await paidBy(stripeOf(time), id)).toBe(before + (balance === 0 ? 0 : 500));
    if (status === 200) expect(balance).toBe(1_000_000);
    expect((await stripeOf(time).invoices.list({ customer: id, status: "open" })).data).toEqual([]);
  });
});
