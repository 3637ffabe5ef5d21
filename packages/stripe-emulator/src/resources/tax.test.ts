import type Stripe from "stripe";
import { expect, test } from "vitest";
import type { Assumptions } from "../assumptions.ts";
import { openPage, payCheckout, refusal, startFixture, type Fixture } from "../testing/fixture.ts";

const START = Date.UTC(2026, 5, 1);

/** An emulator whose wall clock the test moves. */
async function startWithClock(assumptions: Partial<Assumptions> = {}) {
  let now = START;
  const fixture = await startFixture({ now: () => now, account: { assumptions } });
  const pass = async (milliseconds: number) => {
    now += milliseconds;
    await fixture.emulator.catchUp();
  };
  return { ...fixture, pass };
}

async function eventsOf(stripe: Stripe, type: string): Promise<Stripe.Event[]> {
  return (await stripe.events.list({ limit: 100, type })).data.reverse();
}

test.each([
  ["DE000000000", "verified"],
  ["FR11111111111", "unverified"],
  ["ATU22222222", "pending"],
  ["NL123456789B12", "pending"],
])("%s counts at once, and the register says %s a moment later", async (value, status) => {
  const { stripe, pass } = await startWithClock();
  const customer = (await stripe.customers.create({ name: "Ada GmbH" })).id;
  const created = await stripe.customers.createTaxId(customer, { type: "eu_vat", value });
  expect(created).toMatchObject({ value, country: value.slice(0, 2), verification: { status: "pending" } });
  await pass(10_000);
  const later = await stripe.customers.retrieveTaxId(customer, created.id);
  expect(later.verification?.status).toBe(status);
  expect(later.verification?.verified_name).toBe(status === "verified" ? "Ada GmbH" : null);
  const updates = await eventsOf(stripe, "customer.tax_id.updated");
  expect(updates).toHaveLength(status === "pending" ? 0 : 1);
});

test.each(["verified", "unverified"] as const)(
  "what registers say of ordinary numbers can be chosen: %s",
  async (otherTaxIds) => {
    const { stripe, pass } = await startWithClock({ otherTaxIds });
    const customer = (await stripe.customers.create()).id;
    const { id } = await stripe.customers.createTaxId(customer, { type: "eu_vat", value: "DE123456789" });
    await pass(10_000);
    expect((await stripe.taxIds.retrieve(id)).verification?.status).toBe(otherTaxIds);
  },
);

test("tax ids are listed, expanded, deleted and told by events", async () => {
  const { stripe } = await startFixture();
  const tax_id_data = [{ type: "eu_vat" as const, value: "DE123456789" }];
  const customer = await stripe.customers.create({ tax_id_data, expand: ["tax_ids"] });
  expect(customer.tax_ids?.data[0]).toMatchObject({
    type: "eu_vat",
    owner: { type: "customer", customer: customer.id },
  });
  const ein = await stripe.taxIds.create({
    type: "us_ein",
    value: "12-3456789",
    owner: { type: "customer", customer: customer.id },
  });
  expect(ein.verification?.status).toBe("unavailable");
  const listed = await stripe.customers.listTaxIds(customer.id);
  expect(listed.data.map(({ value }) => value)).toEqual(["12-3456789", "DE123456789"]);
  const own = await stripe.taxIds.create({ type: "eu_vat", value: "DE987654321" });
  expect((await stripe.taxIds.list()).data.map(({ id }) => id)).toEqual([own.id]);
  const stranger = (await stripe.customers.create()).id;
  expect((await refusal(stripe.customers.deleteTaxId(stranger, ein.id))).statusCode).toBe(404);
  expect(await stripe.customers.deleteTaxId(customer.id, ein.id)).toMatchObject({
    id: ein.id,
    deleted: true,
  });
  expect(await eventsOf(stripe, "customer.tax_id.created")).toHaveLength(2);
  expect(await eventsOf(stripe, "customer.tax_id.deleted")).toHaveLength(1);
});

test("a badly written tax id is refused, and so is a new customer with one", async () => {
  const { stripe } = await startFixture();
  const customer = (await stripe.customers.create()).id;
  const bad = await refusal(stripe.customers.createTaxId(customer, { type: "eu_vat", value: "DE12" }));
  expect(bad).toMatchObject({ statusCode: 400, code: "tax_id_invalid", param: "value" });
  const tax_id_data = [{ type: "eu_vat" as const, value: "GB123456789" }];
  const refused = await refusal(stripe.customers.create({ tax_id_data }));
  expect(refused).toMatchObject({ code: "tax_id_invalid", param: "tax_id_data[0][value]" });
  expect((await stripe.customers.list()).data).toHaveLength(1);
});

interface Sale {
  country: string;
  vat: string | null;
  behavior: "exclusive" | "inclusive";
}

async function sell({ stripe }: Fixture, { country, vat, behavior }: Sale) {
  const product = (await stripe.products.create({ name: "Team" })).id;
  const price = await stripe.prices.create({
    product,
    currency: "eur",
    unit_amount: 11900,
    recurring: { interval: "month" },
    tax_behavior: behavior,
  });
  const customer = await stripe.customers.create({
    email: "ada@example.com",
    address: { country },
    ...(vat !== null && { tax_id_data: [{ type: "eu_vat" as const, value: vat }] }),
  });
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    customer: customer.id,
    line_items: [{ price: price.id, quantity: 1 }],
    automatic_tax: { enabled: true },
    success_url: "http://localhost:3000/done",
  });
  await payCheckout(session);
  const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ["invoice"] });
  return { customer, paid, invoice: paid.invoice as Stripe.Invoice };
}

test.each([
  [
    "another member state, with its VAT number",
    "FR",
    "FRAB123456789",
    "exclusive",
    11900,
    0,
    "reverse_charge",
  ],
  ["another member state, without a number", "FR", null, "exclusive", 14280, 2380, "standard_rated"],
  [
    "another member state, with a number of the seller's",
    "FR",
    "DE123456789",
    "exclusive",
    14280,
    2380,
    "standard_rated",
  ],
  [
    "the seller's country, with its VAT number",
    "DE",
    "DE123456789",
    "exclusive",
    14161,
    2261,
    "standard_rated",
  ],
  [
    "the seller's country, with another's number",
    "DE",
    "FRAB123456789",
    "exclusive",
    14161,
    2261,
    "standard_rated",
  ],
  ["outside the union", "CH", "FRAB123456789", "exclusive", 12864, 964, "standard_rated"],
  ["where no tax is collected", "US", null, "exclusive", 11900, 0, "not_collecting"],
  ["tax included, at home", "DE", "DE123456789", "inclusive", 11900, 1900, "standard_rated"],
  [
    "tax included, another member state's business",
    "FR",
    "FRAB123456789",
    "inclusive",
    11900,
    0,
    "reverse_charge",
  ],
] as const)("%s pays what it should", async (_, country, vat, behavior, total, tax, reason) => {
  const fixture = await startFixture();
  const { paid, invoice } = await sell(fixture, { country, vat, behavior });
  expect(paid).toMatchObject({ amount_total: total, total_details: { amount_tax: tax } });
  expect(invoice).toMatchObject({ total, amount_paid: total, total_excluding_tax: total - tax });
  expect(invoice.total_taxes?.[0]).toMatchObject({ amount: tax, taxability_reason: reason });
  expect(invoice.customer_tax_ids).toEqual(vat === null ? [] : [{ type: "eu_vat", value: vat }]);
});

test("under the other reading a business pays an inclusive price without the tax in it", async () => {
  const fixture = await startWithClock({ inclusiveReverseCharge: "net_price" });
  const sale = { country: "FR", vat: "FRAB123456789", behavior: "inclusive" } as const;
  const { paid, invoice } = await sell(fixture, sale);
  // 119.00 with 20 % in it is 99.17 without.
  expect(paid).toMatchObject({ amount_total: 9917, total_details: { amount_tax: 0 } });
  expect(invoice).toMatchObject({
    subtotal: 11900,
    total: 9917,
    total_excluding_tax: 9917,
    amount_paid: 9917,
  });
});

test("an invoice keeps the tax ids it was finalized with, prints them, and an old sum does not change", async () => {
  const fixture = await startFixture();
  const { stripe } = fixture;
  const sale = { country: "FR", vat: "FRAB123456789", behavior: "exclusive" } as const;
  const { customer, invoice, paid } = await sell(fixture, sale);
  const [taxId] = (await stripe.customers.listTaxIds(customer.id)).data;
  await stripe.customers.deleteTaxId(customer.id, taxId?.id ?? "");
  expect((await stripe.invoices.retrieve(invoice.id)).customer_tax_ids).toHaveLength(1);
  expect((await stripe.checkout.sessions.retrieve(paid.id)).amount_total).toBe(11900);
  const page = await openPage(invoice.hosted_invoice_url ?? "");
  expect(page.text).toContain("FRAB123456789");
  expect(page.text).toContain("Reverse charge");
});

test("tax rates of the seller's own are made, changed, switched off and listed", async () => {
  const { stripe } = await startFixture();
  const rate = await stripe.taxRates.create({
    display_name: "VAT",
    percentage: 7.5,
    inclusive: false,
    country: "DE",
    tax_type: "vat",
  });
  expect(rate).toMatchObject({ percentage: 7.5, effective_percentage: 7.5, inclusive: false, active: true });
  const off = await stripe.taxRates.update(rate.id, { active: false, display_name: "MwSt" });
  expect(off).toMatchObject({ active: false, display_name: "MwSt", percentage: 7.5 });
  expect((await stripe.taxRates.list({ active: true })).data).toEqual([]);
  expect(
    (await refusal(stripe.taxRates.create({ display_name: "VAT", percentage: 101, inclusive: true }))).param,
  ).toBe("percentage");
  expect((await stripe.events.list({ type: "tax_rate.*" })).data.map(({ type }) => type)).toEqual([
    "tax_rate.updated",
    "tax_rate.created",
  ]);
});
