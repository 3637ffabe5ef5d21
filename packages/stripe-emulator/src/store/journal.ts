/**
 * The state on disk: a file of lines, one line a transaction, written before its answer leaves. A line reaches the
 * kernel in one write, so a killed process loses nothing that was answered; at worst the last line is torn, and then its
 * request was never answered and the line is dropped. (A power cut may lose more: nothing is fsynced but a compaction.)
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
} from "node:fs";
import { writeSync } from "node:fs";
import { join } from "node:path";

/** `[collection, id, object]`; without an object, the id is deleted. */
export type Change = [collection: string, id: string, object?: unknown];

const FILE_NAME = "journal.jsonl";
const LINES_PER_WRITE = 1_000;

export class Journal {
  readonly #path: string;
  #file: number | undefined;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, FILE_NAME);
  }

  /** Every transaction so far, in order. A broken line other than the last means a damaged file: that is refused. */
  read(): Change[][] {
    if (!existsSync(this.#path)) return [];
    const lines = readFileSync(this.#path, "utf8").split("\n");
    const torn = lines.pop();
    const transactions = lines.map((line, index) => {
      try {
        return JSON.parse(line) as Change[];
      } catch (cause) {
        throw new Error(
          `The emulator's journal ${this.#path} is damaged at line ${index + 1}; move it away.`,
          { cause },
        );
      }
    });
    if (torn !== undefined && torn !== "") this.#cutTornLine(lines);
    return transactions;
  }

  /** Replaces the file by one that holds only what is alive, at once or not at all. */
  compact(changes: Iterable<Change>): void {
    const fresh = `${this.#path}.new`;
    const file = openSync(fresh, "w", 0o600);
    let batch: Change[] = [];
    const flush = () => {
      if (batch.length > 0) writeSync(file, `${JSON.stringify(batch)}\n`);
      batch = [];
    };
    for (const change of changes) {
      batch.push(change);
      if (batch.length >= LINES_PER_WRITE) flush();
    }
    flush();
    fsyncSync(file);
    closeSync(file);
    renameSync(fresh, this.#path);
  }

  /** Writes a whole line or, when the disk is full, nothing: half a line would damage the next one. */
  append(changes: Change[]): void {
    this.#file ??= openSync(this.#path, "a", 0o600);
    const line = Buffer.from(`${JSON.stringify(changes)}\n`);
    let written = 0;
    try {
      while (written < line.length) written += writeSync(this.#file, line, written);
    } catch (error) {
      if (written > 0) ftruncateSync(this.#file, fstatSync(this.#file).size - written);
      throw error;
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #cutTornLine(whole: string[]): void {
    const length = whole.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
    const file = openSync(this.#path, "r+");
    ftruncateSync(file, length);
    closeSync(file);
  }
}
