import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { startPostgres, type PostgresServer } from "./postgres-server.ts";
import { createDatabase, type TestDatabase } from "./postgres.ts";

const open: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of open.reverse()) await close();
});

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** A process may end between being listed and being read. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

const fillPlans = (url: string) => query(url, "create table plans (id text)").then(() => undefined);

describe("databases for tests", () => {
  it("are PostgreSQL 18 and separate from each other, and share one filled template", async () => {
    const databases: TestDatabase[] = await Promise.all([
      createDatabase({ template: fillPlans }),
      createDatabase({ template: fillPlans }),
    ]);
    const [first, second] = databases.map(({ url }) => url);
    await query(first!, "insert into plans values ('team')");
    expect(await query(first!, "select id from plans")).toEqual([{ id: "team" }]);
    expect(await query(second!, "select id from plans")).toEqual([]);
    const [{ major }] = (await query(
      first!,
      "select current_setting('server_version_num')::int / 10000 as major",
    )) as [{ major: number }];
    expect(major).toBe(18);
    for (const database of databases) await database.drop();
    await expect(query(first!, "select 1")).rejects.toThrow("does not exist");
  });
});

describe("a PostgreSQL server for tests", () => {
  it("keeps committed rows when it is killed and started again", async () => {
    const server: PostgresServer = await startPostgres({ fsync: true });
    open.push(() => server.stop());
    expect(await query(server.url, "show fsync")).toEqual([{ fsync: "on" }]);
    await query(server.url, "create table entries as select 500 as tokens");
    await server.kill();
    await expect(query(server.url, "select 1")).rejects.toThrow("ECONNREFUSED");
    await server.restart();
    expect(await query(server.url, "select tokens from entries")).toEqual([{ tokens: 500 }]);
  });

  it("ends and leaves nothing behind when the process that started it is killed", async () => {
    const script = `
      import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, "postgres-server.ts"))};
      import pg from "pg";
      const server = await startPostgres();
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      console.log((await client.query("show data_directory")).rows[0].data_directory);`;
    const owner = spawn(process.execPath, ["--input-type=module", "-e", script], {
      cwd: import.meta.dirname,
    });
    const [folder] = (await once(createInterface(owner.stdout), "line")) as [string];
    expect(existsSync(folder)).toBe(true);
    owner.kill("SIGKILL");
    await expect.poll(() => existsSync(folder), { timeout: 20_000 }).toBe(false);
    const processes = globSync("/proc/[0-9]*/cmdline").map(readIfThere).join("\n");
    expect(processes).not.toContain(folder);
  });
});
