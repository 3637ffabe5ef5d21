import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, rename, rm, stat, writeFile, type FileHandle } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import type { Catalog } from "@bursar/core";
import { csvRecord } from "../usage/csv.ts";
import { readRecords, type FileFormat, type FileRecord } from "../usage/file-records.ts";
import type { ImportEvents } from "../usage/import-events.ts";
import { createPastEventReader, type NamedEvent, type PastEventReader } from "../usage/read-past-event.ts";
import type { EventRefusal } from "../usage/read-events.ts";
import type { Progress } from "./progress.ts";

export interface FileImport {
  readonly file: string;
  readonly format: FileFormat;
  /** Whose events they are, where the rows do not say it. */
  readonly account: string | undefined;
  readonly rejected: string;
  readonly catalog: Catalog;
  readonly importEvents: ImportEvents;
  /** How many events go in at once at least, and at most where they are of many accounts. */
  readonly batch: { readonly min: number; readonly max: number };
  readonly target: string;
  readonly progress: Progress;
  /** When it is aborted the batch under way is finished, and no other follows. */
  readonly stopped: AbortSignal;
}

export interface ImportCounts {
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
}

/**
 * What is kept beside the file (`FILE.progress.json`) while an import is not finished. It is written after the commit
 * of each batch: killed between the two, the next start sends that batch again and its ids say that it was there.
 */
interface Progressed extends ImportCounts {
  /** Which file, into which database, by which reading. */
  readonly of: string;
  /** The last line that was dealt with. */
  readonly line: number;
  /** Length of the file of refused rows. */
  readonly rejectedBytes: number;
}

/** Imports a file from where the last try stopped, batch by batch; the next one is read while one is recorded. */
export async function importFile(wanted: FileImport): Promise<ImportCounts & { isFinished: boolean }> {
  const { size } = await stat(wanted.file);
  const progressFile = `${wanted.file}.progress.json`;
  const of = await fingerprint(wanted, size);
  let done = await readProgress(progressFile, of);
  let rejects: FileHandle | undefined;
  let events = 0;
  let bytesRead = 0;

  async function settle(read: readonly ReadRecord[]): Promise<void> {
    const results = await recordAll(wanted.importEvents, read);
    const refused = results.filter((result) => typeof result.outcome !== "string");
    let { rejectedBytes } = done;
    if (refused.length > 0) {
      rejects ??= await openRejected(wanted.rejected, rejectedBytes);
      rejectedBytes += await writeRejected(rejects, refused, rejectedBytes);
    }
    const count = (outcome: string) => results.filter((each) => each.outcome === outcome).length;
    done = {
      of,
      line: read.at(-1)!.record.line,
      accepted: done.accepted + count("accepted"),
      duplicates: done.duplicates + count("duplicate"),
      refused: done.refused + refused.length,
      rejectedBytes,
    };
    events += read.length;
    await writeProgress(progressFile, done);
    wanted.progress({ share: size === 0 ? 1 : Math.min(0.99, bytesRead / size), events });
  }

  try {
    let running: Promise<void> = Promise.resolve();
    const bytes = fileBytes(wanted.file, (count) => (bytesRead += count));
    for await (const read of readBatches(wanted, bytes, done.line)) {
      await running;
      if (wanted.stopped.aborted) return { ...done, isFinished: false };
      running = settle(read);
      // Whoever awaits it next gets its error; until then it is no unhandled one.
      running.catch(() => {});
    }
    await running;
    wanted.progress({ share: 1, events });
    await rm(progressFile, { force: true });
    return { ...done, isFinished: true };
  } finally {
    await rejects?.close();
  }
}

interface ReadRecord {
  readonly record: FileRecord;
  readonly event: NamedEvent | EventRefusal;
}

async function* readBatches(
  wanted: FileImport,
  bytes: AsyncIterable<Uint8Array>,
  doneLine: number,
): AsyncGenerator<ReadRecord[]> {
  let reader: PastEventReader | undefined;
  let batch: ReadRecord[] = [];
  const accounts = new Set<string>();
  for await (const records of readRecords(bytes)) {
    for (const record of records) {
      if (reader === undefined) {
        reader = createPastEventReader(wanted.catalog, { ...wanted, header: record.text });
        if (wanted.format === "csv") continue;
      }
      if (record.line <= doneLine) continue;
      const event = reader.read(record.text);
      batch.push({ record, event });
      if ("account" in event) accounts.add(event.account);
      if (!isLargeEnough(wanted.batch, batch.length, accounts.size)) continue;
      yield batch;
      batch = [];
      accounts.clear();
    }
  }
  if (batch.length > 0) yield batch;
}

/**
 * An account costs a batch what six of its events do (its row, its facts, its counters; processor time, measured), so a batch over many
 * accounts reads on until there are some events of each.
 */
const EVENTS_PER_ACCOUNT = 20;

function isLargeEnough({ min, max }: FileImport["batch"], events: number, accounts: number): boolean {
  return events >= max || (events >= min && events >= accounts * EVENTS_PER_ACCOUNT);
}

/** The bytes of a file, unpacked if it is gzip (by its first two bytes, whatever its name says). */
async function* fileBytes(file: string, onRead: (count: number) => void): AsyncGenerator<Uint8Array> {
  const start = Buffer.alloc(2);
  const handle = await open(file);
  await handle.read(start, 0, 2, 0).finally(() => handle.close());
  const stream = createReadStream(file, { highWaterMark: 1024 * 1024 });
  stream.on("data", (chunk) => onRead(chunk.length));
  const isPacked = start[0] === 0x1f && start[1] === 0x8b;
  // A stream that is listened to flows at once, so it is paused until somebody asks.
  stream.pause();
  if (!isPacked) {
    for await (const chunk of stream) yield chunk as Uint8Array;
    return;
  }
  const unpacked = stream.pipe(createGunzip());
  stream.on("error", (error) => unpacked.destroy(error));
  for await (const chunk of unpacked) yield chunk as Uint8Array;
}

interface Result {
  readonly record: FileRecord;
  readonly outcome: "accepted" | "duplicate" | EventRefusal;
}

async function recordAll(importEvents: ImportEvents, read: readonly ReadRecord[]): Promise<Result[]> {
  const good = read.flatMap(({ event }) => ("account" in event ? [event] : []));
  const outcomes = (good.length === 0 ? [] : await importEvents(good)).values();
  return read.map(({ record, event }) => ({
    record,
    outcome: "account" in event ? outcomes.next().value! : event,
  }));
}

async function fingerprint({ file, format, account, target }: FileImport, size: number): Promise<string> {
  const handle = await open(file);
  const start = Buffer.alloc(64 * 1024);
  const { bytesRead } = await handle.read(start, 0, start.length, 0).finally(() => handle.close());
  return createHash("sha256")
    .update(JSON.stringify({ size, format, account, target }))
    .update(start.subarray(0, bytesRead))
    .digest("hex");
}

async function readProgress(path: string, of: string): Promise<Progressed> {
  const nothing: Progressed = { of, line: 0, accepted: 0, duplicates: 0, refused: 0, rejectedBytes: 0 };
  try {
    const found = JSON.parse(await readFile(path, "utf8")) as Progressed;
    return found.of === of ? found : nothing;
  } catch {
    return nothing;
  }
}

/** Renamed into place, so that a kill leaves the old one or the new one. */
async function writeProgress(path: string, progressed: Progressed): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(progressed));
  await rename(`${path}.new`, path);
}

const REJECTED_HEADER = csvRecord(["line", "code", "reason", "row"]);

/** What was written after the last progress is written again, so it is cut off first. */
async function openRejected(path: string, bytes: number): Promise<FileHandle> {
  const handle = await open(path, bytes === 0 ? "w" : "r+").catch(() => open(path, "w"));
  await handle.truncate(bytes);
  return handle;
}

/** @returns the bytes that were added */
async function writeRejected(handle: FileHandle, refused: readonly Result[], at: number): Promise<number> {
  const rows = refused.map(({ record, outcome }) => {
    const { code, detail } = outcome as EventRefusal;
    return csvRecord([record.line, code, detail, record.text]);
  });
  const bytes = Buffer.from((at === 0 ? REJECTED_HEADER : "") + rows.join(""));
  await handle.write(bytes, 0, bytes.length, at);
  return bytes.length;
}
