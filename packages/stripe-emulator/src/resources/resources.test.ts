import { inflateSync } from "node:zlib";
import Stripe from "stripe";
import { expect, test } from "vitest";
import { createCatalogue, payCheckout, refusal, startFixture } from "../testing/fixture.ts";

test("a lookup key names one price at a time and moves when told to", async () => {
  const { stripe } = await startFixture();
  const { team } = await createCatalogue(stripe);
  const next: Stripe.PriceCreateParams = {
    product: team.product as string,
    currency: "EUR",
    unit_amount: 2100,
    recurring: { interval: "month" },
    tax_behavior: "exclusive",
    lookup_key: "team_month",
  };
  expect((await refusal(stripe.prices.create(next))).message).toContain("already uses that lookup key");
  const dearer = await stripe.prices.create({ ...next, transfer_lookup_key: true });
  const found = await stripe.prices.list({ lookup_keys: ["team_month"] });
  expect(found.data.map(({ id }) => id)).toEqual([dearer.id]);
  expect((await stripe.prices.retrieve(team.id)).lookup_key).toBeNull();
  expect(dearer).toMatchObject({
    type: "recurring",
    currency: "eur",
    recurring: { interval: "month", interval_count: 1 },
  });
});

test("a price keeps its amount and tax behaviour; an amount may be a decimal", async () => {
  const { stripe } = await startFixture();
  const { team } = await createCatalogue(stripe);
  expect((await refusal(stripe.prices.update(team.id, { tax_behavior: "inclusive" }))).param).toBe(
    "tax_behavior",
  );
  expect((await stripe.prices.update(team.id, { active: false, nickname: "old" })).active).toBe(false);
  const fine = await stripe.prices.create({
    product: team.product as string,
    currency: "eur",
    unit_amount_decimal: Stripe.Decimal.from("0.125"),
  });
  expect(fine.unit_amount).toBeNull();
  expect(fine.unit_amount_decimal?.toString()).toBe("0.125");
  expect((await refusal(stripe.products.del(team.product as string))).message).toContain("Archive it");
});

test("a customer's fields are set, changed and unset", async () => {
  const { stripe } = await startFixture();
  const customer = await stripe.customers.create({
    name: "Acme",
    email: "billing@acme.test",
    address: { line1: "Main St 1", country: "DE" },
  });
  expect(customer.address).toMatchObject({ line1: "Main St 1", country: "DE", city: null });
  const changed = await stripe.customers.update(customer.id, { name: "", address: "" });
  expect(changed).toMatchObject({ name: null, address: null, email: "billing@acme.test" });
  const updates = await stripe.events.list({ type: "customer.updated" });
  expect(updates.data[0]?.data.previous_attributes).toMatchObject({ name: "Acme" });
  expect((await refusal(stripe.customers.create({ email: "nonsense" }))).code).toBe("email_invalid");
  expect(await stripe.customers.del(customer.id)).toMatchObject({ deleted: true });
  expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ id: customer.id, deleted: true });
});

test("a card template attaches as a new card, can be the default, and is gone once detached", async () => {
  const { stripe } = await startFixture();
  const { id } = await stripe.customers.create({ email: "ada@example.com" });
  const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: id });
  expect(method).toMatchObject({ customer: id, card: { brand: "visa", last4: "4242" } });
  const settings = { invoice_settings: { default_payment_method: method.id } };
  expect((await stripe.customers.update(id, settings)).invoice_settings.default_payment_method).toBe(
    method.id,
  );
  const other = await stripe.customers.create();
  expect((await refusal(stripe.customers.update(other.id, settings))).code).toBe("resource_missing");
  await stripe.paymentMethods.detach(method.id);
  expect(await stripe.customers.retrieve(id)).toMatchObject({
    invoice_settings: { default_payment_method: null },
  });
  expect((await refusal(stripe.paymentMethods.attach(method.id, { customer: id }))).message).toContain(
    "may not be used again",
  );
});

test("a card that the bank refuses cannot be saved, one that fails later can", async () => {
  const { stripe } = await startFixture();
  const { id } = await stripe.customers.create();
  const refused = await refusal(
    stripe.paymentMethods.attach("pm_card_visa_chargeDeclinedLostCard", { customer: id }),
  );
  expect(refused).toMatchObject({ statusCode: 402, code: "card_declined", decline_code: "lost_card" });
  const method = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer: id });
  const charge = {
    amount: 500,
    currency: "eur",
    customer: id,
    payment_method: method.id,
    off_session: true,
    confirm: true,
  };
  expect((await refusal(stripe.paymentIntents.create(charge))).decline_code).toBe("generic_decline");
});

test("a declined payment is 402 and stays on record with its charge", async () => {
  const { stripe } = await startFixture();
  const params = {
    amount: 500,
    currency: "eur",
    payment_method: "pm_card_visa_chargeDeclinedInsufficientFunds",
  };
  const error = await refusal(stripe.paymentIntents.create({ ...params, confirm: true }));
  expect(error).toBeInstanceOf(Stripe.errors.StripeCardError);
  expect(error).toMatchObject({ statusCode: 402, code: "card_declined", decline_code: "insufficient_funds" });
  const intent = await stripe.paymentIntents.retrieve(error.payment_intent?.id ?? "");
  expect(intent).toMatchObject({ status: "requires_payment_method", latest_charge: error.charge });
  expect(intent.last_payment_error).toMatchObject({
    code: "card_declined",
    decline_code: "insufficient_funds",
  });
  expect((await stripe.charges.retrieve(error.charge ?? "")).status).toBe("failed");
});

test("authentication off session is a decline; on session it is asked for", async () => {
  const { stripe } = await startFixture();
  const { id } = await stripe.customers.create();
  const method = await stripe.paymentMethods.attach("pm_card_authenticationRequired", { customer: id });
  const charge = { amount: 500, currency: "eur", customer: id, payment_method: method.id, confirm: true };
  const error = await refusal(stripe.paymentIntents.create({ ...charge, off_session: true }));
  expect(error).toMatchObject({ statusCode: 402, code: "authentication_required" });
  expect(error.payment_intent?.status).toBe("requires_payment_method");
  const asked = await stripe.paymentIntents.confirm(error.payment_intent?.id ?? "", {
    payment_method: method.id,
  });
  expect(asked).toMatchObject({ status: "requires_action", next_action: { type: "redirect_to_url" } });
});

test("amounts have a minimum, and a finished payment no longer changes", async () => {
  const { stripe } = await startFixture();
  expect((await refusal(stripe.paymentIntents.create({ amount: 49, currency: "eur" }))).code).toBe(
    "amount_too_small",
  );
  const paid = await stripe.paymentIntents.create({
    amount: 50,
    currency: "eur",
    payment_method: "pm_card_visa",
    confirm: true,
  });
  expect((await refusal(stripe.paymentIntents.cancel(paid.id))).code).toBe("payment_intent_unexpected_state");
  expect((await refusal(stripe.paymentIntents.confirm(paid.id))).code).toBe(
    "payment_intent_unexpected_state",
  );
  expect((await stripe.paymentIntents.update(paid.id, { metadata: { a: "1" } })).metadata).toEqual({
    a: "1",
  });
});

async function subscribed() {
  const fixture = await startFixture();
  const { team } = await createCatalogue(fixture.stripe);
  const customer = await fixture.stripe.customers.create({
    email: "ada@example.com",
    address: { country: "DE" },
  });
  const session = await fixture.stripe.checkout.sessions.create({
    mode: "subscription",
    customer: customer.id,
    line_items: [{ price: team.id, quantity: 3 }],
    automatic_tax: { enabled: true },
    success_url: "http://localhost/",
  });
  await payCheckout(session);
  const [subscription] = (await fixture.stripe.subscriptions.list({ customer: customer.id })).data;
  if (subscription === undefined) throw new Error("the session left no subscription");
  return { ...fixture, customer, subscription };
}

test("a subscription's metadata and card change, and each change is an event", async () => {
  const { stripe, customer, subscription } = await subscribed();
  const card = await stripe.paymentMethods.attach("pm_card_mastercard", { customer: customer.id });
  const changed = await stripe.subscriptions.update(subscription.id, {
    metadata: { account: "acme" },
    default_payment_method: card.id,
  });
  expect(changed).toMatchObject({ metadata: { account: "acme" }, default_payment_method: card.id });
  const [event] = (await stripe.events.list({ type: "customer.subscription.updated" })).data;
  expect(Object.keys(event?.data.previous_attributes ?? {}).sort()).toEqual([
    "default_payment_method",
    "metadata",
  ]);
  expect(
    (await stripe.subscriptions.update(subscription.id, { default_payment_method: "" }))
      .default_payment_method,
  ).toBeNull();
  const items = await stripe.subscriptionItems.list({ subscription: subscription.id });
  expect(await stripe.subscriptionItems.retrieve(items.data[0]?.id ?? "")).toMatchObject({ quantity: 3 });
});

test("a canceled subscription is final and out of the default list", async () => {
  const { stripe, subscription } = await subscribed();
  const canceled = await stripe.subscriptions.cancel(subscription.id, {
    cancellation_details: { comment: "bye" },
  });
  expect(canceled).toMatchObject({
    status: "canceled",
    cancellation_details: { comment: "bye", reason: "cancellation_requested" },
  });
  expect((await stripe.subscriptions.list()).data).toEqual([]);
  expect((await stripe.subscriptions.list({ status: "all" })).data).toHaveLength(1);
  expect((await refusal(stripe.subscriptions.cancel(subscription.id))).code).toBe("resource_missing");
  expect((await stripe.events.list({ type: "customer.subscription.deleted" })).data).toHaveLength(1);
});

test("an invoice is found by customer and subscription, with its lines and both its documents", async () => {
  const { stripe, customer, subscription } = await subscribed();
  const [invoice] = (await stripe.invoices.list({ customer: customer.id, status: "paid" })).data;
  expect((await stripe.invoices.list({ subscription: subscription.id })).data[0]?.id).toBe(invoice?.id);
  const lines = await stripe.invoices.listLineItems(invoice?.id ?? "");
  expect(lines.data[0]).toMatchObject({
    amount: 5700,
    quantity: 3,
    parent: { type: "subscription_item_details" },
  });
  const page = await fetch(invoice?.hosted_invoice_url ?? "").then((response) => response.text());
  for (const text of [
    invoice?.number ?? "",
    "€67.83",
    "€10.83",
    "VAT 19 %",
    "3 × Team",
    "ada@example.com",
    "Paid",
  ]) {
    expect(page).toContain(text);
  }
  const pdf = await fetch(invoice?.invoice_pdf ?? "");
  expect(pdf.headers.get("content-type")).toBe("application/pdf");
  const printed = textOfPdf(Buffer.from(await pdf.arrayBuffer()));
  for (const text of ["Emulated Store", "ada@example.com", "EMU-0001", "3 × Team", "€67.83", "Paid"]) {
    expect(printed).toContain(text);
  }
});

/** The words of a PDF as pdfkit writes them: deflated streams with hexadecimal strings in the Windows code page. */
function textOfPdf(file: Buffer): string {
  const latin = file.toString("latin1");
  const streams = [...latin.matchAll(/stream\n([^]*?)\nendstream/g)].map(([, body = ""]) => {
    const bytes = Buffer.from(body, "latin1");
    return bytes[0] === 0x78 ? inflateSync(bytes).toString("latin1") : "";
  });
  const decoder = new TextDecoder("windows-1252");
  return [...streams.join("\n").matchAll(/\[(.*?)\] TJ/g)]
    .map(([, strings = ""]) => [...strings.matchAll(/<([0-9a-f]*)>/g)].map(([, hex = ""]) => hex).join(""))
    .map((hex) => decoder.decode(Buffer.from(hex, "hex")))
    .join("\n");
}
