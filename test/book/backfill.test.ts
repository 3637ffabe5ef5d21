import { bookContext, DAY_MS, type AccountId } from "@bursar/core";
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBackfill, type Backfill, type PastEvent } from "../../packages/server/src/book/backfill.ts";
import type { Database } from "../../packages/server/src/db/open-database.ts";
import { openForCopy } from "../../packages/server/src/db/open-for-copy.ts";
import { countCodes, purchase, times, tokens } from "./commands.ts";
import { catalog, databases, faultsOf, NOW, openAccount, openBook, type BookDatabase } from "./databases.ts";

interface Past {
  readonly id: string;
  readonly meterId: string;
  readonly quantity: number;
  readonly time: number;
  readonly group?: string | null;
}

function toPastEvents(accountId: AccountId, history: readonly Past[]): PastEvent[] {
  return history.map(({ id, group = null, ...rest }) => ({
    command: { type: "event", accountId, eventId: id, ...rest, mode: "backfill", resource: null, group },
    properties: id === "1" ? '{"tab":"\\t","text":"a\\nb \\\\ é"}' : null,
  }));
}

/** Everything that the book keeps of an account, without its id. */
async function storedOf({ kysely }: Database, accountId: AccountId) {
  const { rows } = await sql<{ stored: unknown }>`
    select json_build_object(
      'counters', (select json_agg(to_jsonb(c) - 'account_id' order by meter_id, window_start)
                   from usage_counters c where account_id = ${accountId}),
      'days', (select json_agg(to_jsonb(d) - 'account_id' order by meter_id, day)
               from usage_days d where account_id = ${accountId}),
      'groups', (select json_agg(to_jsonb(g) - 'account_id' order by meter_id, day, group_name)
                 from usage_groups g where account_id = ${accountId}),
      'ids', (select json_agg(to_jsonb(i) - 'account_id' order by event_id)
              from event_ids i where account_id = ${accountId}),
      'events', (select json_agg(to_jsonb(e) - 'account_id' order by event_id)
                 from events e where account_id = ${accountId}),
      'entries', (select json_agg(to_jsonb(l) - 'account_id' order by entry_number)
                  from ledger_entries l where account_id = ${accountId}),
      'balances', (select json_agg(to_jsonb(b) - 'account_id' order by book_account)
                   from balances b where account_id = ${accountId}),
      'told', (select count(*) from outbox where account_id = ${accountId})) as stored`.execute(kysely);
  return rows[0]?.stored;
}

describe.each(databases)("history on $name", ({ open }) => {
  let opened: BookDatabase;
  let backfill: Backfill;
  let closeCopy = () => Promise.resolve();
  beforeAll(async () => {
    opened = await open();
    const copy = opened.url === null ? null : openForCopy(opened.url);
    if (copy !== null) closeCopy = () => copy.close();
    backfill = createBackfill({ database: copy ?? opened.database, context: bookContext(catalog) });
  });
  afterAll(async () => {
    await closeCopy();
    await opened.drop();
  });

  const anyPast = fc.record({
    id: fc.nat(30).map(String),
    meterId: fc.constantFrom("sessions", "events", "storage", "ai_tokens", "minutes"),
    quantity: fc.integer({ min: 1, max: 1_000 }),
    time: fc.integer({ min: NOW - 100 * DAY_MS, max: NOW }),
    group: fc.constantFrom(null, "Atlas", "Borealis", 'a "tab\t, é\\'),
  });

  it("U3 the fast road stores what the book's own road stores, in batches cut anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyPast, { maxLength: 80 }), fc.nat(80), async (drawn, cut) => {
        const { database } = opened;
        // Storage shrinks now and then, so that its floor is met as well.
        const history = drawn.map((past, index) =>
          past.meterId === "storage" && index % 3 === 2 ? { ...past, quantity: -past.quantity } : past,
        );
        const [fast, slow] = [await openAccount(database), await openAccount(database)];
        const book = openBook(database);
        for (const accountId of [fast, slow]) {
          await book.submit(purchase(accountId, 10_000, "pi_1"));
          await book.submit(tokens(accountId, 60_000, { eventId: "7" }));
        }
        const quick = [
          ...(await backfill(toPastEvents(fast, history.slice(0, cut)), NOW)),
          ...(await backfill(toPastEvents(fast, history.slice(cut)), NOW)),
        ];
        const own = await book.submitAll(toPastEvents(slow, history));
        await book.close();
        expect(quick).toEqual(own);
        expect(await storedOf(database, fast)).toEqual(await storedOf(database, slow));
      }),
      { numRuns: 25 },
    );
    expect(await faultsOf(opened.database)).toEqual([]);
  });

  it.each([
    ["an unknown meter", { meterId: "minutes", quantity: 1 }, "unknown_meter"],
    ["a level below zero", { meterId: "storage", quantity: -1 }, "level_below_zero"],
  ])("U3 an event sent again with %s is a duplicate, as its id was recorded", async (_, change, refused) => {
    const accountId = await openAccount(opened.database);
    const first = { id: "once", meterId: "sessions", quantity: 1, time: NOW };
    await backfill(toPastEvents(accountId, [first]), NOW);
    const again = [
      { ...first, ...change },
      { ...first, ...change, id: "other" },
    ];
    const outcomes = await backfill(toPastEvents(accountId, again), NOW);
    expect(outcomes.map(({ code }) => code)).toEqual(["duplicate", refused]);
  });

  it("U3 history that a server receives at the same time counts once", async () => {
    const { database } = opened;
    const accountId = await openAccount(database);
    const history = times(400, (index) => ({
      id: `e${index}`,
      meterId: "events",
      quantity: 2,
      time: NOW - index * 1_000,
    }));
    const book = openBook(database);
    const both = await Promise.all([
      backfill(toPastEvents(accountId, history), NOW),
      book.submitAll(toPastEvents(accountId, history.toReversed())),
    ]);
    await book.close();
    expect(countCodes(both.flat())).toEqual({ recorded: 400, duplicate: 400 });
    const { rows } = await sql<{ used: number }>`
      select sum(used)::bigint as used from usage_counters where account_id = ${accountId}`.execute(
      database.kysely,
    );
    expect(rows[0]?.used).toBe(800);
  });

  it("U3 an event whose tokens were drawn is a duplicate though its id was forgotten", async () => {
    const { database } = opened;
    const accountId = await openAccount(database);
    const book = openBook(database);
    await book.submit(tokens(accountId, 5, { eventId: "drawn" }));
    await book.close();
    await sql`delete from event_ids where account_id = ${accountId}`.execute(database.kysely);
    const past = { id: "drawn", meterId: "ai_tokens", quantity: 5, time: NOW };
    const outcomes = await backfill(toPastEvents(accountId, [past, { ...past, id: "new" }]), NOW);
    expect(outcomes.map(({ code }) => code)).toEqual(["duplicate", "recorded"]);
  });
});
