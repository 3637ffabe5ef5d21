/*
 * How a server stops: first it says that it is not ready, then it takes nothing new, finishes what it has and ends what
 * would go on for good; a second signal ends it at once.
 */
import { request } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startStripeEmulator } from "@bursar/stripe-emulator";
import { sql } from "kysely";
import { expect, it } from "vitest";
import { createAccount } from "../../packages/server/src/accounts/create-account.ts";
import { issueCredential } from "../../packages/server/src/accounts/credentials.ts";
import { OPERATOR } from "../../packages/server/src/audit/actor.ts";
import { openPostgres } from "../../packages/server/src/db/open-database.ts";
import { listen } from "../../packages/server/src/main.ts";
import { systemClock, systemIds } from "../../packages/server/src/system.ts";
import { freePort } from "../support/free-port.ts";
import { accountRow, keepRows } from "../support/keep-rows.ts";
import { createMigratedDatabase } from "../support/migrated.ts";
import { createDatabase } from "../support/postgres.ts";
import { startServing } from "../support/serve.ts";
import { expectProblem } from "./problem.ts";
import { callerOf, databases, startService, usedOf, type Ingested } from "./service.ts";

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

it("U3 SIGTERM while events wait in their account's lane: all of them are answered and stored before the process ends", async () => {
  const database = await createMigratedDatabase();
  const stripe = await startStripeEmulator();
  const db = openPostgres(database.url);
  try {
    const context = { database: db, clock: systemClock, ids: systemIds };
    const owner = { name: "Ann", email: "ann@acme.test" };
    const { accountId } = await createAccount(
      { ...context, freePlanId: "free" },
      { name: "Acme", email: "billing@acme.test", owner, actor: OPERATOR },
    );
    const key = await issueCredential(
      { ...context, db: db.kysely },
      { kind: "account_key", accountId, memberId: null, role: "owner", lifetimeMs: null },
    );
    const port = await freePort();
    const serving = await startServing({
      DATABASE_URL: database.url,
      STRIPE_API_BASE: stripe.url,
      STRIPE_SECRET_KEY: stripe.secretKey,
      STRIPE_WEBHOOK_SECRET: "whsec_of_no_endpoint",
      BURSAR_DRAIN_SECONDS: "0",
      PORT: String(port),
    });
    const call = callerOf(`http://127.0.0.1:${port}`, { authorization: `Bearer ${key}` });
    const lane = await keepRows(database.url, accountRow(accountId));
    const ids = Array.from({ length: 40 }, (_, index) => `waiting-${index}`);
    const answers = Promise.all(
      ids.map((id) =>
        call<Ingested>("POST", "/api/events", [
          { id, meter: "events" },
          { id: `${id}-b`, meter: "events" },
        ]),
      ),
    );
    await expect.poll(lane.waiting).toBe(1);
    // The others have come too: the server is asked behind them.
    await call("GET", "/api/billing/usage");
    const ended = serving.end("SIGTERM");
    // It takes nobody new, and has not given up those who wait.
    await expect
      .poll(() =>
        fetch(`http://127.0.0.1:${port}/healthz`).then(
          ({ ok }) => ok,
          () => false,
        ),
      )
      .toBe(false);
    await lane.letGo();
    for (const { status, body } of await answers) expect([status, body.accepted]).toEqual([200, 2]);
    expect(await ended).toBe(0);
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from event_ids where account_id = ${accountId}`.execute(db.kysely);
    expect(rows[0]!.count).toBe(80);
  } finally {
    await db.close();
    await stripe.close();
    await database.drop();
  }
}, 120_000);

it("U3 a stop waits for what the lanes were given by nobody who waits at a connection", async () => {
  let url = "";
  const running = await startService(async () => {
    const opened = await open();
    url = opened.url!;
    return opened;
  });
  const { accountId } = await running.newAccount();
  const lane = await keepRows(url, accountRow(accountId));
  const { book } = running.service.services;
  const event = {
    type: "event",
    accountId,
    meterId: "events",
    quantity: 1,
    mode: "plain",
    resource: null,
    group: null,
  } as const;
  const outcomes = Promise.all(
    ["one", "two", "three"].map((eventId) => book.submit({ ...event, eventId, time: Date.now() })),
  );
  await expect.poll(lane.waiting).toBe(1);
  let hasStopped = false;
  const stopped = running.service.stop().then(() => (hasStopped = true));
  // By then a stop that waits for nobody is over.
  await running.service.services.courier.trim();
  expect(hasStopped).toBe(false);
  await lane.letGo();
  expect((await outcomes).map(({ code }) => code)).toEqual(["recorded", "recorded", "recorded"]);
  await stopped;
  await running.stop();
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
