/** Contract: products, prices, coupons, promotion codes and tax rates. */
import { expect, test } from "vitest";
import { idOf, newPrice, refusal, stripeUnderTest } from "./stripe-under-test.ts";

const under = stripeUnderTest();

test("contract: products are made, changed, listed and deleted; with a price they can only be archived", async () => {
  const { stripe } = under;
  const product = await stripe.products.create({ name: "Team", metadata: { plan: "team" } });
  expect(product).toMatchObject({
    object: "product",
    active: true,
    livemode: false,
    metadata: { plan: "team" },
  });
  expect((await stripe.products.update(product.id, { name: "Team 2" })).name).toBe("Team 2");
  expect((await stripe.products.list({ ids: [product.id] })).data).toHaveLength(1);
  expect(await stripe.products.del(product.id)).toEqual(
    expect.objectContaining({ id: product.id, object: "product", deleted: true }),
  );
  const price = await newPrice(stripe, { amount: 1900, interval: "month" });
  expect((await refusal(stripe.products.del(idOf(price.product)))).statusCode).toBe(400);
  expect((await stripe.products.update(idOf(price.product), { active: false })).active).toBe(false);
});

test("contract: prices are per unit, once or recurring, and their lookup keys can be handed over", async () => {
  const { stripe } = under;
  const key = `contract_${crypto.randomUUID()}`;
  const first = await newPrice(stripe, { amount: 1900, interval: "month" });
  expect(first).toMatchObject({
    ...{ object: "price", active: true, billing_scheme: "per_unit", currency: "eur", type: "recurring" },
    ...{ unit_amount: 1900, recurring: { interval: "month", interval_count: 1, usage_type: "licensed" } },
  });
  expect(String(first.unit_amount_decimal)).toBe("1900");
  await stripe.prices.update(first.id, { lookup_key: key });
  const product = idOf(first.product);
  const second = await stripe.prices.create({
    ...{ product, currency: "eur", unit_amount: 2000, recurring: { interval: "month" } },
    ...{ lookup_key: key, transfer_lookup_key: true },
  });
  expect((await stripe.prices.list({ lookup_keys: [key] })).data.map(({ id }) => id)).toEqual([second.id]);
  expect((await newPrice(stripe, { amount: 500 })).type).toBe("one_time");
});

test("contract: coupons take a percentage or an amount, and end with their deletion", async () => {
  const { stripe } = under;
  const percent = await stripe.coupons.create({ percent_off: 12.5, duration: "forever" });
  expect(percent).toMatchObject({ object: "coupon", percent_off: 12.5, duration: "forever", valid: true });
  const amount = { amount_off: 300, currency: "eur", duration: "repeating", duration_in_months: 3 } as const;
  expect(await stripe.coupons.create(amount)).toMatchObject(amount);
  expect((await refusal(stripe.coupons.create({ amount_off: 300 }))).statusCode).toBe(400);
  expect((await stripe.coupons.del(percent.id)).deleted).toBe(true);
  expect((await refusal(stripe.coupons.retrieve(percent.id))).code).toBe("resource_missing");
});

test("contract: a promotion code is a word for a coupon, once in use at a time", async () => {
  const { stripe } = under;
  const coupon = await stripe.coupons.create({ percent_off: 20, duration: "once" });
  const code = `C${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
  const promotion = { type: "coupon", coupon: coupon.id } as const;
  const made = await stripe.promotionCodes.create({ promotion, code });
  expect(made).toMatchObject({ object: "promotion_code", active: true, code, times_redeemed: 0 });
  expect((await refusal(stripe.promotionCodes.create({ promotion, code }))).statusCode).toBe(400);
  expect((await stripe.promotionCodes.list({ code })).data.map(({ id }) => id)).toEqual([made.id]);
  expect((await stripe.promotionCodes.update(made.id, { active: false })).active).toBe(false);
});

test("contract: tax rates are made once and archived", async () => {
  const { stripe } = under;
  const rate = await stripe.taxRates.create({ display_name: "USt", percentage: 19, inclusive: false });
  expect(rate).toMatchObject({ object: "tax_rate", active: true, percentage: 19, inclusive: false });
  expect((await stripe.taxRates.update(rate.id, { active: false })).active).toBe(false);
});
