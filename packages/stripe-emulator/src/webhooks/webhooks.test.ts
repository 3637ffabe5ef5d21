import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Stripe from "stripe";
import { afterEach, expect, test } from "vitest";
import { startStripeEmulator } from "../index.ts";
import { startEndpoint, type Received } from "../testing/endpoint.ts";
import { sdkFor, startFixture } from "../testing/fixture.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const type = (received: Received) => (JSON.parse(received.body) as Stripe.Event).type;

test("an event arrives signed, as the SDK checks it, and only where it is wanted", async () => {
  const { stripe } = await startFixture();
  const endpoint = await startEndpoint();
  const other = await startEndpoint();
  await stripe.webhookEndpoints.create({ url: other.url, enabled_events: ["product.created"] });
  const { secret } = await stripe.webhookEndpoints.create({
    url: endpoint.url,
    enabled_events: ["*"],
    api_version: Stripe.API_VERSION,
  });
  await stripe.customers.create({ name: "Ada" });
  const received = await endpoint.next();
  const event = stripe.webhooks.constructEvent(received.body, received.signature, secret ?? "");
  expect(event).toMatchObject({ type: "customer.created", api_version: "2026-10-28.endive" });
  expect((event.data.object as Stripe.Customer).name).toBe("Ada");
  expect(event.request?.idempotency_key).toMatch(/^stripe-node-retry-/);
  expect(() =>
    stripe.webhooks.constructEvent(`${received.body} `, received.signature, secret ?? ""),
  ).toThrow();
  await stripe.products.create({ name: "Team" });
  expect(type(await other.next())).toBe("product.created");
  expect(other.count()).toBe(1);
});

test("a failed delivery is tried again after a pause, and does not hold up the ones behind it", async () => {
  const { stripe } = await startFixture({ account: { settings: { webhookRetryMs: [1, 1, 1] } } });
  const endpoint = await startEndpoint([500, 302]);
  await stripe.webhookEndpoints.create({ url: endpoint.url, enabled_events: ["customer.created"] });
  const first = await stripe.customers.create({ name: "first" });
  const tries = [await endpoint.next(), await endpoint.next(), await endpoint.next()];
  const ids = tries.map(
    (received) => (JSON.parse(received.body) as Stripe.Event).data.object as Stripe.Customer,
  );
  expect(ids.map(({ id }) => id)).toEqual([first.id, first.id, first.id]);
});

test("an answer never waits for webhooks", async () => {
  const { stripe } = await startFixture();
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    silent.closeAllConnections();
    return new Promise((resolve) => silent.close(resolve));
  });
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
  await stripe.webhookEndpoints.create({ url, enabled_events: ["*"] });
  for (let index = 0; index < 20; index += 1) await stripe.customers.create();
  const events = await stripe.events.list({ limit: 1 });
  expect(events.data[0]?.pending_webhooks).toBe(1);
});

test("what was not delivered is delivered after a restart", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "stripe-emulator-"));
  cleanups.push(() => rm(dataDir, { recursive: true }));
  const endpoint = await startEndpoint();
  const settings = { account: { settings: { webhookRetryMs: [1] } } };
  const first = await startStripeEmulator({ dataDir });
  const stripe = sdkFor(first);
  const { id } = await stripe.webhookEndpoints.create({
    url: "http://127.0.0.1:9/",
    enabled_events: ["customer.created"],
  });
  await stripe.customers.create({ name: "Ada" });
  await stripe.webhookEndpoints.update(id, { url: endpoint.url });
  await first.close();
  let now = Date.now() + 60_000;
  const second = await startStripeEmulator({ dataDir, now: () => (now += 1), ...settings });
  cleanups.push(() => second.close());
  expect(type(await endpoint.next())).toBe("customer.created");
});

/** On a clock that the test moves, so that pauses take no time. */
async function onClock(pausesMs: number[], statuses: number[]) {
  let now = Date.UTC(2026, 0, 1);
  const fixture = await startFixture({
    now: () => now,
    account: { settings: { webhookRetryMs: pausesMs } },
  });
  const endpoint = await startEndpoint(statuses);
  const { id } = await fixture.stripe.webhookEndpoints.create({ url: endpoint.url, enabled_events: ["*"] });
  const afterMs = async (ms: number) => {
    now += ms;
    await fixture.emulator.deliverDue();
    return endpoint.count();
  };
  return { ...fixture, endpoint, endpointId: id, afterMs };
}

test("an event that nobody takes is tried after each pause and not before, then given up", async () => {
  const { stripe, afterMs } = await onClock([1000, 5000], [500, 500, 500, 500]);
  const customer = await stripe.customers.create();
  const tries: number[] = [];
  for (const ms of [0, 999, 1, 4999, 1, 1_000_000]) tries.push(await afterMs(ms));
  expect(tries).toEqual([1, 1, 2, 2, 3, 3]);
  const [event] = (await stripe.events.list({ delivery_success: false })).data;
  expect(event).toMatchObject({ pending_webhooks: 1, data: { object: { id: customer.id } } });
});

test("pending_webhooks counts the endpoints that have not taken the event yet", async () => {
  const { stripe, afterMs } = await onClock([1000], [500]);
  const other = await startEndpoint();
  await stripe.webhookEndpoints.create({ url: other.url, enabled_events: ["customer.created"] });
  await stripe.customers.create();
  await afterMs(0);
  const pending = async () => (await stripe.events.list()).data[0]?.pending_webhooks;
  expect([await pending(), other.count()]).toEqual([1, 1]);
  await afterMs(1000);
  expect(await pending()).toBe(0);
});

test("events are found by type, by several types, by time and by whether they arrived", async () => {
  const { stripe, afterMs } = await onClock([], [200, 500]);
  await stripe.customers.create();
  await afterMs(0);
  await stripe.products.create({ name: "Team" });
  await afterMs(60_000);
  const found = async (params: Stripe.EventListParams) =>
    (await stripe.events.list(params)).data.map((event) => event.type);
  expect(await found({ type: "customer.*" })).toEqual(["customer.created"]);
  expect(await found({ types: ["customer.created", "product.created"] })).toEqual([
    "product.created",
    "customer.created",
  ]);
  expect(await found({ delivery_success: true })).toEqual(["customer.created"]);
  expect(await found({ delivery_success: false })).toEqual(["product.created"]);
  expect(await found({ created: { gt: Date.UTC(2026, 0, 1) / 1000 } })).toEqual([]);
  await expect(stripe.events.list({ type: "a.b", types: ["c.d"] })).rejects.toThrow(/one of these/);
});

test("a disabled endpoint gets nothing more, what waited for it included", async () => {
  const { stripe, endpointId, afterMs } = await onClock([1000], [500]);
  await stripe.customers.create();
  expect(await afterMs(0)).toBe(1);
  await stripe.webhookEndpoints.update(endpointId, { disabled: true });
  await stripe.customers.create();
  expect(await afterMs(1000)).toBe(1);
});

test("an endpoint that does not answer keeps no other waiting", async () => {
  const { stripe } = await startFixture();
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    silent.closeAllConnections();
    return new Promise((resolve) => silent.close(resolve));
  });
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
  await stripe.webhookEndpoints.create({ url, enabled_events: ["*"] });
  const endpoint = await startEndpoint();
  await stripe.webhookEndpoints.create({ url: endpoint.url, enabled_events: ["customer.created"] });
  const ids = [(await stripe.customers.create()).id, (await stripe.customers.create()).id];
  const arrived = [await endpoint.next(), await endpoint.next()];
  expect(arrived.map(({ event }) => (event.data.object as Stripe.Customer).id)).toEqual(ids);
});
