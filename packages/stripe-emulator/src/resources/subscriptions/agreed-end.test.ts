/** A subscription that is to end at an instant within a period. June has 30 days and the plan costs 30.00: 1.00 a day. */
import { expect, test } from "vitest";
import { idOf, refusal } from "../../testing/fixture.ts";
import { amountsOf, itemOf, priceAt, seconds, startAt, subscribeTo } from "../../testing/subscriptions.ts";

const JUNE = "2026-06-01T00:00:00Z";

async function startSubscribed(more: Parameters<typeof subscribeTo>[2] = {}) {
  const { stripe, emulator, moveTo } = await startAt(JUNE);
  const price = await priceAt(stripe, "Team", 3000);
  const subscription = await subscribeTo(stripe, price, more);
  const go = async (to: string) => {
    moveTo(to);
    await emulator.catchUp();
  };
  const invoices = async () =>
    (await stripe.invoices.list({ subscription: subscription.id })).data
      .reverse()
      .map((invoice) => [invoice.status, ...amountsOf(invoice)]);
  const balance = async () => {
    const customer = await stripe.customers.retrieve(idOf(subscription.customer));
    return customer.deleted ? null : customer.balance;
  };
  const change = (params: Parameters<typeof stripe.subscriptions.update>[1]) =>
    stripe.subscriptions.update(subscription.id, params);
  return { stripe, id: subscription.id, subscription, go, invoices, balance, change };
}

const JUNE_21 = seconds("2026-06-21T00:00:00Z");

test.each([
  ["gives the unused third back as credit", {}, [["paid", 3000], ["paid", -1000]], -1000],
  ["gives nothing back with `none`", { proration_behavior: "none" as const }, [["paid", 3000]], 0],
])("an end within the period %s", async (_, more, expected, credit) => {
  const { stripe, id, go, invoices, balance, change } = await startSubscribed();
  const ending = await change({ cancel_at: JUNE_21, ...more });
  expect(ending).toMatchObject({ status: "active", cancel_at: JUNE_21, cancel_at_period_end: false });
  expect(await balance()).toBe(0);
  await go("2026-06-22T00:00:00Z");
  expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: "canceled", ended_at: JUNE_21 });
  expect(await invoices()).toEqual(expected);
  expect(await balance()).toBe(credit);
}); // prettier-ignore

test("taken back before it comes, it gives nothing and the plan renews in full", async () => {
  const { go, invoices, change, balance } = await startSubscribed();
  await change({ cancel_at: JUNE_21 });
  await go("2026-06-20T00:00:00Z");
  await change({ cancel_at: "" });
  await go("2026-07-01T02:00:00Z");
  expect(await invoices()).toEqual([
    ["paid", 3000],
    ["paid", 3000],
  ]);
  expect(await balance()).toBe(0);
});

test.each(["cancel_at_period_end", "min_period_end"])("an end with the period (%s) gives nothing back", async (how) => {
  const { go, invoices, balance, change } = await startSubscribed();
  await change(how === "min_period_end" ? { cancel_at: how } : { cancel_at_period_end: true });
  await go("2026-07-02T00:00:00Z");
  expect([await invoices(), await balance()]).toEqual([[["paid", 3000]], 0]);
}); // prettier-ignore

test("a renewal into a period that the end cuts short bills the days until then, and its preview says so", async () => {
  const { stripe, id, go, invoices, balance, change } = await startSubscribed();
  // 10 of July's 31 days.
  await change({ cancel_at: seconds("2026-07-11T00:00:00Z") });
  expect(amountsOf(await stripe.invoices.createPreview({ subscription: id }))).toEqual([968]);
  await go("2026-07-02T00:00:00Z");
  const { billed_until, current_period_end } = itemOf(await stripe.subscriptions.retrieve(id));
  expect([billed_until, current_period_end]).toEqual(["2026-07-11", "2026-08-01"].map((day) => seconds(day)));
  await go("2026-07-12T00:00:00Z");
  expect(await invoices()).toEqual([
    ["paid", 3000],
    ["paid", 968],
  ]);
  expect(await balance()).toBe(0);
});

test.each([
  ["taken back", "" as const, 2032],
  ["put off by ten days", seconds("2026-07-21T00:00:00Z"), 968],
])("after such a renewal an end that is %s brings the days that were left out", async (_, cancel_at, rest) => {
  const { stripe, id, go, change } = await startSubscribed();
  await change({ cancel_at: seconds("2026-07-11T00:00:00Z") });
  await go("2026-07-02T00:00:00Z");
  await change({ cancel_at });
  const [item] = (await stripe.invoiceItems.list({ pending: true })).data;
  expect(item).toMatchObject({ amount: rest, proration: true });
  await change({ cancel_at });
  expect((await stripe.invoiceItems.list({ pending: true })).data).toHaveLength(1);
  await go("2026-08-01T02:00:00Z");
  const paid = (await stripe.invoices.list({ subscription: id })).data.map(({ amount_paid }) => amount_paid);
  expect(paid.reduce((sum, amount) => sum + amount, 0)).toBe(
    cancel_at === "" ? 9000 : 3000 + 2 * 968,
  );
}); // prettier-ignore

test("the preview of a subscription that ends shows its last invoice, or that there is none", async () => {
  const { stripe, id, change } = await startSubscribed();
  await change({ cancel_at: JUNE_21 });
  const last = await stripe.invoices.createPreview({ subscription: id });
  expect([last.total, last.amount_due]).toEqual([-1000, 0]);
  await change({ cancel_at_period_end: true });
  const none = await refusal(stripe.invoices.createPreview({ subscription: id }));
  expect(none).toMatchObject({ statusCode: 404, code: "invoice_upcoming_none" });
});

test("a seat that was added meanwhile is given back for the rest too", async () => {
  const { go, subscription, invoices, balance, change } = await startSubscribed();
  await go("2026-06-11T00:00:00Z");
  const items = [{ id: itemOf(subscription).id, quantity: 2 }];
  await change({ items, proration_behavior: "always_invoice", cancel_at: JUNE_21 });
  await go("2026-06-22T00:00:00Z");
  // Paid for ten days of one seat and ten of two: 30.00 of the 50.00.
  expect(await invoices()).toEqual([
    ["paid", 3000],
    ["paid", -2000, 4000],
    ["paid", -2000],
  ]);
  expect(await balance()).toBe(-2000);
});

test.each([
  ["keep_as_draft", "draft"],
  ["void", "void"],
  ["mark_uncollectible", "uncollectible"],
] as const)("while collection is paused (%s) the invoice of a change is %s, and the change is made", async (behavior, status) => {
  const { subscription, invoices, change, go, stripe, id } = await startSubscribed();
  await change({ pause_collection: { behavior } });
  const items = [{ id: itemOf(subscription).id, quantity: 2 }];
  const changed = await change({
    items,
    proration_behavior: "always_invoice",
    payment_behavior: "pending_if_incomplete",
  });
  expect(changed).toMatchObject({ status: "active", pending_update: null });
  expect(itemOf(changed).quantity).toBe(2);
  expect((await invoices()).at(-1)).toEqual([status, -3000, 6000]);
  await go("2026-06-03T00:00:00Z");
  expect((await invoices()).at(-1)?.[0]).toBe(status);
  expect((await stripe.charges.list()).data).toHaveLength(1);
  expect((await stripe.subscriptions.retrieve(id)).status).toBe("active");
}); // prettier-ignore

test("the invoice of a change that was made and not paid is tried again by itself, like a renewal", async () => {
  const { stripe, id, subscription, change, go } = await startSubscribed();
  const failing = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", {
    customer: idOf(subscription.customer),
  });
  await change({ default_payment_method: failing.id });
  const items = [{ id: itemOf(subscription).id, quantity: 2 }];
  const late = await change({ items, proration_behavior: "always_invoice" });
  expect(late.status).toBe("past_due");
  const invoice = idOf(late.latest_invoice);
  expect(await stripe.invoices.retrieve(invoice)).toMatchObject({
    status: "open",
    attempt_count: 1,
    next_payment_attempt: seconds("2026-06-02T00:00:00Z"),
  });
  await go("2026-06-02T00:00:00Z");
  expect((await stripe.invoices.retrieve(invoice)).attempt_count).toBe(2);
  await change({ default_payment_method: "" });
  await go("2026-06-03T00:00:00Z");
  expect(await stripe.invoices.retrieve(invoice)).toMatchObject({ status: "paid", attempt_count: 3 });
  expect((await stripe.subscriptions.retrieve(id)).status).toBe("active");
});
