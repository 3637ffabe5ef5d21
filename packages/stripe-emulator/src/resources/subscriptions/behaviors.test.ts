/** What a payment that does not come through does to a subscription that is created or changed. */
import { expect, test } from "vitest";
import { refusal } from "../../testing/fixture.ts";
import {
  amountsOf,
  customerWith,
  iso,
  itemOf,
  latestInvoice,
  priceAt,
  seconds,
  startAt,
  subscribeTo,
} from "../../testing/subscriptions.ts";

const JUNE = "2026-06-01T00:00:00Z";
const MID_JUNE = "2026-06-16T12:00:00Z";

test.each([
  ["pm_card_visa", "allow_incomplete", "active", "paid"],
  ["pm_card_chargeCustomerFail", "allow_incomplete", "incomplete", "open"],
  ["pm_card_authenticationRequired", "allow_incomplete", "incomplete", "open"],
  ["pm_card_visa", "default_incomplete", "incomplete", "open"],
] as const)(
  "a new subscription with %s and %s is %s, its invoice %s",
  async (card, behavior, status, invoiced) => {
    const { stripe } = await startAt(JUNE);
    const price = await priceAt(stripe, "Team", 1900);
    const subscription = await subscribeTo(stripe, price, { card, payment_behavior: behavior });
    expect(subscription.status).toBe(status);
    expect((await latestInvoice(stripe, subscription)).status).toBe(invoiced);
    const created = await stripe.events.list({ type: "customer.subscription.created" });
    expect(created.data.map((event) => (event.data.object as { status: string }).status)).toEqual([status]);
  },
);

test("error_if_incomplete refuses a declined card with 402 and leaves no subscription", async () => {
  const { stripe } = await startAt(JUNE);
  const price = await priceAt(stripe, "Team", 1900);
  const customer = await customerWith(stripe, "pm_card_chargeCustomerFail");
  const refused = await refusal(
    subscribeTo(stripe, price, { customer, payment_behavior: "error_if_incomplete" }),
  );
  expect(refused).toMatchObject({ statusCode: 402, code: "card_declined" });
  expect((await stripe.subscriptions.list({ status: "all" })).data).toEqual([]);
  expect((await stripe.invoices.list()).data).toEqual([]);
});

test("without any card a subscription that costs something is refused", async () => {
  const { stripe } = await startAt(JUNE);
  const price = await priceAt(stripe, "Team", 1900);
  const { id: customer } = await stripe.customers.create();
  expect(await refusal(subscribeTo(stripe, price, { customer }))).toMatchObject({ code: "resource_missing" });
});

test("an incomplete subscription becomes active when its payment is confirmed with the secret of its invoice", async () => {
  const { stripe } = await startAt(JUNE);
  const price = await priceAt(stripe, "Team", 1900);
  const waiting = await subscribeTo(stripe, price, {
    payment_behavior: "default_incomplete",
    expand: ["latest_invoice.confirmation_secret"],
  });
  const { confirmation_secret: secret } = waiting.latest_invoice as {
    confirmation_secret?: { client_secret: string };
  };
  const intent = secret?.client_secret.split("_secret_")[0] ?? "";
  await stripe.paymentIntents.confirm(intent, { payment_method: "pm_card_visa" });
  expect((await stripe.subscriptions.retrieve(waiting.id)).status).toBe("active");
});

test("a trial begins with a paid invoice of nothing, and the anchor is its end", async () => {
  const { stripe } = await startAt(JUNE);
  const price = await priceAt(stripe, "Team", 1900);
  const trial = await subscribeTo(stripe, price, { trial_period_days: 14 });
  expect(trial).toMatchObject({ status: "trialing", trial_end: seconds("2026-06-15T00:00:00Z") });
  expect(trial.billing_cycle_anchor).toBe(trial.trial_end);
  expect(await latestInvoice(stripe, trial)).toMatchObject({ total: 0, status: "paid" });
  const ended = await stripe.subscriptions.update(trial.id, { trial_end: "now" });
  expect(ended).toMatchObject({ status: "active", billing_cycle_anchor: seconds(JUNE) });
  expect(await latestInvoice(stripe, ended)).toMatchObject({ total: 1900, status: "paid" });
});

test("an anchor on the 15th bills the days until then now, or nothing with none", async () => {
  const { stripe } = await startAt(JUNE);
  const price = await priceAt(stripe, "Team", 3100);
  const anchor = { billing_cycle_anchor_config: { day_of_month: 15 } };
  const short = await subscribeTo(stripe, price, anchor);
  expect(iso(itemOf(short).current_period_end)).toBe("2026-06-15T00:00:00.000Z");
  // 14 of the 31 days from 15 May to 15 June.
  expect((await latestInvoice(stripe, short)).total).toBe(1400);
  const free = await subscribeTo(stripe, price, { ...anchor, proration_behavior: "none" });
  expect(free).toMatchObject({ status: "active", latest_invoice: null });
});

test.each([
  ["allow_incomplete", "past_due"],
  ["default_incomplete", "past_due"],
] as const)(
  "a declined upgrade with %s is made and the subscription %s",
  async (payment_behavior, status) => {
    const { stripe, pro, begun } = await withFailingCard();
    const after = await stripe.subscriptions.update(begun.id, {
      items: [{ id: itemOf(begun).id, price: pro }],
      proration_behavior: "always_invoice",
      payment_behavior,
    });
    expect((await stripe.subscriptions.retrieve(after.id)).status).toBe(status);
    expect(itemOf(after).price.id).toBe(pro);
  },
);

test("a declined upgrade with error_if_incomplete is refused and changes nothing", async () => {
  const { stripe, pro, begun } = await withFailingCard();
  const change = stripe.subscriptions.update(begun.id, {
    items: [{ id: itemOf(begun).id, price: pro }],
    proration_behavior: "always_invoice",
    payment_behavior: "error_if_incomplete",
  });
  expect(await refusal(change)).toMatchObject({ statusCode: 402, code: "card_declined" });
  const now = await stripe.subscriptions.retrieve(begun.id);
  expect([itemOf(now).price.id, now.latest_invoice]).toEqual([itemOf(begun).price.id, begun.latest_invoice]);
  expect((await stripe.invoiceItems.list()).data).toEqual([]);
});

test("a declined upgrade with pending_if_incomplete waits; paying its invoice makes it", async () => {
  const { stripe, pro, begun } = await withFailingCard();
  const waiting = await upgradeIfPaid(stripe, begun.id, itemOf(begun).id, pro);
  expect(waiting.status).toBe("active");
  expect(itemOf(waiting).price.id).toBe(itemOf(begun).price.id);
  expect(waiting.pending_update?.expires_at).toBe(seconds(MID_JUNE) + 23 * 3600);
  expect(waiting.pending_update?.subscription_items?.[0]?.price.id).toBe(pro);
  const invoice = await latestInvoice(stripe, waiting);
  expect(invoice).toMatchObject({ status: "open", amount_due: 1450 });
  await stripe.invoices.pay(invoice.id, { payment_method: "pm_card_visa" });
  const made = await stripe.subscriptions.retrieve(begun.id);
  expect([itemOf(made).price.id, made.pending_update]).toEqual([pro, null]);
  expect(
    (await stripe.events.list({ type: "customer.subscription.pending_update_applied" })).data,
  ).toHaveLength(1);
});

test.each([
  ["updated_only", 0],
  ["expired_too", 1],
] as const)(
  "voiding the invoice of a pending update forgets it (%s)",
  async (ownVoidOfPendingUpdate, expired) => {
    const { stripe, pro, begun } = await withFailingCard({ ownVoidOfPendingUpdate });
    const waiting = await upgradeIfPaid(stripe, begun.id, itemOf(begun).id, pro);
    await stripe.invoices.voidInvoice(waiting.latest_invoice as string);
    const after = await stripe.subscriptions.retrieve(begun.id);
    expect([after.pending_update, itemOf(after).price.id]).toEqual([null, itemOf(begun).price.id]);
    const told = await stripe.events.list({ type: "customer.subscription.pending_update_expired" });
    expect(told.data).toHaveLength(expired);
    const next = await stripe.invoices.createPreview({
      subscription: begun.id,
      subscription_details: {
        items: [{ id: itemOf(begun).id, price: pro }],
        proration_behavior: "always_invoice",
      },
    });
    expect(amountsOf(next)).toEqual([-967, 2417]);
  },
);

test("a pending update allows only what Stripe lists, and a paid one is made at once", async () => {
  const { stripe, pro, begun } = await withFailingCard();
  const refused = stripe.subscriptions.update(begun.id, {
    items: [{ id: itemOf(begun).id, price: pro }],
    description: "new",
    payment_behavior: "pending_if_incomplete",
  });
  expect((await refusal(refused)).param).toBe("description");
  const other = await subscribeTo(stripe, itemOf(begun).price.id);
  const made = await upgradeIfPaid(stripe, other.id, itemOf(other).id, pro);
  expect([itemOf(made).price.id, made.pending_update]).toEqual([pro, null]);
});

test.each([
  ["refused", false],
  ["accepted", true],
] as const)(
  "an item without an id is added; the same price again is %s",
  async (samePriceTwice, isAccepted) => {
    const { stripe } = await startAt(JUNE, { assumptions: { samePriceTwice } });
    const [team, extra] = [await priceAt(stripe, "Team", 1000), await priceAt(stripe, "Extra", 500)];
    const begun = await subscribeTo(stripe, team);
    const two = await stripe.subscriptions.update(begun.id, { items: [{ price: extra }] });
    expect(two.items.data).toHaveLength(2);
    const again = stripe.subscriptions.update(begun.id, { items: [{ price: team }] });
    if (isAccepted) expect((await again).items.data).toHaveLength(3);
    else expect((await refusal(again)).param).toBe("items");
    const week = await priceAt(stripe, "Weekly", 100, "week");
    expect(
      (await refusal(stripe.subscriptions.update(begun.id, { items: [{ price: week }] }))).message,
    ).toContain("multiples");
  },
);

test.each([
  ["kept", 5],
  ["one", 1],
] as const)("a new price without a quantity: %s", async (quantityOfNewPrice, quantity) => {
  const { stripe } = await startAt(JUNE, { assumptions: { quantityOfNewPrice } });
  const [team, pro] = [await priceAt(stripe, "Team", 1000), await priceAt(stripe, "Pro", 2000)];
  const begun = await subscribeTo(stripe, team, { items: [{ price: team, quantity: 5 }] });
  const after = await stripe.subscriptions.update(begun.id, {
    items: [{ id: itemOf(begun).id, price: pro }],
  });
  expect(itemOf(after).quantity).toBe(quantity);
});

test("a cancellation is agreed on and taken back; both parameters at once are refused", async () => {
  const { stripe } = await startAt(JUNE);
  const begun = await subscribeTo(stripe, await priceAt(stripe, "Team", 1000));
  const end = itemOf(begun).current_period_end;
  const ending = await stripe.subscriptions.update(begun.id, { cancel_at_period_end: true });
  expect(ending).toMatchObject({ status: "active", cancel_at: end, canceled_at: seconds(JUNE) });
  expect((await refusal(stripe.invoices.createPreview({ subscription: begun.id }))).code).toBe(
    "invoice_upcoming_none",
  );
  const both = stripe.subscriptions.update(begun.id, { cancel_at_period_end: true, cancel_at: end });
  expect((await refusal(both)).param).toBe("cancel_at");
  const kept = await stripe.subscriptions.update(begun.id, { cancel_at_period_end: false });
  expect(kept).toMatchObject({ cancel_at: null, cancel_at_period_end: false, canceled_at: null });
  const named = await stripe.subscriptions.update(begun.id, { cancel_at: "min_period_end" });
  expect(named).toMatchObject({ cancel_at: end, cancel_at_period_end: false });
});

test("canceling with prorate and invoice_now turns the unused time into credit", async () => {
  const { stripe, moveTo } = await startAt(JUNE);
  const begun = await subscribeTo(stripe, await priceAt(stripe, "Team", 3000));
  moveTo("2026-06-21T00:00:00Z");
  const gone = await stripe.subscriptions.cancel(begun.id, { prorate: true, invoice_now: true });
  expect(gone.status).toBe("canceled");
  expect(amountsOf(await latestInvoice(stripe, gone))).toEqual([-1000]);
  expect(await stripe.customers.retrieve(begun.customer as string)).toMatchObject({ balance: -1000 });
});

test("a paused subscription is resumed with a new period that is billed at once", async () => {
  const { stripe, moveTo } = await startAt(JUNE);
  const begun = await subscribeTo(stripe, await priceAt(stripe, "Team", 3000));
  expect((await refusal(stripe.subscriptions.resume(begun.id))).message).toContain("Only paused");
  expect(await stripe.subscriptions.pause(begun.id, { type: "subscription" })).toMatchObject({
    status: "paused",
  });
  moveTo("2026-08-10T00:00:00Z");
  const running = await stripe.subscriptions.resume(begun.id);
  expect(running).toMatchObject({ status: "active", billing_cycle_anchor: seconds("2026-08-10T00:00:00Z") });
  expect(await latestInvoice(stripe, running)).toMatchObject({ total: 3000, status: "paid" });
});

test("a pending update that nobody pays in 23 hours expires with its invoice", async () => {
  const { stripe, emulator, moveTo } = await startAt(JUNE);
  const [basic, pro] = [await priceAt(stripe, "Basic", 2000), await priceAt(stripe, "Pro", 5000)];
  const begun = await subscribeTo(stripe, basic);
  const customer = begun.customer as string;
  const failing = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
  await stripe.subscriptions.update(begun.id, { default_payment_method: failing.id });
  moveTo(MID_JUNE);
  const waiting = await upgradeIfPaid(stripe, begun.id, itemOf(begun).id, pro);
  moveTo("2026-06-17T11:00:00Z");
  await emulator.catchUp();
  expect(await stripe.subscriptions.retrieve(begun.id)).toMatchObject({
    status: "active",
    pending_update: null,
  });
  expect((await stripe.invoices.retrieve(waiting.latest_invoice as string)).status).toBe("void");
  const told = await stripe.events.list({ type: "customer.subscription.pending_update_expired" });
  expect(told.data).toHaveLength(1);
});

async function withFailingCard(assumptions = {}) {
  const { stripe, moveTo } = await startAt(JUNE, { assumptions });
  const [basic, pro] = [await priceAt(stripe, "Basic", 2000), await priceAt(stripe, "Pro", 5000)];
  const begun = await subscribeTo(stripe, basic);
  const customer = begun.customer as string;
  const failing = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
  await stripe.subscriptions.update(begun.id, { default_payment_method: failing.id });
  moveTo(MID_JUNE);
  return { stripe, pro, begun };
}

function upgradeIfPaid(
  stripe: Awaited<ReturnType<typeof startAt>>["stripe"],
  subscription: string,
  item: string,
  price: string,
) {
  return stripe.subscriptions.update(subscription, {
    items: [{ id: item, price }],
    proration_behavior: "always_invoice",
    payment_behavior: "pending_if_incomplete",
  });
}
