/** What time does to subscriptions besides renewing them: trials, cancellations, what expires unpaid, what is paused. */
import type Stripe from "stripe";
import { expect, test } from "vitest";
import type { AccountOptions } from "../account.ts";
import { advance, customerOnClock, eventsBetween, invoicesOf, iso } from "../testing/clock.ts";
import { createCatalogue, startFixture } from "../testing/fixture.ts";

const JUNE = "2026-06-01T00:00:00Z";

async function start(
  params: Partial<Stripe.SubscriptionCreateParams> = {},
  options: { card?: string | null; account?: AccountOptions } = {},
) {
  const settings = { upcomingInvoiceDays: 0, ...options.account?.settings };
  const fixture = await startFixture({ account: { ...options.account, settings } });
  const { stripe } = fixture;
  const { team } = await createCatalogue(stripe);
  const card = options.card === null ? {} : { card: options.card ?? "pm_card_visa" };
  const { clock, customer } = await customerOnClock(fixture, { from: JUNE, ...card });
  const created = await stripe.subscriptions.create({ customer, items: [{ price: team.id }], ...params });
  const subscription = created.id;
  const now = () => stripe.subscriptions.retrieve(subscription);
  const lastInvoice = async () => (await invoicesOf(fixture, { subscription })).at(-1);
  const typesBetween = async (from: string, to: string) =>
    (await eventsBetween(fixture, from, to)).map(({ type }) => type);
  const go = (to: string) => advance(fixture, clock, to);
  return { stripe, fixture, customer, created, subscription, now, lastInvoice, typesBetween, go };
}

test("a trial is announced three days before its end, and then the first paid period begins", async () => {
  const { created, now, lastInvoice, typesBetween, go } = await start({ trial_period_days: 14 });
  expect(created.status).toBe("trialing");
  await go("2026-06-11T23:59:59Z");
  expect(await typesBetween("2026-06-02T00:00:00Z", "2026-06-30T00:00:00Z")).toEqual([]);
  await go("2026-06-15T02:00:00Z");
  expect(await typesBetween("2026-06-02T00:00:00Z", "2026-06-15T00:30:00Z")).toEqual([
    "customer.subscription.trial_will_end",
    "invoice.created",
    "customer.subscription.updated",
  ]);
  expect((await now()).status).toBe("active");
  const invoice = await lastInvoice();
  expect(invoice).toMatchObject({ status: "paid", total: 1900, billing_reason: "subscription_cycle" });
  expect([invoice?.lines.data[0]?.period.start, invoice?.lines.data[0]?.period.end].map(iso)).toEqual([
    "2026-06-15T00:00",
    "2026-07-15T00:00",
  ]);
});

test("a trial shorter than three days is announced to end as it begins", async () => {
  const { typesBetween, go } = await start({ trial_period_days: 1 });
  await go("2026-06-01T00:00:01Z");
  const types = await typesBetween("2026-06-01T00:00:00Z", "2026-06-01T00:00:01Z");
  expect(types.at(-1)).toBe("customer.subscription.trial_will_end");
});

test.each([
  ["cancel", "canceled", 1],
  ["pause", "paused", 1],
  ["create_invoice", "past_due", 2],
] as const)(
  "a trial that ends without a card (%s) leaves the subscription %s",
  async (agreed, status, count) => {
    const trial_settings = { end_behavior: { missing_payment_method: agreed } };
    const params = { trial_period_days: 14, trial_settings };
    const { now, go, fixture, subscription, typesBetween } = await start(params, { card: null });
    await go("2026-06-15T02:00:00Z");
    expect((await now()).status).toBe(status);
    expect(await invoicesOf(fixture, { subscription })).toHaveLength(count);
    const types = await typesBetween("2026-06-15T00:00:00Z", "2026-06-16T00:00:00Z");
    expect(types.includes("customer.subscription.paused")).toBe(agreed === "pause");
    await go("2026-07-30T00:00:00Z");
    expect(await invoicesOf(fixture, { subscription })).toHaveLength(agreed === "create_invoice" ? 2 : count);
  },
);

test("G: canceled at the period's end a subscription is updated now and deleted then, with no further invoice", async () => {
  const { stripe, subscription, now, go, typesBetween, fixture } = await start();
  await go("2026-06-10T00:00:00Z");
  await stripe.subscriptions.update(subscription, { cancel_at_period_end: true });
  expect(await typesBetween("2026-06-02T00:00:00Z", "2026-06-11T00:00:00Z")).toEqual([
    "customer.subscription.updated",
  ]);
  await go("2026-06-30T23:59:59Z");
  expect((await now()).status).toBe("active");
  await go("2026-07-02T00:00:00Z");
  expect(await typesBetween("2026-06-11T00:00:00Z", "2026-07-02T00:00:00Z")).toEqual([
    "customer.subscription.deleted",
  ]);
  const ended = await now();
  expect(ended).toMatchObject({
    status: "canceled",
    cancellation_details: { reason: "cancellation_requested" },
  });
  expect([ended.canceled_at, ended.ended_at].map(iso)).toEqual(["2026-06-10T00:00", "2026-07-01T00:00"]);
  expect(await invoicesOf(fixture, { subscription })).toHaveLength(1);
});

test("G: what is still pending when a subscription ends comes on a last invoice, which is charged", async () => {
  const { stripe, subscription, created, go, lastInvoice } = await start();
  await go("2026-06-21T00:00:00Z");
  const [item] = created.items.data;
  await stripe.subscriptions.update(subscription, { items: [{ id: item?.id ?? "", quantity: 2 }] });
  await stripe.subscriptions.update(subscription, { cancel_at_period_end: true });
  await go("2026-07-01T02:00:00Z");
  const last = await lastInvoice();
  expect(last).toMatchObject({ status: "paid", total: 634 });
  expect(last?.lines.data.map(({ amount }) => amount)).toEqual([-633, 1267]);
});

test("a first invoice unpaid for 23 hours is void, and its subscription has expired", async () => {
  const { created, now, lastInvoice, go, typesBetween } = await start({
    payment_behavior: "default_incomplete",
  });
  expect(created.status).toBe("incomplete");
  await go("2026-06-01T22:59:59Z");
  expect((await now()).status).toBe("incomplete");
  await go("2026-06-01T23:00:00Z");
  expect((await now()).status).toBe("incomplete_expired");
  expect(await lastInvoice()).toMatchObject({ status: "void" });
  expect(await typesBetween("2026-06-01T23:00:00Z", "2026-06-02T00:00:00Z")).toEqual(
    expect.arrayContaining(["invoice.voided", "customer.subscription.updated"]),
  );
});

test.each(["updated_only", "expired_too"] as const)(
  "a change that is not paid in 23 hours is given up: its invoice is void and its expiry told once (%s)",
  async (ownVoidOfPendingUpdate) => {
    const account = { assumptions: { ownVoidOfPendingUpdate } };
    const { stripe, customer, subscription, created, now, lastInvoice, go, typesBetween } = await start(
      {},
      { account },
    );
    await go("2026-06-10T00:00:00Z");
    const bad = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
    await stripe.subscriptions.update(subscription, { default_payment_method: bad.id });
    const [item] = created.items.data;
    const pending = await stripe.subscriptions.update(subscription, {
      items: [{ id: item?.id ?? "", quantity: 3 }],
      proration_behavior: "always_invoice",
      payment_behavior: "pending_if_incomplete",
    });
    expect(iso(pending.pending_update?.expires_at)).toBe("2026-06-10T23:00");
    expect(await lastInvoice()).toMatchObject({ status: "open", next_payment_attempt: null });
    await go("2026-06-11T00:00:00Z");
    const after = await now();
    expect(after.pending_update).toBeNull();
    expect(after.items.data[0]?.quantity).toBe(1);
    expect(await lastInvoice()).toMatchObject({ status: "void" });
    const types = await typesBetween("2026-06-10T23:00:00Z", "2026-06-11T00:00:00Z");
    const told = types.filter((type) => type === "customer.subscription.pending_update_expired");
    expect(told).toHaveLength(1);
    expect(types).toContain("invoice.voided");
  },
);

test.each([
  ["void", "void"],
  ["mark_uncollectible", "uncollectible"],
  ["keep_as_draft", "draft"],
] as const)("while collection is paused (%s) a renewal's invoice is %s, until it resumes by itself", async (behavior, status) => {
  const { stripe, subscription, now, lastInvoice, go } = await start();
  const resumes_at = Date.parse("2026-07-15T00:00:00Z") / 1000;
  await stripe.subscriptions.update(subscription, { pause_collection: { behavior, resumes_at } });
  await go("2026-07-02T00:00:00Z");
  expect(await lastInvoice()).toMatchObject({ status });
  expect((await now()).status).toBe("active");
  await go("2026-08-01T02:00:00Z");
  expect((await now()).pause_collection).toBeNull();
  expect(await lastInvoice()).toMatchObject({ status: "paid" });
}); // prettier-ignore

test("an invoice that is sent falls due, is announced, and unpaid makes its subscription past due", async () => {
  const params = { collection_method: "send_invoice" as const, days_until_due: 14 };
  const account = { settings: { invoiceWillBeDueDays: 3 } };
  const { now, lastInvoice, go, typesBetween } = await start(params, { account });
  const invoice = await lastInvoice();
  expect([invoice?.status, iso(invoice?.due_date)]).toEqual(["open", "2026-06-15T00:00"]);
  await go("2026-06-15T00:00:00Z");
  expect(await typesBetween("2026-06-02T00:00:00Z", "2026-06-16T00:00:00Z")).toEqual([
    "invoice.will_be_due",
    "invoice.overdue",
    "customer.subscription.updated",
  ]);
  expect((await now()).status).toBe("past_due");
  await go("2026-07-01T02:00:00Z");
  expect(await lastInvoice()).toMatchObject({
    status: "open",
    attempt_count: 0,
    billing_reason: "subscription_cycle",
  });
});

test("a change that is made but not paid is dunned like a renewal", async () => {
  const { stripe, customer, subscription, created, now, lastInvoice, go } = await start();
  const bad = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
  await go("2026-06-10T00:00:00Z");
  await stripe.subscriptions.update(subscription, { default_payment_method: bad.id });
  await stripe.subscriptions.update(subscription, {
    items: [{ id: created.items.data[0]?.id ?? "", quantity: 3 }],
    proration_behavior: "always_invoice",
  });
  expect((await now()).status).toBe("past_due");
  expect(iso((await lastInvoice())?.next_payment_attempt)).toBe("2026-06-11T00:00");
  await go("2026-06-11T00:00:00Z");
  expect(await lastInvoice()).toMatchObject({ attempt_count: 2, status: "open" });
});
