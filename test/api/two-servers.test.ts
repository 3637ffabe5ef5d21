/*
 * Two Bursars as processes of their own on one PostgreSQL, and one on the embedded database; they are killed in the
 * middle of a load, started again, and everything is sent again, as a sender does that got no answer.
 */
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPostgres } from "../../packages/server/src/db/open-database.ts";
import { faultsOf } from "../book/databases.ts";
import { createDatabase, type TestDatabase } from "../support/postgres.ts";
import { startProduct, type Product } from "../support/product.ts";
import type { Ingested } from "./service.ts";

interface Sent {
  id: string;
  meter: string;
  quantity: number;
  enforce?: boolean;
  properties?: object;
}
type Result = Ingested["results"][number];

/** As many as a request may hold; the kill falls between some of 50 requests. */
const EVENTS_A_REQUEST = 1_000;
const SENDERS = 4;

async function call<Answer>(
  product: Product,
  account: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(product.url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      authorization: `Bearer ${product.platformKey}`,
      "bursar-account": account,
      "content-type": "application/json",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

/** An account on Free: 20 sessions, 1,000 events and 50,000 tokens a month. */
async function newAccount(product: Product, id: string): Promise<string> {
  const made = await call<{ id: string }>(product, id, "/api/accounts", {
    id,
    name: id,
    email: `${id}@acme.test`,
  });
  return made.id;
}

const send = (product: Product, account: string, events: readonly Sent[]) =>
  call<Ingested>(product, account, "/api/events", events);

async function usedOf(product: Product, account: string): Promise<Record<string, number>> {
  const { usage } = await call<{ usage: Record<string, { used: number }> }>(
    product,
    account,
    "/api/billing/usage",
  );
  return Object.fromEntries(Object.entries(usage).map(([meter, { used }]) => [meter, used]));
}

function inParts<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  );
}

/** Counts, plain tokens past the allocation, and events that ask and mostly are refused: every third each. */
function makeLoad(commands: number, tokensEach: number): readonly Sent[] {
  return Array.from({ length: commands }, (_, index) => {
    const id = `load-${index}`;
    if (index % 3 === 0) return { id, meter: "events", quantity: 2 };
    return index % 3 === 1
      ? { id, meter: "ai_tokens", quantity: tokensEach }
      : { id, meter: "sessions", quantity: 1, enforce: true, properties: { project: `p${index % 7}` } };
  });
}

interface LoadOptions {
  readonly eventsARequest?: number;
  readonly onAnswered?: (answered: number) => void;
}

/**
 * Sends everything with a few senders at once, each request to the next of the servers.
 * @returns the answer to each event; an event without one has none
 */
async function sendLoad(
  load: readonly Sent[],
  targets: readonly Product[],
  account: string,
  { eventsARequest = EVENTS_A_REQUEST, onAnswered = () => {} }: LoadOptions = {},
): Promise<Map<string, Result>> {
  const answers = new Map<string, Result>();
  const parts = inParts(load, eventsARequest).entries();
  async function sender(): Promise<void> {
    for (const [index, part] of parts) {
      const answer = await send(targets[index % targets.length]!, account, part).catch(() => null);
      for (const result of answer?.results ?? []) answers.set(result.id!, result);
      onAnswered(answers.size);
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, sender));
  return answers;
}

/** What was answered as recorded stays recorded; nothing counts twice; nothing is missing. */
async function expectExact(
  product: Product,
  account: string,
  sent: { load: readonly Sent[]; first: Map<string, Result>; second: Map<string, Result> },
): Promise<void> {
  const { load, first, second } = sent;
  const sumOf = (meter: string) =>
    load.reduce((sum, each) => (each.meter === meter ? sum + each.quantity : sum), 0);
  expect(second.size).toBe(load.length);
  const lost = [...first].filter(
    ([id, { status }]) => status === "accepted" && second.get(id)?.status !== "duplicate",
  );
  expect(lost).toEqual([]);
  const allowed = load.filter(
    ({ id, enforce }) =>
      enforce === true && [first, second].some((each) => each.get(id)?.status === "accepted"),
  );
  expect(allowed.length).toBeLessThanOrEqual(20);
  expect(await usedOf(product, account)).toMatchObject({
    sessions: 20,
    events: sumOf("events"),
    aiTokens: 50_000,
  });
  const { balance } = await call<{ balance: number }>(product, account, "/api/billing/credits");
  expect(balance).toBe(50_000 - sumOf("ai_tokens"));
}

describe("two servers on one PostgreSQL", () => {
  let place: TestDatabase;
  let one: Product;
  let other: Product;
  beforeAll(async () => {
    place = await createDatabase();
    one = await startProduct({ databaseUrl: place.url });
    other = await startProduct({ databaseUrl: place.url });
  }, 180_000);
  afterAll(async () => {
    await Promise.all([one.stop(), other.stop()]);
    await place.drop();
  });

  async function expectSound(): Promise<void> {
    const database = openPostgres(place.url);
    expect(await faultsOf(database)).toEqual([]);
    const twice = await sql`
      select account_id from outbox where topic = 'usage.threshold_reached'
      group by account_id, payload ->> 'meter', payload ->> 'percent', payload ->> 'windowStart'
      having count(*) > 1`.execute(database.kysely);
    expect(twice.rows).toEqual([]);
    await database.close();
  }

  it("U3 count an event once when it reaches both at the same instant", async () => {
    const account = await newAccount(one, "same-instant");
    const events = Array.from({ length: 300 }, (_, index) => ({
      id: `e${index}`,
      meter: "events",
      quantity: 1,
    }));
    const answers = await Promise.all(
      inParts(events, 10).flatMap((part) => [one, other].map((server) => send(server, account, part))),
    );
    const count = (of: (answer: Ingested) => number) => answers.reduce((sum, answer) => sum + of(answer), 0);
    expect([count((each) => each.accepted), count((each) => each.duplicates)]).toEqual([300, 300]);
    expect(await usedOf(other, account)).toMatchObject({ events: 300 });
    await expectSound();
  });

  it("U4 U5 allow together exactly the limit, and tell each threshold once", async () => {
    const account = await newAccount(one, "one-limit");
    const ask = (index: number) => ({ id: `e${index}`, meter: "sessions", quantity: 1, enforce: true });
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => send(index % 2 === 0 ? one : other, account, [ask(index)])),
    );
    expect(answers.reduce((sum, answer) => sum + answer.accepted, 0)).toBe(20);
    const client = new pg.Client({ connectionString: place.url });
    await client.connect();
    const told = await client.query<{ percent: number }>(
      "select (payload ->> 'percent')::int as percent from outbox where account_id = $1 order by 1",
      [account],
    );
    await client.end();
    expect(told.rows.map(({ percent }) => percent)).toEqual([80, 100]);
    await expectSound();
  });

  it("K2 K4 U3 one killed in the middle of 50,000 commands: all sent again, the book is exact", async () => {
    const load = makeLoad(50_000, 20);
    const account = await newAccount(one, "killed");
    let killed: Promise<void> | undefined;
    const onAnswered = (answered: number) => {
      if (answered >= load.length / 3) killed ??= one.kill();
    };
    const first = await sendLoad(load, [one, other], account, { onAnswered });
    await killed;
    expect(first.size).toBeLessThan(load.length);
    await one.restart();
    const second = await sendLoad(load, [one, other], account);
    await expectExact(other, account, { load, first, second });
    await expectSound();
  }, 180_000);
});

describe("a server on the embedded database", () => {
  it("K2 K4 U3 killed in the middle of 3,000 commands: all sent again, the book is exact", async () => {
    const load = makeLoad(3_000, 100);
    const product = await startProduct();
    try {
      const account = await newAccount(product, "killed");
      let killed: Promise<void> | undefined;
      const onAnswered = (answered: number) => {
        if (answered >= load.length / 3) killed ??= product.kill();
      };
      const first = await sendLoad(load, [product], account, { eventsARequest: 100, onAnswered });
      await killed;
      expect(first.size).toBeLessThan(load.length);
      await product.restart();
      const second = await sendLoad(load, [product], account);
      await expectExact(product, account, { load, first, second });
      const report = await call<{ accounts: number; faults: unknown[] }>(
        product,
        account,
        "/api/verification",
      );
      expect(report).toMatchObject({ accounts: 2, faults: [] });
    } finally {
      await product.stop();
    }
  }, 180_000);
});
