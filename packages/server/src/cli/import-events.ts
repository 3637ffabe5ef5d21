import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { bookContext, type Catalog } from "@bursar/core";
import { loadCatalog } from "../catalog/load-catalog.ts";
import { FolderInUseError, lockFolder } from "../db/folder-lock.ts";
import { migrate } from "../db/migrate.ts";
import { openEmbedded } from "../db/open-database.ts";
import { openForCopy } from "../db/open-for-copy.ts";
import { readSettings, type Settings } from "../settings.ts";
import { systemClock } from "../system.ts";
import { createEventImport, TRANSACTION_EVENTS, type ImportEvents } from "../usage/import-events.ts";
import { importFile, type FileImport, type ImportCounts } from "./import-file.ts";
import { importOverHttp } from "./import-over-http.ts";
import { UsageError, type Command } from "./process.ts";
import { progressOn } from "./progress.ts";

const ROOT_FOLDER = join(import.meta.dirname, "../../../..");

export const command: Command = {
  summary: "count a file of past events, each in the window of its time",
  help: `Usage: bursar events import FILE [--account ID] [--format csv|ndjson] [--rejected FILE]

Counts past events from a file (CSV or NDJSON, gzip too): closed windows as well, no tokens are drawn and nobody is
alerted. Stopped at any point, the same command goes on where it was; sent again, nothing counts twice.

CSV names its columns in the first line: account, id, meter, quantity, time, properties.

  --account ID      whose events they are, where the rows do not say it
  --format          where the file's name does not say it
  --rejected FILE   where refused rows go, with line and reason (FILE.rejected.csv beside the file)

It writes to DATABASE_URL, beside running servers. Without that it uses the embedded database in BURSAR_DATA, through
the server that runs on it, if there is one. Exit code 0: every row is counted; 1: some were refused, or it could not
be done; 2: called wrongly.`,
  run: importEvents,
};

async function importEvents(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const wanted = readArguments(args);
  const found = await stat(wanted.file).catch(() => null);
  if (found?.isFile() !== true) {
    throw new UsageError(
      found === null ? `There is no file ${wanted.file}.` : `${wanted.file} is not a file with events.`,
    );
  }
  const settings = readSettings(env, ROOT_FOLDER);
  const catalog = await loadCatalog(settings.catalogPath);
  const target = await openTarget(settings, catalog);
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    const progress = progressOn(process.stderr, () => systemClock.now());
    const counts = await importFile({ ...wanted, ...target, catalog, progress, stopped: stopped.signal });
    report(wanted, counts);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    await target.close();
  }
}

function report({ file, rejected }: Wanted, counts: ImportCounts & { isFinished: boolean }): void {
  const { accepted, duplicates, refused, isFinished } = counts;
  const sentence = `${accepted} recorded, ${duplicates} known before, ${refused} refused`;
  if (!isFinished) {
    console.log(`Stopped: ${sentence} so far. The same command goes on from there.`);
    process.exitCode = 130;
    return;
  }
  console.log(`${file}: ${sentence}.`);
  if (refused > 0) {
    console.log(`The refused rows are in ${rejected}, each with its line and the reason.`);
    process.exitCode = 1;
  }
}

type Wanted = Pick<FileImport, "file" | "account" | "format" | "rejected">;

function readArguments(args: readonly string[]): Wanted {
  const { values, positionals } = parse(args);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) {
    throw new UsageError("Name one file: bursar events import FILE. --help says more.");
  }
  const format = values.format ?? /\.(csv|ndjson|jsonl)(?:\.gz)?$/.exec(file)?.[1];
  if (format !== "csv" && format !== "ndjson" && format !== "jsonl") {
    throw new UsageError(`Say what ${file} is: --format csv or --format ndjson.`);
  }
  return {
    file: resolve(file),
    format: format === "csv" ? "csv" : "ndjson",
    account: values.account,
    rejected: resolve(values.rejected ?? `${file}.rejected.csv`),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { account: { type: "string" }, format: { type: "string" }, rejected: { type: "string" } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

interface Target {
  readonly importEvents: ImportEvents;
  readonly batch: FileImport["batch"];
  /** Says which database it is, so that progress on one is not taken for progress on another. */
  readonly target: string;
  close(): Promise<void>;
}

/** The larger figure bounds memory; what is one transaction is up to `createEventImport`. */
const BATCH = { min: TRANSACTION_EVENTS, max: 10 * TRANSACTION_EVENTS };
const HTTP_BATCH = { min: 1_000, max: 1_000 };

async function openTarget({ databaseUrl, dataFolder }: Settings, catalog: Catalog): Promise<Target> {
  const room = { catalog, clock: systemClock, context: bookContext(catalog) };
  if (databaseUrl !== undefined) {
    const database = openForCopy(databaseUrl);
    const { host, pathname } = new URL(databaseUrl);
    const importEvents = createEventImport({ database, ...room });
    return { importEvents, batch: BATCH, target: host + pathname, close: () => database.close() };
  }
  try {
    const release = await lockFolder(dataFolder);
    const database = await openEmbedded(join(dataFolder, "database"));
    await migrate(database);
    const close = async () => {
      await database.close();
      await release();
    };
    return {
      importEvents: createEventImport({ database, ...room }),
      batch: HTTP_BATCH,
      target: dataFolder,
      close,
    };
  } catch (error) {
    if (!(error instanceof FolderInUseError)) throw error;
    const importEvents = importOverHttp(dataFolder);
    return { importEvents, batch: HTTP_BATCH, target: dataFolder, close: () => Promise.resolve() };
  }
}
