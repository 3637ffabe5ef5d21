/** A business that gives its tax id on the checkout page; the seller is in Germany. */
import type Stripe from "stripe";
import { expect, test } from "vitest";
import { createCatalogue, idOf, openPage, payCheckout, refusal, startFixture } from "../testing/fixture.ts";

async function shop(params: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  const { stripe } = await startFixture();
  const { team } = await createCatalogue(stripe);
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: team.id, quantity: 1 }],
    automatic_tax: { enabled: true },
    tax_id_collection: { enabled: true },
    success_url: "http://localhost/done",
    ...params,
  });
  const paid = () => stripe.checkout.sessions.retrieve(session.id, { expand: ["invoice", "customer"] });
  return { stripe, session, team, paid };
}

const BUSINESS = { country: "FR", business_name: "Ada SARL", tax_id_value: "FRAB123456789" };

test("a business elsewhere in the union sees the reverse charge before it pays, and pays the net price", async () => {
  const { stripe, session, paid } = await shop();
  const page = await openPage(session.url ?? "");
  expect(page.text).toContain("I buy as a business");
  const query = new URLSearchParams({ country: "FR", tax_id_value: "FRAB123456789" });
  const sums = (await (await fetch(`${session.url}/totals?${query.toString()}`)).json()) as Record<
    string,
    string
  >;
  expect(sums["summary"]).toContain("reverse charge");
  expect(sums["button"]).toContain("€19.00");
  expect((await payCheckout(session, BUSINESS)).status).toBe(303);
  const done = await paid();
  expect(done).toMatchObject({ amount_total: 1900, total_details: { amount_tax: 0 } });
  expect(done.customer_details).toMatchObject({
    business_name: "Ada SARL",
    tax_ids: [{ type: "eu_vat", value: "FRAB123456789" }],
  });
  const invoice = done.invoice as Stripe.Invoice;
  expect(invoice).toMatchObject({ total: 1900, customer_name: "Ada SARL", amount_paid: 1900 });
  expect(invoice.customer_tax_ids).toEqual([{ type: "eu_vat", value: "FRAB123456789" }]);
  expect(invoice.total_taxes?.[0]?.taxability_reason).toBe("reverse_charge");
  const known = await stripe.customers.listTaxIds(idOf(done.customer));
  expect(known.data.map(({ value }) => value)).toEqual(["FRAB123456789"]);
  expect((await stripe.events.list({ type: "customer.tax_id.created" })).data).toHaveLength(1);
});

test.each([
  ["a number that is none", { tax_id_value: "FR1" }, "This is no valid EU VAT number."],
  ["a number of another kind", { tax_id_type: "gb_vat" }, "This is no valid UK VAT number."],
  ["a kind that is not offered", { tax_id_type: "__proto__" }, "This is no valid tax id."],
  ["no name of the business", { business_name: " " }, "Enter the name of your business."],
])("%s is told on the page, and nothing is charged", async (_, typed, problem) => {
  const { stripe, session } = await shop();
  const answer = await payCheckout(session, { ...BUSINESS, ...typed });
  expect(answer.status).toBe(200);
  expect(answer.text).toContain(problem);
  expect((await stripe.charges.list()).data).toEqual([]);
  expect((await stripe.taxIds.list({ owner: { type: "self" } })).data).toEqual([]);
});

test("a business at home pays its VAT, and who gives no number is nobody's business", async () => {
  const home = await shop();
  await payCheckout(home.session, { ...BUSINESS, country: "DE", tax_id_value: "DE123456789" });
  expect((await home.paid()).amount_total).toBe(2261);
  const person = await shop();
  await payCheckout(person.session, { ...BUSINESS, tax_id_value: "" });
  const done = await person.paid();
  expect(done).toMatchObject({ amount_total: 2280, customer_details: { tax_ids: [], name: "Ada Example" } });
});

test("a declined card leaves no tax id behind, and the next card pays the same sum", async () => {
  const { stripe, session, paid } = await shop();
  const declined = await payCheckout(session, { ...BUSINESS, number: "4000 0000 0000 0002" });
  expect(declined.text).toContain("Nothing was charged");
  expect((await stripe.events.list({ type: "customer.tax_id.created" })).data).toEqual([]);
  await payCheckout(session, BUSINESS);
  expect((await paid()).amount_total).toBe(1900);
});

test("a known customer's own number is not there twice, a sixth is refused on the page", async () => {
  const { stripe, team } = await shop();
  const values = [1, 2, 3, 4, 5].map((digit) => `FRAB12345678${digit}`);
  const customer = await stripe.customers.create({
    email: "ada@example.com",
    tax_id_data: values.map((value) => ({ type: "eu_vat" as const, value })),
  });
  const asking = {
    mode: "subscription" as const,
    customer: customer.id,
    line_items: [{ price: team.id, quantity: 1 }],
    tax_id_collection: { enabled: true },
    success_url: "http://localhost/done",
  };
  expect((await refusal(stripe.checkout.sessions.create(asking))).param).toBe("tax_id_collection");
  const session = await stripe.checkout.sessions.create({ ...asking, customer_update: { name: "auto" } });
  expect((await payCheckout(session, BUSINESS)).text).toContain("too many tax ids");
  await payCheckout(session, { ...BUSINESS, tax_id_value: values[0] ?? "" });
  expect((await stripe.customers.listTaxIds(customer.id)).data).toHaveLength(5);
  expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ name: "Ada SARL" });
});

test("asked for nothing the page asks for no tax id, and a required one is refused in words", async () => {
  const { stripe, session, team } = await shop({ tax_id_collection: { enabled: false } });
  expect((await openPage(session.url ?? "")).text).not.toContain("I buy as a business");
  await payCheckout(session, BUSINESS);
  expect((await stripe.checkout.sessions.retrieve(session.id)).amount_total).toBe(2280);
  const required = stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: team.id, quantity: 1 }],
    tax_id_collection: { enabled: true, required: "if_supported" },
    success_url: "http://localhost/done",
  });
  expect((await refusal(required)).param).toBe("tax_id_collection[required]");
});
