/* Use by project or member (US1) over HTTP: from the event to the answer and the file. */
import { DAY_MS } from "@bursar/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UsageDaily } from "../../packages/client/src/index.ts";
import { expectProblem } from "./problem.ts";
import {
  callerOf,
  databases,
  startService,
  type Ingested,
  type RunningService,
  type TestAccount,
} from "./service.ts";

const NOW = Date.parse("2026-03-10T12:00:00Z");
const at = (time: number) => new Date(time).toISOString();
const CSV = { accept: "text/csv" };
const BY_PROJECT = "meter=sessions&groupBy=project";

describe.each(databases)("US1 use by project on $name", ({ open }) => {
  let running: RunningService;
  beforeAll(async () => {
    running = await startService(open, { clock: { now: () => NOW } });
  });
  afterAll(() => running.stop());

  const newAccount = () => running.newAccount({ name: "Acme", createdAt: NOW - 6 * DAY_MS });
  const daily = (account: TestAccount, query: string) =>
    account.call<UsageDaily>("GET", `/api/billing/usage/daily?${query}`);
  const fileOf = (account: TestAccount, query: string) =>
    account.call<string>("GET", `/api/billing/usage/daily?${query}`, undefined, CSV);

  async function report(account: TestAccount, used: readonly (readonly [string | null, number])[]) {
    const events = used.map(([project, quantity], index) => {
      const properties = project === null ? {} : { properties: { project, model: "small" } };
      return { id: `e${index}`, meter: "sessions", quantity, ...properties };
    });
    const { body } = await account.call<Ingested>("POST", "/api/events", events);
    expect(body).toMatchObject({ accepted: used.length });
  }

  it("is what events say, whichever way they come: as JSON, as CloudEvents in both modes, and from the past", async () => {
    const account = await newAccount();
    const properties = { project: "Atlas" };
    await account.call("POST", "/api/events", { id: "one", meter: "sessions", properties });
    await account.call("POST", "/api/events", { id: "asked", meter: "sessions", properties, enforce: true });
    await account.call("POST", "/api/events", [
      { id: "list", meter: "sessions", quantity: 2, properties: { project: " Borealis " } },
      { id: "list", meter: "sessions", quantity: 2, properties },
      { id: "none", meter: "sessions", properties: { project: 7 } },
      { id: "other", meter: "events", properties },
    ]);
    const cloud = { specversion: "1.0", source: "/api", type: "sessions" };
    await account.call(
      "POST",
      "/api/events",
      { ...cloud, id: "structured", data: { quantity: 3, project: "Atlas" } },
      { "content-type": "application/cloudevents+json" },
    );
    const headers = {
      "ce-specversion": "1.0",
      "ce-id": "binary",
      "ce-source": "/api",
      "ce-type": "sessions",
    };
    await account.call("POST", "/api/events", { quantity: 4, project: "Ceres" }, headers);
    const platform = callerOf(running.url, { authorization: `Bearer ${running.platformKey}` });
    const past = { id: "past", account: account.accountId, meter: "sessions", quantity: 5, properties };
    const imported = await platform<Ingested>("POST", "/api/events/backfill", [
      { ...past, time: at(NOW - 2 * DAY_MS) },
      { ...past, time: at(NOW - 2 * DAY_MS) },
    ]);
    expect(imported.body).toMatchObject({ accepted: 1, duplicates: 1 });

    const { body } = await daily(account, BY_PROJECT);
    expect(body.groups).toEqual({
      data: [
        { group: "Atlas", quantity: 1 + 1 + 3 + 5 },
        { group: "Ceres", quantity: 4 },
        { group: "Borealis", quantity: 2 },
      ],
      others: { groups: 0, quantity: 0 },
      none: 1,
      total: 17,
    });
    expect(body.data.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(17);
    expect(await running.faults()).toEqual([]);
  });

  it("is said where it is asked for, of the days that are asked for, and the answer is else as it was", async () => {
    const account = await newAccount();
    await report(account, [["Atlas", 3]]);
    const { body: plain } = await daily(account, "meter=sessions");
    expect(Object.keys(plain)).toEqual(["data", "projection"]);
    const { body } = await daily(account, BY_PROJECT);
    expect({ data: body.data, projection: body.projection }).toEqual(plain);
    const yesterday = (await daily(account, `${BY_PROJECT}&to=2026-03-09`)).body;
    expect(yesterday.groups).toEqual({ data: [], others: { groups: 0, quantity: 0 }, none: 0, total: 0 });
    const { usage } = await account.overview();
    expect(usage["sessions"]?.groupBy).toEqual({ property: "project", name: "Project" });
    expect(usage["events"]?.groupBy).toBeNull();
  });

  it("names the twenty largest and adds the rest up", async () => {
    const account = await newAccount();
    const used = Array.from({ length: 23 }, (_, index) => [`Project ${index}`, 100 - index] as const);
    await report(account, [...used, [null, 9]]);
    const groups = (await daily(account, BY_PROJECT)).body.groups!;
    expect(groups.data).toHaveLength(20);
    expect([groups.data[0], groups.data[19]]).toEqual([
      { group: "Project 0", quantity: 100 },
      { group: "Project 19", quantity: 81 },
    ]);
    expect(groups).toMatchObject({ others: { groups: 3, quantity: 80 + 79 + 78 }, none: 9 });
  });

  it("US3 is a file too, a row for each day and group, in which no name is a formula", async () => {
    const account = await newAccount();
    await report(account, [
      ["=HYPERLINK(1)", 2],
      ['Atlas, "new"', 3],
      [null, 4],
    ]);
    const { headers, body } = await fileOf(account, `${BY_PROJECT}&from=2026-03-09`);
    expect(headers.get("content-disposition")).toContain("acme-sessions-2026-03-09_2026-03-10.csv");
    expect(headers.get("bursar-row-count")).toBe("4");
    expect(body.split("\r\n")).toEqual([
      "date,meter,group,quantity",
      "2026-03-09,sessions,,0",
      "2026-03-10,sessions,,4",
      "2026-03-10,sessions,'=HYPERLINK(1),2",
      '2026-03-10,sessions,"Atlas, ""new""",3',
      "",
    ]);
  });

  it("US3 is a whole file however many groups there are, in pages of whole days", async () => {
    const account = await newAccount();
    for (const day of [3, 2, 1, 0]) {
      const events = Array.from({ length: 1_000 }, (_, index) => ({
        ...{ id: `${day}-${index}`, meter: "sessions", time: at(NOW - day * DAY_MS) },
        properties: { project: `Project ${index + day}` },
      }));
      await account.call("POST", "/api/events", events);
    }
    await account.call("POST", "/api/events", { id: "x", meter: "sessions", properties: { project: "new" } });
    const { headers, body } = await fileOf(account, BY_PROJECT);
    const rows = body.trimEnd().split("\r\n").slice(1);
    expect(headers.get("bursar-row-count")).toBe(String(rows.length));
    expect(rows).toHaveLength(3 + 4 * 1_000 + 1);
    expect(rows.reduce((sum, row) => sum + Number(row.split(",").at(-1)), 0)).toBe(4_001);
    expect(rows.filter((row) => row.includes("(others)"))).toEqual(["2026-03-10,sessions,(others),1"]);
    const { groups } = (await daily(account, BY_PROJECT)).body;
    expect(groups?.others.groups).toBeNull();
  });

  it.each([
    ["meter=events&groupBy=project", /Events has no groups/],
    ["meter=sessions&groupBy=member", /Sessions is grouped by project alone/],
    ["meter=sessions&groupBy=", /groupBy/],
  ])("of %s is refused and says why, as a file too", async (query, reason) => {
    const account = await newAccount();
    for (const answer of [await daily(account, query), await fileOf(account, query)])
      expect(expectProblem(answer, 400, "invalid_request").detail).toMatch(reason);
  });
});
