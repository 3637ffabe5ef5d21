import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DAY_MS, MINUTE_MS } from "@bursar/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Credits } from "../../packages/client/src/index.ts";
import { expectProblem } from "./problem.ts";
import {
  databases,
  startService,
  usedOf,
  type Ingested,
  type RunningService,
  type TestAccount,
} from "./service.ts";

interface Line {
  id: string;
  meter: string;
  quantity: number;
  minutesAgo: number;
}

const stream = readFileSync(join(import.meta.dirname, "../fixtures/usage-stream.ndjson"), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as Line);

/** An hour of an LLM service. It is not part of the repository; where it is absent its test is skipped. */
const TRACE = join(import.meta.dirname, "../../../shared/traces/azure-llm-2023-conv.csv");
const keys: Record<string, string> = { ai_tokens: "aiTokens" };

/** What each meter comes to when each id counts once: the plain sum of the file. */
function sumsOf(lines: readonly Line[]): Record<string, number> {
  const sums: Record<string, number> = { sessions: 0, events: 0, enrichments: 0, storage: 0, aiTokens: 0 };
  const once = new Map(lines.map((line) => [line.id, line]));
  for (const { meter, quantity } of once.values()) sums[keys[meter] ?? meter]! += quantity;
  return sums;
}

/** The time of a line is an age, so that the stream falls into the open window whenever it is replayed. */
function toEvent({ id, meter, quantity, minutesAgo }: Line, now: number) {
  return { id, meter, quantity, time: new Date(now - minutesAgo * MINUTE_MS).toISOString() };
}

async function overviewSums(account: TestAccount): Promise<Record<string, number>> {
  const { usage } = await account.overview();
  return Object.fromEntries(Object.entries(usage).map(([key, meter]) => [key, meter.used]));
}

describe.each(databases)("usage on $name", ({ open }) => {
  let running: RunningService;
  beforeAll(async () => {
    running = await startService(open);
  });
  afterAll(() => running.stop());

  /** Its window began two days ago, so a day-old event is in it and one of forty days is late. */
  const oldAccount = () => running.newAccount({ createdAt: Date.now() - 2 * DAY_MS });

  it("U3 a stream with repeats, late events and storage up and down sums as the file does", async () => {
    const account = await oldAccount();
    const now = Date.now();
    const events = stream.map((line) => toEvent(line, now));
    const distinct = new Set(stream.map(({ id }) => id)).size;
    expect(distinct).toBeLessThan(stream.length);
    const first = await account.call<Ingested>("POST", "/api/events", events);
    expect(first.body).toMatchObject({
      accepted: distinct,
      duplicates: stream.length - distinct,
      refused: 0,
    });
    expect(await usedOf(account)).toEqual(sumsOf(stream));
    expect(await overviewSums(account)).toEqual(sumsOf(stream));

    const again = await account.call<Ingested>("POST", "/api/events", events);
    expect(again.body).toMatchObject({ accepted: 0, duplicates: stream.length });
    expect(await usedOf(account)).toEqual(sumsOf(stream));
    expect(await running.faults()).toEqual([]);
  });

  it("U3 the same stream one by one, many at once, sums the same", async () => {
    const account = await oldAccount();
    const now = Date.now();
    const [stored, others] = [
      stream.filter(({ meter }) => meter === "storage"),
      stream.filter(({ meter }) => meter !== "storage"),
    ];
    // A level may not fall below zero, so its changes come in their order; everything else in none.
    for (const line of stored) await account.call("POST", "/api/events", toEvent(line, now));
    await Promise.all(others.map((line) => account.call("POST", "/api/events", toEvent(line, now))));
    expect(await usedOf(account)).toEqual(sumsOf(stream));
  });

  it("CloudEvents are taken one by one and as a batch, unique by source and id", async () => {
    const account = await running.newAccount();
    const event = { specversion: "1.0", id: "1", source: "/api", type: "sessions" };
    const one = { "content-type": "application/cloudevents+json; charset=utf-8" };
    const many = { "content-type": "application/cloudevents-batch+json" };
    const single = await account.call<Ingested>("POST", "/api/events", event, one);
    expect([single.status, single.body.accepted]).toEqual([200, 1]);
    const batch = await account.call<Ingested>(
      "POST",
      "/api/events",
      [
        event,
        { ...event, source: "/worker", data: { quantity: 4 } },
        { ...event, id: "2", type: "ai_tokens", data: { quantity: 300, model: "small" } },
        { ...event, id: "3", specversion: "0.3" },
      ],
      many,
    );
    expect(batch.body).toMatchObject({ accepted: 2, duplicates: 1, refused: 1 });
    expect(await usedOf(account)).toMatchObject({ sessions: 5, aiTokens: 300 });
  });

  it("a platform key reports for several accounts in one batch", async () => {
    const [one, two] = [await running.newAccount(), await running.newAccount()];
    const { body } = await running.call<Ingested>(
      "POST",
      "/api/events",
      [
        { id: "e", meter: "events", account: one.accountId },
        { id: "e", meter: "events", quantity: 3, account: two.accountId },
        { id: "f", meter: "events", account: "acc_nobody" },
      ],
      { authorization: `Bearer ${running.platformKey}` },
    );
    expect(body).toMatchObject({ accepted: 2, refused: 1 });
    expect([(await usedOf(one))["events"], (await usedOf(two))["events"]]).toEqual([1, 3]);
  });

  it("U4 an enforced event over the limit is 402 and its id stays free; a plain one is counted past it", async () => {
    const account = await running.newAccount();
    const enforced = (id: string, quantity: number) =>
      account.call("POST", "/api/events", { id, meter: "sessions", quantity, enforce: true });
    expect((await enforced("a", 19)).status).toBe(200);
    expect(expectProblem(await enforced("b", 2), 402, "limit_reached").detail).toContain("19 of 20");
    expect((await usedOf(account))["sessions"]).toBe(19);
    const smaller = await enforced("b", 1);
    expect([smaller.status, smaller.body]).toMatchObject([200, { accepted: 1, duplicates: 0 }]);
    expect((await enforced("b", 1)).body).toMatchObject({ duplicates: 1 });
    await account.call("POST", "/api/events", { id: "c", meter: "sessions", quantity: 5 });
    expect((await account.overview()).usage["sessions"]).toMatchObject({ used: 25, state: "over" });
  });

  it("U4 fifty enforced events at once pass the limit not by one", async () => {
    const account = await running.newAccount();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        account.call("POST", "/api/events", { id: `e-${index}`, meter: "sessions", enforce: true }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    expect(answers.filter(({ status }) => status === 402)).toHaveLength(30);
    expect((await usedOf(account))["sessions"]).toBe(20);
  });

  it("a check says whether it would fit, and records nothing", async () => {
    const account = await running.newAccount();
    const check = (quantity: number) => account.call("POST", "/api/check", { meter: "sessions", quantity });
    expect(await check(20)).toMatchObject({ status: 200, body: { allowed: true, limit: 20, remaining: 20 } });
    expect(await check(21)).toMatchObject({
      status: 200,
      body: { allowed: false, code: "limit_reached", used: 0 },
    });
    expect((await usedOf(account))["sessions"]).toBe(0);
  });

  it("a hold reserves, settling charges the real amount, and a release gives back", async () => {
    const account = await running.newAccount();
    const hold = (tokens: number) => account.call<{ id: string }>("POST", "/api/holds", { tokens });
    const first = (await hold(40_000)).body.id;
    expectProblem(await hold(20_000), 402, "insufficient_credits");
    const settled = await account.call("POST", `/api/holds/${first}/settle`, { tokens: 12_345 });
    expect(settled.body).toEqual({ fromAllocation: 12_345, fromCredits: 0, balance: 0 });
    expect((await account.call("POST", `/api/holds/${first}/settle`, { tokens: 12_345 })).body).toEqual(
      settled.body,
    );
    expectProblem(
      await account.call("POST", `/api/holds/${first}/settle`, { tokens: 1 }),
      409,
      "hold_closed",
    );
    expectProblem(await account.call("POST", `/api/holds/${first}/release`), 409, "hold_closed");

    const second = (await hold(37_000)).body.id;
    for (let repeat = 1; repeat <= 2; repeat++) {
      expect((await account.call("POST", `/api/holds/${second}/release`)).status).toBe(204);
    }
    expect((await usedOf(account))["aiTokens"]).toBe(12_345);
    expect((await account.overview()).credits).toMatchObject({ balance: 0, held: 0, allocationLeft: 37_655 });
    expect(await running.faults()).toEqual([]);
  });

  it.skipIf(!existsSync(TRACE))(
    "an hour of real traffic sums as its file does (traces are present)",
    async () => {
      const account = await oldAccount();
      const rows = readFileSync(TRACE, "utf8").trimEnd().split(/\r?\n/).slice(1);
      const requests = rows.map((row) => {
        const [at, context, generated] = row.split(",");
        return {
          at: Date.parse(`${at?.slice(0, 23).replace(" ", "T")}Z`),
          tokens: Number(context) + Number(generated),
        };
      });
      expect(requests.length).toBeGreaterThan(19_000);
      expect(requests.every(({ at, tokens }) => at > 0 && tokens > 0)).toBe(true);
      const shift = Date.now() - Math.max(...requests.map(({ at }) => at));
      const events = requests.map(({ at, tokens }, index) => ({
        id: `request-${index}`,
        meter: "ai_tokens",
        quantity: tokens,
        time: new Date(at + shift).toISOString(),
      }));
      for (let start = 0; start < events.length; start += 1_000) {
        const batch = events.slice(start, start + 1_000);
        const { body } = await account.call<Ingested>("POST", "/api/events", batch);
        expect(body).toMatchObject({ accepted: batch.length, duplicates: 0, refused: 0 });
      }
      const sum = requests.reduce((total, { tokens }) => total + tokens, 0);
      // Free includes 50,000 tokens: those are the meter's use, and what lies beyond is owed by the credits.
      expect((await usedOf(account))["aiTokens"]).toBe(50_000);
      const { balance } = (await account.call<Credits>("GET", "/api/billing/credits")).body;
      expect(50_000 - balance).toBe(sum);
      expect(await running.faults()).toEqual([]);
    },
  );
});
