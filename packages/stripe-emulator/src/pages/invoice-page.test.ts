import type Stripe from "stripe";
import { expect, test } from "vitest";
import { GOOD_CARD, openPage, payCheckout, startFixture, submitPage } from "../testing/fixture.ts";
import { printable } from "./invoice-text.ts";

/** The open invoice of a renewal at 20.00 whose card declined; by now it pays again. */
async function owing(name = "Acme") {
  const fixture = await startFixture();
  const { emulator, stripe } = fixture;
  const start = Date.UTC(2026, 0, 31) / 1000;
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: start });
  const customer = await stripe.customers.create({ name, email: "ada@example.com", test_clock: clock.id });
  const price = await stripe.prices.create({
    product_data: { name: "Team" },
    currency: "eur",
    unit_amount: 2000,
    recurring: { interval: "month" },
  });
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    customer: customer.id,
    line_items: [{ price: price.id, quantity: 1 }],
    success_url: "http://localhost/",
  });
  await payCheckout(session);
  emulator.faults.add({ kind: "card_decline", last4: "4242" });
  const frozen_time = Date.UTC(2026, 2, 1) / 1000;
  await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time });
  await emulator.catchUp();
  emulator.faults.clear();
  const [invoice] = (await stripe.invoices.list({ customer: customer.id })).data;
  const [card] = (await stripe.customers.listPaymentMethods(customer.id)).data;
  if (invoice?.status !== "open" || card === undefined) throw new Error("the renewal left no open invoice");
  const now = () => stripe.invoices.retrieve(invoice.id ?? "");
  return { ...fixture, customer, card, invoice, url: invoice.hosted_invoice_url ?? "", now };
}

test("an open invoice is paid on its page with a saved card, once though pressed twice", async () => {
  const { url, card, now, stripe } = await owing();
  const page = await openPage(url);
  expect(page.text).toContain("Pay €20.00");
  expect(page.text).toContain("Visa ending in 4242");
  const press = () => submitPage(`${url}/pay`, { payment_method: card.id });
  const paid = await press();
  expect(paid.location).toBe(`${url}?paid=1`);
  await press();
  expect(await now()).toMatchObject({ status: "paid", amount_paid: 2000 });
  const charges = (await stripe.charges.list({ limit: 100 })).data;
  expect(charges.filter((charge) => charge.status === "succeeded")).toHaveLength(2);
  const after = await openPage(paid.location ?? "");
  expect(after.text).toContain("Thank you, it is paid.");
  expect(after.text).not.toContain("Pay €20.00");
});

test("a declined card changes nothing, says so, and the next card pays", async () => {
  const { url, now } = await owing();
  const pay = (number: string) => submitPage(`${url}/pay`, { ...GOOD_CARD, payment_method: "new", number });
  const declined = await pay("4000000000009995");
  expect(declined.text).toContain("Your card has insufficient funds. Nothing was charged.");
  expect((await now()).status).toBe("open");
  await pay("5555555555554444");
  expect((await now()).status).toBe("paid");
});

test.each([
  ["complete", "paid", "Thank you, it is paid."],
  ["fail", "open", "unable to authenticate"],
])("when the bank asks and the holder says %s the invoice is %s", async (answer, status, shown) => {
  const { url, emulator, now } = await owing();
  const typed = { ...GOOD_CARD, payment_method: "new", number: "4000000000003220" };
  const asked = await submitPage(`${url}/pay`, typed);
  expect(asked.location).toMatch(/^\/authenticate\//);
  const back = await submitPage(`${emulator.url}${asked.location}`, { answer });
  expect((await now()).status).toBe(status);
  expect((await openPage(back.location ?? "")).text).toContain(shown);
});

test("somebody else's card cannot be named", async () => {
  const { url, stripe, now } = await owing();
  const other = await stripe.customers.create();
  const theirs = await stripe.paymentMethods.attach("pm_card_visa", { customer: other.id });
  const refused = await submitPage(`${url}/pay`, { payment_method: theirs.id });
  expect(refused.text).toContain("Enter your card number.");
  expect((await now()).status).toBe("open");
});

test("a refund and a credit note are told on the invoice, which stays as it was", async () => {
  const { url, card, invoice, stripe } = await owing();
  await submitPage(`${url}/pay`, { payment_method: card.id });
  await stripe.creditNotes.create({ invoice: invoice.id ?? "", amount: 500, refund_amount: 500 });
  const page = await openPage(url);
  expect(page.text).toMatch(/Credit note \S+ of .*: €5\.00 are credited\./);
  expect(page.text).toMatch(/Refunded on .*: €5\.00\./);
  expect(page.text).toContain("€20.00 paid on");
});

async function pdfOf(invoice: Stripe.Invoice) {
  const response = await fetch(invoice.invoice_pdf ?? "");
  return { status: response.status, head: (await response.text()).slice(0, 5) };
}

test.each(["Łukasz Żółć", "Αθήνα ΑΕ", "Общество", "株式会社", "😀 GmbH", "​\u0007"])(
  "the PDF of a customer called %s is made all the same",
  async (name) => {
    const { invoice } = await owing(name);
    expect(await pdfOf(invoice)).toEqual({ status: 200, head: "%PDF-" });
  },
);

test.each([
  ["Łukasz Żółć, Győr, Şişli", "Lukasz Zólc, Gyor, Sisli"],
  ["Müller & Söhne, 19 € – “ok”", "Müller & Söhne, 19 € – “ok”"],
  ["ﬁne ½", "fine ½"],
  ["東京", "??"],
])("the built-in font prints %s as %s", (text, expected) => {
  expect(printable(text)).toBe(expected);
});
