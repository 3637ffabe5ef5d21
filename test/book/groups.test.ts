/* Use by project or member (US1): what the book writes for it, and what is read of it. */
import {
  asAccountId,
  bookContext,
  checkCatalog,
  DAY_MS,
  GROUPS_A_DAY_MAX,
  type AccountId,
} from "@bursar/core";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import config from "../../bursar.config.ts";
import { createBackfill, type PastEvent } from "../../packages/server/src/book/backfill.ts";
import { listDaysAndGroups, type DayGroup } from "../../packages/server/src/book/store-reads.ts";
import { exportGroups } from "../../packages/server/src/usage/export-groups.ts";
import { openPostgres } from "../../packages/server/src/db/open-database.ts";
import { countCodes, event, hold, times } from "./commands.ts";
import { catalog, databases, faultsOf, NOW, openAccount, openBook, type BookDatabase } from "./databases.ts";

const TODAY = "2026-03-10";
const span = { meterId: "sessions", from: "2026-03-01", to: TODAY };

describe.each(databases)("US1 groups on $name", ({ open }) => {
  let opened: BookDatabase;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.drop());

  const groupsOf = (accountId: AccountId, most = 3) =>
    listDaysAndGroups(opened.database.kysely, accountId, { ...span, most });

  /** Events of one session each, one a group. */
  async function use(accountId: AccountId, groups: readonly (string | null)[], time = NOW): Promise<void> {
    const book = openBook(opened.database);
    const outcomes = await book.submitAll(
      groups.map((group) => ({ command: event(accountId, { group, time, mode: "plain" }) })),
    );
    await book.close();
    expect(countCodes(outcomes)).toEqual({ recorded: groups.length });
  }

  async function exported(accountId: AccountId) {
    const { rowCount, pages } = await exportGroups(opened.database.kysely, accountId, span);
    const rows: DayGroup[] = [];
    for await (const page of pages) rows.push(...page);
    expect(rows).toHaveLength(rowCount);
    return rows;
  }

  it("have what their events say, in batches of any cut and day by day", async () => {
    const accountId = await openAccount(opened.database);
    await use(accountId, ["Atlas", null, "Borealis", "Atlas"]);
    await use(accountId, ["Atlas", "Ceres", "Ceres", "Dione"]);
    await use(accountId, ["Atlas", null], NOW - 2 * DAY_MS);
    expect(await groupsOf(accountId)).toMatchObject({
      largest: [
        { group: "Atlas", quantity: 4 },
        { group: "Ceres", quantity: 2 },
        { group: "Borealis", quantity: 1 },
      ],
      smaller: { groups: 1, quantity: 1 },
      beyond: 0,
    });
    const ofTwoDays = (await exported(accountId)).filter(({ quantity }) => quantity > 0);
    expect(ofTwoDays.map(({ day, group, quantity }) => [day, group, quantity])).toEqual([
      ["2026-03-08", null, 1],
      ["2026-03-08", "Atlas", 1],
      [TODAY, null, 1],
      [TODAY, "Atlas", 3],
      [TODAY, "Borealis", 1],
      [TODAY, "Ceres", 2],
      [TODAY, "Dione", 1],
    ]);
    expect(await faultsOf(opened.database)).toEqual([]);
  });

  it("are kept apart up to a thousand a day; those that come after it are counted together", async () => {
    const accountId = await openAccount(opened.database);
    const names = times(GROUPS_A_DAY_MAX + 5, (index) => `Project ${index}`);
    await use(accountId, names.slice(0, 600));
    await use(accountId, names.slice(300));
    // Those that are kept go on; others that are new stay together, and another day has room again.
    await use(accountId, ["Project 0", "Project 1004", "Project 2000", null]);
    await use(accountId, ["Project 1004"], NOW - DAY_MS);
    const { largest, smaller, beyond, days } = await groupsOf(accountId, 1);
    expect(largest).toEqual([{ group: "Project 0", quantity: 2 }]);
    // A thousand of today, and the one of yesterday.
    expect(smaller.groups).toBe(GROUPS_A_DAY_MAX);
    expect(beyond).toBe(5 + 2);
    const counted = days.reduce((sum, { quantity }) => sum + quantity, 0);
    expect(largest[0]!.quantity + smaller.quantity + beyond).toBe(counted - 1);
    expect(await exported(accountId)).toHaveLength(8 + 1 + (GROUPS_A_DAY_MAX + 2));
    expect(await faultsOf(opened.database)).toEqual([]);
  });

  it("of history are those of the book's own road, beyond the thousand too", async () => {
    const [fast, slow] = [await openAccount(opened.database), await openAccount(opened.database)];
    const names = times(GROUPS_A_DAY_MAX + 400, (index) => (index % 7 === 0 ? null : `Project ${index}`));
    const past = (accountId: AccountId): PastEvent[] =>
      names.map((group, index) => ({
        command: {
          type: "event",
          accountId,
          eventId: `past-${index}`,
          meterId: "sessions",
          quantity: 2,
          time: NOW - (index % 2) * DAY_MS,
          mode: "backfill",
          resource: null,
          group,
        },
        properties: null,
      }));
    const { database } = opened;
    const backfill = createBackfill({ database, context: bookContext(catalog) });
    const events = [...past(fast), ...past(fast)];
    await backfill(events.slice(0, 500), NOW);
    await backfill(events.slice(500), NOW);
    const book = openBook(database);
    await book.submitAll(past(slow));
    await book.close();
    expect(await groupsOf(fast)).toEqual(await groupsOf(slow));
    expect(await exported(fast)).toEqual(await exported(slow));
    expect(await faultsOf(database)).toEqual([]);
  });

  it("of tokens that were held are what the hold was for, where the catalogue says so", async () => {
    const tokens = { ...config.meters.ai_tokens, groupBy: { property: "resource", name: "Document" } };
    const checked = checkCatalog({ ...config, meters: { ...config.meters, ai_tokens: tokens } });
    if (!checked.ok) throw new Error(JSON.stringify(checked.mistakes));
    const accountId = await openAccount(opened.database);
    const book = openBook(opened.database, { catalog: checked.catalog });
    await book.submit(hold(accountId, "hold_a", 500, "Contract"));
    for (let repeat = 1; repeat <= 2; repeat += 1)
      await book.submit({ type: "settle", accountId, holdId: "hold_a", tokens: 420 });
    await book.close();
    const wanted = { ...span, meterId: "ai_tokens", most: 3 };
    expect(await listDaysAndGroups(opened.database.kysely, accountId, wanted)).toMatchObject({
      days: [{ day: TODAY, quantity: 420 }],
      largest: [{ group: "Contract", quantity: 420 }],
    });
  });

  it("begin when the meter gets them: what was counted before is of none", async () => {
    const { sessions } = config.meters;
    const plain = checkCatalog({
      ...config,
      meters: { ...config.meters, sessions: { ...sessions, groupBy: undefined } },
    });
    if (!plain.ok) throw new Error(JSON.stringify(plain.mistakes));
    const accountId = await openAccount(opened.database);
    const before = openBook(opened.database, { catalog: plain.catalog });
    await before.submit(event(accountId, { quantity: 4, group: "Atlas" }));
    await before.close();
    await use(accountId, ["Atlas"]);
    expect(await groupsOf(accountId)).toMatchObject({
      days: [{ day: TODAY, quantity: 5 }],
      largest: [{ group: "Atlas", quantity: 1 }],
    });
    expect((await exported(accountId)).slice(-2)).toEqual([
      { day: TODAY, group: null, quantity: 4 },
      { day: TODAY, group: "Atlas", quantity: 1 },
    ]);
    expect(await faultsOf(opened.database)).toEqual([]);
  });

  it("are an account's own: no other account reads them", async () => {
    const accountId = await openAccount(opened.database);
    await use(accountId, ["Atlas"]);
    expect((await groupsOf(asAccountId("acc_nobody"))).largest).toEqual([]);
  });
});

describe("US1 groups of two servers at once", () => {
  it("are a thousand a day and not one more, and all of them add up", async () => {
    const place = await databases[1]!.open();
    const second = openPostgres(place.url!);
    const accountId = await openAccount(place.database);
    const books = [openBook(place.database, { lanes: 1 }), openBook(second, { lanes: 1 })];
    await Promise.all(
      times(2_600, (index) =>
        books[index % 2]!.submit(event(accountId, { group: `Project ${index % 1_300}`, mode: "plain" })),
      ),
    );
    await Promise.all(books.map((book) => book.close()));
    const { rows } = await sql<{ groups: number; sum: number; beyond: number }>`
      select count(*) filter (where group_name <> '')::int as groups, sum(quantity)::bigint as sum,
             (sum(quantity) filter (where group_name = ''))::bigint as beyond
      from   usage_groups`.execute(place.database.kysely);
    expect(rows).toEqual([{ groups: GROUPS_A_DAY_MAX, sum: 2_600, beyond: 600 }]);
    expect(await faultsOf(place.database)).toEqual([]);
    await second.close();
    await place.drop();
  });
});
