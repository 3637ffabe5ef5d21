/*
 * A damaged service: rows changed by hand, webhooks lost, changes made at Stripe's own dashboard. Reconciling mends all
 * of it and says exactly what it was.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, expect, it } from "vitest";
import { newCustomer, stripeOf, subscriptionOf, type Customer } from "./customer.ts";
import { startAt, type TimeTravel } from "./moved-clock.ts";
import { databases, metricsOf, type RunningService } from "./service.ts";
import { bursar } from "../support/run-bursar.ts";

const postgres = databases.find(({ name }) => name === "PostgreSQL")!;

let time: TimeTravel | undefined;
let databaseUrl = "";
afterEach(async () => {
  expect(await time?.faults()).toEqual([]);
  await time?.stop();
  time = undefined;
});

async function begin(instant: string): Promise<TimeTravel> {
  time = await startAt(async () => {
    const opened = await postgres.open();
    databaseUrl = opened.url!;
    return opened;
  }, instant);
  return time;
}

/** As somebody with a database console would. */
async function byHand(statement: string, values: unknown[]): Promise<void> {
  const superuser = new pg.Client({ connectionString: databaseUrl });
  await superuser.connect();
  const { rowCount } = await superuser.query(statement, values);
  await superuser.end();
  expect(rowCount).toBeGreaterThan(0);
}

interface Report {
  customers: number;
  drifts: {
    accountId: string;
    what: string;
    stored: unknown;
    found: unknown;
    isAnnounced: boolean;
    sentence: string;
  }[];
  failures: unknown[];
  nextCursor: string | null;
}

async function reconcile({ call, platformKey }: RunningService, account?: string): Promise<Report> {
  const authorization = `Bearer ${platformKey}`;
  const { status, body } = await call<Report>("POST", "/api/reconciliation", { account }, { authorization });
  expect(status).toBe(200);
  return body;
}

const toldOf = (report: Report, { accountId }: Customer) =>
  report.drifts
    .filter((drift) => drift.accountId === accountId)
    .map(({ what, stored, found }) => [what, stored, found]);

async function buySeatsAtStripe(running: RunningService, customer: Customer, seats: number): Promise<void> {
  const stripe = stripeOf(running);
  const subscription = await subscriptionOf(stripe, await customer.customerId());
  const items = [{ id: subscription.items.data[0]!.id, quantity: seats }];
  await stripe.subscriptions.update(subscription.id, { items, proration_behavior: "none" });
}

it("S7 a damaged service is mended and each damage is told, once; the book stays exact", async () => {
  const running = await begin("2027-03-01T09:00:00Z");
  const whole = await newCustomer(running, { planId: "team", seats: 2 });
  const edited = await newCustomer(running, { planId: "team", seats: 3 });
  const relabelled = await newCustomer(running, { planId: "business", seats: 5 });
  const deaf = await newCustomer(running, { planId: "team", seats: 2 });
  await running.travelTo("2027-03-29T09:00:00Z");
  expect((await reconcile(running)).drifts).toEqual([]);

  await byHand("update subscriptions set seats = 9, status = 'past_due' where account_id = $1", [
    edited.accountId,
  ]);
  await byHand("delete from invoices where account_id = $1", [edited.accountId]);
  await byHand(
    "update entitlements set plan_id = 'personal', seats = 1 where account_id = $1 and plan_id = 'business'",
    [relabelled.accountId],
  );
  await byHand("update invoices set status = 'open' where account_id = $1", [relabelled.accountId]);
  running.emulator.faults.add({ kind: "webhook_drop" });
  await buySeatsAtStripe(running, deaf, 7);
  // A week without a word, and a renewal in it.
  await running.travelUnheardTo("2027-04-05T09:00:00Z");

  const report = await reconcile(running);
  expect(report).toMatchObject({ customers: 4, failures: [], nextCursor: null });
  const renewal = ["period", "2027-04-01T09:00:00.000Z", "2027-05-01T09:00:00.000Z"];
  const [unknown, reopened] = [
    ["invoice", null, "paid"],
    ["invoice", "open", "paid"],
  ];
  expect(toldOf(report, whole)).toEqual([renewal, unknown]);
  expect(toldOf(report, edited)).toEqual([
    ["status", "past_due", "active"],
    ["seats", 9, 3],
    renewal,
    unknown,
    unknown,
  ]);
  expect(toldOf(report, relabelled)).toEqual([
    renewal,
    ["entitlement", expect.stringContaining("personal"), expect.stringContaining("business with 5 seats")],
    unknown,
    reopened,
  ]);
  expect(toldOf(report, deaf)).toEqual([["seats", 2, 7], renewal, unknown]);
  expect(report.drifts.map(({ isAnnounced }) => isAnnounced)).not.toContain(true);
  expect((await deaf.overview()).seats.purchased).toBe(7);
  expect(await relabelled.overview()).toMatchObject({ plan: { id: "business" }, seats: { purchased: 5 } });
  expect((await edited.invoices()).map(({ status }) => status)).toEqual(["paid", "paid"]);

  expect((await reconcile(running)).drifts).toEqual([]);
  expect(await metricsOf(running)).toContain('bursar_drifts_mended_total{what="seats",announced="false"} 2');
});

it("S7 what an event has announced is told as not yet heard, not as a drift", async () => {
  const running = await begin("2027-03-01T09:00:00Z");
  const customer = await newCustomer(running, { planId: "team", seats: 2 });
  await running.settle();
  await buySeatsAtStripe(running, customer, 4);
  // Stored, and not handled: jobs run by hand here.
  await running.emulator.deliverDue();
  const report = await reconcile(running, customer.accountId);
  expect(report.drifts).toMatchObject([{ what: "seats", stored: 2, found: 4, isAnnounced: true }]);
  expect(report.drifts[0]?.sentence).toMatch(/^The seats of sub_\w+: we had 2, Stripe has 4\.$/);
});

it("S7 K2 forty payments between two looks are all granted, and all invoices listed", async () => {
  const running = await begin("2027-03-01T09:00:00Z");
  const customer = await newCustomer(running, { planId: "team", seats: 2 });
  await running.settle();
  const stripe = stripeOf(running);
  const id = await customer.customerId();
  running.emulator.faults.add({ kind: "webhook_drop" });
  for (let pack = 1; pack <= 40; pack++) {
    await stripe.paymentIntents.create({
      customer: id,
      amount: 500,
      currency: "eur",
      payment_method: "pm_card_visa",
      confirm: true,
      automatic_payment_methods: { enabled: true, allow_redirects: "never" },
      metadata: { bursar_pack: "credits_1m", bursar_tokens: "1000000" },
    });
    const invoice = await stripe.invoices.create({ customer: id, currency: "eur", auto_advance: false });
    await stripe.invoiceItems.create({ customer: id, invoice: invoice.id, amount: 100, currency: "eur" });
    await stripe.invoices.finalizeInvoice(invoice.id);
  }
  await running.emulator.deliverDue();
  running.emulator.faults.clear();
  // A day later the sweep takes it up by itself: no event named this customer.
  await running.travelTo("2027-03-02T09:00:00Z");
  const { body } = await customer.call<{ balance: number }>("GET", "/api/billing/credits");
  expect(body.balance).toBe(40_000_000);
  expect(await customer.invoices()).toHaveLength(41);
  expect(await metricsOf(running)).toContain(
    'bursar_drifts_mended_total{what="credits",announced="false"} 40',
  );
});

it("S7 bursar reconcile works on a database, one account or all, and says what it could not do", async () => {
  const running = await begin("2026-03-01T09:00:00Z");
  const customer = await newCustomer(running, { planId: "team", seats: 2 });
  await running.settle();
  const { accountId } = customer;
  await byHand("update subscriptions set seats = 9 where account_id = $1", [accountId]);
  const env = {
    DATABASE_URL: databaseUrl,
    STRIPE_API_BASE: running.emulator.url,
    STRIPE_SECRET_KEY: running.emulator.secretKey,
  };
  const mended = await bursar(["reconcile"], env);
  expect(mended.output).toMatch(/drift +The seats of sub_\w+: we had 9, Stripe has 2\./);
  expect(mended.output).toContain("1 customer compared with Stripe. Mended: 1 drift.");
  expect(mended.status).toBe(0);
  const again = await bursar(["reconcile", "--account", accountId, "--json"], env);
  expect(JSON.parse(again.output)).toEqual({ customers: 1, drifts: [], failures: [] });
  const nobody = await bursar(["reconcile", "--account", "acc_none"], env);
  expect([nobody.status, nobody.output]).toEqual([
    1,
    expect.stringContaining("There is no account acc_none"),
  ]);
  expect((await bursar(["reconcile", "--fix"], env)).status).toBe(2);
  running.emulator.faults.add({ kind: "rate_limit", path: "/v1/customers*", times: 20 });
  const failed = await bursar(["reconcile"], env);
  expect(failed.output).toContain("1 could not be looked at: run it again.");
  expect(failed.status).toBe(1);
}, 90_000);

it("S7 bursar reconcile without a database asks the service that runs on the folder", async () => {
  const running = await begin("2026-03-01T09:00:00Z");
  const customer = await newCustomer(running, { planId: "team", seats: 2 });
  await running.settle();
  // It is found by the file that one leaves in its folder.
  const folder = mkdtempSync(join(tmpdir(), "bursar-reconcile-"));
  const nowhere = await bursar(["reconcile"], { BURSAR_DATA: folder });
  expect([nowhere.status, nowhere.output]).toEqual([1, expect.stringContaining("No service has run on")]);
  const { url, platformKey } = running;
  writeFileSync(join(folder, "demo.json"), JSON.stringify({ url, platformKey }));
  await byHand("update subscriptions set seats = 8 where account_id = $1", [customer.accountId]);
  const asked = await bursar(["reconcile"], { BURSAR_DATA: folder });
  rmSync(folder, { recursive: true });
  expect([asked.status, asked.output]).toEqual([0, expect.stringContaining("we had 8, Stripe has 2.")]);
}, 90_000);
