/** Tax rates of the seller's own, wherever they may be named, in place of automatic tax. */
import type Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { createCatalogue, openPage, payCheckout, refusal, startFixture } from "../testing/fixture.ts";
import { customerWith, itemOf, latestInvoice, startAt, subscribeTo } from "../testing/subscriptions.ts";

async function startTaxed(inclusive: boolean) {
  const { stripe } = await startFixture();
  const catalogue = await createCatalogue(stripe);
  const rate = await stripe.taxRates.create({ display_name: "Sales tax", percentage: 10, inclusive });
  const customer = await customerWith(stripe);
  await stripe.customers.update(customer, { address: { country: "DE" } });
  return { stripe, ...catalogue, rate: rate.id, customer };
}

type World = Awaited<ReturnType<typeof startTaxed>>;

async function paidInvoice(stripe: Stripe, session: Stripe.Checkout.Session): Promise<Stripe.Invoice> {
  await payCheckout(session);
  const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ["invoice"] });
  return paid.invoice as Stripe.Invoice;
}

const MONTH: Record<string, (world: World) => Promise<Stripe.Invoice>> = {
  "the default of a subscription": async ({ stripe, team, customer, rate }) => {
    const subscription = await subscribeTo(stripe, team.id, { customer, default_tax_rates: [rate] });
    expect(subscription.default_tax_rates?.map(({ id }) => id)).toEqual([rate]);
    return latestInvoice(stripe, subscription);
  },
  "an item of a subscription": async ({ stripe, team, customer, rate }) => {
    const items = [{ price: team.id, tax_rates: [rate] }];
    const subscription = await stripe.subscriptions.create({ customer, items });
    expect(itemOf(subscription).tax_rates?.map(({ id }) => id)).toEqual([rate]);
    return latestInvoice(stripe, subscription);
  },
  "the default of an invoice by hand": async ({ stripe, customer, rate }) => {
    const draft = await stripe.invoices.create({ customer, default_tax_rates: [rate] });
    expect(draft.default_tax_rates.map(({ id }) => id)).toEqual([rate]);
    await stripe.invoiceItems.create({ customer, invoice: draft.id, amount: 1900, currency: "eur" });
    return stripe.invoices.pay(draft.id);
  },
  "a default that a draft gets later": async ({ stripe, customer, rate }) => {
    const draft = await stripe.invoices.create({ customer });
    await stripe.invoiceItems.create({ customer, invoice: draft.id, amount: 1900, currency: "eur" });
    await stripe.invoices.update(draft.id, { default_tax_rates: [rate] });
    return stripe.invoices.pay(draft.id);
  },
  "an invoice item": async ({ stripe, customer, rate }) => {
    const item = await stripe.invoiceItems.create({
      customer,
      amount: 1900,
      currency: "eur",
      tax_rates: [rate],
    });
    expect(item.tax_rates?.map(({ id }) => id)).toEqual([rate]);
    const draft = await stripe.invoices.create({ customer, pending_invoice_items_behavior: "include" });
    return stripe.invoices.pay(draft.id);
  },
  "a line of a checkout": async ({ stripe, team, rate }) => {
    const session = await stripe.checkout.sessions.create({
      mode: "subscription",
      line_items: [{ price: team.id, quantity: 1, tax_rates: [rate] }],
      success_url: "http://localhost/",
    });
    const page = (await openPage(session.url ?? "")).text;
    expect(page).toContain(session.amount_total === 2090 ? "€20.90" : "VAT (10 %), included");
    return paidInvoice(stripe, session);
  },
  "the default of a subscription that a checkout begins": async ({ stripe, team, rate }) => {
    const session = await stripe.checkout.sessions.create({
      mode: "subscription",
      line_items: [{ price: team.id, quantity: 1 }],
      subscription_data: { default_tax_rates: [rate] },
      success_url: "http://localhost/",
    });
    return paidInvoice(stripe, session);
  },
};

describe.each(Object.entries(MONTH))("a tax rate of one's own as %s", (_, bill) => {
  test.each([
    ["is added when it is exclusive", false, 2090, 190],
    // 19.00 with 10 % in it: 17.27 and 1.73.
    ["is in the price when it is inclusive", true, 1900, 173],
  ])("%s", async (_name, inclusive, total, tax) => {
    const world = await startTaxed(inclusive);
    const invoice = await bill(world);
    expect(invoice).toMatchObject({ status: "paid", total, amount_paid: total });
    expect(invoice.total_excluding_tax).toBe(total - tax);
    expect(invoice.total_taxes).toMatchObject([
      { amount: tax, tax_rate_details: { tax_rate: world.rate }, taxable_amount: total - tax },
    ]);
    expect((await openPage(invoice.hosted_invoice_url ?? "")).text).toContain("Sales tax 10 %");
  });
});

test("prorations are taxed line by line, credits too, and the renewal is as the first month", async () => {
  const { stripe, emulator, moveTo } = await startAt("2026-06-01T00:00:00Z");
  const { team } = await createCatalogue(stripe);
  const rate = await stripe.taxRates.create({ display_name: "VAT", percentage: 20, inclusive: false });
  const subscription = await subscribeTo(stripe, team.id, { default_tax_rates: [rate.id] });
  moveTo("2026-06-16T00:00:00Z");
  const items = [{ id: itemOf(subscription).id, quantity: 2 }];
  const given = { items, proration_behavior: "always_invoice" as const };
  const preview = await stripe.invoices.createPreview({
    subscription: subscription.id,
    subscription_details: given,
  });
  const changed = await stripe.subscriptions.update(subscription.id, given);
  const invoice = await latestInvoice(stripe, changed);
  const taxes = invoice.lines.data.map(({ amount, taxes }) => [amount, taxes?.[0]?.amount]);
  expect(taxes).toEqual([
    [-950, -190],
    [1900, 380],
  ]);
  expect([preview.amount_due, invoice.amount_paid]).toEqual([1140, 1140]);
  moveTo("2026-07-01T02:00:00Z");
  await emulator.catchUp();
  const [renewal] = (await stripe.invoices.list({ subscription: subscription.id })).data;
  expect(renewal).toMatchObject({ total: 4560, status: "paid" });
});

test("the rates of an item go before the default, and an empty string clears either", async () => {
  const { stripe, team, customer, rate } = await startTaxed(false);
  const high = await stripe.taxRates.create({ display_name: "High", percentage: 50, inclusive: false });
  const subscription = await stripe.subscriptions.create({
    customer,
    items: [{ price: team.id, tax_rates: [high.id] }],
    default_tax_rates: [rate],
  });
  expect((await latestInvoice(stripe, subscription)).total).toBe(2850);
  const { id } = itemOf(subscription);
  const byDefault = await stripe.subscriptions.update(subscription.id, { items: [{ id, tax_rates: "" }] });
  expect((await stripe.invoices.createPreview({ subscription: byDefault.id })).total).toBe(2090);
  await stripe.subscriptions.update(subscription.id, { default_tax_rates: "" });
  expect((await stripe.invoices.createPreview({ subscription: subscription.id })).total).toBe(1900);
});

const REFUSED: Record<string, [string, (world: World) => Promise<unknown>]> = {
  "a subscription's default with automatic tax": [
    "default_tax_rates",
    ({ stripe, team, customer, rate }) =>
      subscribeTo(stripe, team.id, { customer, default_tax_rates: [rate], automatic_tax: { enabled: true } }),
  ],
  "an invoice's default with automatic tax": [
    "default_tax_rates",
    ({ stripe, customer, rate }) =>
      stripe.invoices.create({ customer, default_tax_rates: [rate], automatic_tax: { enabled: true } }),
  ],
  "a checkout line with automatic tax": [
    "line_items[0][tax_rates]",
    ({ stripe, team, rate }) =>
      stripe.checkout.sessions.create({
        mode: "subscription",
        line_items: [{ price: team.id, quantity: 1, tax_rates: [rate] }],
        automatic_tax: { enabled: true },
        success_url: "http://localhost/",
      }),
  ],
  "automatic tax for a subscription with rates": [
    "default_tax_rates",
    async ({ stripe, team, customer, rate }) => {
      const { id } = await subscribeTo(stripe, team.id, { customer, default_tax_rates: [rate] });
      return stripe.subscriptions.update(id, { automatic_tax: { enabled: true } });
    },
  ],
  "two rates on a line": [
    "tax_rates",
    ({ stripe, customer, rate }) =>
      stripe.invoiceItems.create({ customer, amount: 100, currency: "eur", tax_rates: [rate, rate] }),
  ],
  "a rate that is not there": [
    "items[0][tax_rates]",
    ({ stripe, team, customer }) =>
      stripe.subscriptions.create({ customer, items: [{ price: team.id, tax_rates: ["txr_none"] }] }),
  ],
  "a rate of an item in a schedule's phase": [
    "phases[0][items][0][tax_rates]",
    ({ stripe, team, customer, rate }) =>
      stripe.subscriptionSchedules.create({
        customer,
        start_date: "now",
        phases: [{ items: [{ price: team.id, tax_rates: [rate] }] }],
      }),
  ],
};

test.each(Object.entries(REFUSED))("%s is refused", async (_, [param, call]) => {
  const world = await startTaxed(false);
  expect(await refusal(call(world))).toMatchObject({ statusCode: 400, param });
});
