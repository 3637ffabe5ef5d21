import { expect, test } from "vitest";
import {
  createCatalogue,
  GOOD_CARD,
  openPage,
  payCheckout,
  refusal,
  startFixture,
  submitPage,
} from "./testing/fixture.ts";

async function inPortal(options: { now?: () => number } = {}) {
  const fixture = await startFixture(options);
  const { stripe } = fixture;
  const { team } = await createCatalogue(stripe);
  const customer = await stripe.customers.create({
    email: "ada@example.com",
    name: "Acme",
    address: { country: "DE" },
  });
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    customer: customer.id,
    line_items: [{ price: team.id, quantity: 3 }],
    automatic_tax: { enabled: true },
    success_url: "http://localhost/",
  });
  await payCheckout(session);
  await stripe.billingPortal.configurations.create({
    features: { invoice_history: { enabled: true }, payment_method_update: { enabled: true } },
  });
  const portal = await stripe.billingPortal.sessions.create({
    customer: customer.id,
    return_url: "http://localhost/billing",
  });
  return { ...fixture, customer, portal };
}

test("without a saved configuration a portal session is refused", async () => {
  const { stripe } = await startFixture();
  const customer = await stripe.customers.create();
  const error = await refusal(stripe.billingPortal.sessions.create({ customer: customer.id }));
  expect(error.message).toContain("portal settings");
});

test("an account whose portal settings were saved needs no configuration of its own", async () => {
  const { stripe } = await startFixture({ account: { settings: { portalSettingsSaved: true } } });
  const customer = await stripe.customers.create();
  const session = await stripe.billingPortal.sessions.create({ customer: customer.id });
  expect((await openPage(session.url)).text).toContain("No card is saved yet.");
});

test("the portal shows the card in use, the invoices with their documents, and the way back", async () => {
  const { portal, stripe } = await inPortal();
  const [invoice] = (await stripe.invoices.list()).data;
  const { status, text } = await openPage(portal.url);
  expect(status).toBe(200);
  for (const shown of [
    "Visa ending in 4242",
    "In use",
    "EMU-0001",
    "€67.83",
    "Paid",
    'href="http://localhost/billing"',
  ]) {
    expect(text).toContain(shown);
  }
  expect(text).toContain(`href="${invoice?.hosted_invoice_url}"`);
  expect(text).toContain(`href="${invoice?.invoice_pdf}"`);
});

test("a new card replaces the one in use, on the customer and on the subscription", async () => {
  const { portal, stripe, customer } = await inPortal();
  const saved = await submitPage(`${portal.url}/card`, { ...GOOD_CARD, number: "5555555555554444" });
  expect(saved.status).toBe(303);
  expect((await openPage(saved.location ?? "")).text).toContain("Your card is saved.");
  const cards = (await stripe.customers.listPaymentMethods(customer.id)).data;
  expect(cards.map(({ card }) => card?.brand)).toEqual(["mastercard", "visa"]);
  const newest = cards[0]?.id;
  expect((await stripe.subscriptions.list()).data[0]?.default_payment_method).toBe(newest);
  expect(await stripe.customers.retrieve(customer.id)).toMatchObject({
    invoice_settings: { default_payment_method: newest },
  });

  const old = cards[1]?.id ?? "";
  await submitPage(`${portal.url}/default`, { payment_method: old });
  expect((await stripe.subscriptions.list()).data[0]?.default_payment_method).toBe(old);
  await submitPage(`${portal.url}/remove`, { payment_method: newest ?? "" });
  expect((await stripe.customers.listPaymentMethods(customer.id)).data.map(({ id }) => id)).toEqual([old]);
});

test("a refused card is explained and not saved", async () => {
  const { portal, stripe, customer } = await inPortal();
  const refused = await submitPage(`${portal.url}/card`, { ...GOOD_CARD, number: "4000000000000002" });
  expect(refused.status).toBe(200);
  expect(refused.text).toContain("Your card was declined.");
  expect(refused.text).not.toContain("4000000000000002");
  expect((await stripe.customers.listPaymentMethods(customer.id)).data).toHaveLength(1);
});

test("another customer's card cannot be touched, and an address is good for an hour", async () => {
  let now = Date.UTC(2026, 0, 1);
  const { portal, stripe } = await inPortal({ now: () => now });
  const other = await stripe.customers.create();
  const theirs = await stripe.paymentMethods.attach("pm_card_visa", { customer: other.id });
  await submitPage(`${portal.url}/remove`, { payment_method: theirs.id });
  expect((await stripe.paymentMethods.retrieve(theirs.id)).customer).toBe(other.id);
  now += 3601_000;
  expect((await openPage(portal.url)).status).toBe(410);
});
