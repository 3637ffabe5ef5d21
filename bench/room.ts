import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import pg from "pg";
import { openPostgres, type Database } from "../packages/server/src/db/open-database.ts";
import { startPostgres } from "../test/support/postgres-server.ts";

/** How long and how often each thing is measured. */
export interface Measures {
  readonly seconds: number;
  readonly rounds: number;
}

export interface BenchDatabase {
  readonly url: string;
  readonly database: Database;
  drop(): Promise<void>;
}

/** The database server of a run, and how to measure. */
export interface Room {
  readonly measures: Measures;
  readonly serverVersion: string;
  /** What all processes of the database server have used since they began. */
  readonly databaseCpuMicros: () => number;
  newDatabase(): Promise<BenchDatabase>;
  close(): Promise<void>;
}

/**
 * A PostgreSQL with its defaults, durable: the one of the tests' packages with `fsync` on, or TEST_DATABASE_URL.
 * @throws when the given server would answer before its commits are on the disk
 */
export async function openRoom(measures: Measures): Promise<Room> {
  const given = process.env["TEST_DATABASE_URL"];
  const server = given === undefined ? await startPostgres({ fsync: true }) : null;
  const url = given ?? server!.url;
  const names = { fsync: "", synchronous_commit: "", server_version: "" };
  for (const name of Object.keys(names) as (keyof typeof names)[]) {
    names[name] = (await run(url, `select current_setting('${name}') as value`))[0]?.value ?? "";
  }
  if (names.fsync !== "on" || names.synchronous_commit !== "on") {
    throw new Error(
      "The benchmarks measure durable commits: the server must have fsync and synchronous_commit on.",
    );
  }
  const [postmaster] = await run(
    url,
    "select split_part(pg_read_file('postmaster.pid'), E'\\n', 1) as value",
  );
  return {
    measures,
    databaseCpuMicros: () => cpuMicrosOf(Number(postmaster!.value)),
    serverVersion: names.server_version,
    async newDatabase() {
      const name = `bursar_bench_${randomBytes(4).toString("hex")}`;
      await run(url, `create database ${name}`);
      const own = new URL(url);
      own.pathname = `/${name}`;
      const database = openPostgres(own.href);
      return {
        url: own.href,
        database,
        async drop() {
          await database.close();
          await run(url, `drop database ${name} with (force)`);
        },
      };
    },
    close: async () => server?.stop(),
  };
}

async function run(url: string, text: string): Promise<{ value: string }[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ value: string }>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Linux counts a process's time in hundredths of a second. */
const TICK_MICROS = 10_000;

/** A process with its children, also those that have ended; 0 where the system does not say (another machine). */
function cpuMicrosOf(postmaster: number): number {
  try {
    const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, "utf8")
      .trim()
      .split(" ");
    const own = ticksOf(String(postmaster), { withEnded: true });
    return TICK_MICROS * children.reduce((sum, pid) => sum + ticksOf(pid, { withEnded: false }), own);
  } catch {
    return 0;
  }
}

/** Fields 14 to 17 of `/proc/<pid>/stat`: own time as user and system, and that of children that have ended. */
function ticksOf(pid: string, { withEnded }: { withEnded: boolean }): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, withEnded ? 15 : 13);
  return fields.reduce((sum, field) => sum + Number(field), 0);
}
