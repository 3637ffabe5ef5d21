import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FAULTS_MAX, verifyBook, type BookReport } from "../book/verify-book.ts";
import { loadCatalog } from "../catalog/load-catalog.ts";
import { FolderInUseError, lockFolder } from "../db/folder-lock.ts";
import { openEmbedded, openPostgres, type Database } from "../db/open-database.ts";
import { readSettings, type Settings } from "../settings.ts";
import { systemClock } from "../system.ts";
import { UsageError, type Command } from "./process.ts";

const ROOT_FOLDER = join(import.meta.dirname, "../../../..");

export const command: Command = {
  summary: "prove the whole account book from its ledger; exit code 1 when something is wrong",
  help: `Usage: bursar verify

Adds up every ledger entry of every account and compares with the balances, counters, holds and events beside it.
It changes nothing, takes no lock and needs a few megabytes, so it can run beside a busy service.

With DATABASE_URL it reads that database. Without, it reads the embedded database in BURSAR_DATA; while a service runs
on that folder, the service is asked to do it.

Exit code 0: the book is exact. 1: it is not, or it could not be read; the output says which.`,
  async run(args, env) {
    if (args.length > 0) throw new UsageError(`bursar verify takes no arguments, not "${args.join(" ")}".`);
    const settings = readSettings(env, ROOT_FOLDER);
    const began = systemClock.now();
    const report = await reportOf(settings);
    console.log(sayReport(report, (systemClock.now() - began) / 1_000));
    if (report.faults.length > 0) process.exitCode = 1;
  },
};

async function reportOf(settings: Settings): Promise<BookReport> {
  if (settings.databaseUrl !== undefined) return verifyAndClose(settings, openPostgres(settings.databaseUrl));
  const folder = join(settings.dataFolder, "database");
  if (!existsSync(folder)) {
    throw new Error(
      `There is no book in ${settings.dataFolder}. Set BURSAR_DATA to the folder of the service, or DATABASE_URL to its database.`,
    );
  }
  let unlock: () => Promise<void>;
  try {
    unlock = await lockFolder(settings.dataFolder);
  } catch (error) {
    if (error instanceof FolderInUseError) return askService(settings.dataFolder);
    throw error;
  }
  try {
    return await verifyAndClose(settings, await openEmbedded(folder));
  } finally {
    await unlock();
  }
}

async function verifyAndClose({ catalogPath }: Settings, database: Database): Promise<BookReport> {
  try {
    return await verifyBook(database, await loadCatalog(catalogPath));
  } finally {
    await database.close();
  }
}

/** PGlite takes one process a folder: a second one would lose rows without any error. */
async function askService(dataFolder: string): Promise<BookReport> {
  const path = join(dataFolder, "demo.json");
  if (!existsSync(path)) {
    throw new Error(
      `A service is starting on ${dataFolder}. Try again when it runs, or when it has stopped.`,
    );
  }
  const { url, platformKey } = JSON.parse(readFileSync(path, "utf8")) as { url: string; platformKey: string };
  const response = await fetch(`${url}/api/verification`, {
    headers: { authorization: `Bearer ${platformKey}` },
  });
  if (!response.ok) {
    throw new Error(`The service at ${url} could not verify its book (status ${response.status}).`);
  }
  return (await response.json()) as BookReport;
}

const count = new Intl.NumberFormat("en");

/** The report as a person reads it. */
function sayReport({ accounts, entries, tokensMoved, faults }: BookReport, seconds: number): string {
  const went = `${count.format(entries)} ledger entries of ${count.format(accounts)} accounts, ${count.format(tokensMoved)} tokens moved, in ${seconds.toFixed(1)} s`;
  if (faults.length === 0) {
    return `The book is exact.
  ${went}
  Proved: entries are numbered without a gap and move tokens between the accounts of their kind; each carries
  the balances after it; balances, token counters, settled holds and charged events are the sums of their entries;
  windows and days count the same.`;
  }
  const shown = faults.map(({ accountId, rule, found }) => `  ${accountId}  ${rule}: ${found}`);
  const more = faults.length >= FAULTS_MAX ? `\nStopped at ${FAULTS_MAX}: there may be more.` : "";
  return `The book is not exact: ${count.format(faults.length)} ${faults.length === 1 ? "fault" : "faults"}.
  ${went}
${shown.join("\n")}${more}
Nothing was changed. Keep the database as it is, and look for what wrote to it besides Bursar.`;
}
