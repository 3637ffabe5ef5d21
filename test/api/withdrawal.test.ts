/*
 * CA4 A consumer withdraws from the contract: once, whatever Stripe, webhooks and our own process do, and only where and
 * as long as it is offered.
 */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Overview, Problem, Withdrawal } from "../../packages/client/src/index.ts";
import { OPERATOR } from "../../packages/server/src/audit/actor.ts";
import { carryingOn } from "../../packages/server/src/jobs/carry-on.ts";
import { withdraw } from "../../packages/server/src/withdrawals/withdraw.ts";
import { catalog } from "../book/databases.ts";
import { payHostedPage } from "./hosted-page.ts";
import { newCustomer, paidBy, stripeOf, type Customer } from "./customer.ts";
import { dying, ProcessDied } from "./dying.ts";
import { startAt, type TimeTravel } from "./moved-clock.ts";
import { databases } from "./service.ts";

const offered = {
  ...catalog,
  page: { ...catalog.page, withdrawal: { days: 14, labels: { start: {}, confirm: {} } } },
};
const declaration = { name: "Ann Lindt", email: "ann@home.test" };
const TEAM = { planId: "team", seats: 2 };

const TOLD = ["withdrawal.declared", "withdrawal.refunded"];

let time: TimeTravel;
const press = (customer: Customer, body: unknown = declaration) =>
  customer.call<Withdrawal & Problem>("POST", "/api/billing/withdraw", body);
const minutesLater = (minutes: number) =>
  time.travelTo(new Date(time.now() + minutes * 60_000).toISOString());
const daysAfter = (days: number) => new Date(time.now() + days * 86_400_000).toISOString();

async function toldOf({ accountId }: Customer): Promise<string[]> {
  const { rows } = await sql<{ topic: string }>`
    select topic from outbox
    where  account_id = ${accountId} and topic like 'withdrawal.%' order by outbox_id`.execute(
    time.database.kysely,
  );
  return rows.map(({ topic }) => topic);
}

/** Everything back, the plan over, each told once. */
async function expectWithdrawn(customer: Customer): Promise<Overview> {
  const stripe = stripeOf(time);
  const id = await customer.customerId();
  const overview = await customer.overview();
  expect(overview.plan.id).toBe("free");
  expect(overview.withdrawal?.refund.state).toBe("sent");
  expect(await paidBy(stripe, id)).toBe(0);
  expect((await stripe.subscriptions.list({ customer: id })).data).toEqual([]);
  expect((await stripe.invoices.list({ customer: id, status: "open" })).data).toEqual([]);
  expect(await toldOf(customer)).toEqual(TOLD);
  return overview;
}

describe.each(databases)("withdrawing on $name", ({ open }) => {
  beforeAll(async () => {
    time = await startAt(open, "2027-03-01T09:00:00Z", { catalog: offered });
  });
  afterAll(async () => {
    expect(await time.faults()).toEqual([]);
    await time.stop();
  });

  it("CA4 gives back all that was paid, ends the plan at once and answers a receipt", async () => {
    const customer = await newCustomer(time, TEAM);
    expect((await customer.change({ seats: 4 })).status).toBe(200);
    const paid = await paidBy(stripeOf(time), await customer.customerId());
    const before = await customer.overview();
    expect(before.can.withdraw).toEqual({
      allowed: true,
      until: "2027-03-16T04:00:00.000Z",
      refund: { amount: paid, credit: 0, currency: "eur" },
    });
    const { status, body } = await press(customer);
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({
        planName: "Team",
        name: "Ann Lindt",
        email: "ann@home.test",
        declaredAt: "2027-03-01T09:00:00.000Z",
        endsAt: "2027-03-01T09:00:00.000Z",
        refund: { state: "sent", amount: paid, credit: 0, currency: "eur" },
      }),
    ]);
    await time.settle();
    const overview = await expectWithdrawn(customer);
    expect(overview.withdrawal).toEqual(body);
    expect(overview.can.withdraw.code).toBe("nothing_to_withdraw");
    expect((await customer.invoices()).map(({ refunded, total }) => refunded - total)).toEqual([0, 0]);
  });

  it("CA4 ten presses at once are one withdrawal", async () => {
    const customer = await newCustomer(time, TEAM);
    const answers = await Promise.all(Array.from({ length: 10 }, () => press(customer)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    await time.settle();
    await expectWithdrawn(customer);
    const refunds = await stripeOf(time).refunds.list({ limit: 100 });
    const charges = await stripeOf(time).charges.list({ customer: await customer.customerId() });
    expect(refunds.data.filter(({ charge }) => charge === charges.data[0]?.id)).toHaveLength(1);
  });

  it("CA4 S3 what is scheduled, and a cancellation, go with it", async () => {
    const cut = await newCustomer(time, { planId: "team", seats: 4 });
    expect((await cut.change({ seats: 3 })).body.status).toBe("scheduled");
    const cancelled = await newCustomer(time, TEAM);
    expect((await cancelled.call("POST", "/api/billing/cancel", {})).status).toBe(200);
    for (const customer of [cut, cancelled]) {
      expect((await press(customer)).status).toBe(200);
      await time.settle();
      const overview = await expectWithdrawn(customer);
      expect([overview.pendingChange, overview.cancelAt, overview.nextInvoice]).toEqual([null, null, null]);
    }
  });

  it("CA4 what credit at Stripe paid becomes credit again, once", async () => {
    const stripe = stripeOf(time);
    const customer = await newCustomer(time, TEAM);
    const id = await customer.customerId();
    await stripe.customers.createBalanceTransaction(id, { amount: -500, currency: "eur" });
    expect((await customer.change({ seats: 4 })).status).toBe(200);
    await press(customer);
    await press(customer);
    await time.settle();
    const { withdrawal } = await expectWithdrawn(customer);
    expect(withdrawal?.refund.credit).toBe(500);
    expect(await stripe.customers.retrieve(id)).toMatchObject({ balance: -500 });
  });

  it("CA4 webhooks late, doubled and shuffled change nothing of it", async () => {
    const customer = await newCustomer(time, TEAM);
    time.emulator.faults.add({ kind: "webhook_repeat", copies: 2 });
    time.emulator.faults.add({ kind: "webhook_shuffle", seed: 11 });
    await press(customer);
    await time.settle();
    await time.settle();
    time.emulator.faults.clear();
    await expectWithdrawn(customer);
  });

  it("CA4 a plan that is bought anew is a new contract, and pressed after its end the first is answered", async () => {
    const customer = await newCustomer(time, TEAM);
    const first = await press(customer);
    await time.settle();
    expect((await press(customer)).body.id).toBe(first.body.id);
    const { body } = await customer.call<{ url: string }>("POST", "/api/billing/checkout", TEAM);
    expect((await payHostedPage(body.url)).status).toBe(303);
    await time.settle();
    expect((await customer.overview()).can.withdraw.allowed).toBe(true);
    const second = await press(customer);
    expect(second.body.id).not.toBe(first.body.id);
    expect(await paidBy(stripeOf(time), await customer.customerId())).toBe(0);
    expect(await toldOf(customer)).toEqual([...Array<string[]>(2).fill(TOLD)].flat());
  });

  it("CA4 what went back before is not given back again", async () => {
    const stripe = stripeOf(time);
    const customer = await newCustomer(time, TEAM);
    const id = await customer.customerId();
    const { data } = await stripe.charges.list({ customer: id });
    await stripe.refunds.create({ charge: data[0]!.id, amount: 1_000 });
    await time.settle();
    await press(customer);
    await time.settle();
    await expectWithdrawn(customer);
  });

  it("CA4 a refund that the card's bank sends back is tried again, then told to the operator and on the page", async () => {
    const stripe = stripeOf(time);
    const customer = await newCustomer(time, TEAM, "4000000000005126");
    const id = await customer.customerId();
    expect((await press(customer)).status).toBe(200);
    for (let look = 0; look < 8; look += 1) await minutesLater(7 * 60);
    const { withdrawal, plan } = await customer.overview();
    expect([plan.id, withdrawal?.refund.state]).toEqual(["free", "held_up"]);
    const { data } = await stripe.charges.list({ customer: id });
    const refunds = await stripe.refunds.list({ charge: data[0]!.id, limit: 100 });
    expect(refunds.data.map(({ status }) => status)).toEqual(["failed", "failed", "failed"]);
  });

  it("CA4 touches no other account", async () => {
    const [customer, other] = [await newCustomer(time, TEAM), await newCustomer(time, TEAM)];
    const authorization = `Bearer ${await time.issue("session_token", customer.accountId)}`;
    const headers = { authorization, "bursar-account": other.accountId };
    const { status } = await customer.call("POST", "/api/billing/withdraw", declaration, headers);
    expect(status).toBeGreaterThanOrEqual(400);
    expect((await other.overview()).plan.id).toBe("team");
    expect(await toldOf(other)).toEqual([]);
  });

  it("CA4 is refused to a member who only reads, and without a name or an address", async () => {
    const customer = await newCustomer(time, TEAM);
    const authorization = `Bearer ${await time.issue("session_token", customer.accountId, "member")}`;
    const refused = await customer.call("POST", "/api/billing/withdraw", declaration, { authorization });
    expect(refused.status).toBe(403);
    for (const body of [{}, { ...declaration, email: "ann" }, { ...declaration, name: " " }]) {
      expect((await press(customer, body)).status).toBe(400);
    }
    expect((await customer.overview()).plan.id).toBe("team");
    expect(await toldOf(customer)).toEqual([]);
  });

  it.each([
    { kind: "server_error", stage: "before" },
    { kind: "server_error", stage: "after" },
    { kind: "timeout", stage: "after" },
  ] as const)("CA4 Stripe fails, $kind $stage: the declaration stands, the rest follows", async (fault) => {
    for (const path of ["/v1/subscriptions/*", "/v1/refunds"]) {
      const customer = await newCustomer(time, TEAM);
      time.emulator.faults.add({ ...fault, path, times: 12 });
      const { status, body } = await press(customer);
      expect([status, body.declaredAt]).toEqual([200, new Date(time.now()).toISOString()]);
      time.emulator.faults.clear();
      await minutesLater(2);
      await minutesLater(2);
      await expectWithdrawn(customer);
    }
  });
});

describe("the last days", () => {
  beforeAll(async () => {
    time = await startAt(databases[0]!.open, "2027-03-01T09:00:00Z", { catalog: offered });
  });
  afterAll(() => time.stop());

  it("CA4 on day 13 it is offered, on day 15 no more, and then it is refused", async () => {
    const early = await newCustomer(time, TEAM);
    const late = await newCustomer(time, TEAM);
    await time.travelTo(daysAfter(13));
    expect((await early.overview()).can.withdraw.allowed).toBe(true);
    expect((await press(early)).status).toBe(200);
    await time.settle();
    await expectWithdrawn(early);
    await time.travelTo(daysAfter(2));
    expect((await late.overview()).can.withdraw).toMatchObject({ code: "withdrawal_over", until: null });
    const { status, body } = await press(late);
    expect([status, body.code]).toEqual([409, "conflict"]);
    expect((await late.overview()).plan.id).toBe("team");
  });
});

describe("a process that dies", () => {
  beforeAll(async () => {
    const { open } = databases.find(({ name }) => name === "PostgreSQL")!;
    time = await startAt(open, "2027-03-01T09:00:00Z", { catalog: offered, hasWebhooks: false });
  });
  afterAll(() => time.stop());

  it("CA4 at any point of it leaves nothing declared, or all that the next start finishes, once", async () => {
    for (let diesAt = 0; ; diesAt += 1) {
      const customer = await newCustomer(time, TEAM);
      const context = dying(time.service.services, { points: 0, diesAt, at: "effects" });
      const services = { ...time.service.services, ...context };
      const isDead = await withdraw(services, customer.accountId, { ...declaration, actor: OPERATOR }).then(
        () => false,
        (error: unknown) => {
          if (error instanceof ProcessDied) return true;
          throw error;
        },
      );
      const isDeclared = (await toldOf(customer)).length > 0;
      for (const minutes of [2, 4]) {
        await time.sleepUntil(new Date(time.now() + minutes * 60_000).toISOString());
        await carryingOn({ ...time.service.services, changed: new Map(), drawn: new Set() }).carryOn();
      }
      if (isDeclared) await expectWithdrawn(customer);
      else expect((await customer.overview()).plan.id).toBe("team");
      if (!isDead) {
        expect(diesAt).toBeGreaterThan(15);
        return;
      }
    }
  }, 240_000);
});

describe("where it is not offered", () => {
  beforeAll(async () => {
    time = await startAt(databases[0]!.open, "2027-03-01T09:00:00Z");
  });
  afterAll(() => time.stop());

  it("CA4 there is nothing of it: not in the overview, and no such operation", async () => {
    const customer = await newCustomer(time, TEAM);
    const { can, withdrawal, page } = await customer.overview();
    expect([can.withdraw.code, withdrawal, page.withdrawal]).toEqual(["not_offered", null, null]);
    expect((await press(customer)).status).toBe(404);
    expect((await customer.overview()).plan.id).toBe("team");
  });
});
