import { expect, test } from "vitest";
import type Stripe from "stripe";
import { createCatalogue, payCheckout, refusal, startFixture } from "./testing/fixture.ts";

const SUCCESS = "http://localhost:3000/done";

async function subscribe(stripe: Stripe, price: string, more: Partial<Stripe.Checkout.SessionCreateParams>) {
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price, quantity: 2 }],
    automatic_tax: { enabled: true },
    success_url: SUCCESS,
    ...more,
  });
  await payCheckout(session);
  return stripe.checkout.sessions.retrieve(session.id, { expand: ["invoice", "subscription"] });
}

async function eventTypes(stripe: Stripe): Promise<string[]> {
  return (await stripe.events.list({ limit: 100 })).data.map((event) => event.type);
}

test("a coupon is what it was made as, and only its name and metadata change", async () => {
  const { stripe } = await startFixture();
  const coupon = await stripe.coupons.create({
    id: "SPRING",
    percent_off: 12.5,
    duration: "forever",
    name: "Spring",
  });
  expect(coupon).toMatchObject({
    id: "SPRING",
    percent_off: 12.5,
    amount_off: null,
    currency: null,
    valid: true,
  });
  const renamed = await stripe.coupons.update("SPRING", {
    name: "Spring sale",
    metadata: { by: "marketing" },
  });
  expect(renamed).toMatchObject({ name: "Spring sale", metadata: { by: "marketing" }, percent_off: 12.5 });
  expect(await stripe.coupons.del("SPRING")).toEqual({ id: "SPRING", object: "coupon", deleted: true });
  expect((await refusal(stripe.coupons.retrieve("SPRING"))).statusCode).toBe(404);
  const types = await eventTypes(stripe);
  expect(types).toEqual(expect.arrayContaining(["coupon.created", "coupon.updated", "coupon.deleted"]));
});

test.each([
  [{}, "percent_off", "either"],
  [{ percent_off: 10, amount_off: 100 }, "percent_off", "either"],
  [{ percent_off: 0 }, "percent_off", "more than 0"],
  [{ percent_off: 100.5 }, "percent_off", "at most 100"],
  [{ amount_off: 0, currency: "eur" }, "amount_off", "at least 1"],
  [{ amount_off: 500 }, "currency", "currency"],
  [{ percent_off: 10, duration: "repeating" }, "duration_in_months", "duration_in_months"],
  [{ percent_off: 10, duration: "once", duration_in_months: 3 }, "duration_in_months", "repeating"],
  [{ percent_off: 10, redeem_by: 1_000_000 }, "redeem_by", "future"],
  [{ percent_off: 10, max_redemptions: 0 }, "max_redemptions", "at least 1"],
  [{ percent_off: 10, name: "x".repeat(41) }, "name", "40"],
  [{ percent_off: 10, applies_to: { products: ["prod_none"] } }, "applies_to[products]", "No such product"],
] as const)("a coupon of %o is refused by name", async (params, param, words) => {
  const { stripe } = await startFixture();
  const error = await refusal(stripe.coupons.create(params as unknown as Stripe.CouponCreateParams));
  expect(error).toMatchObject({ statusCode: 400, param });
  expect(error.message).toContain(words);
});

test("an amount off once lowers the first invoice, its tax too, and is then gone from the subscription", async () => {
  const { stripe } = await startFixture();
  const { team } = await createCatalogue(stripe);
  const coupon = await stripe.coupons.create({ amount_off: 800, currency: "eur" });
  const paid = await subscribe(stripe, team.id, { discounts: [{ coupon: coupon.id }] });
  // 2 x 19.00 - 8.00 = 30.00, and 19 % on that.
  expect(paid).toMatchObject({
    amount_subtotal: 3800,
    amount_total: 3570,
    discounts: [{ coupon: coupon.id }],
  });
  expect(paid.total_details).toMatchObject({ amount_discount: 800, amount_tax: 570 });
  const invoice = await stripe.invoices.retrieve((paid.invoice as Stripe.Invoice).id, {
    expand: ["discounts.source.coupon"],
  });
  expect(invoice).toMatchObject({
    subtotal: 3800,
    total: 3570,
    total_excluding_tax: 3000,
    amount_paid: 3570,
  });
  const [discount] = invoice.discounts as Stripe.Discount[];
  expect(discount?.source.coupon).toMatchObject({ id: coupon.id, times_redeemed: 1 });
  expect(invoice.total_discount_amounts).toEqual([{ amount: 800, discount: discount?.id }]);
  expect(invoice.lines.data[0]).toMatchObject({ amount: 3800, discount_amounts: [{ amount: 800 }] });
  expect((paid.subscription as Stripe.Subscription).discounts).toEqual([]);
  expect((await stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(1);
});

test("a percentage for some months stays on the subscription until its end, unless it is taken off", async () => {
  const { stripe } = await startFixture({ now: () => Date.UTC(2026, 0, 31) });
  const { team } = await createCatalogue(stripe);
  const coupon = await stripe.coupons.create({
    percent_off: 50,
    duration: "repeating",
    duration_in_months: 1,
  });
  const paid = await subscribe(stripe, team.id, { discounts: [{ coupon: coupon.id }] });
  const subscription = await stripe.subscriptions.retrieve((paid.subscription as Stripe.Subscription).id, {
    expand: ["discounts"],
  });
  const [discount] = subscription.discounts as Stripe.Discount[];
  expect(discount).toMatchObject({ subscription: subscription.id, end: Date.UTC(2026, 1, 28) / 1000 });
  const deleted = await stripe.subscriptions.deleteDiscount(subscription.id);
  expect(deleted).toMatchObject({ id: discount?.id, deleted: true });
  expect((await stripe.subscriptions.retrieve(subscription.id)).discounts).toEqual([]);
  expect((await refusal(stripe.subscriptions.deleteDiscount(subscription.id))).statusCode).toBe(404);
  const types = await eventTypes(stripe);
  expect(types).toEqual(expect.arrayContaining(["customer.discount.created", "customer.discount.deleted"]));
});

test("everything off needs no payment, and the invoice is paid at once", async () => {
  const { stripe } = await startFixture();
  const { team } = await createCatalogue(stripe);
  const coupon = await stripe.coupons.create({ percent_off: 100, duration: "forever" });
  const paid = await subscribe(stripe, team.id, { discounts: [{ coupon: coupon.id }] });
  expect(paid).toMatchObject({ amount_total: 0, payment_status: "no_payment_required", status: "complete" });
  expect(paid.invoice).toMatchObject({ status: "paid", amount_due: 0 });
});

test("a one-time payment is discounted with and without an invoice", async () => {
  const { stripe } = await startFixture();
  const { pack } = await createCatalogue(stripe);
  const coupon = await stripe.coupons.create({ percent_off: 20 });
  for (const enabled of [true, false]) {
    const session = await stripe.checkout.sessions.create({
      mode: "payment",
      line_items: [{ price: pack.id, quantity: 1 }],
      discounts: [{ coupon: coupon.id }],
      invoice_creation: { enabled },
      success_url: SUCCESS,
    });
    await payCheckout(session);
    const paid = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ["payment_intent", "line_items"],
    });
    expect(paid.payment_intent).toMatchObject({ amount: 400, amount_received: 400 });
    expect(paid.line_items?.data[0]).toMatchObject({
      amount_discount: 100,
      amount_subtotal: 500,
      amount_total: 400,
    });
  }
  expect((await stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(2);
});

test("a promotion code is found whatever its case, and names its coupon", async () => {
  const { stripe } = await startFixture();
  const coupon = await stripe.coupons.create({ percent_off: 10 });
  const promotion = { type: "coupon" as const, coupon: coupon.id };
  const code = await stripe.promotionCodes.create({ promotion, code: "Friends10" });
  expect(code).toMatchObject({ code: "Friends10", active: true, promotion, times_redeemed: 0 });
  const found = await stripe.promotionCodes.list({ code: "FRIENDS10", expand: ["data.promotion.coupon"] });
  expect(found.data.map(({ id }) => id)).toEqual([code.id]);
  expect(found.data[0]?.promotion.coupon).toMatchObject({ id: coupon.id });
  const twin = await refusal(stripe.promotionCodes.create({ promotion, code: "friends10" }));
  expect(twin).toMatchObject({ statusCode: 400, param: "code" });
  const off = await stripe.promotionCodes.update(code.id, { active: false });
  expect(off.active).toBe(false);
  expect((await stripe.promotionCodes.list({ code: "friends10", active: true })).data).toEqual([]);
  await stripe.coupons.del(coupon.id);
  expect((await refusal(stripe.promotionCodes.update(code.id, { active: true }))).param).toBe("active");
});

test("a promotion code is refused where its restrictions do not fit", async () => {
  let now = Date.UTC(2026, 5, 1);
  const { stripe } = await startFixture({ now: () => now });
  const { team } = await createCatalogue(stripe);
  const dollars = await stripe.coupons.create({ amount_off: 100, currency: "usd" });
  const coupon = await stripe.coupons.create({ percent_off: 10, duration: "forever" });
  const [ada, bob] = [
    await stripe.customers.create({ address: { country: "DE" } }),
    await stripe.customers.create({ address: { country: "DE" } }),
  ];
  const promotion = { type: "coupon" as const, coupon: coupon.id };
  const codeWith = (more: Partial<Stripe.PromotionCodeCreateParams>) =>
    stripe.promotionCodes.create({ promotion, ...more });
  const minimum = { minimum_amount: 5000, minimum_amount_currency: "eur" };
  const expires_at = now / 1000 + 60;
  const codes = {
    owned: await codeWith({ customer: bob.id }),
    large: await codeWith({ restrictions: minimum }),
    first: await codeWith({ restrictions: { first_time_transaction: true } }),
    once: await codeWith({ max_redemptions: 1 }),
    short: await codeWith({ expires_at }),
  };
  const using = (code: Stripe.PromotionCode) => ({
    customer: ada.id,
    discounts: [{ promotion_code: code.id }],
  });
  await subscribe(stripe, team.id, using(codes.first));
  await subscribe(stripe, team.id, using(codes.once));
  now += 60_000;
  const refused = async (more: Partial<Stripe.Checkout.SessionCreateParams>) =>
    (await refusal(subscribe(stripe, team.id, more))).message;
  expect(await refused(using(codes.owned))).toContain("another customer");
  expect(await refused(using(codes.large))).toContain("€50.00");
  expect(await refused(using(codes.first))).toContain("prior transactions");
  expect(await refused(using(codes.once))).toContain("not active");
  expect(await refused(using(codes.short))).toContain("not active");
  expect(await refused({ discounts: [{ coupon: dollars.id }] })).toContain("usd");
  expect(await refused({ discounts: [{ coupon: "none" }] })).toBe("No such coupon: 'none'");
  expect(await refused({ allow_promotion_codes: true, discounts: [{ coupon: coupon.id }] })).toContain(
    "only specify one",
  );
});

test("a coupon with no redemption left is expired, and a page that was open shows the new total", async () => {
  const { stripe } = await startFixture();
  const { team } = await createCatalogue(stripe);
  const coupon = await stripe.coupons.create({ percent_off: 10, max_redemptions: 1 });
  const params = { discounts: [{ coupon: coupon.id }] };
  const open = await stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: team.id, quantity: 1 }],
    success_url: SUCCESS,
    ...params,
  });
  await subscribe(stripe, team.id, params);
  expect(await stripe.coupons.retrieve(coupon.id)).toMatchObject({ valid: false, times_redeemed: 1 });
  expect((await refusal(subscribe(stripe, team.id, params))).code).toBe("coupon_expired");
  expect((await payCheckout(open)).text).toContain("no longer available");
  const shown = await stripe.checkout.sessions.retrieve(open.id);
  expect(shown).toMatchObject({ status: "open", amount_total: 1900, discounts: [] });
});

test.each([
  ["each_line", 104],
  ["whole_sum", 105],
] as const)(
  "half off two lines of 1.05, rounded by %s, leaves %d cents",
  async (percentOffRounding, total) => {
    const { stripe } = await startFixture({ account: { assumptions: { percentOffRounding } } });
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: "once" });
    const customer = (await stripe.customers.create()).id;
    const draft = await stripe.invoices.create({ customer, discounts: [{ coupon: coupon.id }] });
    const item = { customer, invoice: draft.id, amount: 105, currency: "eur" };
    await stripe.invoiceItems.create(item);
    await stripe.invoiceItems.create(item);
    expect((await stripe.invoices.retrieve(draft.id)).total).toBe(total);
  },
);
