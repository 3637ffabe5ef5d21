import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Stripe from "stripe";
import { expect, test } from "vitest";
import { startEndpoint } from "../testing/endpoint.ts";
import { refusal, sdkFor, startFixture } from "../testing/fixture.ts";
import type { FaultSpec } from "./fault.ts";
import { Faults } from "./faults.ts";

const GET = "GET";
const PATH = "/v1/customers";

/** Which of so many equal requests are struck. */
function struck(spec: FaultSpec, requests: number): boolean[] {
  const faults = new Faults();
  faults.add(spec);
  return Array.from({ length: requests }, () => faults.forRequest(GET, PATH) !== null);
}

test("a fraction strikes about that part, the same ones for the same seed and others for another", () => {
  const once = struck({ kind: "server_error", fraction: 0.3, seed: 7 }, 1000);
  expect(struck({ kind: "server_error", fraction: 0.3, seed: 7 }, 1000)).toEqual(once);
  expect(struck({ kind: "server_error", fraction: 0.3, seed: 8 }, 1000)).not.toEqual(once);
  const part = once.filter(Boolean).length;
  expect(part).toBeGreaterThan(250);
  expect(part).toBeLessThan(350);
});

test("one fault's choices do not depend on the others", () => {
  const spec: FaultSpec = { kind: "server_error", path: PATH, fraction: 0.3, seed: 7 };
  const faults = new Faults();
  faults.add({ kind: "rate_limit", path: "/v1/prices", fraction: 0.5, seed: 3 });
  faults.add(spec);
  const choices = Array.from({ length: 100 }, () => {
    faults.forRequest(GET, "/v1/prices");
    return faults.forRequest(GET, PATH) !== null;
  });
  expect(choices).toEqual(struck(spec, 100));
});

test.each<[string, FaultSpec, boolean[]]>([
  ["the next two", { kind: "rate_limit", times: 2 }, [true, true, false, false]],
  ["the third", { kind: "rate_limit", skip: 2, times: 1 }, [false, false, true, false]],
  ["all", { kind: "rate_limit" }, [true, true, true, true]],
  ["none, with a fraction of 0", { kind: "rate_limit", fraction: 0 }, [false, false, false, false]],
  ["none of another path", { kind: "rate_limit", path: "/v1/cust" }, [false, false, false, false]],
  ["those of a pattern", { kind: "rate_limit", path: "/v1/*ers" }, [true, true, true, true]],
  ["none of another method", { kind: "rate_limit", method: "POST" }, [false, false, false, false]],
])("a fault strikes %s", (_which, spec, expected) => {
  expect(struck(spec, 4)).toEqual(expected);
});

test.each<[boolean | undefined, number]>([
  [undefined, 1],
  [false, 1],
  [true, 2],
])("429 with stripe-should-retry %s is tried %i times by the SDK", async (should_retry, tries) => {
  const { emulator } = await startFixture();
  emulator.faults.add({ kind: "rate_limit", ...(should_retry !== undefined && { should_retry }) });
  const stripe = new Stripe(emulator.secretKey, {
    host: emulator.host,
    port: emulator.port,
    protocol: "http",
    maxNetworkRetries: 1,
  });
  const error = await refusal(stripe.customers.create());
  expect(error).toBeInstanceOf(Stripe.errors.StripeRateLimitError);
  expect(error.code).toBe("rate_limit");
  expect(emulator.faults.list()[0]?.struck).toBe(tries);
});

test("500 before the work leaves nothing and is not remembered", async () => {
  const { emulator, stripe } = await startFixture();
  emulator.faults.add({ kind: "server_error", times: 1, method: "POST" });
  const key = { idempotencyKey: "one" };
  expect((await refusal(stripe.customers.create({ name: "Ada" }, key))).statusCode).toBe(500);
  expect((await stripe.customers.list()).data).toHaveLength(0);
  expect((await stripe.customers.create({ name: "Ada" }, key)).name).toBe("Ada");
});

test("500 after the work leaves the work, and a repeat with the key gets the 500 again", async () => {
  const { emulator, stripe } = await startFixture();
  emulator.faults.add({ kind: "server_error", stage: "after", times: 1, method: "POST" });
  const key = { idempotencyKey: "one" };
  for (let turn = 0; turn < 2; turn += 1) {
    expect((await refusal(stripe.customers.create({ name: "Ada" }, key))).statusCode).toBe(500);
  }
  expect((await stripe.customers.list()).data).toHaveLength(1);
});

test.each([
  ["before", 0],
  ["after", 1],
] as const)("a time-out %s the work leaves %i customers, and a repeat makes it one", async (stage, left) => {
  const { emulator, stripe } = await startFixture();
  // Twice: the SDK itself repeats once, without being told to, when a connection is closed on it.
  emulator.faults.add({ kind: "timeout", stage, times: 2, hold_ms: 1, method: "POST" });
  const key = { idempotencyKey: "one" };
  const error = await refusal(stripe.customers.create({ name: "Ada" }, key));
  expect(error).toBeInstanceOf(Stripe.errors.StripeConnectionError);
  const before = (await stripe.customers.list()).data;
  expect(before).toHaveLength(left);
  const { id } = await stripe.customers.create({ name: "Ada" }, key);
  const after = (await stripe.customers.list()).data;
  expect(after.map((customer) => customer.id)).toEqual([id]);
});

test("a caller that goes away while its connection is held leaves the emulator at work", async () => {
  const { emulator, stripe } = await startFixture();
  emulator.faults.add({ kind: "timeout", times: 1, hold_ms: 3_600_000, path: "/v1/prices" });
  const caller = new AbortController();
  const held = fetch(`${emulator.url}/v1/prices`, {
    headers: { Authorization: `Bearer ${emulator.secretKey}` },
    signal: caller.signal,
  });
  while (emulator.faults.list()[0]?.struck === 0) await stripe.customers.list();
  caller.abort();
  await expect(held).rejects.toThrow();
  expect((await stripe.prices.list()).data).toEqual([]);
});

test("a card that paid starts to decline, and pays again once the fault is cleared", async () => {
  const { emulator, stripe } = await startFixture();
  const customer = await stripe.customers.create();
  const card = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
  const other = await stripe.paymentMethods.attach("pm_card_mastercard", { customer: customer.id });
  const pay = (method: string) =>
    stripe.paymentIntents.create({
      amount: 500,
      currency: "eur",
      customer: customer.id,
      payment_method: method,
      confirm: true,
      off_session: true,
    });
  expect((await pay(card.id)).status).toBe("succeeded");
  const fault = emulator.faults.add({
    kind: "card_decline",
    payment_method: card.id,
    decline_code: "insufficient_funds",
  });
  const error = await refusal(pay(card.id));
  expect(error).toMatchObject({ code: "card_declined", decline_code: "insufficient_funds" });
  expect((await pay(other.id)).status).toBe("succeeded");
  emulator.faults.clear(fault.id);
  expect((await pay(card.id)).status).toBe("succeeded");
  emulator.faults.add({ kind: "card_decline", last4: "4444", decline_code: "expired_card" });
  expect((await refusal(pay(other.id))).code).toBe("expired_card");
  emulator.faults.add({ kind: "card_decline", fingerprint: card.card?.fingerprint ?? "" });
  expect((await refusal(pay(card.id))).decline_code).toBe("generic_decline");
});

async function listening(...faults: FaultSpec[]) {
  let now = Date.UTC(2026, 0, 1);
  const fixture = await startFixture({
    now: () => now,
    account: { settings: { webhookRetryMs: [1000] } },
  });
  const endpoint = await startEndpoint();
  await fixture.stripe.webhookEndpoints.create({ url: endpoint.url, enabled_events: ["*"] });
  for (const fault of faults) fixture.emulator.faults.add(fault);
  const arrivedAfter = async (ms: number) => {
    now += ms;
    await fixture.emulator.deliverDue();
    return endpoint.types();
  };
  return { ...fixture, endpoint, arrivedAfter };
}

test("a delayed webhook comes at its time, those it does not match at once", async () => {
  const { stripe, arrivedAfter } = await listening({
    kind: "webhook_delay",
    delay_ms: 5000,
    type: "customer.*",
  });
  await stripe.customers.create();
  await stripe.products.create({ name: "Team" });
  expect(await arrivedAfter(4999)).toEqual(["product.created"]);
  expect(await arrivedAfter(1)).toEqual(["product.created", "customer.created"]);
});

test("a dropped webhook is lost for good, or its first try only", async () => {
  const { emulator, stripe, arrivedAfter } = await listening({ kind: "webhook_drop", times: 1 });
  await stripe.customers.create();
  expect(await arrivedAfter(0)).toEqual([]);
  expect(await arrivedAfter(1_000_000)).toEqual([]);
  emulator.faults.add({ kind: "webhook_drop", attempts: 1 });
  await stripe.products.create({ name: "Team" });
  expect(await arrivedAfter(0)).toEqual([]);
  expect(await arrivedAfter(1000)).toEqual(["product.created"]);
  const lost = await stripe.events.list({ delivery_success: false });
  expect(lost.data.map(({ type }) => type)).toEqual(["customer.created"]);
});

test("a repeated webhook comes again, the same event", async () => {
  const { stripe, endpoint, arrivedAfter } = await listening({ kind: "webhook_repeat", copies: 2, times: 1 });
  await stripe.customers.create();
  await arrivedAfter(0);
  const events = [await endpoint.next(), await endpoint.next(), await endpoint.next()].map(
    ({ event }) => event.id,
  );
  expect(new Set(events).size).toBe(1);
  expect(endpoint.count()).toBe(3);
});

test("shuffled webhooks of one request come in another order, the same one for the same seed", async () => {
  const orders: string[][] = [];
  for (const seed of [5, 5, 6]) {
    const { stripe, arrivedAfter } = await listening({ kind: "webhook_shuffle", seed });
    const customer = await stripe.customers.create();
    const before = (await arrivedAfter(0)).length;
    await stripe.paymentIntents.create({
      amount: 500,
      currency: "eur",
      customer: customer.id,
      payment_method: "pm_card_visa",
      setup_future_usage: "off_session",
      confirm: true,
    });
    orders.push((await arrivedAfter(0)).slice(before));
  }
  const [first, same, other] = orders;
  expect(same).toEqual(first);
  expect(other).not.toEqual(first);
  expect(other?.toSorted()).toEqual(first?.toSorted());
});

test("faults are ordered, listed and cleared over HTTP, and end with the process", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "stripe-emulator-"));
  try {
    const { emulator } = await startFixture({ dataDir });
    const url = `${emulator.url}/_emulator/faults`;
    const order = async (body: unknown, headers: Record<string, string> = {}) => {
      const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as { id: string; error: unknown } };
    };
    const made = await order({ kind: "timeout", stage: "after", times: 3, path: "/v1/invoices/*/pay" });
    expect(made).toMatchObject({ status: 201, body: { kind: "timeout", matched: 0, struck: 0 } });
    expect(await (await fetch(url)).json()).toEqual({ data: [made.body] });
    expect(await order({ kind: "flood" })).toMatchObject({ status: 400, body: { error: { field: "kind" } } });
    expect(await order({ kind: "timeout", hold: 1 })).toMatchObject({ body: { error: { field: "hold" } } });
    expect(await order({ kind: "card_decline" })).toMatchObject({ status: 400 });
    expect(await order({ kind: "timeout" }, { Origin: "https://elsewhere.example" })).toMatchObject({
      status: 403,
    });
    const end = (path: string) => fetch(path, { method: "DELETE" });
    expect((await end(`${url}/${made.body.id}`)).status).toBe(200);
    expect((await end(`${url}/${made.body.id}`)).status).toBe(404);
    await order({ kind: "rate_limit" });
    await emulator.close();
    const again = await startFixture({ dataDir });
    expect(again.emulator.faults.list()).toEqual([]);
    expect((await sdkFor(again.emulator).customers.list()).data).toEqual([]);
  } finally {
    await rm(dataDir, { recursive: true });
  }
});

test("a fault that makes no sense is refused in words", () => {
  const faults = new Faults();
  expect(() => faults.add({ kind: "webhook_delay", delay_ms: 10, up_to_ms: 5 })).toThrow(/up_to_ms/);
  expect(() => faults.add({ kind: "server_error", fraction: 2 })).toThrow(/0 to 1/);
  expect(faults.list()).toEqual([]);
});
