/** What somebody careless or ill-meaning sends: other people's ids, sums beyond all bounds, the same thing twice. */
import type Stripe from "stripe";
import { expect, test } from "vitest";
import { createCatalogue, idOf, openPage, refusal, startFixture } from "./testing/fixture.ts";
import { customerWith, itemOf, subscribeTo } from "./testing/subscriptions.ts";

async function startShop() {
  const { stripe, emulator } = await startFixture();
  const { team, pack } = await createCatalogue(stripe);
  const [ada, bob] = [await customerWith(stripe), await customerWith(stripe)];
  const [ofAda, ofBob] = [
    await subscribeTo(stripe, team.id, { customer: ada }),
    await subscribeTo(stripe, team.id, { customer: bob }),
  ];
  const [card] = (await stripe.customers.listPaymentMethods(bob)).data;
  return { stripe, emulator, team, pack, ada, bob, ofAda, ofBob, cardOfBob: card?.id ?? "" };
}

type Shop = Awaited<ReturnType<typeof startShop>>;
type Call = (shop: Shop) => Promise<unknown>;

const FAR = Number.MAX_SAFE_INTEGER;

const priced = async ({ stripe, team }: Shop, amount: Partial<Stripe.PriceCreateParams>) =>
  stripe.prices.create({
    product: idOf(team.product),
    currency: "eur",
    recurring: { interval: "month" },
    ...amount,
  });

const item = ({ stripe, ada }: Shop, more: Partial<Stripe.InvoiceItemCreateParams>) =>
  stripe.invoiceItems.create({ customer: ada, amount: 500, currency: "eur", ...more });

const REFUSED: [string, string | undefined, Call][] = [
  ["an invoice for another's subscription", "subscription", ({ stripe, ada, ofBob }) => stripe.invoices.create({ customer: ada, subscription: ofBob.id })],
  ["a preview of another's subscription", "subscription", ({ stripe, ada, ofBob }) => stripe.invoices.createPreview({ customer: ada, subscription: ofBob.id })],
  ["an item for another's subscription", "subscription", (shop) => item(shop, { subscription: shop.ofBob.id })],
  ["an item on another's invoice", "invoice", async (shop) => item(shop, { invoice: (await shop.stripe.invoices.create({ customer: shop.bob })).id ?? "" })],
  ["another's card for a subscription", "default_payment_method", ({ stripe, ofAda, cardOfBob }) => stripe.subscriptions.update(ofAda.id, { default_payment_method: cardOfBob })],
  ["another's card as one's default", "invoice_settings[default_payment_method]", ({ stripe, ada, cardOfBob }) => stripe.customers.update(ada, { invoice_settings: { default_payment_method: cardOfBob } })],
  ["another's card for a payment", "payment_method", ({ stripe, ada, cardOfBob }) => stripe.paymentIntents.create({ amount: 500, currency: "eur", customer: ada, payment_method: cardOfBob, confirm: true })],
  ["another's card, attached again", undefined, ({ stripe, ada, cardOfBob }) => stripe.paymentMethods.attach(cardOfBob, { customer: ada })],
  ["another's subscription item", "items[0][id]", ({ stripe, ofAda, ofBob }) => stripe.subscriptions.update(ofAda.id, { items: [{ id: itemOf(ofBob).id, quantity: 3 }] })],
  ["an item that is named twice", "items[1][id]", ({ stripe, ofAda }) => stripe.subscriptions.update(ofAda.id, { items: [{ id: itemOf(ofAda).id, quantity: 3 }, { id: itemOf(ofAda).id, quantity: 4 }] })],
  ["an item that is removed and kept", "items[1][id]", ({ stripe, ofAda }) => stripe.subscriptions.update(ofAda.id, { items: [{ id: itemOf(ofAda).id, deleted: true }, { id: itemOf(ofAda).id }] })],
  ["an item beyond all amounts", "amount", (shop) => item(shop, { amount: FAR })],
  ["a credit beyond all amounts", "amount", (shop) => item(shop, { amount: -FAR })],
  ["a price beyond all amounts", "unit_amount", (shop) => priced(shop, { unit_amount: FAR })],
  ["so many of a price that no sum is exact", "items[0][quantity]", async (shop) => subscribeTo(shop.stripe, "", { customer: shop.ada, items: [{ price: (await priced(shop, { unit_amount: 99_999_999 })).id, quantity: 2 }] })],
  ["a balance beyond all amounts", "amount", ({ stripe, ada }) => stripe.customers.createBalanceTransaction(ada, { amount: FAR, currency: "eur" })],
  ["a customer with such a balance", "balance", ({ stripe }) => stripe.customers.create({ balance: -FAR })],
  ["a period that ends before it starts", "period[end]", (shop) => item(shop, { period: { start: 100, end: 50 } })],
  ["a period before 1970", "period[start]", (shop) => item(shop, { period: { start: -1, end: 50 } })],
  ["a test clock beyond all dates", "frozen_time", ({ stripe }) => stripe.testHelpers.testClocks.create({ frozen_time: FAR })],
  ["an end beyond all dates", "cancel_at", ({ stripe, ofAda }) => stripe.subscriptions.update(ofAda.id, { cancel_at: FAR })],
  ["a due date beyond all dates", "due_date", ({ stripe, ada }) => stripe.invoices.create({ customer: ada, collection_method: "send_invoice", due_date: FAR })],
  ["a due date before today's", "days_until_due", ({ stripe, ada }) => stripe.invoices.create({ customer: ada, collection_method: "send_invoice", days_until_due: -5 })],
  ["a subscription due in ten thousand years", "days_until_due", ({ stripe, ada, team }) => subscribeTo(stripe, team.id, { customer: ada, collection_method: "send_invoice", days_until_due: 3_650_000 })],
  ["a draft that was to be finalized long ago", "automatically_finalizes_at", ({ stripe, ada }) => stripe.invoices.create({ customer: ada, auto_advance: true, automatically_finalizes_at: 1 })],
]; // prettier-ignore

test.each(REFUSED)("%s is refused and changes nothing", async (_, param, call) => {
  const shop = await startShop();
  const { stripe, ofAda, ada } = shop;
  const before = await stripe.subscriptions.retrieve(ofAda.id);
  const error = await refusal(call(shop));
  expect([error.statusCode, error.param]).toEqual([400, param]);
  expect(await stripe.subscriptions.retrieve(ofAda.id)).toMatchObject({ items: { data: before.items.data } });
  expect((await stripe.invoiceItems.list({ customer: ada })).data).toEqual([]);
});

test("a price of a ten-millionth of a cent is prorated like any other", async () => {
  const shop = await startShop();
  const { stripe, ofAda } = shop;
  const tiny = await priced(shop, { unit_amount_decimal: "00.00000010" as unknown as Stripe.Decimal });
  expect(String(tiny.unit_amount_decimal)).toBe("0.0000001");
  const items = [{ id: itemOf(ofAda).id, price: tiny.id, quantity: 90_000_000 }];
  const changed = await stripe.subscriptions.update(ofAda.id, { items });
  expect(itemOf(changed).quantity).toBe(90_000_000);
});

test("two who pay one invoice at once pay it once, and two who cancel end it once", async () => {
  const { stripe, ada, ofAda } = await startShop();
  const { id = "" } = await stripe.invoices.create({ customer: ada });
  await stripe.invoiceItems.create({ customer: ada, invoice: id, amount: 5000, currency: "eur" });
  const paid = await Promise.allSettled([1, 2, 3].map(() => stripe.invoices.pay(id)));
  expect(paid.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const charges = (await stripe.charges.list({ customer: ada })).data.map(({ amount }) => amount);
  expect(charges).toEqual([5000, 1900]);
  const ends = await Promise.allSettled([
    stripe.subscriptions.cancel(ofAda.id, { prorate: true, invoice_now: true }),
    stripe.subscriptions.cancel(ofAda.id, { prorate: true, invoice_now: true }),
  ]);
  expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await stripe.events.list({ type: "customer.subscription.deleted" })).data).toHaveLength(1);
});

test("a key of one endpoint is refused at another, with the same parameters too", async () => {
  const { stripe } = await startFixture();
  const key = { idempotencyKey: "one-intention" };
  await stripe.customers.create({ name: "Ada" }, key);
  const error = await refusal(stripe.products.create({ name: "Ada" }, key));
  expect([error.statusCode, error.type]).toEqual([400, "StripeIdempotencyError"]);
  expect((await stripe.products.list()).data).toEqual([]);
});

test("text that would be markup is text on every page", async () => {
  const { stripe, team } = await startShop();
  const name = `</title><script>alert(1)</script>"'\u0000`;
  const customer = await stripe.customers.create({ name, email: "ada@example.com", payment_method: "pm_card_visa" });
  const draft = await stripe.invoices.create({ customer: customer.id, description: name, footer: name });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id ?? "", amount: 500, currency: "eur", description: name });
  const open = await stripe.invoices.finalizeInvoice(draft.id ?? "");
  const product = await stripe.products.update(idOf(team.product), { name });
  const session = await stripe.checkout.sessions.create({ mode: "subscription", line_items: [{ price: team.id, quantity: 1 }], success_url: "http://localhost/" });
  for (const url of [open.hosted_invoice_url, session.url]) {
    const page = await openPage(url ?? "");
    expect(page.status).toBe(200);
    expect(page.text).not.toContain("<script>alert");
  }
  expect(product.name).toBe(name);
  expect((await fetch(open.invoice_pdf ?? "")).status).toBe(200);
}); // prettier-ignore

test("once it is void an invoice's page says so and asks for nothing", async () => {
  const { stripe, ada } = await startShop();
  const { id = "" } = await stripe.invoices.create({ customer: ada });
  await stripe.invoiceItems.create({ customer: ada, invoice: id, amount: 5000, currency: "eur" });
  const open = await stripe.invoices.finalizeInvoice(id);
  expect((await openPage(open.hosted_invoice_url ?? "")).text).toContain("Pay €50.00");
  await stripe.invoices.voidInvoice(id);
  const page = await openPage(open.hosted_invoice_url ?? "");
  expect(page.text).toContain("nothing is to be paid");
  expect(page.text).not.toContain("Pay €");
});

test("a long invoice shows ten of its lines and the rest page by page", async () => {
  const { stripe, ada } = await startShop();
  const { id = "" } = await stripe.invoices.create({ customer: ada });
  for (let amount = 1; amount <= 23; amount += 1) {
    await stripe.invoiceItems.create({ customer: ada, invoice: id, amount, currency: "eur" });
  }
  const invoice = await stripe.invoices.retrieve(id);
  expect(invoice.lines).toMatchObject({ has_more: true, url: `/v1/invoices/${id}/lines` });
  expect([invoice.lines.data.length, invoice.total]).toEqual([10, 276]);
  const all = await stripe.invoices.listLineItems(id, { limit: 7 }).autoPagingToArray({ limit: 100 });
  expect(new Set(all.map((line) => line.id)).size).toBe(23);
  expect(all.slice(0, 10).map((line) => line.id)).toEqual(invoice.lines.data.map((line) => line.id));
});
