/*
 * Money of packs that goes back at Stripe, by its dashboard or a bank, and what becomes of the credits: whatever webhooks
 * do, and wherever the service is cut off.
 */
import { sql } from "kysely";
import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Credits, CreditTransaction, List, Overview } from "../../packages/client/src/index.ts";
import { newCustomer, stripeOf, type Customer } from "./customer.ts";
import { startAt, type TimeTravel } from "./moved-clock.ts";
import { expectProblem } from "./problem.ts";
import { databases } from "./service.ts";

const TOKENS = 1_000_000;
const PRICE = 500;
const TEAM_TOKENS = 5_000_000;

describe.each(databases)("refunds and disputes on $name", ({ name, open }) => {
  let running: TimeTravel;
  let stripe: Stripe;
  beforeAll(async () => {
    running = await startAt(open, "2027-03-01T09:00:00Z");
    stripe = stripeOf(running);
  });
  afterAll(async () => {
    expect(await running.faults()).toEqual([]);
    await running.stop();
  });

  /** A customer on Team who has paid for a Starter pack, as the hosted page and the saved card leave it. */
  async function withPack(card = "pm_card_visa"): Promise<{ customer: Customer; paymentId: string }> {
    const customer = await newCustomer(running, { planId: "team", seats: 2 });
    return { customer, paymentId: await buyPack(customer, card) };
  }

  async function buyPack(customer: Customer, card = "pm_card_visa"): Promise<string> {
    const { id } = await stripe.paymentIntents.create({
      customer: await customer.customerId(),
      amount: PRICE,
      currency: "eur",
      payment_method: card,
      confirm: true,
      automatic_payment_methods: { enabled: true, allow_redirects: "never" },
      metadata: { bursar_pack: "credits_1m", bursar_tokens: String(TOKENS) },
    });
    return id;
  }

  const creditsOf = async ({ call }: Customer) => (await call<Credits>("GET", "/api/billing/credits")).body;
  const balanceOf = async (customer: Customer) => (await creditsOf(customer)).balance;
  async function refundsOf({ call }: Customer): Promise<CreditTransaction[]> {
    const path = "/api/billing/credits/transactions?type=refund";
    return (await call<List<CreditTransaction>>("GET", path)).body.data.toReversed();
  }
  /** What was told of money that went back; that the pack was bought is told too, once. */
  async function toldOf({ accountId }: Customer): Promise<{ topic: string; payload: unknown }[]> {
    const { rows } = await sql<{ topic: string; payload: unknown }>`
      select topic, payload from outbox
      where  account_id = ${accountId} and topic like 'credits.%' order by outbox_id`.execute(
      running.database.kysely,
    );
    const isPurchase = ({ topic }: { topic: string }) => topic === "credits.purchased";
    expect(rows.filter(isPurchase).length).toBeLessThanOrEqual(1);
    return rows.filter((row) => !isPurchase(row));
  }
  const evidence = (id: string, text: string) =>
    stripe.disputes.update(id, { evidence: { uncategorized_text: text } });

  it("K2 parts are taken back pro rata, the whole exactly, each once however often it is told", async () => {
    const { customer, paymentId } = await withPack();
    await running.settle();
    expect(await balanceOf(customer)).toBe(TOKENS);
    running.emulator.faults.add({ kind: "webhook_repeat", copies: 2 });
    running.emulator.faults.add({ kind: "webhook_shuffle", seed: 7 });
    await stripe.refunds.create({ payment_intent: paymentId, amount: 123 });
    await running.settle();
    expect(await balanceOf(customer)).toBe(TOKENS - 246_000);
    await stripe.refunds.create({ payment_intent: paymentId, amount: 100 });
    await stripe.refunds.create({ payment_intent: paymentId });
    await running.settle();
    await running.settle();
    running.emulator.faults.clear();

    expect(await balanceOf(customer)).toBe(0);
    const rows = await refundsOf(customer);
    // The later two are of one second, so their ids decide which comes first.
    const [first, ...others] = rows.map(({ amount, price, currency }) => [amount, price, currency]);
    expect(first).toEqual([-246_000, -123, "eur"]);
    expect(others).toHaveLength(2);
    expect(others).toEqual(
      expect.arrayContaining([
        [-200_000, -100, "eur"],
        [-554_000, -277, "eur"],
      ]),
    );
    expect(rows[0]?.description).toBe(
      "€1.23 of €5.00 for Starter were refunded: 246,000 of 1,000,000 tokens",
    );
    expect(await toldOf(customer)).toEqual([
      {
        topic: "credits.refunded",
        payload: { paymentId, tokens: 246_000, balance: 754_000, amount: 123, currency: "eur" },
      },
      expect.objectContaining({ topic: "credits.refunded" }),
      expect.objectContaining({ topic: "credits.refunded" }),
    ]);
  });

  it("K2 a refund that is seen before its payment was: both enter, and nothing is left", async () => {
    const { customer, paymentId } = await withPack();
    await stripe.refunds.create({ payment_intent: paymentId, amount: 200 });
    await running.settle();
    const { balance, transactions } = await creditsOf(customer);
    expect(balance).toBe(600_000);
    expect(transactions.map(({ type }) => type)).toEqual(["refund", "purchase", "allocation"]);
  });

  it("K2 K3 credits that were spent are owed: new holds wait, the page says so, a purchase clears it", async () => {
    const { customer, paymentId } = await withPack();
    await running.settle();
    const use = { id: "work", meter: "ai_tokens", quantity: TEAM_TOKENS + 400_000 };
    expect((await customer.call("POST", "/api/events", use)).status).toBe(200);
    await stripe.refunds.create({ payment_intent: paymentId });
    await running.settle();

    expect(await creditsOf(customer)).toMatchObject({ balance: -400_000, available: 0 });
    const hold = { tokens: 1 };
    expectProblem(await customer.call("POST", "/api/holds", hold), 402, "insufficient_credits");
    const { notices } = (await customer.call<Overview>("GET", "/api/billing")).body;
    expect(notices.find(({ id }) => id === "credits_owed")).toMatchObject({ severity: "critical" });
    expect(notices.find(({ id }) => id === "credits_owed")?.detail).toContain("400,000 tokens");
    expect((await toldOf(customer))[0]?.payload).toMatchObject({ balance: -400_000 });

    await buyPack(customer);
    await running.settle();
    expect(await balanceOf(customer)).toBe(600_000);
    expect((await customer.call("POST", "/api/holds", hold)).status).toBe(200);
  });

  it("K2 a refund that fails at the bank gives its credits back, once", async () => {
    const { customer, paymentId } = await withPack("pm_card_refundFail");
    await stripe.refunds.create({ payment_intent: paymentId, amount: 250 });
    await running.settle();
    expect(await balanceOf(customer)).toBe(500_000);
    await running.travelTo(new Date(running.now() + 60_000).toISOString());
    await running.settle();
    expect(await balanceOf(customer)).toBe(TOKENS);
    expect((await refundsOf(customer)).map(({ amount, description }) => [amount, description])).toEqual([
      [-500_000, "€2.50 of €5.00 for Starter were refunded: 500,000 of 1,000,000 tokens"],
      [500_000, "The refund of €2.50 for Starter failed: its tokens are back"],
    ]);
    expect((await toldOf(customer)).map(({ topic }) => topic)).toEqual([
      "credits.refunded",
      "credits.refund_failed",
    ]);
  });

  it("K2 a pending refund counts at once: its money has left already", async () => {
    const { customer, paymentId } = await withPack("pm_card_pendingRefund");
    const { status } = await stripe.refunds.create({ payment_intent: paymentId });
    expect(status).toBe("pending");
    await running.settle();
    expect(await balanceOf(customer)).toBe(0);
    await running.travelTo(new Date(running.now() + 60_000).toISOString());
    expect(await refundsOf(customer)).toHaveLength(1);
  });

  it("K2 a pack that the saved card paid by an invoice is found by its payment, with its receipt", async () => {
    const customer = await newCustomer(running, { planId: "team", seats: 2 });
    await running.settle();
    const bought = await customer.call("POST", "/api/billing/credits/purchase", { packId: "credits_1m" });
    expect([bought.status, bought.body]).toEqual([200, { status: "granted", balance: TOKENS }]);
    const { data } = await stripe.paymentIntents.list({ customer: await customer.customerId() });
    const payment = data.find(({ metadata }) => metadata["bursar_pack"] !== undefined)!;
    await stripe.refunds.create({ payment_intent: payment.id, amount: 250 });
    await running.settle();
    const { balance, transactions } = await creditsOf(customer);
    const { hostedUrl: receiptUrl } = (await customer.invoices()).find(({ total }) => total === PRICE)!;
    expect(balance).toBe(500_000);
    expect(transactions.slice(0, 2)).toMatchObject([
      { type: "refund", amount: -500_000, receiptUrl },
      { type: "purchase", amount: TOKENS, receiptUrl },
    ]);
  });

  it("A2 a refund pauses auto-recharge before the credits fall, so it does not buy back what was returned", async () => {
    const { customer, paymentId } = await withPack();
    await running.settle();
    const wanted = { enabled: true, threshold: 800_000, packId: "credits_1m", spendingLimit: 5_000 };
    const on = await customer.call("PUT", "/api/billing/credits/auto-recharge", wanted);
    expect([on.status, on.body]).toMatchObject([200, { enabled: true }]);
    await stripe.refunds.create({ payment_intent: paymentId });
    await running.settle();
    await running.settle();
    const { balance, autoRecharge } = await creditsOf(customer);
    expect([balance, autoRecharge.state]).toEqual([0, "paused"]);
    const { data } = await stripe.paymentIntents.list({ customer: await customer.customerId() });
    expect(data).toHaveLength(2);
    expect(await toldOf(customer)).toHaveLength(1);
  });

  it("K2 an inquiry takes nothing; one that becomes a chargeback takes all, and lost keeps it", async () => {
    const { customer } = await withPack("pm_card_createDisputeInquiry");
    await running.settle();
    expect(await balanceOf(customer)).toBe(TOKENS);
    const dispute = (await stripe.disputes.list({ limit: 1 })).data[0]!;
    await evidence(dispute.id, "escalate_inquiry_evidence");
    await running.settle();
    expect(await balanceOf(customer)).toBe(0);
    await evidence(dispute.id, "losing_evidence");
    await running.settle();
    expect(await balanceOf(customer)).toBe(0);
    expect((await toldOf(customer)).map(({ topic }) => topic)).toEqual(["credits.disputed"]);
  });

  it("K2 a dispute after a refund takes only the rest, won it returns just that, and a refund may follow", async () => {
    const { customer, paymentId } = await withPack();
    await stripe.refunds.create({ payment_intent: paymentId, amount: 100 });
    await running.settle();
    const id = running.emulator.dispute({ payment_intent: paymentId });
    await running.settle();
    expect(await balanceOf(customer)).toBe(0);
    await evidence(id, "winning_evidence");
    await running.settle();
    expect(await balanceOf(customer)).toBe(800_000);
    await stripe.refunds.create({ payment_intent: paymentId, amount: 150 });
    await running.settle();
    expect(await balanceOf(customer)).toBe(500_000);
    expect((await refundsOf(customer)).map(({ amount }) => amount)).toEqual([
      -200_000, -800_000, 800_000, -300_000,
    ]);
    expect((await toldOf(customer)).map(({ topic }) => topic)).toEqual([
      "credits.refunded",
      "credits.disputed",
      "credits.dispute_won",
      "credits.refunded",
    ]);
  });

  it("K2 a dispute of a part takes its part", async () => {
    const { customer, paymentId } = await withPack();
    running.emulator.dispute({ payment_intent: paymentId, amount: 125 });
    await running.settle();
    expect(await balanceOf(customer)).toBe(750_000);
  });

  it("K2 the refund of a subscription's invoice moves no credits", async () => {
    const { customer } = await withPack();
    await running.settle();
    const { data } = await stripe.paymentIntents.list({ customer: await customer.customerId() });
    const plan = data.find(({ metadata }) => metadata["bursar_pack"] === undefined)!;
    await stripe.refunds.create({ payment_intent: plan.id, amount: 100 });
    await running.settle();
    expect(await balanceOf(customer)).toBe(TOKENS);
    expect(await refundsOf(customer)).toEqual([]);
  });

  // What webhooks and servers do is the same on both databases; once is enough.
  if (name !== "PostgreSQL") return;

  it("S7 lost webhooks: the reconciler takes back what is missing and says so, once", async () => {
    const { customer, paymentId } = await withPack();
    const other = await buyPack(customer);
    await running.settle();
    running.emulator.faults.add({ kind: "webhook_drop" });
    const refund = await stripe.refunds.create({ payment_intent: paymentId, amount: 250 });
    const dispute = running.emulator.dispute({ payment_intent: other });
    await running.emulator.deliverDue();
    running.emulator.faults.clear();

    const reconcile = async () => {
      const headers = { authorization: `Bearer ${running.platformKey}` };
      const body = { account: customer.accountId };
      const answer = await running.call<{ drifts: Record<string, unknown>[] }>(
        "POST",
        "/api/reconciliation",
        body,
        headers,
      );
      return answer.body.drifts;
    };
    expect(await reconcile()).toMatchObject([
      { what: "credits", id: dispute, found: -TOKENS, isAnnounced: false },
      { what: "credits", id: refund.id, found: -500_000, isAnnounced: false },
    ]);
    expect(await reconcile()).toEqual([]);
    expect(await balanceOf(customer)).toBe(500_000);
  });

  it("S7 an event is enough for a payment far down the list, also when the process died after Stripe was read", async () => {
    const { customer, paymentId } = await withPack();
    const others = { customer: await customer.customerId(), amount: PRICE, currency: "eur" };
    await Promise.all(Array.from({ length: 31 }, () => stripe.paymentIntents.create(others)));
    await running.settle();
    await running.travelTo("2027-03-04T09:00:00Z", { stepDays: 3 });
    const before = await balanceOf(customer);
    await stripe.refunds.create({ payment_intent: paymentId });
    await running.emulator.deliverDue();
    // The events were taken and Stripe was read, and then nothing: their lease ends, and another takes them.
    await sql`update stripe_events set not_before = ${new Date(running.now() + 60_000)}, attempts = 1
              where handled_at is null`.execute(running.database.kysely);
    await running.service.runDue();
    expect(await balanceOf(customer)).toBe(before);
    await running.travelTo(new Date(running.now() + 120_000).toISOString());
    expect(await balanceOf(customer)).toBe(before - TOKENS);
    expect(await refundsOf(customer)).toHaveLength(1);
  });

  it("S7 of a payment far down the list whose webhooks are all lost, the hourly look hears", async () => {
    const { customer, paymentId } = await withPack();
    const others = { customer: await customer.customerId(), amount: PRICE, currency: "eur" };
    await Promise.all(Array.from({ length: 31 }, () => stripe.paymentIntents.create(others)));
    await running.settle();
    await running.travelTo(new Date(running.now() + 3 * 86_400_000).toISOString(), { stepDays: 3 });
    running.emulator.faults.add({ kind: "webhook_drop" });
    await stripe.refunds.create({ payment_intent: paymentId, amount: 250 });
    await running.emulator.deliverDue();
    running.emulator.faults.clear();
    await running.travelTo(new Date(running.now() + 2 * 3_600_000).toISOString());
    expect(await balanceOf(customer)).toBe(500_000);
    await running.travelTo(new Date(running.now() + 2 * 3_600_000).toISOString());
    expect(await refundsOf(customer)).toHaveLength(1);
  });

  it("S7 while Stripe does not answer, the event waits and is not lost", async () => {
    const { customer, paymentId } = await withPack();
    await running.settle();
    const id = running.emulator.dispute({ payment_intent: paymentId });
    await running.emulator.deliverDue();
    running.emulator.faults.add({ kind: "server_error", path: `/v1/payment_intents/${paymentId}` });
    await running.service.runDue();
    expect(await balanceOf(customer)).toBe(TOKENS);
    running.emulator.faults.clear();
    await running.travelTo(new Date(running.now() + 600_000).toISOString());
    expect(await balanceOf(customer)).toBe(0);
    await evidence(id, "winning_evidence");
    await running.settle();
    expect(await balanceOf(customer)).toBe(TOKENS);
  });
});
