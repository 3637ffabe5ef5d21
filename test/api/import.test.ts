import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bookContext, DAY_MS, type AccountId } from "@bursar/core";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { importFile, type FileImport } from "../../packages/server/src/cli/import-file.ts";
import type { Database } from "../../packages/server/src/db/open-database.ts";
import { createEventImport } from "../../packages/server/src/usage/import-events.ts";
import { times } from "../book/commands.ts";
import { catalog, databases, faultsOf, NOW, openAccount, type BookDatabase } from "../book/databases.ts";

const CLI = join(import.meta.dirname, "../../packages/server/src/cli/bursar.ts");

/** An hour of an LLM service. It is not part of the repository; where it is absent its test is skipped. */
const TRACE = join(import.meta.dirname, "../../../shared/traces/azure-llm-2023-conv.csv");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bursar-import-"));
  return () => rmSync(folder, { recursive: true, force: true });
});

function fileOf(name: string, content: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

const at = (time: number) => new Date(time).toISOString();

async function sumsOf({ kysely }: Database, accountId: AccountId): Promise<Record<string, number>> {
  const { rows } = await sql<{ meter: string; sum: number }>`
    select meter_id as meter, sum(quantity)::bigint as sum from usage_days
    where  account_id = ${accountId} group by meter_id`.execute(kysely);
  return Object.fromEntries(rows.map(({ meter, sum }) => [meter, sum]));
}

/** Runs the command as a person does. */
function startCommand(args: readonly string[], env: Record<string, string>) {
  const child: ChildProcess = spawn(process.execPath, [CLI, "events", "import", ...args], {
    env: { ...process.env, ...env },
  });
  let output = "";
  const keep = (chunk: Buffer) => (output += chunk.toString("utf8"));
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, ended, output: () => output };
}

describe.each(databases)("a file of past events on $name", ({ open }) => {
  let opened: BookDatabase;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.drop());

  function importing(file: string, fields: Partial<FileImport> = {}) {
    const { database } = opened;
    const clock = { now: () => NOW };
    return importFile({
      file,
      format: "csv",
      account: undefined,
      rejected: `${file}.rejected.csv`,
      catalog,
      importEvents: createEventImport({ database, catalog, clock, context: bookContext(catalog) }),
      batch: { min: 10, max: 10 },
      target: "here",
      progress: () => undefined,
      stopped: new AbortController().signal,
      ...fields,
    });
  }

  it("U3 counts good rows and writes bad ones with line and reason to a file of their own", async () => {
    const account = await openAccount(opened.database);
    const time = at(NOW - 70 * DAY_MS);
    const file = fileOf(
      "events.csv",
      [
        "\ufeffid,account,meter,quantity,time,properties",
        `a,${account},events,5,${time},`,
        `b,${account},events,-5,${time},`,
        `c,${account},minutes,5,${time},`,
        `d,acc_nobody,events,5,${time},`,
        "",
        `e,${account},events,5,2026-02-30T10:00:00Z,`,
        `f,${account},events,5,2026-02-28 10:00,`,
        `g,${account},events,1.5,${time},`,
        `h,${account},events,5`,
        `"i,${account},events,5,${time},`,
        `j,${account},events,5,${at(NOW + DAY_MS)},`,
        `k,${account},storage,-5,${time},`,
        `,${account},events,5,${time},`,
        `l,${account},sessions,,${time},"{""model"":""small, fast""}"`,
        `=m,${account},events,0,${time},`,
        `a,${account},events,5,${time},`,
        `n,${account},events,7,${time},`,
      ].join("\r\n"),
    );
    expect(await importing(file)).toMatchObject({
      accepted: 3,
      duplicates: 1,
      refused: 12,
      isFinished: true,
    });
    expect(await sumsOf(opened.database, account)).toEqual({ events: 12, sessions: 1 });
    const rejected = readFileSync(`${file}.rejected.csv`, "utf8").trimEnd().split("\r\n");
    expect(rejected[0]).toBe("line,code,reason,row");
    const reasons: [number, string, RegExp][] = [
      [3, "invalid_quantity", /whole number from 1 on, not -5/],
      [4, "unknown_meter", /no meter minutes/],
      [5, "not_found", /no account acc_nobody/],
      [7, "invalid_event", /2026-02-30T10:00:00Z/],
      [8, "invalid_event", /2026-02-28 10:00/],
      [9, "invalid_event", /1\.5.* no whole number/],
      [10, "invalid_event", /4 cells, and the first line 6/],
      [11, "invalid_event", /quote/],
      [12, "event_in_future", /in the future/],
      [13, "level_below_zero", /below 0/],
      [14, "invalid_event", /id: /],
      [16, "invalid_quantity", /not 0/],
    ];
    expect(rejected).toHaveLength(1 + reasons.length);
    for (const [line, code, reason] of reasons) {
      const row = rejected.find((each) => each.startsWith(`${line},${code},`));
      expect(row, `line ${line}: ${rejected.join("\n")}`).toMatch(reason);
    }
    expect(existsSync(`${file}.progress.json`)).toBe(false);
  });

  it.each([
    ["plain", (text: string) => Buffer.from(text)],
    ["packed by gzip", (text: string) => gzipSync(text)],
  ])("takes NDJSON, %s, by the product's own account id or the one given", async (_how, pack) => {
    const account = await openAccount(opened.database);
    await sql`insert into account_references (kind, reference, account_id)
              values ('external', ${`ext-${account}`}, ${account})`.execute(opened.database.kysely);
    const lines = times(25, (index) => ({
      id: `n${index}`,
      ...(index % 2 === 0 ? { account: `ext-${account}` } : {}),
      meter: "ai_tokens",
      quantity: 100,
      time: at(NOW - index * DAY_MS),
      properties: { model: "small" },
    }));
    const text = [...lines, { ...lines[0], id: "x", quantitty: 9 }]
      .map((each) => JSON.stringify(each))
      .join("\n");
    const file = fileOf("events.ndjson", pack(text));
    const counts = await importing(file, { format: "ndjson", account });
    expect(counts).toMatchObject({ accepted: 25, duplicates: 0, refused: 1 });
    expect(readFileSync(`${file}.rejected.csv`, "utf8")).toMatch(/""quantitty"" is no field/);
    expect(await sumsOf(opened.database, account)).toEqual({ ai_tokens: 2_500 });
    const { rows } = await sql`select 1 from outbox where account_id = ${account}`.execute(
      opened.database.kysely,
    );
    expect(rows).toEqual([]);
  });

  it("goes on where it was stopped, writes no bad row twice, and sent again counts nothing twice", async () => {
    const account = await openAccount(opened.database);
    const rows = times(55, (index) =>
      index % 10 === 9 ? `bad${index},events,1,never` : `e${index},events,1,${at(NOW - index * 60_000)}`,
    );
    const file = fileOf("events.csv", ["id,meter,quantity,time", ...rows].join("\n"));
    const stop = new AbortController();
    let seen = 0;
    const first = await importing(file, {
      account,
      stopped: stop.signal,
      progress: ({ events }) => {
        seen = events;
        if (events >= 20) stop.abort();
      },
    });
    expect(first).toMatchObject({ isFinished: false, accepted: 18, refused: 2 });
    expect(seen).toBe(20);

    // Killed after a bad row was written and before the progress was: the row is there once all the same.
    writeFileSync(`${file}.rejected.csv`, `${readFileSync(`${file}.rejected.csv`, "utf8")}31,half a ro`);
    const second = await importing(file, { account, progress: ({ events }) => (seen = events) });
    expect(seen).toBe(35);
    expect(second).toMatchObject({ isFinished: true, accepted: 50, duplicates: 0, refused: 5 });
    expect(readFileSync(`${file}.rejected.csv`, "utf8").trimEnd().split("\r\n")).toHaveLength(6);
    expect(await importing(file, { account })).toMatchObject({ accepted: 0, duplicates: 50, refused: 5 });
    expect(await sumsOf(opened.database, account)).toEqual({ events: 50 });
    expect(await faultsOf(opened.database)).toEqual([]);
  });

  it.each([
    ["a misspelt column", "id,meter,quantitty,time", /"quantitty" is none of them/],
    ["no time", "id,meter,quantity", /"time" is missing/],
    ["a column twice", "id,meter,time,time", /each once/],
  ])("refuses a file with %s before anything is counted", async (_what, header, reason) => {
    const account = await openAccount(opened.database);
    const file = fileOf("events.csv", `${header}\na,events,1,${at(NOW)}\n`);
    await expect(importing(file, { account })).rejects.toThrow(reason);
    expect(await sumsOf(opened.database, account)).toEqual({});
  });

  it.skipIf(!existsSync(TRACE))(
    "an hour of real traffic sums as its file does (traces are present)",
    async () => {
      const accounts = await Promise.all(times(7, () => openAccount(opened.database, "business")));
      const rows = readFileSync(TRACE, "utf8").trimEnd().split(/\r?\n/).slice(1);
      const sums = new Map<string, number>();
      const lines = rows.map((row, index) => {
        const [when, context, generated] = row.split(",");
        const account = accounts[index % accounts.length]!;
        const tokens = Number(context) + Number(generated);
        sums.set(account, (sums.get(account) ?? 0) + tokens);
        return `${account},request-${index},ai_tokens,${tokens},${when!.slice(0, 23).replace(" ", "T")}Z`;
      });
      const file = fileOf("traffic.csv", ["account,id,meter,quantity,time", ...lines].join("\n"));
      const counts = await importing(file, { batch: { min: 5_000, max: 5_000 } });
      expect(counts).toMatchObject({ accepted: rows.length, duplicates: 0, refused: 0 });
      for (const account of accounts) {
        expect(await sumsOf(opened.database, account)).toEqual({ ai_tokens: sums.get(account) });
      }
      expect(await faultsOf(opened.database)).toEqual([]);
    },
  );
});

describe("bursar events import", () => {
  let opened: BookDatabase;
  beforeAll(async () => {
    opened = await databases[1]!.open();
  });
  afterAll(() => opened.drop());

  it("killed in the middle it goes on, and the sums are those of the file", async () => {
    const account = await openAccount(opened.database);
    const count = 90_000;
    const rows = times(count, (index) => `e${index},events,${1 + (index % 7)},${at(NOW - index * 20_000)}`);
    const file = fileOf("big.csv", ["id,meter,quantity,time", ...rows].join("\n"));
    const env = { DATABASE_URL: opened.url! };
    const first = startCommand([file, "--account", account], env);
    const progressFile = `${file}.progress.json`;
    await expect
      .poll(() => existsSync(progressFile) || first.child.exitCode !== null, { timeout: 60_000 })
      .toBe(true);
    first.child.kill("SIGKILL");
    expect(await first.ended).toBe(null);
    expect(existsSync(progressFile)).toBe(true);

    const second = startCommand([file, "--account", account], env);
    expect(await second.ended, second.output()).toBe(0);
    const [, accepted, known] = /(\d+) recorded, (\d+) known before, 0 refused/.exec(second.output()) ?? [];
    expect(Number(accepted) + Number(known)).toBe(count);
    const sum = rows.reduce((total, _, index) => total + 1 + (index % 7), 0);
    expect(await sumsOf(opened.database, account)).toEqual({ events: sum });
    expect(existsSync(progressFile)).toBe(false);
  });

  it.skipIf(!existsSync(TRACE))(
    "a month of real traffic as NDJSON sums as its file does, day by day (traces are present)",
    async () => {
      const account = await openAccount(opened.database, "business");
      const requests = readFileSync(TRACE, "utf8").trimEnd().split(/\r?\n/).slice(1);
      const days = new Map<string, number>();
      // An hour is stretched to 30 days, the newest of them yesterday: the shape of the traffic stays.
      const startsAt = Date.parse(`${requests[0]!.slice(0, 23).replace(" ", "T")}Z`);
      const monthStartsAt = Date.parse(new Date(Date.now() - 31 * DAY_MS).toISOString().slice(0, 10));
      const lines = requests.map((row, index) => {
        const [when, context, generated] = row.split(",");
        const sinceMs = Date.parse(`${when!.slice(0, 23).replace(" ", "T")}Z`) - startsAt;
        const time = at(monthStartsAt + sinceMs * 24 * 30);
        const quantity = Number(context) + Number(generated);
        days.set(time.slice(0, 10), (days.get(time.slice(0, 10)) ?? 0) + quantity);
        return JSON.stringify({ id: `month-${index}`, meter: "ai_tokens", quantity, time });
      });
      expect(days.size).toBeGreaterThanOrEqual(29);
      const file = fileOf("month.ndjson", lines.join("\n"));
      const { ended, output } = startCommand([file, "--account", account], { DATABASE_URL: opened.url! });
      expect(await ended, output()).toBe(0);
      expect(output()).toContain(`${requests.length} recorded, 0 known before, 0 refused`);
      expect(output()).toMatch(/100 % .* a second/);
      const { rows } = await sql<{ day: string; quantity: number }>`
        select day::text as day, quantity from usage_days where account_id = ${account} order by 1`.execute(
        opened.database.kysely,
      );
      expect(rows.map(({ day, quantity }) => [day, quantity])).toEqual([...days].sort());
    },
  );

  it("takes a file over many accounts, each in its turn, as it takes one of a single account", async () => {
    const { database, url } = opened;
    const model = await openAccount(database);
    await sql`insert into accounts (account_id, name, email, created_at)
              select 'many-' || n, name, email, created_at from accounts, generate_series(1, 1500) n
              where  account_id = ${model}`.execute(database.kysely);
    await sql`insert into entitlements (account_id, starts_at, anchor_at, plan_id, billing_interval, seats)
              select 'many-' || n, starts_at, anchor_at, plan_id, billing_interval, seats
              from   entitlements, generate_series(1, 1500) n
              where  account_id = ${model}`.execute(database.kysely);
    // Storage goes up by 2 and down by 2 in each account: in another order it would fall below zero.
    const rows = times(15, (turn) =>
      times(1_500, (index) => {
        const account = `many-${index + 1}`;
        const time = at(NOW - (15 - turn) * DAY_MS);
        if (turn === 14) return `e0,${account},events,9,${time}`;
        return turn % 2 === 0
          ? `e${turn},${account},events,${1 + (index % 7)},${time}`
          : `e${turn},${account},storage,${turn % 4 === 1 ? 2 : -2},${time}`;
      }),
    ).flat();
    const refusedRow = `x,many-7,minutes,1,${at(NOW)}`;
    const file = fileOf("many.csv", ["id,account,meter,quantity,time", ...rows, refusedRow].join("\n"));
    const { ended, output } = startCommand([file], { DATABASE_URL: url! });
    expect(await ended, output()).toBe(1);
    expect(output()).toContain("21000 recorded, 1500 known before, 1 refused");
    expect(readFileSync(`${file}.rejected.csv`, "utf8")).toContain(`"${refusedRow}"`);
    const sums = await sql<{ meter: string; sum: number }>`
      select meter_id as meter, sum(used)::bigint as sum from usage_counters
      where  account_id like 'many-%' group by meter_id order by 1`.execute(database.kysely);
    const turn = times(1_500, (index) => 1 + (index % 7)).reduce((sum, each) => sum + each, 0);
    expect(sums.rows).toEqual([
      { meter: "events", sum: 7 * turn },
      { meter: "storage", sum: 1_500 * 2 },
    ]);
    expect(await faultsOf(database)).toEqual([]);
  });

  it.each([
    ["without a file", [], /Name one file/],
    ["for a file that is not there", ["none.csv"], /There is no file/],
    ["for a folder", [import.meta.dirname, "--format", "csv"], /is not a file with events/],
    ["with a misspelt option", ["a.csv", "--acount", "x"], /--acount/],
    ["for a file of another kind", [CLI], /--format csv or --format ndjson/],
  ])("called %s it ends with 2 and says why", async (_how, args, reason) => {
    const { ended, output } = startCommand(args, {});
    expect([await ended, output()]).toEqual([2, expect.stringMatching(reason)]);
  });
});
