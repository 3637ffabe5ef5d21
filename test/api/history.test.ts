import { DAY_MS, HOUR_MS } from "@bursar/core";
import { setImmediate as turn } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CreditTransaction, List, UsageDaily } from "../../packages/client/src/index.ts";
import { expectProblem } from "./problem.ts";
import { databases, startService, type RunningService, type TestAccount } from "./service.ts";

const NOW = Date.parse("2026-03-10T12:00:00Z");
const at = (time: number) => new Date(time).toISOString();
const CSV = { accept: "text/csv" };

/** The cells of a CSV answer; none of ours holds a comma or a line end within. */
const cellsOf = (text: string) =>
  text
    .trimEnd()
    .split("\r\n")
    .map((line) => line.split(","));

describe.each(databases)("what was used and booked, on $name", ({ open }) => {
  let running: RunningService;
  let now = NOW;
  beforeAll(async () => {
    running = await startService(open, { clock: { now: () => now } });
  });
  afterAll(() => running.stop());

  const daily = (account: TestAccount, query: string) =>
    account.call<UsageDaily>("GET", `/api/billing/usage/daily?${query}`);

  /** Ten a day of the meter at noon, up to today. */
  async function useDaily(account: TestAccount, meter: string, days: number): Promise<void> {
    const events = Array.from({ length: days + 1 }, (_, age) => ({
      id: `${meter}-${age}`,
      meter,
      quantity: 10,
      time: at(now - age * DAY_MS),
    }));
    const { body } = await account.call("POST", "/api/events", events);
    expect(body).toMatchObject({ accepted: days + 1 });
  }

  it("U2 the chart has each day of the window up to today, and a projection that stops at the limit", async () => {
    now = NOW;
    const account = await running.newAccount({ createdAt: NOW - 6 * DAY_MS });
    await useDaily(account, "events", 5);
    const { body } = await daily(account, "meter=events");
    expect(body.data).toEqual([
      { date: "2026-03-04", quantity: 0 },
      ...["05", "06", "07", "08", "09", "10"].map((day) => ({ date: `2026-03-${day}`, quantity: 10 })),
    ]);
    // 60 used, 10 a day for the 25 days that are left.
    expect(body.projection).toEqual({ low: 310, mid: 310, high: 310, limitReachedAt: null });

    await useDaily(account, "sessions", 1);
    await account.call("POST", "/api/events", {
      id: "more",
      meter: "enrichments",
      quantity: 1,
      time: at(NOW - 4 * DAY_MS),
    });
    const sessions = (await daily(account, "meter=sessions")).body.projection;
    expect(sessions).toMatchObject({ low: 20, mid: 20, high: 20, limitReachedAt: null });
    const enrichments = (await daily(account, "meter=enrichments")).body.projection!;
    expect(enrichments.mid).toBe(6);
    expect(enrichments.high).toBeGreaterThan(10);
  });

  it("U2 storage shows what there was each day; figures that are not fresh have no projection", async () => {
    now = NOW;
    const account = await running.newAccount({ createdAt: NOW - 8 * DAY_MS });
    for (const [age, change] of [
      [4, 500],
      [3, -200],
      [1, 50],
    ] as const) {
      const event = { id: `s${age}`, meter: "storage", quantity: change, time: at(NOW - age * DAY_MS) };
      expect((await account.call("POST", "/api/events", event)).status).toBe(200);
    }
    const { body } = await daily(account, "meter=storage&from=2026-03-05&to=2026-03-31");
    expect(body.data.map(({ quantity }) => quantity)).toEqual([0, 500, 300, 300, 350, 350]);
    expect(body.projection).not.toBeNull();
    now = NOW + 2 * DAY_MS + 1;
    expect((await daily(account, "meter=storage")).body.projection).toBeNull();
  });

  it("US2 without 3 full days there is no projection", async () => {
    now = NOW;
    const account = await running.newAccount({ createdAt: NOW - 3 * DAY_MS });
    await useDaily(account, "events", 2);
    expect((await daily(account, "meter=events")).body.projection).toBeNull();
  });

  it("US3 the chart is a CSV file too, named after the account, with the number of its rows", async () => {
    now = NOW;
    const account = await running.newAccount({ name: "Café & Söhne", createdAt: NOW - 6 * DAY_MS });
    await useDaily(account, "events", 3);
    const query = "meter=events&from=2026-03-08&to=2026-03-10";
    const { status, headers, body } = await account.call<string>(
      "GET",
      `/api/billing/usage/daily?${query}`,
      undefined,
      CSV,
    );
    expect([status, headers.get("content-type")]).toEqual([200, "text/csv; charset=utf-8; header=present"]);
    expect(headers.get("content-disposition")).toBe(
      'attachment; filename="cafe-sohne-events-2026-03-08_2026-03-10.csv"',
    );
    expect(headers.get("bursar-row-count")).toBe("3");
    expect(body).toBe(
      "date,meter,quantity\r\n2026-03-08,events,10\r\n2026-03-09,events,10\r\n2026-03-10,events,10\r\n",
    );
  });

  it.each([
    ["meter=minutes", /sessions, events, enrichments, storage, ai_tokens/],
    ["meter=", /meter/],
    ["meter=events&from=2026-02-30", /from/],
    ["meter=events&from=2026-03-09&to=2026-03-08", /begins after its end/],
    ["meter=events&from=2025-02-03&to=2026-03-10", /400 days/],
  ])("a chart of %s is refused and says why", async (query, reason) => {
    now = NOW;
    const account = await running.newAccount();
    expect(expectProblem(await daily(account, query), 400, "invalid_request").detail).toMatch(reason);
  });

  /** Purchases and uses of an account with a long history, booked a minute apart. */
  async function longHistory(account: TestAccount, entries: number): Promise<void> {
    const { accountId } = account;
    const startsAt = new Date(NOW - entries * 60_000);
    // A use of 1 token for each entry, and each 100th a purchase of 1,000; balances follow from their number.
    await sql`
      insert into ledger_entries (account_id, entry_number, kind, source, from_account, to_account, tokens,
                                  from_balance_after, to_balance_after, booked_at, price, currency, description)
      select ${accountId}, i, case when i % 100 = 1 then 'purchase' else 'usage' end, 's' || i,
             case when i % 100 = 1 then 'granted' else 'purchased' end,
             case when i % 100 = 1 then 'purchased' else 'used' end,
             case when i % 100 = 1 then 1000 else 1 end,
             case when i % 100 = 1 then -1000 * (i / 100 + 1) else 1000 * ((i - 1) / 100 + 1) - (i - (i - 1) / 100 - 1) end,
             case when i % 100 = 1 then 1000 * (i / 100 + 1) - (i - i / 100 - 1) else i - (i - 1) / 100 - 1 end,
             ${startsAt}::timestamptz + i * interval '1 minute',
             case when i % 100 = 1 then 500 end, case when i % 100 = 1 then 'eur' end,
             case when i = 2 then '=HYPERLINK("x")' else 'a "use" of it' end
      from   generate_series(1, ${entries}::int) i`.execute(running.database.kysely);
    await sql`
      insert into balances (account_id, book_account, balance)
      select ${accountId}, w.name, w.balance
      from   (select sum(tokens) filter (where to_account = 'purchased') as bought,
                     sum(tokens) filter (where from_account = 'purchased') as spent
              from ledger_entries where account_id = ${accountId}) s
      cross join lateral (values ('purchased', s.bought - s.spent), ('granted', -s.bought), ('used', s.spent)) w (name, balance)`.execute(
      running.database.kysely,
    );
    await sql`update accounts set last_entry_number = ${entries} where account_id = ${accountId}`.execute(
      running.database.kysely,
    );
  }

  it("K5 5,000 entries as CSV: the running balance adds up, formulas are made harmless, rows are counted", async () => {
    now = NOW;
    const account = await running.newAccount({ createdAt: NOW - 10 * DAY_MS });
    await longHistory(account, 5_000);
    expect(await running.faults()).toEqual([]);
    const { headers, body } = await account.call<string>(
      "GET",
      "/api/billing/credits/transactions",
      undefined,
      CSV,
    );
    expect(headers.get("content-disposition")).toContain("acme-credits-2026-02-28_2026-03-10.csv");
    const [columns, ...rows] = cellsOf(body);
    expect(columns).toEqual([
      "id",
      "type",
      "created_at",
      "tokens",
      "credits",
      "credits_after",
      "allocation",
      "allocation_after",
      "price",
      "currency",
      "description",
      "resource",
      "actor",
      "receipt_url",
    ]);
    expect([rows.length, headers.get("bursar-row-count")]).toEqual([5_000, "5000"]);
    let balance = 0;
    for (const [id, type, createdAt, tokens, credits, after, , , price, currency] of rows.reverse()) {
      balance += Number(credits);
      expect([Number(tokens), Number(after)], id).toEqual([Number(credits), balance]);
      expect(createdAt).toBe(new Date(createdAt!).toISOString());
      expect([price, currency]).toEqual(type === "purchase" ? ["500", "eur"] : ["", ""]);
    }
    expect(rows[1]![10]).toBe(`"'=HYPERLINK(""x"")"`);
    expect(rows[2]![10]).toBe('"a ""use"" of it"');
  });

  it("K5 what is rare among very many uses is found: short pages go on until there is no next one", async () => {
    now = NOW;
    const account = await running.newAccount({ createdAt: NOW - 10 * DAY_MS });
    await sql`
      insert into ledger_entries (account_id, entry_number, kind, source, from_account, to_account, tokens,
                                  from_balance_after, to_balance_after, booked_at, description)
      select ${account.accountId}, i, case when i in (1, 20000, 20001, 44999) then 'usage' else 'allocation_usage' end,
             's' || i, 'purchased', 'used', 1, -i, i, ${new Date(NOW)}::timestamptz, 'AI tokens'
      from   generate_series(1, 45000) i`.execute(running.database.kysely);
    await sql`update accounts set last_entry_number = 45000 where account_id = ${account.accountId}`.execute(
      running.database.kysely,
    );
    // The embedded database held this process up meanwhile, on a slow machine for longer than the server keeps a connection
    // that is not used. Here it closes it, before the next call can take it.
    await turn();
    await turn();
    const pages: string[][] = [];
    let cursor: string | null = "";
    while (cursor !== null && pages.length < 9) {
      const path: string = `/api/billing/credits/transactions?type=usage${cursor === "" ? "" : `&cursor=${cursor}`}`;
      const page = await account.call<List<CreditTransaction>>("GET", path);
      pages.push(page.body.data.map(({ id }) => id));
      cursor = page.body.nextCursor;
    }
    expect(pages.flat()).toEqual(["txn_44999", "txn_20001", "txn_20000", "txn_1"]);
    expect(pages.map(({ length }) => length)).toEqual([1, 2, 1]);
    const { body } = await account.call<string>(
      "GET",
      "/api/billing/credits/transactions?type=usage",
      undefined,
      CSV,
    );
    expect(cellsOf(body).map(([id]) => id)).toEqual(["id", "txn_44999", "txn_20001", "txn_20000", "txn_1"]);
  });

  it("K5 filters by type and time find exactly theirs, page by page", async () => {
    now = NOW;
    const account = await running.newAccount({ createdAt: NOW - 10 * DAY_MS });
    await longHistory(account, 5_000);
    async function all(query: string): Promise<CreditTransaction[]> {
      const found: CreditTransaction[] = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const path: string = `/api/billing/credits/transactions?limit=100&${query}${cursor === "" ? "" : `&cursor=${cursor}`}`;
        const page = await account.call<List<CreditTransaction>>("GET", path);
        found.push(...page.body.data);
        cursor = page.body.nextCursor;
      }
      return found;
    }
    const everything = await all("");
    expect(everything).toHaveLength(5_000);
    expect(await all("type=purchase")).toEqual(everything.filter(({ type }) => type === "purchase"));
    expect(await all("type=usage")).toHaveLength(4_950);
    expect(await all("type=refund")).toEqual([]);
    const [from, to] = [at(NOW - 20 * HOUR_MS), at(NOW - 5 * HOUR_MS)];
    const within = everything.filter(({ createdAt }) => createdAt >= from && createdAt < to);
    expect(within).toHaveLength(900);
    expect(await all(`from=${from}&to=${to}`)).toEqual(within);
    expect(await all(`type=purchase&from=${from}&to=${to}`)).toEqual(
      within.filter(({ type }) => type === "purchase"),
    );
    const day = everything.filter(({ createdAt }) => createdAt.startsWith("2026-03-09"));
    expect(await all("from=2026-03-09&to=2026-03-09")).toEqual(day);
    const none = await account.call("GET", "/api/billing/credits/transactions?type=gift");
    expectProblem(none, 400, "invalid_request");
    expectProblem(
      await account.call("GET", "/api/billing/credits/transactions?cursor=x"),
      400,
      "invalid_request",
    );
  });

  it("CR1 uses grouped by day are one row a day between other movements, and add up as the entries do", async () => {
    now = NOW;
    const account = await running.newAccount({ createdAt: NOW - 10 * DAY_MS });
    await longHistory(account, 5_000);
    const pagesOf = async (query: string) => {
      const rows: CreditTransaction[] = [];
      for (let cursor: string | null = ""; cursor !== null;) {
        const path: string = `/api/billing/credits/transactions?limit=7&${query}${cursor === "" ? "" : `&cursor=${cursor}`}`;
        const { body } = await account.call<List<CreditTransaction>>("GET", path);
        rows.push(...body.data);
        cursor = body.nextCursor;
      }
      return rows;
    };
    const grouped = await pagesOf("group=day");
    expect(grouped.reduce((sum, { entries }) => sum + entries, 0)).toBe(5_000);
    expect(grouped.length).toBeLessThan(120);
    let balance = 0;
    for (const { credits, createdAt, entries, type, id } of grouped.toReversed()) {
      balance += credits!.change;
      expect(credits!.after, id).toBe(balance);
      if (type === "purchase") expect(entries, id).toBe(1);
      expect(createdAt).toBe(new Date(createdAt).toISOString());
    }
    const days = await pagesOf("group=day&type=usage");
    expect(days.map(({ createdAt }) => createdAt.slice(0, 10))).toEqual([
      "2026-03-10",
      "2026-03-09",
      "2026-03-08",
      "2026-03-07",
    ]);
    expect(days.reduce((sum, { amount }) => sum + amount, 0)).toBe(-4_950);
    const csv = await account.call("GET", "/api/billing/credits/transactions?group=day", undefined, CSV);
    expect(expectProblem(csv, 400, "invalid_request").detail).toContain("every entry");
  });
});
