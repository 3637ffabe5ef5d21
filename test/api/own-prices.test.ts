/* Prices that an operator agreed with one account: paid at Stripe, from its next renewal or purchase on. */
import { afterEach, describe, expect, it } from "vitest";
import type { List, PlanOffer, Preview, Problem } from "../../packages/client/src/index.ts";
import { newCustomer, paidBy, stripeOf, subscriptionOf, type Customer } from "./customer.ts";
import { payHostedPage } from "./hosted-page.ts";
import { startAt, type TimeTravel } from "./moved-clock.ts";
import { databases, type TestAccount } from "./service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;

let time: TimeTravel | undefined;
afterEach(async () => {
  expect(await time?.faults()).toEqual([]);
  await time?.stop();
  time = undefined;
});

async function begin(instant: string): Promise<TimeTravel> {
  time = await startAt(open, instant);
  return time;
}

async function agree(running: TimeTravel, { accountId }: TestAccount, prices: unknown): Promise<void> {
  const headers = { authorization: `Bearer ${running.platformKey}` };
  const answer = await running.call(
    "PATCH",
    `/api/accounts/${accountId}`,
    { overrides: { prices } },
    headers,
  );
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
}

/** Webhooks may come late here, so a month is one step. */
const MONTHLY = { stepDays: 31 };

/** 19 % VAT on top. */
const withVat = (cents: number): number => Math.round(cents * 1.19);
const newest = async (customer: Customer) => (await customer.invoices())[0]!;

describe("C1 an account's own price", () => {
  it("is paid from the next renewal on, by a schedule without proration, and shown before", async () => {
    const running = await begin("2027-03-01T09:00:00Z");
    const customer = await newCustomer(running, { planId: "team", seats: 3 });
    const stripe = stripeOf(running);
    const paid = await paidBy(stripe, await customer.customerId());

    await agree(running, customer, { team: { month: 1_500 } });
    expect(await customer.overview()).toMatchObject({
      pendingChange: null,
      nextInvoice: { total: withVat(3 * 1_500) },
      ownPrice: { state: "starts", amount: 1_500, at: "2027-04-01T09:00:00.000Z" },
    });
    const offers = (await customer.call<List<PlanOffer>>("GET", "/api/billing/plans")).body.data;
    expect(offers.find(({ id }) => id === "team")).toMatchObject({
      prices: { month: 1_500, year: 19_000 },
      ownPrices: ["month"],
    });
    expect(await paidBy(stripe, await customer.customerId())).toBe(paid);

    await running.travelTo("2027-04-02T09:00:00Z", MONTHLY);
    expect((await newest(customer)).total).toBe(withVat(3 * 1_500));
    expect(await customer.overview()).toMatchObject({
      ownPrice: { state: "in_force", amount: 1_500, at: null },
      nextInvoice: { total: withVat(3 * 1_500) },
    });
    // The schedule has done its work and stands in nobody's way.
    const { schedule } = await subscriptionOf(stripe, await customer.customerId());
    expect(schedule).toBeNull();
    await running.travelTo("2027-05-02T09:00:00Z", MONTHLY);
    expect((await newest(customer)).total).toBe(withVat(3 * 1_500));
  }, 60_000);

  it("N4 seats that are added before the renewal cost today's price, after it the own one; the preview is the charge", async () => {
    const running = await begin("2027-03-01T09:00:00Z");
    const customer = await newCustomer(running, { planId: "team", seats: 2 });
    await agree(running, customer, { team: { month: 1_500 } });
    await running.travelTo("2027-03-16T21:00:00Z", MONTHLY);
    const before = await customer.preview({ seats: 3 });
    // Half of the 31 days is left.
    expect(before).toMatchObject({
      dueToday: { subtotal: 950 },
      nextInvoice: { total: withVat(3 * 1_500) },
    });
    expect((await customer.change({ seats: 3 })).status).toBe(200);
    await running.settle();
    expect((await newest(customer)).total).toBe(before.dueToday.total);
    expect((await customer.overview()).nextInvoice?.total).toBe(before.nextInvoice?.total);

    await running.travelTo("2027-04-16T09:00:00Z", MONTHLY);
    expect((await customer.invoices())[0]?.total).toBe(withVat(3 * 1_500));
    const after = await customer.preview({ seats: 4 });
    expect(after).toMatchObject({
      dueToday: { subtotal: 750 },
      nextInvoice: { total: withVat(6_000), taxIncluded: true },
    });
    expect((await customer.change({ seats: 4 })).status).toBe(200);
    expect((await newest(customer)).total).toBe(after.dueToday.total);
  }, 60_000);

  it("is what a first purchase, another plan and another interval cost", async () => {
    const running = await begin("2027-03-01T09:00:00Z");
    const account = await running.newAccount();
    await agree(running, account, { team: { month: 1_500 }, business: { month: 3_000, year: 30_000 } });
    const first = await account.call("POST", "/api/billing/preview", { planId: "team", seats: 2 });
    expect(first.body).toMatchObject({
      dueToday: { subtotal: 3_000, tax: null },
      nextInvoice: { total: 3_000, taxIncluded: false },
    });
    const { quoteId } = first.body as { quoteId: string };
    const choice = { planId: "team", seats: 2, quoteId };
    const page = await account.call<{ url: string }>("POST", "/api/billing/checkout", choice);
    expect((await payHostedPage(page.body.url)).status).toBe(303);
    await running.settle();
    const stripe = stripeOf(running);
    const overview = await account.overview();
    expect(overview).toMatchObject({ plan: { id: "team" }, ownPrice: { state: "in_force", amount: 1_500 } });
    expect(overview.nextInvoice?.total).toBe(withVat(3_000));

    const business = { planId: "business", interval: "year", seats: 5 };
    const preview = await account.call<{ quoteId: string; dueToday: { subtotal: number; total: number } }>(
      "POST",
      "/api/billing/preview",
      business,
    );
    expect(preview.body.dueToday.subtotal).toBe(5 * 30_000 - 3_000);
    const change = { ...business, quoteId: preview.body.quoteId };
    expect((await account.call("POST", "/api/billing/change", change)).status).toBe(200);
    const invoices = await account.call<List<{ total: number }>>("GET", "/api/billing/invoices");
    expect(invoices.body.data.map(({ total }) => total)).toContain(preview.body.dueToday.total);
    const prices = await stripe.prices.list({ lookup_keys: [`bursar_business_year:${account.accountId}`] });
    expect(prices.data[0]?.unit_amount).toBe(30_000);
  }, 60_000);

  it("S3 goes along with a pending downgrade, its undoing, a cancellation and its end", async () => {
    const running = await begin("2027-03-01T09:00:00Z");
    const customer = await newCustomer(running, { planId: "business", seats: 5 });
    await customer.change({ planId: "team" });
    await agree(running, customer, { team: { month: 1_500 }, business: { month: 3_000 } });
    const pending = { planId: "team", seats: 5, effectiveAt: "2027-04-01T09:00:00.000Z" };
    expect(await customer.overview()).toMatchObject({
      pendingChange: pending,
      nextInvoice: { total: withVat(5 * 1_500) },
      ownPrice: null,
    });
    expect((await customer.call("DELETE", "/api/billing/pending-change")).status).toBe(204);
    await running.settle();
    expect(await customer.overview()).toMatchObject({
      pendingChange: null,
      nextInvoice: { total: withVat(5 * 3_000) },
      ownPrice: { state: "starts", amount: 3_000 },
    });
    expect((await customer.call("POST", "/api/billing/cancel", {})).status).toBe(200);
    await running.settle();
    expect(await customer.overview()).toMatchObject({ nextInvoice: null, ownPrice: null });
    expect((await customer.call("POST", "/api/billing/resume", {})).status).toBe(200);
    await running.settle();
    await customer.change({ planId: "team" });
    await running.travelTo("2027-04-02T09:00:00Z", MONTHLY);
    expect((await newest(customer)).total).toBe(withVat(5 * 1_500));
    expect(await customer.overview()).toMatchObject({
      plan: { id: "team" },
      ownPrice: { state: "in_force" },
    });
  }, 60_000);

  it("changes, and is taken away, from the renewal after; the catalogue's price of that day follows", async () => {
    const running = await begin("2027-03-01T09:00:00Z");
    const customer = await newCustomer(running, { planId: "team", seats: 2 });
    await agree(running, customer, { team: { month: 1_500 } });
    await running.travelTo("2027-04-02T09:00:00Z", MONTHLY);
    await agree(running, customer, { team: { month: 1_400 } });
    expect((await customer.overview()).ownPrice).toMatchObject({ state: "starts", amount: 1_400 });
    await running.travelTo("2027-05-02T09:00:00Z", MONTHLY);
    expect((await newest(customer)).total).toBe(withVat(2_800));

    await agree(running, customer, null);
    expect(await customer.overview()).toMatchObject({
      ownPrice: { state: "ends", amount: 1_900, at: "2027-06-01T09:00:00.000Z" },
      nextInvoice: { total: withVat(3_800) },
    });
    await running.travelTo("2027-06-02T09:00:00Z", MONTHLY);
    expect((await newest(customer)).total).toBe(withVat(3_800));
    expect((await customer.overview()).ownPrice).toBeNull();
  }, 60_000);

  it("taken away before its first renewal leaves no trace; the same agreement again makes no second price", async () => {
    const running = await begin("2027-03-01T09:00:00Z");
    const customer = await newCustomer(running, { planId: "team", seats: 2 });
    const stripe = stripeOf(running);
    const pricesOfTeam = async () =>
      (await stripe.prices.list({ product: "bursar_team", limit: 100 })).data.length;
    const before = await pricesOfTeam();
    await agree(running, customer, { team: { month: 1_500 } });
    await agree(running, customer, { team: { month: 1_500 } });
    expect(await pricesOfTeam()).toBe(before + 1);
    await agree(running, customer, null);
    await running.settle();
    expect((await subscriptionOf(stripe, await customer.customerId())).schedule).toBeNull();
    expect(await customer.overview()).toMatchObject({
      ownPrice: null,
      nextInvoice: { total: withVat(3_800) },
    });
  }, 60_000);

  it("S7 is brought about by the next look when Stripe did not answer, and again when its schedule was removed by hand", async () => {
    const running = await begin("2027-03-01T09:00:00Z");
    const customer = await newCustomer(running, { planId: "team", seats: 2 });
    running.emulator.faults.add({ kind: "server_error" });
    await agree(running, customer, { team: { month: 1_500 } });
    running.emulator.faults.clear();
    expect((await customer.overview()).ownPrice).toBeNull();
    await running.settle();
    expect((await customer.overview()).ownPrice).toMatchObject({ state: "starts" });

    const stripe = stripeOf(running);
    const schedule = (await subscriptionOf(stripe, await customer.customerId())).schedule;
    running.emulator.faults.add({ kind: "webhook_drop" });
    await stripe.subscriptionSchedules.release((schedule as { id: string }).id);
    await running.emulator.deliverDue();
    running.emulator.faults.clear();
    const report = await running.service.services.reconcile({ account: customer.accountId });
    expect(report?.drifts).toMatchObject([{ what: "price", isAnnounced: false, found: null }]);
    expect(report?.drifts[0]?.sentence).toContain("The price to come of sub_");
    await running.settle();
    expect((await customer.overview()).ownPrice).toMatchObject({ state: "starts" });
    await running.travelTo("2027-04-02T09:00:00Z", MONTHLY);
    expect((await newest(customer)).total).toBe(withVat(3_000));
  }, 60_000);

  it("R3 is never a surprise: a quote from before it, for today or for the next invoice, is no longer one", async () => {
    const running = await begin("2027-03-01T09:00:00Z");
    const customer = await newCustomer(running, { planId: "business", seats: 5 });
    const confirm = (choice: object, { quoteId }: { quoteId: string }) =>
      customer.call<Problem & { preview: Preview }>("POST", "/api/billing/change", { ...choice, quoteId });
    await agree(running, customer, { team: { month: 1_500 } });
    const cheaper = { planId: "team" };
    const agreed = await customer.preview(cheaper);
    expect(agreed.nextInvoice?.total).toBe(withVat(5 * 1_500));
    const more = await customer.preview({ seats: 6 });
    const yearly = await customer.preview({ interval: "year" });

    await agree(running, customer, { business: { month: 4_500, year: 40_000 } });
    for (const [choice, quote, nextTotal] of [
      [cheaper, agreed, withVat(5 * 1_900)],
      [{ seats: 6 }, more, withVat(6 * 4_500)],
      [{ interval: "year" }, yearly, withVat(5 * 40_000)],
    ] as const) {
      const { status, body } = await confirm(choice, quote);
      expect([status, body.code]).toEqual([409, "quote_changed"]);
      expect(body.preview.nextInvoice?.total).toBe(nextTotal);
    }
    expect(await customer.overview()).toMatchObject({ plan: { id: "business" }, pendingChange: null });
    const { body } = await confirm(cheaper, agreed);
    expect((await confirm(cheaper, body.preview)).status).toBe(200);
    await running.settle();
    expect((await customer.overview()).nextInvoice?.total).toBe(withVat(5 * 1_900));
  }, 60_000);

  it("taken away while Stripe is asked for a change to it, it gives that up and stands in nobody's way", async () => {
    const running = await begin("2027-03-01T09:00:00Z");
    const customer = await newCustomer(running, { planId: "team", seats: 2 });
    await agree(running, customer, { enterprise: { month: 10_000, year: 100_000 } });
    const yearly = { planId: "enterprise", interval: "year", seats: 10 } as const;
    expect((await customer.change(yearly)).status).toBe(200);
    await running.settle();
    running.emulator.faults.add({ kind: "server_error", path: "/v1/subscription_schedules*" });
    expect((await customer.change({ ...yearly, interval: "month" })).status).toBe(502);
    await agree(running, customer, null);
    running.emulator.faults.clear();
    await running.settle();
    expect(await customer.overview()).toMatchObject({
      plan: { id: "enterprise" },
      pendingChange: null,
      nextInvoice: { total: withVat(1_000_000) },
    });
    expect((await customer.call("POST", "/api/billing/cancel", {})).status).toBe(200);
  }, 60_000);

  it("of a plan that is not sold makes it one that this account can buy, and no other", async () => {
    const running = await begin("2027-03-01T09:00:00Z");
    const customer = await newCustomer(running, { planId: "team", seats: 2 });
    await agree(running, customer, { enterprise: { year: 100_000 } });
    const choice = { planId: "enterprise", interval: "year", seats: 10 } as const;
    const preview = await customer.preview(choice);
    expect(preview.nextInvoice?.total).toBe(withVat(1_000_000));
    expect((await customer.change(choice)).status).toBe(200);
    await running.settle();
    expect(await customer.overview()).toMatchObject({
      plan: { id: "enterprise", kind: "paid" },
      seats: { purchased: 10 },
      usage: { sessions: { limit: null } },
      can: { changeSeats: { allowed: true } },
    });
    const other = await running.newAccount();
    const refused = await other.call<Problem>("POST", "/api/billing/preview", choice);
    expect(refused.body.detail).toMatch(/[Cc]ontact us/);
    // Nothing to fall back to: it stays until it is cancelled.
    await agree(running, customer, null);
    await running.settle();
    expect(await customer.overview()).toMatchObject({ nextInvoice: { total: withVat(1_000_000) } });
    // What was scheduled, or cancelled, meanwhile is still undone.
    expect((await customer.change({ planId: "team", seats: 5 })).status).toBe(200);
    expect((await customer.call("DELETE", "/api/billing/pending-change")).status).toBe(204);
    await running.settle();
    expect((await customer.call("POST", "/api/billing/cancel", {})).status).toBe(200);
    expect((await customer.call("POST", "/api/billing/resume", {})).status).toBe(200);
    await running.settle();
    expect(await customer.overview()).toMatchObject({
      pendingChange: null,
      nextInvoice: { total: withVat(1_000_000) },
    });
  }, 60_000);
});
