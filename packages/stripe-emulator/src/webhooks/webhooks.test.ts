import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Stripe from "stripe";
import { afterEach, expect, test } from "vitest";
import { startStripeEmulator } from "../index.ts";
import { sdkFor, startFixture } from "../testing/fixture.ts";

interface Received {
  body: string;
  signature: string;
}

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** An endpoint that answers with the given statuses in turn, then 200; `next` waits for one more request. */
async function startEndpoint(statuses: number[] = []) {
  const received: Received[] = [];
  const waiting: ((one: Received) => void)[] = [];
  let taken = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const one = {
        body: Buffer.concat(chunks).toString(),
        signature: String(request.headers["stripe-signature"]),
      };
      response.writeHead(statuses.shift() ?? 200).end();
      const waiter = waiting.shift();
      if (waiter === undefined) received.push(one);
      else waiter(one);
      taken += 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const next = (): Promise<Received> => {
    const ready = received.shift();
    return ready ? Promise.resolve(ready) : new Promise((resolve) => waiting.push(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, next, count: () => taken };
}

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
