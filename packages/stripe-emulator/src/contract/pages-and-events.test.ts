/** Contract: checkout sessions, the customer portal, events and webhook endpoints. */
import { expect, test, vi } from "vitest";
import { newPayer, newPrice, refusal, stripeUnderTest } from "./stripe-under-test.ts";

const under = stripeUnderTest();
const success_url = "https://example.com/done";

test("contract: a checkout session is open with an address, and expires on demand", async () => {
  const { stripe } = under;
  const price = await newPrice(stripe, { amount: 1900, interval: "month" });
  const session = await stripe.checkout.sessions.create({
    ...{ mode: "subscription", line_items: [{ price: price.id, quantity: 2 }], success_url },
    ...{ client_reference_id: "account-1", metadata: { plan: "team" } },
  });
  expect(session).toMatchObject({
    ...{ object: "checkout.session", mode: "subscription", status: "open", payment_status: "unpaid" },
    ...{ amount_total: 3800, client_reference_id: "account-1", metadata: { plan: "team" } },
  });
  expect(session.url).toMatch(/^http/);
  const lines = await stripe.checkout.sessions.listLineItems(session.id);
  expect(lines.data[0]).toMatchObject({ quantity: 2, amount_total: 3800 });
  const expired = await stripe.checkout.sessions.expire(session.id);
  expect(expired).toMatchObject({ status: "expired", url: null });
  expect((await refusal(stripe.checkout.sessions.expire(session.id))).statusCode).toBe(400);
});

test("contract: payment mode takes no recurring price, subscription mode needs one", async () => {
  const { stripe } = under;
  const month = await newPrice(stripe, { amount: 1900, interval: "month" });
  const once = await newPrice(stripe, { amount: 500 });
  for (const [mode, price] of [
    ["payment", month.id],
    ["subscription", once.id],
  ] as const) {
    const params = { mode, line_items: [{ price, quantity: 1 }], success_url };
    expect((await refusal(stripe.checkout.sessions.create(params))).statusCode).toBe(400);
  }
});

test("contract: a portal session of a configuration has an address", async () => {
  const { stripe } = under;
  const customer = await newPayer(stripe);
  const configuration = await stripe.billingPortal.configurations.create({
    features: { invoice_history: { enabled: true }, payment_method_update: { enabled: true } },
  });
  expect(configuration).toMatchObject({ object: "billing_portal.configuration", active: true });
  const session = await stripe.billingPortal.sessions.create({
    ...{ customer: customer.id, configuration: configuration.id, return_url: "https://example.com/" },
  });
  expect(session).toMatchObject({ object: "billing_portal.session", customer: customer.id });
  expect(session.url).toMatch(/^http/);
});

test("contract: what happens is told by events with a snapshot and what it was before", async () => {
  const { stripe } = under;
  const customer = await stripe.customers.create({ name: "Ada" });
  await stripe.customers.update(customer.id, { name: "Ada Lovelace" });
  const find = async () => {
    const events = await stripe.events.list({ type: "customer.updated", limit: 20 });
    return events.data.find(({ data }) => "id" in data.object && data.object.id === customer.id);
  };
  const event = await vi.waitUntil(find, { timeout: 20_000, interval: 200 });
  expect(event).toMatchObject({
    ...{ object: "event", type: "customer.updated", livemode: false },
    data: { object: { name: "Ada Lovelace" }, previous_attributes: { name: "Ada" } },
  });
  expect((await stripe.events.retrieve(event?.id ?? "")).id).toBe(event?.id);
});

test("contract: a webhook endpoint tells its secret once, and is changed and deleted", async () => {
  const { stripe } = under;
  const made = await stripe.webhookEndpoints.create({
    ...{ url: "https://example.com/hooks", enabled_events: ["invoice.paid"] },
    api_version: "2026-10-28.endive",
  });
  try {
    expect(made).toMatchObject({
      object: "webhook_endpoint",
      status: "enabled",
      api_version: "2026-10-28.endive",
    });
    expect(made.secret).toMatch(/^whsec_/);
    expect((await stripe.webhookEndpoints.retrieve(made.id)).secret).toBeUndefined();
    const off = await stripe.webhookEndpoints.update(made.id, { disabled: true });
    expect(off.status).toBe("disabled");
  } finally {
    expect((await stripe.webhookEndpoints.del(made.id)).deleted).toBe(true);
  }
});
