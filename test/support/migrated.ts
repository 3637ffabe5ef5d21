/*
 * Databases as the migrations leave them. The migrations run once in a test run, on each of the two databases; what a
 * test gets is a copy, because to make the files of an embedded database is most of what a small test file costs.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { migrate } from "../../packages/server/src/db/migrate.ts";
import {
  filledEmbedded,
  openEmbedded,
  openPostgres,
  type Database,
} from "../../packages/server/src/db/open-database.ts";
import { createDatabase, makeOnce, type TestDatabase } from "./postgres.ts";

const root = join(import.meta.dirname, "../..");
/** All that says what is in the files. */
const sources = [join(root, "package-lock.json"), ...filesBelow(join(root, "packages/server/src/db"))];

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => join(parentPath, name)).sort();
}

let made: Promise<string> | undefined;

/** The path of an archive of them. Their sources are in its name, so that a later run need not make it again. */
async function migratedFiles(): Promise<string> {
  made ??= (async () => {
    const hash = createHash("sha256");
    for (const file of sources) hash.update(readFileSync(file));
    const file = join(
      root,
      `node_modules/.cache/bursar-tests/embedded-${hash.digest("hex").slice(0, 16)}.tar`,
    );
    await makeOnce(file, () => filledEmbedded(migrate));
    return file;
  })();
  return made;
}

/** Node copies what it makes a Blob of, and again what it gives out of one: of 30 MB that is felt in every file. */
class Uncopied extends Blob {
  readonly #bytes: Buffer<ArrayBuffer>;
  constructor(bytes: Buffer<ArrayBuffer>) {
    super([]);
    this.#bytes = bytes;
  }
  override arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.resolve(this.#bytes.buffer);
  }
}

/** In memory, gone when closed. */
export async function openMigratedEmbedded(): Promise<Database> {
  return openEmbedded(undefined, new Uncopied(readFileSync(await migratedFiles())));
}

/** Its files, where a process of its own is to find them: several times cheaper than what a first start does. */
export async function putMigratedEmbedded(folder: string): Promise<void> {
  const file = await migratedFiles();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { status, stderr } = spawnSync("tar", ["-xf", file, "-C", folder], { encoding: "utf8" });
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
