/*
 * Databases as the migrations leave them. The migrations run once in a test run, on each of the two databases; what a
 * test gets is a copy, because to make the files of an embedded database is most of what a small test file costs.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { migrate } from "../../packages/server/src/db/migrate.ts";
import {
  filledEmbedded,
  openEmbedded,
  openPostgres,
  type Database,
} from "../../packages/server/src/db/open-database.ts";
import { createDatabase, fileOfRun, type TestDatabase } from "./postgres.ts";

const migratedFiles = () => fileOfRun("embedded.tar", () => filledEmbedded(migrate));

/** In memory, gone when closed. */
export async function openMigratedEmbedded(): Promise<Database> {
  return openEmbedded(undefined, await migratedFiles());
}

/** Its files, where a process of its own is to find them: several times cheaper than what a first start does. */
export async function putMigratedEmbedded(folder: string): Promise<void> {
  const input = Buffer.from(await (await migratedFiles()).arrayBuffer());
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { status, stderr } = spawnSync("tar", ["-xf", "-", "-C", folder], { input, encoding: "utf8" });
  if (status !== 0) throw new Error(`tar failed:\n${stderr}`);
}

export function createMigratedDatabase(): Promise<TestDatabase> {
  return createDatabase({
    template: async (url) => {
      const database = openPostgres(url);
      await migrate(database);
      await database.close();
    },
  });
}
