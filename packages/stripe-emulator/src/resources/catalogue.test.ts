import type Stripe from "stripe";
import { expect, test } from "vitest";
import { refusal, startFixture } from "../testing/fixture.ts";

test("a product is made together with its first price", async () => {
  const { stripe } = await startFixture();
  const product = await stripe.products.create({
    name: "Team",
    default_price_data: {
      currency: "EUR",
      unit_amount: 1900,
      recurring: { interval: "month" },
      tax_behavior: "exclusive",
    },
    expand: ["default_price"],
  });
  expect(product.default_price).toMatchObject({
    currency: "eur",
    unit_amount: 1900,
    product: product.id,
    recurring: { interval: "month" },
    tax_behavior: "exclusive",
  });
});

test.each([
  [{ billing_scheme: "tiered", tiers: [{ up_to: "inf", unit_amount: 1 }] }, "no tiers"],
  [{ unit_amount: 1, currency_options: { usd: { unit_amount: 2 } } }, "one currency"],
  [{ unit_amount: 1, transform_quantity: { divide_by: 10, round: "up" } }, "no tiers, options or transforms"],
  [{ unit_amount: 1, recurring: { interval: "month", usage_type: "metered" } }, "licensed prices only"],
  [{ unit_amount: -1 }, "at least 0"],
] as const)("a price of %o is refused in words", async (more, words) => {
  const { stripe } = await startFixture();
  const { id } = await stripe.products.create({ name: "Team" });
  const params = { product: id, currency: "eur", ...more } as unknown as Stripe.PriceCreateParams;
  const error = await refusal(stripe.prices.create(params));
  expect(error.statusCode).toBe(400);
  expect(error.message).toContain(words);
});

test("a product is deleted while it has no price, and archived afterwards", async () => {
  const { stripe } = await startFixture();
  const { id } = await stripe.products.create({ name: "Team" });
  const other = await stripe.products.create({ name: "Old" });
  await stripe.prices.create({ product: id, currency: "eur", unit_amount: 100 });
  expect(await stripe.products.del(other.id)).toMatchObject({ id: other.id, deleted: true });
  expect((await refusal(stripe.products.retrieve(other.id))).statusCode).toBe(404);
  expect((await refusal(stripe.products.del(id))).message).toContain("user-created prices");
  expect((await stripe.products.update(id, { active: false })).active).toBe(false);
  expect((await stripe.products.list({ active: true })).data).toEqual([]);
});

test("customers are found by email and by when they were created; search says what to do instead", async () => {
  let now = Date.UTC(2026, 5, 1);
  const { stripe } = await startFixture({ now: () => now });
  const first = await stripe.customers.create({ email: "ada@example.com" });
  now += 3_600_000;
  const second = await stripe.customers.create({ email: "bob@example.com" });
  const ids = async (params: Stripe.CustomerListParams) =>
    (await stripe.customers.list(params)).data.map(({ id }) => id);
  expect(await ids({ email: "ada@example.com" })).toEqual([first.id]);
  expect(await ids({ created: { gte: second.created } })).toEqual([second.id]);
  expect(await ids({ created: { lt: second.created } })).toEqual([first.id]);
  expect(await ids({ created: first.created })).toEqual([first.id]);
  const search = await refusal(stripe.customers.search({ query: "email:'ada@example.com'" }));
  expect(search.message).toContain("list and filter instead");
});
