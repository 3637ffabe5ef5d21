import Stripe from "stripe";
import { expect, test } from "vitest";
import { callApi as call } from "../testing/call-api.ts";
import { createCatalogue, payCheckout, refusal, sdkFor, startFixture } from "../testing/fixture.ts";
import { Store } from "../store/store.ts";
import { IdempotencyKeys } from "./idempotency.ts";
import { requiredFields } from "./shape.ts";

test("a wrong key is 401, a missing one says how to send it, and basic authentication works", async () => {
  const { emulator } = await startFixture();
  const wrong = await refusal(sdkFor(emulator, "sk_test_wrong").customers.list());
  expect(wrong).toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
  expect(wrong.message).not.toContain("sk_test_wrong");
  const missing = await call(emulator.url, "/v1/customers", { headers: { Authorization: "" } });
  expect(missing.status).toBe(401);
  const basic = `Basic ${Buffer.from("sk_test_emulator:").toString("base64")}`;
  expect((await call(emulator.url, "/v1/customers", { headers: { Authorization: basic } })).status).toBe(200);
});

test("every answer carries a request id, in errors too", async () => {
  const { stripe } = await startFixture();
  const customer = await stripe.customers.create({ name: "Ada" });
  expect(customer.lastResponse.requestId).toMatch(/^req_/);
  const error = await refusal(stripe.customers.retrieve("cus_none"));
  expect(error).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
  expect(error).toMatchObject({ statusCode: 404, code: "resource_missing", param: "id" });
  expect(error.requestId).toMatch(/^req_/);
});

test("unknown, missing and malformed parameters are named", async () => {
  const { emulator } = await startFixture();
  const post = (path: string, body: string) => call(emulator.url, path, { method: "POST", body });
  const cases: [string, string, Record<string, unknown>][] = [
    ["/v1/customers", "nickname=x", { code: "parameter_unknown", param: "nickname" }],
    ["/v1/customers", "address[planet]=x", { code: "parameter_unknown", param: "address[planet]" }],
    ["/v1/prices", "unit_amount=1", { code: "parameter_missing", param: "currency" }],
    [
      "/v1/prices",
      "currency=eur&unit_amount=1.5",
      { code: "parameter_invalid_integer", param: "unit_amount" },
    ],
    ["/v1/prices", "currency=eur&active=yes", { param: "active", message: "Invalid boolean: yes" }],
    ["/v1/prices", "currency=eur&recurring[interval]=eon", { param: "recurring[interval]" }],
    ["/v1/customers", "metadata=x", { param: "metadata" }],
    ["/v1/products", "name=", { code: "parameter_invalid_empty", param: "name" }],
    ["/v1/products", "name=x&images[]=", { code: "parameter_invalid_empty", param: "images[0]" }],
    ["/v1/customers", "email[]=x", { param: "email" }],
  ];
  for (const [path, body, expected] of cases) {
    const answer = await post(path, body);
    expect([body, answer.status]).toEqual([body, 400]);
    expect(answer.body.error).toMatchObject({ type: "invalid_request_error", ...expected });
  }
  expect((await call(emulator.url, "/v1/nothing")).status).toBe(404);
});

test("the version is endive; an older one is refused in words, none at all tolerates older fixtures", async () => {
  const { emulator } = await startFixture();
  const answer = await call(emulator.url, "/v1/customers", { headers: { "Stripe-Version": "2024-06-20" } });
  expect(answer.status).toBe(400);
  expect(String(answer.body.error?.["message"])).toContain("2026-10-28.endive");
  const old = { method: "POST", body: "amount=500&currency=eur&payment_method_types[]=card" };
  expect((await call(emulator.url, "/v1/payment_intents", old)).status).toBe(200);
  const pinned = { ...old, headers: { "Stripe-Version": "2026-10-28.endive" } };
  expect((await call(emulator.url, "/v1/payment_intents", pinned)).body.error).toMatchObject({
    code: "parameter_unknown",
  });
});

test("the same key and parameters replay the first answer, errors included", async () => {
  const { emulator, stripe } = await startFixture();
  const post = (body: string) =>
    call(emulator.url, "/v1/customers", { method: "POST", body, headers: { "Idempotency-Key": "key-1" } });
  const first = await post("name=Ada");
  const second = await post("name=Ada");
  expect(second.body).toEqual(first.body);
  expect(second.headers.get("idempotent-replayed")).toBe("true");
  expect(second.headers.get("original-request")).toBe(first.headers.get("request-id"));
  expect((await stripe.customers.list()).data).toHaveLength(1);
  const mismatch = await refusal(stripe.customers.create({ name: "Bob" }, { idempotencyKey: "key-1" }));
  expect(mismatch).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);

  const charge = {
    amount: 500,
    currency: "eur",
    payment_method: "pm_card_visa_chargeDeclined",
    confirm: true,
  };
  const options = { idempotencyKey: "key-2" };
  const declined = await refusal(stripe.paymentIntents.create(charge, options));
  const replayed = await refusal(stripe.paymentIntents.create(charge, options));
  expect(declined).toBeInstanceOf(Stripe.errors.StripeCardError);
  expect(replayed.payment_intent?.id).toBe(declined.payment_intent?.id);
  expect((await stripe.paymentIntents.list()).data).toHaveLength(1);
});

test("a refused parameter does not use up its key", async () => {
  const { emulator } = await startFixture();
  const post = (body: string) =>
    call(emulator.url, "/v1/customers", { method: "POST", body, headers: { "Idempotency-Key": "key-1" } });
  expect((await post("nickname=x")).status).toBe(400);
  expect((await post("name=Ada")).status).toBe(200);
});

test("a key whose first request is still at work is 409", () => {
  const keys = new IdempotencyKeys(new Store().idempotencyKeys);
  const request = { path: "/v1/customers", body: "name=Ada", now: 0 };
  expect(keys.begin("key-1", request)).toBeUndefined();
  expect(() => keys.begin("key-1", request)).toThrow("in-progress");
  keys.end("key-1");
  expect(keys.begin("key-1", request)).toBeUndefined();
});

test("lists are newest first and walked by cursors in both directions", async () => {
  const { stripe } = await startFixture();
  const ids: string[] = [];
  for (let index = 0; index < 25; index += 1)
    ids.unshift((await stripe.customers.create({ name: `C${index}` })).id);
  const walked: string[] = [];
  for await (const customer of stripe.customers.list({ limit: 10 })) walked.push(customer.id);
  expect(walked).toEqual(ids);
  const first = await stripe.customers.list();
  expect(first).toMatchObject({ object: "list", has_more: true, url: "/v1/customers" });
  expect(first.data).toHaveLength(10);
  const before = await stripe.customers.list({ limit: 3, ending_before: ids[5] ?? "" });
  expect(before.data.map(({ id }) => id)).toEqual(ids.slice(2, 5));
  expect((await refusal(stripe.customers.list({ limit: 101 }))).param).toBe("limit");
  expect((await refusal(stripe.customers.list({ starting_after: "cus_none" }))).param).toBe("starting_after");
  const created = first.data[0]?.created ?? 0;
  expect((await stripe.customers.list({ created: { gt: created } })).data).toEqual([]);
});

test("expand goes four levels deep, through lists, and refuses what cannot be expanded", async () => {
  const { stripe } = await startFixture();
  const { team } = await createCatalogue(stripe);
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: team.id, quantity: 2 }],
    success_url: "http://localhost/",
  });
  await payCheckout(session);
  const expanded = await stripe.checkout.sessions.retrieve(session.id, {
    expand: ["subscription.latest_invoice.payments.data", "subscription.items.data", "customer"],
  });
  const invoice = (expanded.subscription as Stripe.Subscription).latest_invoice as Stripe.Invoice;
  expect(invoice.payments?.data[0]?.object).toBe("invoice_payment");
  const [subscription] = (
    await stripe.subscriptions.list({ expand: ["data.customer", "data.default_payment_method"] })
  ).data;
  expect((subscription?.customer as Stripe.Customer).object).toBe("customer");
  const item = await stripe.subscriptions.retrieve(subscription?.id ?? "", {
    expand: ["items.data.price.product"],
  });
  expect((item.items.data[0]?.price.product as Stripe.Product).name).toBe("Team");
  const retrieve = (path: string) =>
    refusal(stripe.subscriptions.retrieve(subscription?.id ?? "", { expand: [path] }));
  expect((await retrieve("nonsense")).message).toContain("cannot be expanded (nonsense)");
  expect((await retrieve("a.b.c.d.e")).message).toContain("more than 4 levels");
});

test("metadata merges, an empty value deletes its key, and the limits hold", async () => {
  const { stripe } = await startFixture();
  const { id } = await stripe.customers.create({ metadata: { a: "1", b: "2" } });
  expect((await stripe.customers.update(id, { metadata: { b: "", c: 3 } })).metadata).toEqual({
    a: "1",
    c: "3",
  });
  expect((await stripe.customers.update(id, { metadata: "" })).metadata).toEqual({});
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, "v"]));
  for (const metadata of [many, { ["k".repeat(41)]: "v" }, { k: "v".repeat(501) }]) {
    expect((await refusal(stripe.customers.update(id, { metadata }))).statusCode).toBe(400);
  }
  expect((await stripe.customers.update(id, {})).metadata).toEqual({});
});

test("every object has the fields that Stripe always sends", async () => {
  const { stripe } = await startFixture();
  const { team } = await createCatalogue(stripe);
  await stripe.webhookEndpoints.create({ url: "http://127.0.0.1:9/", enabled_events: ["customer.deleted"] });
  await stripe.billingPortal.configurations.create({ features: { invoice_history: { enabled: true } } });
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: team.id, quantity: 2 }],
    automatic_tax: { enabled: true },
    success_url: "http://localhost/",
  });
  await payCheckout(session);
  const lists = [
    stripe.billingPortal.configurations.list(),
    stripe.charges.list(),
    stripe.checkout.sessions.list({ expand: ["data.line_items"] }),
    stripe.customers.list(),
    stripe.events.list({ limit: 100 }),
    stripe.invoicePayments.list(),
    stripe.invoices.list(),
    stripe.paymentIntents.list(),
    stripe.paymentMethods.list({ customer: (await stripe.customers.list()).data[0]?.id ?? "" }),
    stripe.prices.list(),
    stripe.products.list(),
    stripe.subscriptions.list(),
    stripe.taxRates.list(),
    stripe.webhookEndpoints.list(),
  ];
  const missing = new Set<string>();
  const seen = new Set<string>();
  for (const list of await Promise.all(lists)) {
    expect(list.data.length).toBeGreaterThan(0);
    inspect(list.data, seen, missing);
  }
  expect([...missing]).toEqual([]);
  expect(seen.size).toBeGreaterThanOrEqual(17);
});

/** Notes `kind.field` for each field that ought to be there, in whatever a value contains. */
function inspect(value: unknown, seen: Set<string>, missing: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  if ("object" in value && typeof value.object === "string" && !("deleted" in value)) {
    seen.add(value.object);
    for (const field of requiredFields(value.object))
      if (!(field in value)) missing.add(`${value.object}.${field}`);
  }
  for (const item of Object.values(value)) inspect(item, seen, missing);
}
