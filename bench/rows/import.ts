import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DAY_MS } from "@bursar/core";
import { sql } from "kysely";
import { openForCopy } from "../../packages/server/src/db/open-for-copy.ts";
import { systemClock } from "../../packages/server/src/system.ts";
import { median } from "../load.ts";
import { furnish } from "../place.ts";
import { perSecond, share, type Benchmark } from "../row.ts";
import { judge } from "../verdict.ts";

const COMMAND = join(import.meta.dirname, "../../packages/server/src/cli/bursar.ts");
const EVENTS = 300_000;
const SPAN_MS = 9 * DAY_MS;

interface PastEvent {
  readonly id: string;
  readonly account: string;
  readonly time: string;
}

/** A busy stream of the last days, each account in its turn; every round has ids of its own. */
function pastEvents(accounts: readonly string[], round: number, now: number): PastEvent[] {
  const from = now - SPAN_MS;
  return Array.from({ length: EVENTS }, (_, index) => ({
    id: `evt_${round}_${index}`,
    account: accounts[index % accounts.length]!,
    time: new Date(from + Math.floor((index * SPAN_MS) / EVENTS)).toISOString(),
  }));
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1_000;
}

/** The same rows, ids and raw events, by COPY into tables with the same keys and in one transaction. */
async function bareCopy(url: string, events: readonly PastEvent[]): Promise<number> {
  const ids = events.map(({ id, account, time }) => `${account}\t${id}\t${time}\n`).join("");
  const rows = events
    .map(({ id, account, time }) => `${account}\t${id}\tevents\t1\t${time}\t${time}\tf\tbackfill\n`)
    .join("");
  const database = openForCopy(url);
  const columns = "account_id, event_id, meter_id, quantity, happened_at, received_at, late, mode";
  const seconds = await secondsOf(() =>
    database.kysely.transaction().execute(async (transaction) => {
      await sql`select 1`.execute(transaction);
      await database.copyIn("copy bare_event_ids (account_id, event_id, received_at) from stdin", [ids]);
      await database.copyIn(`copy bare_events (${columns}) from stdin`, [rows]);
    }),
  );
  await database.close();
  return seconds;
}

function importOver(name: string, accountCount: number, words: string): Benchmark {
  return {
    name,
    async run(room) {
      const folder = mkdtempSync(join(tmpdir(), "bursar-bench-"));
      const bench = await room.newDatabase();
      try {
        const place = await furnish(bench.database, accountCount);
        await sql`create table bare_event_ids (like event_ids including all)`.execute(bench.database.kysely);
        await sql`create table bare_events (like events including all)`.execute(bench.database.kysely);
        const ours: number[] = [];
        const copy: number[] = [];
        for (let round = 0; round < room.measures.rounds; round += 1) {
          const events = pastEvents(place.accounts, round, systemClock.now());
          const file = join(folder, `events-${round}.csv`);
          const lines = events.map(({ id, account, time }) => `${id},${account},events,1,${time}`);
          writeFileSync(file, `id,account,meter,quantity,time\n${lines.join("\n")}\n`);
          const env = { ...process.env, DATABASE_URL: bench.url };
          const run = promisify(execFile);
          ours.push(
            await secondsOf(() => run(process.execPath, [COMMAND, "events", "import", file], { env })),
          );
          copy.push(await bareCopy(bench.url, events));
        }
        const perSecondOf = { ours: EVENTS / median(ours), copy: EVENTS / median(copy) };
        const toCopy = perSecondOf.ours / perSecondOf.copy;
        return {
          work: `file import through the CLI, CSV of ${EVENTS.toLocaleString("en")} events ${words}, its start included`,
          target: ">= 60,000 events/s, >= 50 % of COPY",
          ours: `${perSecond(perSecondOf.ours)} events`,
          naive: "-",
          limit: `${perSecond(perSecondOf.copy)} COPY of the same rows (${share(toCopy)})`,
          isMet: perSecondOf.ours >= 60_000 && toCopy >= 0.5,
          verdict: await judge(bench.database, { events: EVENTS * room.measures.rounds, tokens: 0 }),
        };
      } finally {
        await bench.drop();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

export const fileImport = importOver("import", 1, "of one account");
/** What an account costs (its row, its facts, a counter, a row for each of its days) comes on top here. */
export const fileImportMany = importOver("import-many", 10_000, "of 10,000 accounts");
