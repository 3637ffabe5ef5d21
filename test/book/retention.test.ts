import { DAY_MS, dayOf, type Instant } from "@bursar/core";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { retainEvents } from "../../packages/server/src/book/retain-events.ts";
import { trimAnswers } from "../../packages/server/src/http/idempotency.ts";
import { event, times, tokens } from "./commands.ts";
import { databases, faultsOf, NOW, openAccount, openBook, type BookDatabase } from "./databases.ts";

const KEPT_DAYS = 30;

describe.each(databases)("what is old goes, on $name", ({ open }) => {
  let opened: BookDatabase;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.drop());

  const retainAt = (now: Instant) => retainEvents(opened.database, { now, rawEventsKeptDays: KEPT_DAYS });

  /** Where the raw events of an account lie, and how many. */
  async function placesOf(accountId: string): Promise<Record<string, number>> {
    const { rows } = await sql<{ place: string; count: number }>`
      select tableoid::regclass::text as place, count(*) as count from events
      where  account_id = ${accountId} group by 1`.execute(opened.database.kysely);
    return Object.fromEntries(rows.map(({ place, count }) => [place, count]));
  }

  async function count(table: "event_ids" | "usage_counters", accountId: string): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from ${sql.table(table)} where account_id = ${accountId}`.execute(
      opened.database.kysely,
    );
    return rows[0]!.count;
  }

  it("raw events lie in the day of their receipt and are dropped whole; what they added up to stays", async () => {
    const { database } = opened;
    const account = await openAccount(database);
    let now = NOW;
    const book = openBook(database, { clock: { now: () => now } });
    // Nobody has made a partition yet: those of the first day lie where all others go.
    await book.submit(event(account, { time: now }));
    await retainAt(now);
    await book.submit(event(account, { time: now }));
    expect(await placesOf(account)).toEqual({ events_rest: 2 });

    now += DAY_MS;
    await retainAt(now);
    await Promise.all([retainAt(now), retainAt(now)]);
    await book.submitAll(times(5, () => ({ command: event(account, { time: now }) })));
    now += DAY_MS;
    await book.submit(event(account, { time: now }));
    const [second, third] = [NOW + DAY_MS, NOW + 2 * DAY_MS].map(
      (at) => `events_${dayOf(at).replaceAll("-", "_")}`,
    );
    expect(await placesOf(account)).toEqual({ events_rest: 2, [second!]: 5, [third!]: 1 });

    now = NOW + DAY_MS + KEPT_DAYS * DAY_MS;
    await retainAt(now);
    expect(await placesOf(account)).toEqual({ [second!]: 5, [third!]: 1 });
    now += DAY_MS;
    await retainAt(now);
    expect(await placesOf(account)).toEqual({ [third!]: 1 });
    await retainAt(now + 60 * DAY_MS);
    expect(await placesOf(account)).toEqual({});
    expect(await count("usage_counters", account)).toBe(1);
    expect(await faultsOf(database)).toEqual([]);
    await book.close();
  });

  it("U3 an id is known for 35 days and not longer, but tokens are never drawn twice for it", async () => {
    const { database } = opened;
    const account = await openAccount(database);
    let now = NOW;
    const book = openBook(database, { clock: { now: () => now } });
    const plain = event(account, { eventId: "plain" });
    const drawn = tokens(account, 10, { eventId: "drawn" });
    await book.submitAll([{ command: plain }, { command: drawn }]);
    await book.submitAll(times(2_500, () => ({ command: event(account) })));

    now = NOW + 35 * DAY_MS;
    await retainAt(now);
    expect((await book.submit(plain)).code).toBe("duplicate");
    now += 1;
    await retainAt(now);
    expect(await count("event_ids", account)).toBe(0);
    expect((await book.submit(plain)).code).toBe("recorded");
    expect((await book.submit(drawn)).code).toBe("duplicate");
    expect(await faultsOf(database)).toEqual([]);
    await book.close();
  });

  it("answers to an Idempotency-Key go after 24 hours, all of them", async () => {
    const { kysely } = opened.database;
    const insert = (many: number, prefix: string, startedAt: Instant) =>
      sql`insert into idempotency_keys (scope, key, request_hash, started_at)
          select 'here', ${prefix} || i, '\\x00', ${new Date(startedAt)}
          from   generate_series(1, ${many}::int) i`.execute(kysely);
    await insert(2_500, "old", NOW - DAY_MS - 1);
    await insert(3, "kept", NOW - DAY_MS);
    await trimAnswers(opened.database, NOW);
    const { rows } = await sql<{ key: string }>`select key from idempotency_keys order by key`.execute(
      kysely,
    );
    expect(rows.map(({ key }) => key)).toEqual(["kept1", "kept2", "kept3"]);
  });
});
