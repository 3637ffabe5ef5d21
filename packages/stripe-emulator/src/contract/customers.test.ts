/** Contract: customers with their tax ids, balance and payment methods. */
import type Stripe from "stripe";
import { expect, test } from "vitest";
import { newPayer, refusal, stripeUnderTest } from "./stripe-under-test.ts";

const under = stripeUnderTest();

test("contract: a customer is made, changed and deleted; what is deleted says so", async () => {
  const { stripe } = under;
  const address = { country: "DE", city: "Berlin", line1: "Street 1", postal_code: "10115" };
  const customer = await stripe.customers.create({ name: "Ada", email: "ada@example.com", address });
  expect(customer).toMatchObject({
    ...{ object: "customer", name: "Ada", email: "ada@example.com", balance: 0, livemode: false },
    ...{ address: { ...address, line2: null, state: null }, delinquent: false, tax_exempt: "none" },
  });
  expect((await stripe.customers.update(customer.id, { phone: "1" })).phone).toBe("1");
  expect((await stripe.customers.update(customer.id, { phone: "" })).phone).toBeNull();
  expect(await stripe.customers.del(customer.id)).toMatchObject({ id: customer.id, deleted: true });
  expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ id: customer.id, deleted: true });
  expect((await refusal(stripe.customers.update(customer.id, { name: "x" }))).code).toBe("resource_missing");
});

test("contract: cards are attached, become the default, and are detached for good", async () => {
  const { stripe } = under;
  const customer = await newPayer(stripe);
  const settings = customer.invoice_settings;
  const methods = await stripe.customers.listPaymentMethods(customer.id);
  expect(methods.data).toHaveLength(1);
  expect(methods.data[0]).toMatchObject({
    ...{ object: "payment_method", type: "card", customer: customer.id },
    card: { brand: "visa", last4: "4242", funding: "credit" },
  });
  expect(settings.default_payment_method).toBe(methods.data[0]?.id);
  const one = await stripe.customers.retrievePaymentMethod(customer.id, methods.data[0]?.id ?? "");
  expect(one.id).toBe(methods.data[0]?.id);
  const second = await stripe.paymentMethods.attach("pm_card_mastercard", { customer: customer.id });
  expect(second.card).toMatchObject({ brand: "mastercard", last4: "4444" });
  expect((await stripe.paymentMethods.detach(second.id)).customer).toBeNull();
  const gone = await refusal(stripe.customers.retrievePaymentMethod(customer.id, second.id));
  expect(gone.code).toBe("resource_missing");
  const again = await refusal(stripe.paymentMethods.attach(second.id, { customer: customer.id }));
  expect(again.statusCode).toBe(400);
});

test("contract: a card that declines when it is saved is not saved", async () => {
  const { stripe } = under;
  const customer = await stripe.customers.create({});
  const attach = stripe.paymentMethods.attach("pm_card_visa_chargeDeclined", { customer: customer.id });
  expect(await refusal(attach)).toMatchObject({ statusCode: 402, code: "card_declined" });
  expect((await stripe.customers.listPaymentMethods(customer.id)).data).toEqual([]);
});

test("contract: tax ids are kept with the customer, a malformed one is refused", async () => {
  const { stripe } = under;
  const customer = await stripe.customers.create({});
  const made = await stripe.customers.createTaxId(customer.id, { type: "eu_vat", value: "DE123456789" });
  expect(made).toMatchObject({ object: "tax_id", type: "eu_vat", value: "DE123456789", country: "DE" });
  expect((await stripe.customers.listTaxIds(customer.id)).data.map(({ id }) => id)).toEqual([made.id]);
  const wrong = await refusal(
    stripe.customers.createTaxId(customer.id, { type: "eu_vat", value: "nonsense" }),
  );
  expect(wrong).toMatchObject({ statusCode: 400, code: "tax_id_invalid" });
  expect((await stripe.customers.deleteTaxId(customer.id, made.id)).deleted).toBe(true);
  expect((await stripe.customers.listTaxIds(customer.id)).data).toEqual([]);
});

test("contract: balance transactions add up to the customer's balance", async () => {
  const { stripe } = under;
  const { id } = await stripe.customers.create({});
  const add = (amount: number): Promise<Stripe.CustomerBalanceTransaction> =>
    stripe.customers.createBalanceTransaction(id, { amount, currency: "eur", description: "goodwill" });
  expect(await add(-500)).toMatchObject({
    object: "customer_balance_transaction",
    amount: -500,
    ending_balance: -500,
  });
  expect(await add(200)).toMatchObject({ type: "adjustment", ending_balance: -300 });
  expect(await stripe.customers.retrieve(id)).toMatchObject({ balance: -300, currency: "eur" });
  const list = await stripe.customers.listBalanceTransactions(id);
  expect(list.data.map(({ amount }) => amount)).toEqual([200, -500]);
});
