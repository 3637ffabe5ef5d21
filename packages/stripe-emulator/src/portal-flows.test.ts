import type Stripe from "stripe";
import { expect, test } from "vitest";
import type { AccountOptions } from "./index.ts";
import {
  createCatalogue,
  GOOD_CARD,
  openPage,
  payCheckout,
  refusal,
  startFixture,
  submitPage,
} from "./testing/fixture.ts";

type Features = Stripe.BillingPortal.ConfigurationCreateParams.Features;
type FlowData = Stripe.BillingPortal.SessionCreateParams.FlowData;
type AfterCompletion = Stripe.BillingPortal.SessionCreateParams.FlowData.AfterCompletion;

const ON = { enabled: true };

async function subscribed(account: AccountOptions = {}, now?: () => number) {
  const fixture = await startFixture({ account, ...(now && { now }) });
  const { stripe } = fixture;
  const { team } = await createCatalogue(stripe);
  const business = await stripe.prices.create({
    product_data: { name: "Business" },
    currency: "eur",
    unit_amount: 4900,
    recurring: { interval: "month" },
    tax_behavior: "exclusive",
  });
  const customer = await stripe.customers.create({ email: "ada@example.com", name: "Acme" });
  const checkout = await stripe.checkout.sessions.create({
    mode: "subscription",
    customer: customer.id,
    line_items: [{ price: team.id, quantity: 2 }],
    success_url: "http://localhost/",
  });
  await payCheckout(checkout);
  const [subscription] = (await stripe.subscriptions.list({ customer: customer.id })).data;
  if (subscription === undefined) throw new Error("the checkout made no subscription");
  const [item] = subscription.items.data;
  const everything: Features = {
    customer_update: { enabled: true, allowed_updates: ["name", "email", "address", "tax_id"] },
    invoice_history: ON,
    payment_method_update: ON,
    subscription_cancel: {
      enabled: true,
      cancellation_reason: { enabled: true, options: ["unused", "other"] },
    },
    subscription_pause: ON,
    subscription_update: {
      enabled: true,
      default_allowed_updates: ["price", "quantity"],
      products: [
        { product: team.product as string, prices: [team.id] },
        { product: business.product as string, prices: [business.id] },
      ],
      proration_behavior: "always_invoice",
    },
  };
  const open = async (flow_data?: FlowData, changes: Features = {}) => {
    const { id } = await stripe.billingPortal.configurations.create({
      features: { ...everything, ...changes },
    });
    return stripe.billingPortal.sessions.create({
      customer: customer.id,
      configuration: id,
      return_url: "http://localhost/billing",
      ...(flow_data && { flow_data }),
    });
  };
  const now_ = () => stripe.subscriptions.retrieve(subscription.id);
  return { ...fixture, team, business, customer, subscription, item, open, subscriptionNow: now_ };
}

const canceling = (subscription: string, after?: AfterCompletion): FlowData => ({
  type: "subscription_cancel",
  subscription_cancel: { subscription },
  ...(after && { after_completion: after }),
});

test("a plan is canceled at its period's end with the reason, and kept again", async () => {
  const { open, subscription, subscriptionNow } = await subscribed();
  const portal = await open();
  const at = `${portal.url}/subscriptions/${subscription.id}`;
  expect((await openPage(portal.url)).text).toContain("Cancel plan");
  expect((await openPage(`${at}/cancel`)).text).toContain("I do not use it enough");
  await submitPage(`${at}/cancel`, { feedback: "unused", comment: "bye" });
  const canceled = await subscriptionNow();
  expect(canceled).toMatchObject({
    status: "active",
    cancel_at: canceled.items.data[0]?.current_period_end,
    cancel_at_period_end: false,
    cancellation_details: { reason: "cancellation_requested", feedback: "unused", comment: "bye" },
  });
  const home = await openPage(portal.url);
  expect(home.text).toContain("Keep plan");
  expect(home.text).toContain("Ends on");
  await submitPage(`${at}/renew`, {});
  expect(await subscriptionNow()).toMatchObject({ cancel_at: null, canceled_at: null });
});

test("a configuration that says so ends the plan at once", async () => {
  const { open, subscription, subscriptionNow } = await subscribed();
  const portal = await open(canceling(subscription.id), {
    subscription_cancel: { enabled: true, mode: "immediately" },
  });
  expect((await openPage(portal.url)).text).toContain("It ends now");
  await submitPage(`${portal.url}/subscriptions/${subscription.id}/cancel`, {});
  expect((await subscriptionNow()).status).toBe("canceled");
  expect((await openPage(portal.url)).text).toContain("cannot be changed here any more");
});

test.each<[AfterCompletion | undefined, RegExp]>([
  [{ type: "redirect", redirect: { return_url: "http://localhost/gone" } }, /^http:\/\/localhost\/gone$/],
  [undefined, /\?home=1&done=/],
])("after its work a deep link goes where %o says", async (after, expected) => {
  const { open, subscription } = await subscribed();
  const portal = await open(canceling(subscription.id, after));
  const done = await submitPage(`${portal.url}/subscriptions/${subscription.id}/cancel`, {});
  expect(done.location).toMatch(expected);
});

test("a deep link may end with a confirmation of the caller's words", async () => {
  const { open, subscription } = await subscribed();
  const hosted_confirmation = { custom_message: "We are sorry to see you go." };
  const portal = await open(canceling(subscription.id, { type: "hosted_confirmation", hosted_confirmation }));
  expect(portal.flow?.after_completion).toMatchObject({ type: "hosted_confirmation", hosted_confirmation });
  const done = await submitPage(`${portal.url}/subscriptions/${subscription.id}/cancel`, {});
  expect(done.text).toContain("We are sorry to see you go.");
});

test("deep links are refused in Stripe's words when the portal could not do what they ask", async () => {
  const { open, subscription, item, business, team, stripe } = await subscribed();
  const confirming = (change: object): FlowData => ({
    type: "subscription_update_confirm",
    subscription_update_confirm: {
      subscription: subscription.id,
      items: [{ id: item?.id ?? "", ...change }],
    },
  });
  const refused = async (flow: FlowData, changes?: Features) => (await refusal(open(flow, changes))).message;
  const same = { price: team.id, quantity: 2 };
  expect(await refused(confirming(same))).toBe(
    "Cannot update the subscription because there are no changes to confirm.",
  );
  expect(await refused(confirming({ quantity: 3 }), { subscription_update: { enabled: false } })).toBe(
    "This subscription cannot be updated because the subscription update feature in the portal configuration is disabled.",
  );
  expect(await refused(confirming({ quantity: 0 }))).toContain("at least 1");
  const foreign = await stripe.prices.create({
    product_data: { name: "Else" },
    currency: "eur",
    unit_amount: 100,
    recurring: { interval: "month" },
  });
  expect(await refused(confirming({ price: foreign.id }))).toContain("not among the products");
  expect((await open(confirming({ price: business.id }))).flow?.type).toBe("subscription_update_confirm");
  expect(await refused(canceling("sub_nobody"))).toContain("No such subscription");
  expect(await refused(canceling(subscription.id), { subscription_cancel: { enabled: false } })).toContain(
    "disabled",
  );
  const portal = await open(canceling(subscription.id));
  await submitPage(`${portal.url}/subscriptions/${subscription.id}/cancel`, {});
  expect(await refused(canceling(subscription.id))).toContain("already set to be canceled");
});

test("name, email and address are changed as far as the configuration allows", async () => {
  const { open, customer, stripe } = await subscribed();
  const portal = await open({ type: "customer_update" });
  const typed = {
    business_name: "Acme GmbH",
    email: "billing@acme.example",
    line1: "Hauptstraße 1",
    city: "Berlin",
    postal_code: "10115",
    country: "DE",
  };
  const wrong = await submitPage(`${portal.url}/details`, { ...typed, email: "nobody" });
  expect(wrong.text).toContain("Enter an email address.");
  await submitPage(`${portal.url}/details`, typed);
  const read = async () => (await stripe.customers.retrieve(customer.id)) as Stripe.Customer;
  expect(await read()).toMatchObject({
    name: "Acme GmbH",
    email: "billing@acme.example",
    address: { line1: "Hauptstraße 1", city: "Berlin" },
  });
  const narrow = await open(undefined, { customer_update: { enabled: true, allowed_updates: ["email"] } });
  await submitPage(`${narrow.url}/details`, { ...typed, business_name: "Other", email: "a@acme.example" });
  expect(await read()).toMatchObject({ name: "Acme GmbH", email: "a@acme.example" });
});

test("a tax id is added and removed; one of the wrong form is refused beside its field", async () => {
  const { open, customer, stripe } = await subscribed();
  const portal = await open();
  const add = (tax_id_value: string) =>
    submitPage(`${portal.url}/tax-ids`, { tax_id_type: "eu_vat", tax_id_value });
  expect((await add("12")).text).toContain("Invalid value for eu_vat.");
  await add("DE123456789");
  const ids = async () => (await stripe.customers.listTaxIds(customer.id)).data;
  const [taxId] = await ids();
  expect(taxId?.value).toBe("DE123456789");
  await submitPage(`${portal.url}/tax-ids/remove`, { tax_id: taxId?.id ?? "" });
  expect(await ids()).toEqual([]);
});

test("a subscription of somebody else cannot be reached through the portal", async () => {
  const { open, stripe, team } = await subscribed();
  const other = await stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: team.id, quantity: 1 }],
    success_url: "http://localhost/",
  });
  await payCheckout(other);
  const theirs = (await stripe.checkout.sessions.retrieve(other.id)).subscription as string;
  const portal = await open();
  const tried = await submitPage(`${portal.url}/subscriptions/${theirs}/cancel`, {});
  expect(tried.status).toBe(400);
  expect((await stripe.subscriptions.retrieve(theirs)).cancel_at).toBeNull();
});

test("what the configuration turns off is refused though the address is known", async () => {
  const { open, subscription, subscriptionNow, customer, stripe } = await subscribed();
  const off = { enabled: false };
  const portal = await open(undefined, {
    subscription_cancel: off,
    subscription_update: off,
    payment_method_update: off,
  });
  expect((await openPage(portal.url)).text).not.toContain("Cancel plan");
  await submitPage(`${portal.url}/subscriptions/${subscription.id}/cancel`, {});
  expect((await subscriptionNow()).cancel_at).toBeNull();
  await submitPage(`${portal.url}/card`, { ...GOOD_CARD, number: "5555555555554444" });
  expect((await stripe.customers.listPaymentMethods(customer.id)).data).toHaveLength(1);
});

test.each([
  ["one_hour", 200],
  ["five_minutes_unopened", 410],
] as const)(
  "read as %s, an address first opened after six minutes answers %i",
  async (portalLife, status) => {
    let now = Date.UTC(2026, 0, 1);
    const { open } = await subscribed({ assumptions: { portalLife } }, () => now);
    const [early, late] = [await open(), await open()];
    expect((await openPage(early.url)).status).toBe(200);
    now += 6 * 60_000;
    expect((await openPage(early.url)).status).toBe(200);
    expect((await openPage(late.url)).status).toBe(status);
  },
);

const confirming = (subscription: string, item: string, change: object): FlowData => ({
  type: "subscription_update_confirm",
  subscription_update_confirm: { subscription, items: [{ id: item, ...change }] },
  after_completion: { type: "redirect", redirect: { return_url: "http://localhost/changed" } },
});

/** What the page's form sends, as a browser would. */
function sent(text: string): Record<string, string> {
  const inputs = [...text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
  return Object.fromEntries(inputs.map(([, name = "", value = ""]) => [name, value]));
}

test("a confirmed change takes the sum that was shown, and goes where the link said", async () => {
  const { open, subscription, item, business, subscriptionNow, stripe } = await subscribed();
  const portal = await open(confirming(subscription.id, item?.id ?? "", { price: business.id, quantity: 2 }));
  const page = await openPage(portal.url);
  expect(page.text).toContain("Confirm and pay €60.00");
  const done = await submitPage(`${portal.url}/subscriptions/${subscription.id}/confirm`, sent(page.text));
  expect(done.location).toBe("http://localhost/changed");
  const changed = await subscriptionNow();
  expect(changed.items.data[0]).toMatchObject({ price: { id: business.id }, quantity: 2 });
  const [invoice] = (await stripe.invoices.list()).data;
  expect(invoice).toMatchObject({ status: "paid", amount_paid: 6000, billing_reason: "subscription_update" });
});

test.each([
  ["changes_nothing", "active", 2],
  ["applies_past_due", "past_due", 4],
] as const)(
  "read as %s, a declined change leaves the plan %s with %i",
  async (portalDecline, status, quantity) => {
    const { emulator, open, subscription, item, subscriptionNow } = await subscribed({
      assumptions: { portalDecline },
    });
    const portal = await open(confirming(subscription.id, item?.id ?? "", { quantity: 4 }));
    const page = await openPage(portal.url);
    emulator.faults.add({ kind: "card_decline", last4: "4242" });
    const done = await submitPage(`${portal.url}/subscriptions/${subscription.id}/confirm`, sent(page.text));
    if (status === "active") expect(done.text).toContain("Your card was declined.");
    const after = await subscriptionNow();
    expect([after.status, after.items.data[0]?.quantity]).toEqual([status, quantity]);
  },
);

test.each([
  ["survives", true],
  ["cleared", false],
] as const)(
  "read as %s, whether a pending cancellation is left after a change is %s",
  async (reading, isLeft) => {
    const { open, subscription, item, subscriptionNow } = await subscribed({
      assumptions: { portalPendingCancellation: reading },
    });
    const portal = await open(confirming(subscription.id, item?.id ?? "", { quantity: 3 }));
    const page = await openPage(portal.url);
    const at = `${portal.url}/subscriptions/${subscription.id}`;
    await submitPage(`${at}/cancel`, {});
    await submitPage(`${at}/confirm`, sent(page.text));
    const after = await subscriptionNow();
    expect(after.items.data[0]?.quantity).toBe(3);
    expect(after.cancel_at !== null).toBe(isLeft);
  },
);

test("the pausing flow pauses the plan once, and not when the configuration turns it off", async () => {
  const { open, stripe, subscription, subscriptionNow } = await subscribed();
  const pausing = { type: "subscription_pause", subscription_pause: { subscription: subscription.id } } as FlowData;
  const off = await refusal(open(pausing, { subscription_pause: { enabled: false } }));
  expect(off.message).toContain("disabled");
  const portal = await open(pausing);
  expect((await openPage(portal.url)).text).toContain("Pause");
  const done = await submitPage(`${portal.url}/subscriptions/${subscription.id}/pause`, {});
  expect(done.status).toBeLessThan(400);
  expect((await subscriptionNow()).status).toBe("paused");
  await submitPage(`${portal.url}/subscriptions/${subscription.id}/pause`, {});
  expect((await stripe.events.list({ type: "customer.subscription.paused" })).data).toHaveLength(1);
}); // prettier-ignore

test("a plan with a schedule is not changed by the confirm flow, and is when the schedule is released", async () => {
  const { open, stripe, subscription, item, business, subscriptionNow } = await subscribed();
  const confirming: FlowData = {
    type: "subscription_update_confirm",
    subscription_update_confirm: {
      subscription: subscription.id,
      items: [{ id: item?.id ?? "", price: business.id, quantity: 2 }],
    },
  };
  const early = await open(confirming);
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
  expect((await refusal(open(confirming))).message).toContain("schedule");
  const press = () =>
    submitPage(`${early.url}/subscriptions/${subscription.id}/confirm`, {
      price: business.id,
      quantity: "2",
    });
  expect((await press()).status).toBe(400);
  expect((await subscriptionNow()).items.data[0]?.price.id).not.toBe(business.id);
  await stripe.subscriptionSchedules.release(schedule.id);
  expect((await open(confirming)).flow?.type).toBe("subscription_update_confirm");
});

test("a plan that ends at once in the portal gives the unused time back only where the configuration says so", async () => {
  const credits: number[] = [];
  for (const proration_behavior of ["none", "create_prorations"] as const) {
    const start = Date.UTC(2026, 5, 1);
    let now = start;
    const { open, stripe, subscription, subscriptionNow } = await subscribed({}, () => now);
    now = Date.UTC(2026, 5, 16);
    const portal = await open(undefined, {
      subscription_cancel: { enabled: true, mode: "immediately", proration_behavior },
    });
    await submitPage(`${portal.url}/subscriptions/${subscription.id}/cancel`, {});
    expect((await subscriptionNow()).status).toBe("canceled");
    const pending = (await stripe.invoiceItems.list({ pending: true })).data;
    credits.push(pending.reduce((sum, { amount }) => sum + amount, 0));
  }
  expect(credits).toEqual([0, -1900]);
});
