/*
 * What a page reads of an account must not grow with the account's history. Timings would say so only on a quiet
 * machine; so PostgreSQL is asked how many rows each statement of a page looks at, for a fresh account and for one that
 * has five years behind it.
 */
import { DAY_MS, dayOf } from "@bursar/core";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { age, YEARS } from "../../bench/aged-account.ts";
import { createDatabase, type TestDatabase } from "../support/postgres.ts";
import { openPostgres } from "../../packages/server/src/db/open-database.ts";
import { migrate } from "../../packages/server/src/db/migrate.ts";
import { startService, type RunningService, type TestAccount } from "./service.ts";

interface Sent {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A node of a plan, as `explain (analyze, format json)` tells it; rows are those of one loop. */
interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Index Recheck"?: number;
  readonly Plans?: readonly PlanNode[];
}

let place: TestDatabase;
let running: RunningService;
let explainer: pg.Client;
let fresh: TestAccount;
let old: TestAccount;

beforeAll(async () => {
  place = await createDatabase();
  running = await startService(async () => {
    const database = openPostgres(place.url);
    await migrate(database);
    return { database, url: place.url, drop: () => database.close() };
  });
  fresh = await running.newAccount();
  old = await running.newAccount();
  for (const { call } of [fresh, old]) await call("POST", "/api/events", { id: "e", meter: "ai_tokens" });
  await age(running.database, old.accountId);
  await sql`
    update accounts set last_entry_number = (
      select max(entry_number) from ledger_entries where account_id = ${old.accountId})
    where  account_id = ${old.accountId}`.execute(running.database.kysely);
  explainer = new pg.Client({ connectionString: place.url });
  await explainer.connect();
  await explainer.query("analyze");
  // The tables of a test are small enough to be scanned whole; those of a service are not.
  await explainer.query("set enable_seqscan = off");
});
afterAll(async () => {
  await explainer.end();
  await running.stop();
  await place.drop();
});

/** What the service asks the database, on its pool, for one answer. */
async function statementsOf(account: TestAccount, path: string): Promise<Sent[]> {
  const query = vi.spyOn(pg.Client.prototype, "query");
  try {
    const { status } = await account.call("GET", path);
    expect(status).toBe(200);
    return query.mock.calls.flatMap((call): Sent[] => {
      const [first, values] = call as unknown as [string | { text?: string; values?: unknown[] }, unknown[]?];
      const text = typeof first === "string" ? first : (first.text ?? "");
      const given = typeof first === "string" ? values : (first.values ?? values);
      return /^\s*(select|with)\b/i.test(text) ? [{ text, values: given ?? [] }] : [];
    });
  } finally {
    query.mockRestore();
  }
}

function rowsLookedAt(node: PlanNode): number {
  const inner = (node.Plans ?? []).reduce((sum, each) => sum + rowsLookedAt(each), 0);
  if (node["Relation Name"] === undefined) return inner;
  const rows =
    node["Actual Rows"] +
    (node["Rows Removed by Filter"] ?? 0) +
    (node["Rows Removed by Index Recheck"] ?? 0);
  return inner + rows * node["Actual Loops"];
}

/** Of each statement by the beginning of its text, the rows that it looks at. */
async function rowsOf(account: TestAccount, path: string): Promise<Map<string, number>> {
  const rows = new Map<string, number>();
  for (const { text, values } of await statementsOf(account, path)) {
    const { rows: plans } = await explainer.query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
      `explain (analyze, format json) ${text}`,
      [...values],
    );
    const name = text.replace(/\s+/g, " ").trim().slice(0, 200);
    rows.set(name, (rows.get(name) ?? 0) + rowsLookedAt(plans[0]!["QUERY PLAN"][0].Plan));
  }
  return rows;
}

/** A balance row of each month's allocation stays and is looked at; and a page of a list has more to show. */
const ROWS_MORE_MAX = YEARS * 12 + 10;

const DAILY = "/api/billing/usage/daily";
/** Groups cost what these days have of them, whatever lies before. */
const WEEK_AGO = dayOf(Date.now() - 7 * DAY_MS);

describe("five years with 100,000 ledger entries and 9,000 days of usage", () => {
  it.each([
    ["the overview", "/api/billing"],
    ["the meters", "/api/billing/usage"],
    ["the chart of a meter", `${DAILY}?meter=ai_tokens`],
    ["the chart of a meter with its groups", `${DAILY}?meter=sessions&groupBy=project&from=${WEEK_AGO}`],
    ["the credits", "/api/billing/credits"],
    ["a page of the credit history", "/api/billing/credits/transactions?limit=25"],
  ])("U1 U2 K5 cost %s a row a month more at most, however much happened in it", async (_name, path) => {
    const [of, to] = [await rowsOf(old, path), await rowsOf(fresh, path)];
    expect(Math.max(...of.values())).toBeGreaterThan(0);
    for (const [statement, rows] of of) {
      expect(rows, statement).toBeLessThanOrEqual((to.get(statement) ?? 0) + ROWS_MORE_MAX);
    }
  });
});
