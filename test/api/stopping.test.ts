/*
 * How a server stops: first it says that it is not ready, then it takes nothing new, finishes what it has and ends what
 * would go on for good; a second signal ends it at once.
 */
import { request } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startStripeEmulator } from "@bursar/stripe-emulator";
import { expect, it } from "vitest";
import { listen } from "../../packages/server/src/main.ts";
import { freePort } from "../support/free-port.ts";
import { createDatabase } from "../support/postgres.ts";
import { startServing } from "../support/serve.ts";
import { expectProblem } from "./problem.ts";
import { callerOf, databases, startService, usedOf } from "./service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;

it("says that it is not ready while it takes requests still; then streams end, what was begun is finished and recorded", async () => {
  const running = await startService(open, { hasWebhooks: false });
  try {
    const account = await running.newAccount();
    const second = await listen(running.service, 0);
    const url = `http://127.0.0.1:${second.port}`;
    const headers = { authorization: `Bearer ${running.platformKey}`, "bursar-account": account.accountId };
    const there = callerOf(url, headers);
    expect((await there("GET", "/readyz")).body).toEqual({ status: "ready" });
    const stream = await fetch(`${url}/api/billing/stream`, { headers });

    const drained = Promise.withResolvers<void>();
    const closed = second.close(drained.promise);
    const notReady = await there<{ reason: string }>("GET", "/readyz");
    expect(expectProblem(notReady, 503, "unavailable").detail).toContain("Send requests to another.");
    expect(notReady.body.reason).toBe("stopping");
    expect((await there("GET", "/healthz")).status).toBe(200);
    const event = { id: "drained", meter: "sessions" };
    expect((await there("POST", "/api/events", event)).status).toBe(200);

    const body = JSON.stringify({ id: "late", meter: "sessions" });
    const slow = request(`${url}/api/events`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json", "content-length": body.length },
    });
    const answered = new Promise<number | undefined>((resolve, reject) => {
      slow.once("response", (response) => resolve(response.resume().statusCode)).once("error", reject);
    });
    await new Promise<void>((resolve) => slow.write(body.slice(0, 10), () => resolve()));
    drained.resolve();
    await stream.text();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    slow.end(body.slice(10));
    expect(await answered).toBe(200);
    await closed;
    // Another listener of the same service is there to ask: both are counted.
    expect(await usedOf(account)).toMatchObject({ sessions: 2 });
  } finally {
    await running.stop();
  }
});

it("finishes the webhooks on their way and begins no more, though many wait for a slow receiver", async () => {
  let held: (() => void)[] = [];
  let came = 0;
  const receiver = createServer((_request, response) => {
    came += 1;
    held.push(() => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const running = await startService(open, {
    hasWebhooks: false,
    jobsByHand: true,
    outgoing: { targets: "loopback" },
  });
  const account = await running.newAccount();
  const endpoint = await account.call<{ id: string }>("POST", "/api/webhook-endpoints", { url });
  const path = `/api/webhook-endpoints/${endpoint.body.id}`;
  await account.call("PATCH", path, { enabled: false });
  for (const [meter, quantity] of [
    ["sessions", 16],
    ["sessions", 4],
    ["events", 800],
    ["events", 200],
    ["enrichments", 8],
    ["enrichments", 2],
    ["ai_tokens", 40_000],
    ["ai_tokens", 10_000],
    ["storage", 10],
  ] as const) {
    await account.call("POST", "/api/events", { id: `${meter}-${quantity}`, meter, quantity });
  }
  await running.service.runDue();
  await account.call("PATCH", path, { enabled: true });
  const { body } = await account.call<{ replayed: number }>("POST", `${path}/replay`, {
    from: "2020-01-01T00:00:00Z",
  });
  await account.call("POST", `${path}/replay`, { from: "2020-01-01T00:00:00Z", includeSent: true });
  const { courier } = running.service.services;
  const sending = courier.sendWebhooks();
  // Of one endpoint eight at once, or all where there are fewer.
  const together = Math.min(8, body.replayed);
  await expect.poll(() => held.length).toBe(together);
  courier.stopSending();
  for (const answer of held) answer();
  held = [];
  await sending;
  await courier.sendWebhooks();
  expect(came).toBe(together);
  await running.stop();
  await new Promise((resolve) => receiver.close(resolve));
});

it("bursar serve is not ready before it stops accepting, and a second signal of either kind ends it at once", async () => {
  const database = await createDatabase();
  const stripe = await startStripeEmulator();
  try {
    const port = await freePort();
    const env = {
      DATABASE_URL: database.url,
      STRIPE_API_BASE: stripe.url,
      STRIPE_SECRET_KEY: stripe.secretKey,
      STRIPE_WEBHOOK_SECRET: "whsec_of_no_endpoint",
      BURSAR_DRAIN_SECONDS: "999",
      PORT: String(port),
    };
    for (const [first, second, code] of [
      ["SIGTERM", "SIGTERM", 143],
      ["SIGTERM", "SIGINT", 130],
    ] as const) {
      const serving = await startServing(env);
      const statusOf = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
      void serving.end(first);
      await expect.poll(() => statusOf("/readyz"), { timeout: 20_000 }).toBe(503);
      expect(await statusOf("/healthz")).toBe(200);
      expect(await serving.end(second)).toBe(code);
    }
  } finally {
    await stripe.close();
    await database.drop();
  }
}, 120_000);
