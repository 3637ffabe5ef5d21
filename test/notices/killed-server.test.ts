/*
 * Two servers send the same queue of webhooks and mails, and one is killed while both have some on their way: each webhook
 * arrives at least once and is recorded once, each mail is taken once.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { startStripeEmulator, type StripeEmulator } from "@bursar/stripe-emulator";
import { sql } from "kysely";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, expect, it } from "vitest";
import { issueCredential } from "../../packages/server/src/accounts/credentials.ts";
import { openPostgres, type Database } from "../../packages/server/src/db/open-database.ts";
import { systemClock, systemIds } from "../../packages/server/src/system.ts";
import { callerOf } from "../api/service.ts";
import { freePort } from "../support/free-port.ts";
import { createDatabase, type TestDatabase } from "../support/postgres.ts";
import { startServing, type Serving } from "../support/serve.ts";

/** More than one server takes at once, of mails (20) as of one endpoint's webhooks (8). */
const NOTICES = 24;
const OF_EACH_SERVER = 8;
const WITHIN = { timeout: 60_000, interval: 100 };

let place: TestDatabase;
let database: Database;
let stripe: StripeEmulator;
const servers: Serving[] = [];
let urls: string[] = [];

/** A receiver that answers nothing until it may. */
let mayAnswer = false;
const arrived: string[] = [];
const held = new Map<ServerResponse, string>();
/** Of the killed server: their connections broke before they were answered. */
const broken: string[] = [];
const receiver = createServer((request, response) => {
  const id = String(request.headers["webhook-id"]);
  arrived.push(id);
  if (mayAnswer) return void response.writeHead(204).end();
  held.set(response, id);
  response.on("close", () => {
    if (!response.writableFinished) broken.push(id);
  });
});

const accepted: string[] = [];
/** Mails that are read and not taken yet, one of each connection. */
const waiting: { id: string; take: () => void }[] = [];
const gone = new Set<string>();
/** Before, mails are put off: none is held for as long as a sender waits for its answer. */
let isOpen = false;
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  onConnect: (_session, done) =>
    done(isOpen ? null : Object.assign(new Error("not yet"), { responseCode: 421 })),
  onClose: (session) => void (isOpen && gone.add(session.id)),
  onData(stream, session, done) {
    let raw = "";
    stream.on("data", (chunk: Buffer) => (raw += chunk.toString()));
    stream.on("end", () => {
      const id = /^Message-ID: (\S+)/im.exec(raw)?.[1] ?? "";
      const take = () => {
        // Who asked is dead: that it was taken would be said to nobody, so it was not.
        if (gone.has(session.id)) return;
        accepted.push(id);
        done();
      };
      if (mayAnswer) take();
      else waiting.push({ id, take });
    });
  },
});
smtp.on("error", () => {});

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  place = await createDatabase();
  database = openPostgres(place.url);
  stripe = await startStripeEmulator();
  const env = {
    DATABASE_URL: place.url,
    STRIPE_API_BASE: stripe.url,
    STRIPE_SECRET_KEY: stripe.secretKey,
    STRIPE_WEBHOOK_SECRET: "whsec_of_no_endpoint",
    BURSAR_PUBLIC_URL: "http://127.0.0.1:9",
    BURSAR_SMTP_URL: `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`,
    BURSAR_MAIL_FROM: "billing@bursar.test",
    BURSAR_WEBHOOK_TARGETS: "loopback",
  };
  const ports = [await freePort(), await freePort()];
  urls = ports.map((port) => `http://127.0.0.1:${port}`);
  for (const port of ports) servers.push(await startServing({ ...env, PORT: String(port) }));
}, 180_000);
afterAll(async () => {
  await Promise.all(servers.map((server) => server.end("SIGKILL")));
  await database.close();
  await stripe.close();
  await place.drop();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
  await new Promise<void>((resolve) => void smtp.close(resolve));
});

async function countOf(table: "webhook_deliveries" | "mail_deliveries", state: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ${sql.table(table)} where state = ${state}`.execute(database.kysely);
  return rows[0]!.count;
}

/** Mails that were tried and wait for their next try. */
async function countPutOff(): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from mail_deliveries
    where  state = 'due' and last_error is not null`.execute(database.kysely);
  return rows[0]!.count;
}

it("B4 U5 one of two killed: every webhook arrives and is recorded once, every mail is taken once", async () => {
  const db = database.kysely;
  const secret = await issueCredential(
    { db, clock: systemClock, ids: systemIds },
    { kind: "platform_key", accountId: null, memberId: null, role: "owner", lifetimeMs: null },
  );
  const platform = callerOf(urls[0]!, { authorization: `Bearer ${secret}` });
  const endpoint = await platform<{ id: string }>("POST", "/api/webhook-endpoints", {
    url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`,
  });
  const path = `/api/webhook-endpoints/${endpoint.body.id}`;
  // Kept while disabled, so that all of it is there when both servers begin.
  await platform("PATCH", path, { enabled: false });
  for (let index = 0; index < NOTICES; index += 1) {
    const id = `killed-${index}`;
    await platform("POST", "/api/accounts", { id, name: id, email: `${id}@acme.test` });
    const event = { id: "e", meter: "sessions", quantity: 16 };
    const { status } = await platform("POST", "/api/events", event, { "bursar-account": id });
    expect(status).toBe(200);
  }
  await expect.poll(() => countOf("webhook_deliveries", "failed"), WITHIN).toBe(NOTICES);
  // Put off once, so that no server is at one of them.
  await expect.poll(countPutOff, WITHIN).toBe(NOTICES);
  await platform("PATCH", path, { enabled: true });
  isOpen = true;
  await sql`update mail_deliveries set not_before = now()`.execute(db);
  await expect.poll(() => waiting.length, WITHIN).toBe(2);
  const replayed = await platform("POST", `${path}/replay`, { from: "2020-01-01T00:00:00Z" });
  expect(replayed.body).toEqual({ replayed: NOTICES });

  // Both have what they can hold, and a mail each.
  await expect.poll(() => held.size, WITHIN).toBe(2 * OF_EACH_SERVER);
  const [victim, survivor] = servers;
  await victim!.end("SIGKILL");
  await expect.poll(() => broken.length, WITHIN).toBe(OF_EACH_SERVER);
  await expect.poll(() => gone.size, WITHIN).toBe(1);
  const lost = [...broken];

  mayAnswer = true;
  for (const response of held.keys()) if (!response.destroyed) response.writeHead(204).end();
  for (const { take } of waiting) take();
  await expect.poll(() => countOf("webhook_deliveries", "sent"), WITHIN).toBe(NOTICES - OF_EACH_SERVER);
  // The time of the victim's lease is over.
  await sql`update webhook_deliveries set not_before = now() where state = 'due'`.execute(db);
  await expect.poll(() => countOf("webhook_deliveries", "sent"), WITHIN).toBe(NOTICES);

  expect(new Set(arrived).size).toBe(NOTICES);
  const times = Map.groupBy(arrived, (id) => id);
  const twice = [...times].filter(([, each]) => each.length > 1).map(([id]) => id);
  expect(twice.sort()).toEqual(lost.sort());
  const { rows: recorded } = await sql<{ tries: number }>`
    select jsonb_array_length(tries) as tries from webhook_deliveries`.execute(db);
  expect(recorded.map(({ tries }) => tries)).toEqual(Array.from({ length: NOTICES }, () => 1));

  await expect
    .poll(async () => {
      // What the victim had taken waits for its lease. The survivor takes none before it is through with what it has.
      await sql`update mail_deliveries set not_before = now() where state = 'due'`.execute(db);
      return countOf("mail_deliveries", "sent");
    }, WITHIN)
    .toBe(NOTICES);
  expect(survivor!.output()).not.toContain("given up");
  expect([accepted.length, new Set(accepted).size]).toEqual([NOTICES, NOTICES]);
}, 240_000);
