/* What a product's backend sees while the database cannot be used, and that it goes on afterwards without a restart. */
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "../../packages/server/src/db/migrate.ts";
import { openPostgres } from "../../packages/server/src/db/open-database.ts";
import { startPostgres, type PostgresServer } from "../support/postgres-server.ts";
import { expectProblem } from "./problem.ts";
import { startService, usedOf, type Answer, type Ingested, type RunningService } from "./service.ts";

let server: PostgresServer;
let running: RunningService;

beforeAll(async () => {
  server = await startPostgres({ fsync: true });
  running = await startService(async () => {
    const database = openPostgres(server.url);
    await migrate(database);
    return { database, url: server.url, drop: () => database.close() };
  });
});
afterEach(async () => expect(await running.faults()).toEqual([]));
afterAll(async () => {
  await running.stop();
  await server.stop();
});

async function asSuperuser<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Transactions that wait for the row of an account. */
async function countWaiting(): Promise<number | null> {
  const waiting =
    "select from pg_stat_activity where wait_event_type = 'Lock' and query ilike '%for update%'";
  return asSuperuser(async (client) => (await client.query(waiting)).rowCount);
}

function expectTryAgain(answer: Answer<unknown>): void {
  expect(expectProblem(answer, 503, "unavailable").detail).toMatch(/again/);
  expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
}

const counting = (id: string) => ({ id, meter: "events" });

describe("a database that takes no writes", () => {
  const setReadOnly = (value: "on" | "off") =>
    asSuperuser(async (client) => {
      await client.query(`alter system set default_transaction_read_only = ${value}`);
      await client.query("select pg_reload_conf()");
    });

  it("U3 K3 is 503 with Retry-After for all that records, reading goes on, and so does the service afterwards", async () => {
    const account = await running.newAccount();
    const post = (path: string, body: object, headers = {}) =>
      account.call<Ingested>("POST", path, body, headers);
    const held = await post("/api/holds", { tokens: 100 });
    const holdId = (held.body as unknown as { id: string }).id;

    await setReadOnly("on");
    let tries = 0;
    await expect
      .poll(async () => (await post("/api/events", counting(`probe-${(tries += 1)}`))).status)
      .toBe(503);
    const refused = [
      ["/api/events", counting("one")],
      ["/api/events", { id: "asks", meter: "sessions", enforce: true }],
      ["/api/events", [counting("two"), counting("three")]],
      ["/api/holds", { tokens: 5 }],
      [`/api/holds/${holdId}/settle`, { tokens: 60 }],
    ] as const;
    for (const [path, body] of refused) expectTryAgain(await post(path, body));
    expectTryAgain(await post("/api/events", counting("keyed"), { "idempotency-key": "key-1" }));
    expect((await post("/api/check", { meter: "sessions" })).body).toMatchObject({ allowed: true, used: 0 });
    expect(await usedOf(account)).toMatchObject({ events: tries - 1 });
    // A list of which some can be judged without the database still tells that nothing was recorded.
    expectTryAgain(await post("/api/events", [counting("two"), { id: "bad", meter: "minutes" }]));

    await setReadOnly("off");
    await expect.poll(async () => (await post("/api/events", counting("one"))).status).toBe(200);
    for (const [path, body] of refused) expect((await post(path, body)).status).toBe(200);
    expect((await post("/api/events", counting("keyed"), { "idempotency-key": "key-1" })).body.accepted).toBe(
      1,
    );
    expect(await usedOf(account)).toMatchObject({ events: tries - 1 + 4, sessions: 1, aiTokens: 60 });
  });
});

describe("a database whose disk is full", () => {
  it("U3 K3 is 503 with Retry-After, and what was refused counts when there is room again", async () => {
    const account = await running.newAccount();
    const sent = [
      ["/api/events", counting("full-one")],
      ["/api/events", [counting("full-two"), counting("full-three")]],
      ["/api/holds", { tokens: 5 }],
    ] as const;
    // What PostgreSQL says when it cannot extend a file (53100), said by a trigger of this test.
    await asSuperuser(async (client) => {
      await client.query(`create function full_disk() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`);
      for (const table of ["event_ids", "holds"]) {
        await client.query(
          `create trigger full_disk before insert on ${table} for each row execute function full_disk()`,
        );
      }
    });
    for (const [path, body] of sent) expectTryAgain(await account.call("POST", path, body));
    expect((await account.call("POST", "/api/check", { meter: "events" })).body).toMatchObject({ used: 0 });
    await asSuperuser((client) => client.query("drop function full_disk() cascade"));
    for (const [path, body] of sent) expect((await account.call("POST", path, body)).status).toBe(200);
    expect(await usedOf(account)).toMatchObject({ events: 3 });
  });
});

describe("a database that is slow", () => {
  it("fills the queue up to its bound; what comes then is 503 with Retry-After and counts when it is sent again", async () => {
    const account = await running.newAccount();
    const send = (name: string, count: number) =>
      account.call<Ingested>(
        "POST",
        "/api/events",
        Array.from({ length: count }, (_, index) => counting(`${name}-${index}`)),
      );
    await asSuperuser(async (client) => {
      await client.query("begin");
      await client.query("select 1 from accounts where account_id = $1 for update", [account.accountId]);
      const first = send("first", 1);
      await expect.poll(countWaiting).toBe(1);
      const names = Array.from({ length: 21 }, (_, index) => `list-${index}`);
      const sent = names.map(async (name) => ({ name, answer: await send(name, 1_000) }));
      const refused = await Promise.race(sent);
      expectTryAgain(refused.answer);
      await client.query("commit");

      expect((await first).status).toBe(200);
      const answers = await Promise.all(sent);
      expect(answers.filter(({ answer }) => answer.status === 503)).toEqual([refused]);
      expect((await send(refused.name, 1_000)).body).toMatchObject({ accepted: 1_000, duplicates: 0 });
    });
    expect(await usedOf(account)).toMatchObject({ events: 21_001 });
  });
});

describe("a database that is killed under load", () => {
  it("U3 answers 200 or 503 and nothing else; after its restart everything sent again counts once", async () => {
    const account = await running.newAccount();
    const lists = Array.from({ length: 120 }, (_, list) =>
      Array.from({ length: 50 }, (_each, index) => counting(`kill-${list}-${index}`)),
    );
    let recorded = 0;
    let killed: Promise<void> | undefined;
    async function sendAll(senders: number): Promise<Answer<Ingested>[]> {
      const answers: Answer<Ingested>[] = [];
      const rest = lists.values();
      const sender = async () => {
        for (const list of rest) {
          const answer = await account.call<Ingested>("POST", "/api/events", list);
          answers.push(answer);
          recorded += answer.body.accepted ?? 0;
          if (recorded > 2_000) killed ??= server.kill();
        }
      };
      await Promise.all(Array.from({ length: senders }, sender));
      return answers;
    }
    const first = await sendAll(8);
    await killed;
    expect(new Set(first.map(({ status }) => status))).toEqual(new Set([200, 503]));
    first.filter(({ status }) => status === 503).forEach(expectTryAgain);
    const notReady = await running.call("GET", "/readyz");
    expectTryAgain(notReady);
    expect(notReady.body).toMatchObject({
      reason: "database",
      detail: expect.stringMatching(/^The database does not answer/) as unknown,
    });
    // Who restarts what is not healthy would mend nothing.
    expect((await running.call("GET", "/healthz")).body).toEqual({ status: "ok" });

    await server.restart();
    await expect.poll(async () => (await running.call("GET", "/readyz")).status).toBe(200);
    const second = await sendAll(8);
    const results = second.flatMap(({ body }) => body.results);
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(["accepted", "duplicate"]));
    expect(await usedOf(account)).toMatchObject({ events: 6_000 });
  });
});
