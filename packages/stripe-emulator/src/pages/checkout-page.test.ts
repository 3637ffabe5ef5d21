import type Stripe from "stripe";
import { expect, test } from "vitest";
import type { StripeEmulatorOptions } from "../index.ts";
import {
  createCatalogue,
  GOOD_CARD,
  openPage,
  payCheckout,
  startFixture,
  submitPage,
} from "../testing/fixture.ts";

type Params = Partial<Stripe.Checkout.SessionCreateParams>;

async function shop(options: StripeEmulatorOptions = {}) {
  const fixture = await startFixture(options);
  const { stripe } = fixture;
  const { pack, team } = await createCatalogue(stripe);
  const buying = (params: Params = {}) =>
    stripe.checkout.sessions.create({
      mode: "payment",
      ...(params.mode !== "setup" && {
        line_items: [{ price: params.mode === "subscription" ? team.id : pack.id, quantity: 1 }],
      }),
      success_url: "http://localhost/done",
      cancel_url: "http://localhost/plans",
      ...params,
    });
  return { ...fixture, pack, team, buying };
}

async function withSavedCard(params: Params = {}) {
  const fixture = await shop();
  const { stripe, buying } = fixture;
  const customer = await stripe.customers.create({
    email: "ada@example.com",
    name: "Ada",
    address: { country: "DE" },
  });
  const saving = await buying({
    customer: customer.id,
    saved_payment_method_options: { payment_method_save: "enabled" },
  });
  await payCheckout(saving, { save_card: "yes" });
  const session = await buying({ customer: customer.id, ...params });
  const [card] = (await stripe.customers.listPaymentMethods(customer.id)).data;
  return { ...fixture, customer, card, session };
}

test("a card saved with the box is offered at the next checkout and pays by itself", async () => {
  const { stripe, card, session } = await withSavedCard();
  expect(card).toMatchObject({ allow_redisplay: "always", card: { last4: "4242" } });
  const page = await openPage(session.url ?? "");
  expect(page.text).toContain("Visa ending in 4242");
  expect(page.text).toContain("Another card");
  const paid = await submitPage(session.url ?? "", {
    payment_method: card?.id ?? "",
    shown_total: "500",
    intent: "pay",
  });
  expect(paid.location).toBe("http://localhost/done");
  const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] });
  expect((done.payment_intent as Stripe.PaymentIntent).payment_method).toBe(card?.id);
});

test("without the tick the card is not kept, and the box shows only where it was asked for", async () => {
  const { stripe, buying } = await shop();
  const customer = await stripe.customers.create({ email: "ada@example.com" });
  const asked = await buying({
    customer: customer.id,
    saved_payment_method_options: { payment_method_save: "enabled" },
  });
  expect((await openPage(asked.url ?? "")).text).toContain("Save this card for my next purchases");
  await payCheckout(asked);
  expect((await stripe.customers.listPaymentMethods(customer.id)).data).toEqual([]);
  const plain = await buying({ customer: customer.id });
  expect((await openPage(plain.url ?? "")).text).not.toContain("Save this card");
});

test("a card whose holder did not agree is offered only where the caller says so", async () => {
  const { stripe, buying } = await shop();
  const customer = await stripe.customers.create({ email: "ada@example.com" });
  await payCheckout(await buying({ mode: "subscription", customer: customer.id }));
  const [card] = (await stripe.customers.listPaymentMethods(customer.id)).data;
  expect(card?.allow_redisplay).toBe("limited");
  const offered = async (params: Params) =>
    (await openPage((await buying({ customer: customer.id, ...params })).url ?? "")).text.includes(
      card?.id ?? "none",
    );
  expect(await offered({})).toBe(false);
  const allow_redisplay_filters = ["limited" as const];
  expect(await offered({ saved_payment_method_options: { allow_redisplay_filters } })).toBe(true);
});

test("somebody else's card cannot be named", async () => {
  const { stripe, session } = await withSavedCard();
  const other = await stripe.customers.create();
  const theirs = await stripe.paymentMethods.attach("pm_card_visa", { customer: other.id });
  const refused = await submitPage(session.url ?? "", { payment_method: theirs.id, shown_total: "500" });
  expect(refused.text).toContain("Enter your card number.");
  expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe("open");
});

test("a promotion code is applied, refused in words, and taken off again", async () => {
  const { stripe, buying } = await shop();
  const coupon = await stripe.coupons.create({ percent_off: 20, duration: "once" });
  await stripe.promotionCodes.create({ promotion: { type: "coupon", coupon: coupon.id }, code: "SPRING" });
  const session = await buying({ allow_promotion_codes: true });
  const enter = (promotion_code: string) => submitPage(`${session.url}/promotion`, { promotion_code });
  const wrong = await enter("AUTUMN");
  expect(wrong.text).toContain("This code is invalid.");
  expect(wrong.text).toContain('aria-describedby="promotion_code-problem"');
  const right = await enter("spring");
  expect(right.text).toContain("€4.00");
  expect(right.text).toMatch(/Code <strong>SPRING<\/strong> applied/);
  expect((await enter("")).text).toContain("Pay €5.00");
  await enter("SPRING");
  await payCheckout(session);
  const done = await stripe.checkout.sessions.retrieve(session.id);
  expect(done).toMatchObject({ amount_total: 400, total_details: { amount_discount: 100 } });
});

test.each<[string, Params["mode"], Params, boolean]>([
  ["a one-time purchase needs no card", "payment", {}, false],
  ["a subscription needs a card all the same", "subscription", {}, true],
  [
    "a subscription with payment_method_collection=if_required needs none",
    "subscription",
    { payment_method_collection: "if_required" },
    false,
  ],
])("for nothing at all %s", async (_case, mode, params, needsCard) => {
  const { stripe, buying } = await shop();
  const coupon = await stripe.coupons.create({ percent_off: 100, duration: "forever" });
  const session = await buying({ mode: mode ?? "payment", discounts: [{ coupon: coupon.id }], ...params });
  const page = await openPage(session.url ?? "");
  expect(page.text.includes("Card number")).toBe(needsCard);
  expect(page.text.includes("Nothing is due today")).toBe(!needsCard);
  const { number: _number, expiry: _expiry, cvc: _cvc, ...details } = GOOD_CARD;
  const typed = needsCard ? GOOD_CARD : details;
  const email = "ada@example.com";
  const paid = await submitPage(session.url ?? "", { ...typed, email, shown_total: "0", intent: "pay" });
  expect(paid.location).toBe("http://localhost/done");
  const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ["subscription"] });
  expect(done).toMatchObject({ status: "complete", payment_status: "no_payment_required", amount_total: 0 });
  if (mode !== "subscription") return;
  const subscription = done.subscription as Stripe.Subscription;
  expect(subscription.status).toBe("active");
  expect(subscription.default_payment_method !== null).toBe(needsCard);
});

test("the whole address is asked for when the caller requires it, and saved when it says so", async () => {
  const { stripe, buying } = await shop();
  const customer = await stripe.customers.create({ email: "ada@example.com" });
  const session = await buying({
    customer: customer.id,
    billing_address_collection: "required",
    customer_update: { address: "auto" },
  });
  const refused = await payCheckout(session);
  expect(refused.text).toContain("Enter your address.");
  expect(refused.text).toContain("Enter your city.");
  await payCheckout(session, { line1: "Hauptstraße 1", city: "Berlin" });
  const after = (await stripe.customers.retrieve(customer.id)) as Stripe.Customer;
  expect(after.address).toMatchObject({ line1: "Hauptstraße 1", city: "Berlin", country: "DE" });
});

test.each([
  ["fails: nothing is saved, another card is asked for", "fail", "open"],
  ["completes: the card is saved for later", "complete", "complete"],
])("in setup mode the bank's question %s", async (_case, answer, status) => {
  const { stripe, emulator, buying } = await shop();
  const customer = await stripe.customers.create({ email: "ada@example.com" });
  const session = await buying({ mode: "setup", customer: customer.id, currency: "eur" });
  const asked = await submitPage(session.url ?? "", { ...GOOD_CARD, number: "4000000000003220" });
  expect(asked.location).toMatch(/^\/authenticate\/setup\//);
  const answered = await submitPage(`${emulator.url}${asked.location}`, { answer });
  const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ["setup_intent"] });
  expect(done.status).toBe(status);
  if (status === "open") {
    expect((await openPage(`${emulator.url}${answered.location}`)).text).toContain("unable to authenticate");
    return;
  }
  expect(answered.location).toBe("http://localhost/done");
  expect((done.setup_intent as Stripe.SetupIntent).status).toBe("succeeded");
  expect((await stripe.customers.listPaymentMethods(customer.id)).data).toHaveLength(1);
});

test.each([
  ["subscription", false],
  ["subscription_and_customer", true],
] as const)(
  "read as %s, whether the card becomes the customer's default is %s",
  async (cardOfCheckout, isDefault) => {
    const { stripe, buying } = await shop({ account: { assumptions: { cardOfCheckout } } });
    const customer = await stripe.customers.create({ email: "ada@example.com" });
    await payCheckout(await buying({ mode: "subscription", customer: customer.id }));
    const after = (await stripe.customers.retrieve(customer.id)) as Stripe.Customer;
    expect(after.invoice_settings.default_payment_method !== null).toBe(isDefault);
  },
);

test("what is wrong is listed above the form with a way to each field, the first of which has the focus", async () => {
  const { buying } = await shop();
  const session = await buying();
  const { text } = await submitPage(session.url ?? "", { shown_total: "500", email: "ada@example.com" });
  expect(text).toContain('<a href="#number">Enter your card number.</a>');
  expect(text.match(/autofocus/g)).toHaveLength(1);
  expect(text).toMatch(/id="number"[^>]*autofocus/);
});

test.each<[Params, boolean, string]>([
  [{}, true, "trialing"],
  [{ payment_method_collection: "if_required" }, false, "trialing"],
])("a trial with %o asks for a card: %s, and begins %s", async (params, needsCard, status) => {
  const { stripe, buying } = await shop();
  const session = await buying({
    mode: "subscription",
    subscription_data: {
      trial_period_days: 14,
      trial_settings: { end_behavior: { missing_payment_method: "cancel" } },
    },
    ...params,
  });
  expect(session.amount_total).toBe(0);
  const page = await openPage(session.url ?? "");
  expect(page.text).toContain("14 days free");
  expect(page.text).toContain("then €19.00 per month");
  expect(page.text.includes("Card number")).toBe(needsCard);
  const done = await submitPage(session.url ?? "", {
    ...GOOD_CARD,
    ...(!needsCard && { number: "" }),
    email: "ada@example.com",
    shown_total: "0",
    intent: "pay",
  });
  expect(done.location).toBe("http://localhost/done");
  const { subscription } = await stripe.checkout.sessions.retrieve(session.id, { expand: ["subscription"] });
  const started = subscription as Stripe.Subscription;
  expect(started).toMatchObject({
    status,
    trial_settings: { end_behavior: { missing_payment_method: "cancel" } },
  });
  expect((started.trial_end ?? 0) - (started.trial_start ?? 0)).toBe(14 * 86_400);
  expect(started.default_payment_method !== null).toBe(needsCard);
});

test("a trial that ends too soon, or by two rules, is refused", async () => {
  const { buying } = await shop();
  const soon = Math.floor(Date.now() / 1000) + 3600;
  const trial = (subscription_data: Stripe.Checkout.SessionCreateParams.SubscriptionData) =>
    buying({ mode: "subscription", subscription_data });
  await expect(trial({ trial_end: soon })).rejects.toThrow(/48 hours/);
  await expect(trial({ trial_end: soon, trial_period_days: 3 })).rejects.toThrow(/only specify one/);
});
