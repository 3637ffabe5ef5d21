/* The list of invoices: what each is made of, by year, as a file. */
import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { InvoiceList } from "../../packages/client/src/index.ts";
import { newCustomer, replaceCard, stripeOf, type Customer } from "./customer.ts";
import { startAt, type TimeTravel } from "./moved-clock.ts";
import { expectProblem } from "./problem.ts";
import { databases } from "./service.ts";

describe.each(databases)("invoices on $name", ({ open }) => {
  let running: TimeTravel;
  let stripe: Stripe;
  beforeAll(async () => {
    running = await startAt(open, "2027-11-20T09:00:00Z");
    stripe = stripeOf(running);
  });
  afterAll(() => running.stop());

  const list = async ({ call }: Customer, query = "") =>
    (await call<InvoiceList>("GET", `/api/billing/invoices${query}`)).body;

  it("IN1 IN2 US3 say what was refunded, paid from credit and why one failed; by year and as a file", async () => {
    const customer = await newCustomer(running, { planId: "team", seats: 2 });
    const id = await customer.customerId();
    const [payment] = (await stripe.paymentIntents.list({ customer: id })).data;
    await stripe.refunds.create({ payment_intent: payment!.id, amount: 500 });
    await stripe.customers.createBalanceTransaction(id, { amount: -1_000, currency: "eur" });
    await running.travelTo("2027-12-20T12:00:00Z");
    await replaceCard(stripe, id, "pm_card_chargeCustomerFail");
    await running.travelTo("2028-01-20T12:00:00Z");

    const { data, years } = await list(customer);
    expect(years).toEqual([2028, 2027]);
    const [failed, credited, refunded] = data;
    expect(refunded).toMatchObject({
      status: "paid",
      total: 4_522,
      refunded: 500,
      creditUsed: 0,
      amountDue: 0,
    });
    expect(credited).toMatchObject({ status: "paid", total: 4_522, creditUsed: 1_000, discount: 0 });
    expect(failed).toMatchObject({
      status: "open",
      attempts: 1,
      amountDue: 4_522,
      failure: "Your card was declined.",
      nextAttemptAt: expect.stringMatching(/^2028-01-2/) as string,
    });

    expect((await list(customer, "?year=2027")).data.map(({ id: each }) => each)).toEqual([
      credited?.id,
      refunded?.id,
    ]);
    const file = await customer.call<string>("GET", "/api/billing/invoices?year=2027", undefined, {
      accept: "text/csv",
    });
    expect(file.headers.get("content-disposition")).toBe(
      'attachment; filename="acme-invoices-2027-01-01_2027-12-31.csv"',
    );
    expect(file.headers.get("bursar-row-count")).toBe("2");
    const [head, ...rows] = file.body.trimEnd().split("\r\n");
    expect(head).toBe(
      "id,number,date,status,description,subtotal,discount,tax,total,credit_used,amount_due,refunded,currency,hosted_url",
    );
    expect(rows).toHaveLength(2);
    expect(rows[1]).toContain(`${refunded!.id},${refunded!.number},2027-11-20T09:00:00.000Z,paid,`);
    expect(rows[1]).toMatch(/,3800,0,722,4522,0,0,500,eur,http/);
    const all = await customer.call<string>("GET", "/api/billing/invoices", undefined, {
      accept: "text/csv",
    });
    expect(all.headers.get("bursar-row-count")).toBe("3");
  });

  it("IN1 a discount of a promotion stands by itself", async () => {
    const customer = await newCustomer(running, { planId: "team", seats: 2 });
    const { id: coupon } = await stripe.coupons.create({ percent_off: 10, duration: "forever" });
    const { data: subscriptions } = await stripe.subscriptions.list({
      customer: await customer.customerId(),
    });
    await stripe.subscriptions.update(subscriptions[0]!.id, { discounts: [{ coupon }] });
    await running.travelTo("2028-02-21T12:00:00Z");
    const { data } = await list(customer);
    expect(data[0]).toMatchObject({ subtotal: 3_800, discount: 380, total: 4_070 });
  });

  it("a year that is none is refused and says so", async () => {
    const { call } = await running.newAccount();
    const refused = expectProblem(await call("GET", "/api/billing/invoices?year=27"), 400, "invalid_request");
    expect(refused.detail).toMatch(/year/);
    expect((await call<InvoiceList>("GET", "/api/billing/invoices?year=2027")).body).toEqual({
      data: [],
      nextCursor: null,
      years: [],
    });
  });
});
