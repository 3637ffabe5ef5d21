import Stripe from "stripe";
import { expect, test } from "vitest";
import {
  createCatalogue,
  openPage,
  payCheckout,
  refusal,
  startFixture,
  submitPage,
} from "./testing/fixture.ts";

const BACK = {
  success_url: "http://localhost/done?session={CHECKOUT_SESSION_ID}",
  cancel_url: "http://localhost/plans",
};

async function subscribing(quantity = 3, changes: Stripe.Checkout.SessionCreateParams = {}) {
  const fixture = await startFixture();
  const catalogue = await createCatalogue(fixture.stripe);
  const session = await fixture.stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: catalogue.team.id, quantity }],
    automatic_tax: { enabled: true },
    subscription_data: { metadata: { account: "acme" } },
    ...BACK,
    ...changes,
  });
  return { ...fixture, ...catalogue, session };
}

test("a paid subscription session leaves an active subscription, a paid numbered invoice and its payment", async () => {
  const { stripe, session } = await subscribing();
  expect(session).toMatchObject({
    status: "open",
    payment_status: "unpaid",
    subscription: null,
    amount_total: 5700,
  });

  const paid = await payCheckout(session);
  expect(paid.status).toBe(303);
  expect(paid.location).toBe(`http://localhost/done?session=${session.id}`);

  const done = await stripe.checkout.sessions.retrieve(session.id, {
    expand: ["line_items", "subscription.latest_invoice.payments", "customer"],
  });
  expect(done).toMatchObject({ status: "complete", payment_status: "paid", url: null, amount_total: 6783 });
  expect(done.line_items?.data[0]).toMatchObject({ quantity: 3, amount_total: 6783, amount_tax: 1083 });
  const subscription = done.subscription as Stripe.Subscription;
  expect(subscription).toMatchObject({ status: "active", metadata: { account: "acme" } });
  const item = subscription.items.data[0];
  expect(item).toMatchObject({ quantity: 3, price: { lookup_key: "team_month" } });
  expect(item?.current_period_end).toBeGreaterThan(item?.current_period_start ?? 0);
  const invoice = subscription.latest_invoice as Stripe.Invoice;
  expect(invoice).toMatchObject({
    status: "paid",
    number: "EMU-0001",
    subtotal: 5700,
    total: 6783,
    amount_paid: 6783,
    amount_remaining: 0,
    billing_reason: "subscription_create",
    parent: { subscription_details: { subscription: subscription.id, metadata: { account: "acme" } } },
  });
  expect(invoice.lines.data[0]).toMatchObject({ description: "3 × Team (at €19.00 / month)", quantity: 3 });
  expect(invoice.total_taxes?.[0]).toMatchObject({ amount: 1083, taxable_amount: 5700 });
  expect(invoice.payments?.data[0]).toMatchObject({ status: "paid", amount_paid: 6783 });
  expect((done.customer as Stripe.Customer).email).toBe("ada@example.com");
  const cards = await stripe.customers.listPaymentMethods(subscription.customer as string);
  expect(cards.data.map((card) => card.id)).toEqual([subscription.default_payment_method]);
});

test("the events of a subscription session come in the order in which Stripe's arrive", async () => {
  const { stripe, session } = await subscribing();
  await payCheckout(session);
  const events = await stripe.events.list({ limit: 100 });
  const types = events.data.map((event) => event.type).reverse();
  expect(types.slice(types.indexOf("charge.succeeded"))).toEqual([
    "charge.succeeded",
    "payment_method.attached",
    "customer.created",
    "checkout.session.completed",
    "customer.subscription.created",
    "payment_intent.succeeded",
    "payment_intent.created",
    "invoice.created",
    "invoice.finalized",
    "invoice.paid",
    "invoice.payment_succeeded",
    "invoice_payment.paid",
    "charge.updated",
  ]);
  const created = events.data.find((event) => event.type === "customer.subscription.created");
  expect((created?.data.object as Stripe.Subscription).status).toBe("active");
});

test("the page shows lines, tax and the sum on the button, and follows country and quantity", async () => {
  const { session } = await subscribing(3, undefined);
  const page = await openPage(session.url ?? "");
  expect(page.status).toBe(200);
  for (const label of [
    "Email",
    "Card number",
    "Expiry (MM / YY)",
    "CVC",
    "Name on card",
    "Country",
    "Postal code",
  ]) {
    expect(page.text).toContain(`>${label}</label`);
  }
  expect(page.text).toContain("Subscribe and pay €67.83");
  expect(page.text).toContain("Offline test page");
  const french = await fetch(`${session.url}/totals?country=FR`);
  expect(await french.json()).toMatchObject({ button: "Subscribe and pay €68.40" });
  const american = await fetch(`${session.url}/totals?country=US`);
  expect(await american.json()).toMatchObject({ button: "Subscribe and pay €57.00" });
});

test("an adjustable quantity is chosen on the page and read from the subscription item", async () => {
  const { stripe, team } = await subscribing();
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [
      { price: team.id, quantity: 2, adjustable_quantity: { enabled: true, minimum: 2, maximum: 10 } },
    ],
    ...BACK,
  });
  const [line] = (await stripe.checkout.sessions.listLineItems(session.id)).data;
  const name = `quantity_${line?.id}`;
  expect((await payCheckout(session, { [name]: "11" })).text).toContain("Nothing was charged");
  await payCheckout(session, { [name]: "5" });
  const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ["subscription"] });
  expect((done.subscription as Stripe.Subscription).items.data[0]?.quantity).toBe(5);
});

test("a declined card says why, keeps what was typed but the card, and leaves no subscription", async () => {
  const { stripe, session } = await subscribing();
  const declined = await payCheckout(session, { number: "4000000000009995", cvc: "987" });
  expect(declined.status).toBe(200);
  expect(declined.text).toContain("Your card has insufficient funds.");
  expect(declined.text).toContain('value="Ada Example"');
  expect(declined.text).toContain('value="ada@example.com"');
  expect(declined.text).not.toContain("4000000000009995");
  expect(declined.text).not.toContain('value="987"');
  expect((await stripe.subscriptions.list({ status: "all" })).data).toEqual([]);
  expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe("open");

  await payCheckout(session);
  const done = await stripe.checkout.sessions.retrieve(session.id);
  expect(done.payment_status).toBe("paid");
  const intents = await stripe.paymentIntents.list();
  expect(intents.data.map((intent) => intent.status)).toEqual(["succeeded"]);
  expect((await stripe.charges.list()).data.map((charge) => charge.status)).toEqual(["succeeded", "failed"]);
});

test.each([
  ["4000000000000002", "Your card was declined."],
  ["4000000000000069", "Your card has expired."],
  ["4000000000000127", "Your card&#39;s security code is incorrect."],
  ["4242424242424241", "Your card number is incorrect."],
  ["4012888888881881", "use a test card"],
])("card %s is refused with: %s", async (number, message) => {
  const { session } = await subscribing();
  expect((await payCheckout(session, { number })).text).toContain(message);
});

test("a double submission pays once and ends on the same page", async () => {
  const { stripe, session } = await subscribing();
  const answers = await Promise.all([payCheckout(session), payCheckout(session), payCheckout(session)]);
  const again = await submitPage(session.url ?? "", { intent: "pay" });
  expect(new Set([...answers, again].map(({ location }) => location))).toEqual(
    new Set([`http://localhost/done?session=${session.id}`]),
  );
  expect((await stripe.charges.list()).data).toHaveLength(1);
  expect((await stripe.subscriptions.list()).data).toHaveLength(1);
});

test("a sum other than the one shown is never charged", async () => {
  const { stripe, session } = await subscribing();
  const answer = await payCheckout(session, { country: "FR", shown_total: "6783" });
  expect(answer.text).toContain("The total changed");
  expect(answer.text).toContain("Subscribe and pay €68.40");
  expect((await stripe.charges.list()).data).toEqual([]);
});

test("a completed and an expired session say so on their page", async () => {
  const { stripe, session, team } = await subscribing();
  await payCheckout(session);
  expect((await openPage(session.url ?? "")).text).toContain("already been completed");
  const other = await stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: team.id, quantity: 1 }],
    ...BACK,
  });
  const expired = await stripe.checkout.sessions.expire(other.id);
  expect(expired).toMatchObject({ status: "expired", url: null });
  const page = await openPage(other.url ?? "");
  expect(page).toMatchObject({ status: 410 });
  expect(page.text).toContain("expired");
  expect((await refusal(stripe.checkout.sessions.expire(other.id))).statusCode).toBe(400);
});

test("a session left alone for a day expires by itself", async () => {
  let now = Date.UTC(2026, 0, 31);
  const { stripe } = await startFixture({ now: () => now });
  const { pack } = await createCatalogue(stripe);
  const session = await stripe.checkout.sessions.create({
    mode: "payment",
    line_items: [{ price: pack.id }],
    ...BACK,
  });
  now += 24 * 3600 * 1000;
  expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe("expired");
  expect((await stripe.events.list({ type: "checkout.session.expired" })).data).toHaveLength(1);
});

test("a pack is paid once, with an invoice, its tax included, and the card kept for later charges", async () => {
  const { stripe } = await startFixture();
  const { pack } = await createCatalogue(stripe);
  const customer = await stripe.customers.create({ email: "ada@example.com", address: { country: "DE" } });
  const session = await stripe.checkout.sessions.create({
    mode: "payment",
    customer: customer.id,
    line_items: [{ price: pack.id, quantity: 1 }],
    automatic_tax: { enabled: true },
    invoice_creation: { enabled: true, invoice_data: { metadata: { pack: "starter" } } },
    payment_intent_data: { setup_future_usage: "off_session", metadata: { pack: "starter" } },
    ...BACK,
  });
  expect((await openPage(session.url ?? "")).text).toContain("Pay €5.00");
  await payCheckout(session);
  const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent", "invoice"] });
  const intent = done.payment_intent as Stripe.PaymentIntent;
  expect(intent).toMatchObject({ status: "succeeded", amount_received: 500, metadata: { pack: "starter" } });
  expect(done.invoice).toMatchObject({
    status: "paid",
    total: 500,
    total_excluding_tax: 420,
    metadata: { pack: "starter" },
  });
  expect(done.total_details?.amount_tax).toBe(80);
  const later = await stripe.paymentIntents.create({
    amount: 500,
    currency: "eur",
    customer: customer.id,
    payment_method: intent.payment_method as string,
    off_session: true,
    confirm: true,
  });
  expect(later.status).toBe("succeeded");
  const link = await stripe.invoicePayments.list({
    payment: { type: "payment_intent", payment_intent: intent.id },
  });
  expect(link.data[0]?.invoice).toBe((done.invoice as Stripe.Invoice).id);
});

test("a guest can pay without becoming a customer", async () => {
  const { stripe } = await startFixture();
  const { pack } = await createCatalogue(stripe);
  const session = await stripe.checkout.sessions.create({
    mode: "payment",
    line_items: [{ price: pack.id, quantity: 1 }],
    ...BACK,
  });
  await payCheckout(session);
  const done = await stripe.checkout.sessions.retrieve(session.id);
  expect(done).toMatchObject({
    customer: null,
    payment_status: "paid",
    customer_details: { email: "ada@example.com" },
  });
  expect((await stripe.customers.list()).data).toEqual([]);
});

test("a setup session saves the card and charges nothing", async () => {
  const { stripe } = await startFixture();
  const customer = await stripe.customers.create({ email: "ada@example.com" });
  const session = await stripe.checkout.sessions.create({
    mode: "setup",
    currency: "eur",
    customer: customer.id,
    ...BACK,
  });
  await payCheckout(session);
  const done = await stripe.checkout.sessions.retrieve(session.id, {
    expand: ["setup_intent.payment_method"],
  });
  expect(done).toMatchObject({
    status: "complete",
    payment_status: "no_payment_required",
    amount_total: null,
  });
  const method = (done.setup_intent as Stripe.SetupIntent).payment_method as Stripe.PaymentMethod;
  expect(method).toMatchObject({ customer: customer.id, card: { last4: "4242" } });
  expect((await stripe.charges.list()).data).toEqual([]);
});

test("a card whose bank asks is paid after the challenge, and refused when it fails", async () => {
  const { stripe, emulator, session } = await subscribing();
  const first = await payCheckout(session, { number: "4000002760003184" });
  const challenge = `${emulator.url}${first.location}`;
  expect((await openPage(challenge)).text).toContain("Complete authentication");
  const failed = await submitPage(challenge, { answer: "fail" });
  expect((await openPage(`${emulator.url}${failed.location}`)).text).toContain("unable to authenticate");
  const second = await payCheckout(session, { number: "4000002760003184" });
  const passed = await submitPage(`${emulator.url}${second.location}`, { answer: "complete" });
  expect(passed.location).toBe(`http://localhost/done?session=${session.id}`);
  expect((await stripe.subscriptions.list()).data).toHaveLength(1);
});

test("automatic tax without a country needs the address that the page will ask for", async () => {
  const { stripe } = await startFixture();
  const { team } = await createCatalogue(stripe);
  const customer = await stripe.customers.create({ email: "ada@example.com" });
  const params: Stripe.Checkout.SessionCreateParams = {
    mode: "subscription",
    customer: customer.id,
    line_items: [{ price: team.id, quantity: 1 }],
    automatic_tax: { enabled: true },
    ...BACK,
  };
  expect((await refusal(stripe.checkout.sessions.create(params))).code).toBe("customer_tax_location_invalid");
  const session = await stripe.checkout.sessions.create({ ...params, customer_update: { address: "auto" } });
  expect(session.automatic_tax.status).toBe("requires_location_inputs");
  await payCheckout(session, { country: "AT" });
  expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ address: { country: "AT" } });
  expect((await stripe.checkout.sessions.retrieve(session.id)).amount_total).toBe(2280);
});

test("what cannot work is refused when the session is made", async () => {
  const { stripe } = await startFixture();
  const { team, pack } = await createCatalogue(stripe);
  const create = (params: Stripe.Checkout.SessionCreateParams) =>
    refusal(stripe.checkout.sessions.create({ ...BACK, ...params }));
  const subscribed = await create({ mode: "payment", line_items: [{ price: team.id, quantity: 1 }] });
  expect(subscribed.message).toContain("recurring price");
  expect(
    (await create({ mode: "subscription", line_items: [{ price: pack.id, quantity: 1 }] })).statusCode,
  ).toBe(400);
  expect((await create({ mode: "subscription" })).code).toBe("parameter_missing");
  const methods = { payment_method_types: ["card"] } as Stripe.Checkout.SessionCreateParams;
  expect((await create({ mode: "payment", line_items: [{ price: pack.id }], ...methods })).code).toBe(
    "parameter_unknown",
  );
  expect((await create({ mode: "payment", line_items: [{ price: "price_none" }] })).code).toBe(
    "resource_missing",
  );
});

test("tax ids can be collected from a customer whose name may be updated", async () => {
  const { stripe } = await startFixture();
  const { team } = await createCatalogue(stripe);
  const customer = await stripe.customers.create({ email: "ada@example.com" });
  const params: Stripe.Checkout.SessionCreateParams = {
    mode: "subscription",
    customer: customer.id,
    line_items: [{ price: team.id, quantity: 1 }],
    tax_id_collection: { enabled: true },
    ...BACK,
  };
  expect((await refusal(stripe.checkout.sessions.create(params))).param).toBe("tax_id_collection");
  const session = await stripe.checkout.sessions.create({ ...params, customer_update: { name: "auto" } });
  expect(session.tax_id_collection).toEqual({ enabled: true, required: "never" });
  await payCheckout(session);
  expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ name: "Ada Example" });
});
