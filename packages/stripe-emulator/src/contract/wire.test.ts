/** Contract: errors, idempotency, lists, expansion and metadata, as any caller meets them. */
import Stripe from "stripe";
import { expect, test } from "vitest";
import { refusal, stripeUnderTest } from "./stripe-under-test.ts";

const under = stripeUnderTest();

test("contract: a missing object is 404 resource_missing, and every answer has a request id", async () => {
  const error = await refusal(under.stripe.customers.retrieve("cus_none"));
  expect(error).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
  expect(error).toMatchObject({
    statusCode: 404,
    code: "resource_missing",
    type: "StripeInvalidRequestError",
  });
  expect(error.requestId).toMatch(/^req_/);
  const customer = await under.stripe.customers.create({});
  expect(customer.lastResponse.requestId).toMatch(/^req_/);
});

test("contract: unknown, missing and malformed parameters are named", async () => {
  const { stripe } = under;
  const unknown = await refusal(stripe.customers.create({ nickname: "x" } as Stripe.CustomerCreateParams));
  expect(unknown).toMatchObject({ statusCode: 400, code: "parameter_unknown", param: "nickname" });
  const missing = await refusal(stripe.prices.create({} as Stripe.PriceCreateParams));
  expect(missing).toMatchObject({ statusCode: 400, code: "parameter_missing", param: "currency" });
  const amount = { currency: "eur", unit_amount: 1.5, product_data: { name: "x" } };
  expect(await refusal(stripe.prices.create(amount))).toMatchObject({
    code: "parameter_invalid_integer",
    param: "unit_amount",
  });
});

test("contract: payment_method_types is gone from create calls in this version", async () => {
  const params = { amount: 500, currency: "eur", payment_method_types: ["card"] };
  const error = await refusal(under.stripe.paymentIntents.create(params));
  expect(error).toMatchObject({ statusCode: 400, code: "parameter_unknown", param: "payment_method_types" });
});

test("contract: the same key gives the same answer, other parameters under it are refused", async () => {
  const { stripe } = under;
  const options = { idempotencyKey: `contract-${crypto.randomUUID()}` };
  const first = await stripe.customers.create({ name: "Ada" }, options);
  const again = await stripe.customers.create({ name: "Ada" }, options);
  expect(again.id).toBe(first.id);
  const other = await refusal(stripe.customers.create({ name: "Bob" }, options));
  expect(other).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
  expect(other.statusCode).toBe(400);
});

test("contract: lists are newest first and have cursors in both directions", async () => {
  const { stripe } = under;
  const email = `contract-${crypto.randomUUID()}@example.com`;
  const made: string[] = [];
  for (let index = 0; index < 5; index += 1)
    made.unshift((await stripe.customers.create({ email, description: String(index) })).id);
  const ids = async (params: Stripe.CustomerListParams) =>
    (await stripe.customers.list({ email, ...params })).data.map(({ id }) => id);
  expect(await ids({})).toEqual(made);
  const page = await stripe.customers.list({ email, limit: 2, starting_after: made[1] ?? "" });
  expect(page).toMatchObject({ object: "list", has_more: true, url: "/v1/customers" });
  expect(page.data.map(({ id }) => id)).toEqual(made.slice(2, 4));
  expect(await ids({ limit: 2, ending_before: made[3] ?? "" })).toEqual(made.slice(1, 3));
  const last = await stripe.customers.retrieve(made[0] ?? "");
  const created = "created" in last ? last.created : 0;
  expect(await ids({ created: { gt: created } })).toEqual([]);
  expect(await ids({ created: { gte: created - 3600, lte: created } })).toEqual(made);
  expect((await refusal(stripe.customers.list({ limit: 101 }))).statusCode).toBe(400);
});

test("contract: expand puts objects where ids stand, four levels deep and no deeper", async () => {
  const { stripe } = under;
  const product = await stripe.products.create({ name: "Contract" });
  const { id } = await stripe.prices.create({ product: product.id, currency: "eur", unit_amount: 500 });
  const price = await stripe.prices.retrieve(id, { expand: ["product"] });
  expect((price.product as Stripe.Product).name).toBe("Contract");
  const list = await stripe.prices.list({ product: product.id, expand: ["data.product"] });
  expect((list.data[0]?.product as Stripe.Product).id).toBe(product.id);
  expect((await refusal(stripe.prices.retrieve(id, { expand: ["nonsense"] }))).statusCode).toBe(400);
  expect((await refusal(stripe.prices.retrieve(id, { expand: ["a.b.c.d.e"] }))).statusCode).toBe(400);
});

test("contract: metadata merges, an empty value deletes its key, an empty whole clears all", async () => {
  const { stripe } = under;
  const { id } = await stripe.customers.create({ metadata: { a: "1", b: "2" } });
  const merged = await stripe.customers.update(id, { metadata: { b: "", c: 3 } });
  expect(merged.metadata).toEqual({ a: "1", c: "3" });
  expect((await stripe.customers.update(id, { metadata: "" })).metadata).toEqual({});
  const long = await refusal(stripe.customers.update(id, { metadata: { k: "v".repeat(501) } }));
  expect(long.statusCode).toBe(400);
});
