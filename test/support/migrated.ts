/*
 * Databases as the migrations leave them. The migrations run once in a test run, on each of the two databases; what a
 * test gets is a copy, because to make the files of an embedded database is most of what a small test file costs.
 */
import { migrate } from "../../packages/server/src/db/migrate.ts";
import {
  filledEmbedded,
  openEmbedded,
  openPostgres,
  type Database,
} from "../../packages/server/src/db/open-database.ts";
import { createDatabase, fileOfRun, type TestDatabase } from "./postgres.ts";

/** In memory, gone when closed. */
export async function openMigratedEmbedded(): Promise<Database> {
  return openEmbedded(undefined, await fileOfRun("embedded.tar", () => filledEmbedded(migrate)));
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
