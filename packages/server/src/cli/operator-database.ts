import { join } from "node:path";
import { FolderInUseError, lockFolder } from "../db/folder-lock.ts";
import { migrate } from "../db/migrate.ts";
import { openEmbedded, openPostgres, type Database } from "../db/open-database.ts";
import type { Settings } from "../settings.ts";

/** Runs an operator's command on the database of the settings, and closes it. */
export async function withDatabase<Result>(
  settings: Settings,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const unlock = settings.databaseUrl === undefined ? await lock(settings.dataFolder) : null;
  const database =
    settings.databaseUrl === undefined
      ? await openEmbedded(join(settings.dataFolder, "database"))
      : openPostgres(settings.databaseUrl);
  try {
    await migrate(database).catch(sayWhatIsAway);
    return await work(database);
  } finally {
    await database.close();
    await unlock?.();
  }
}

/** @throws in words what keeps the database of the settings from being used */
export function sayWhatIsAway(cause: unknown): never {
  const { code, message } = cause as NodeJS.ErrnoException;
  // Ours say what to do themselves; those of the network and the server have a code.
  if (code === undefined) throw cause;
  throw new Error(
    `The database of DATABASE_URL cannot be used (${code}): ${message}\nCheck host, user, password and that the database exists; bursar doctor tells more.`,
    { cause },
  );
}

/** PGlite takes one process a folder: a second one would lose rows without any error. */
async function lock(dataFolder: string): Promise<() => Promise<void>> {
  try {
    return await lockFolder(dataFolder);
  } catch (error) {
    if (!(error instanceof FolderInUseError)) throw error;
    throw new Error(
      `A Bursar runs on ${dataFolder}, and the embedded database takes one process. Stop it first, or use its API; with DATABASE_URL both can run.`,
      { cause: error },
    );
  }
}
