import { bookContext, type AccountId, type Catalog, type Clock, type Command } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import type { BookOutcome } from "./book-outcome.ts";
import { Lane, type OnBatch } from "./lane.ts";

/** A command before the book has stamped it with the instant of its receipt. */
export type BookCommand = Unstamped<Command>;
type Unstamped<Each> = Each extends Command ? Omit<Each, "receivedAt"> : never;

export interface Book {
  /** Resolves after the commit, with the truth about it; it never rejects. */
  submit(command: BookCommand, properties?: string | null): Promise<BookOutcome>;
  /** All of them are taken or, past the queue's bound, none (`busy`); outcomes in the same order. */
  submitAll(commands: readonly SubmittedCommand[]): Promise<BookOutcome[]>;
  /** Commands that wait. */
  queued(): number;
  /** Takes nothing more and resolves when everything taken has been answered. */
  close(): Promise<void>;
}

export interface SubmittedCommand {
  readonly command: BookCommand;
  /** Of an event, as JSON text; kept beside it, decides nothing. */
  readonly properties?: string | null;
}

export interface BookSettings {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly clock: Clock;
  /** Connections that write at once; one on the embedded database, one or two on two cores. */
  readonly lanes: number;
  /** How long after its end a window takes late events; one hour if not given (P2). */
  readonly lateGraceMs?: number;
  /** Told of every failed batch, for the log. */
  readonly onFailure?: (error: unknown, commands: number) => void;
  /** Told that a batch begins; what it returns is told how it ended. */
  readonly onBatch?: OnBatch;
}

/**
 * Some seconds of work at full speed: who waits longer has given up. It also bounds memory to some megabytes.
 */
const QUEUED_MAX = 20_000;

/** The one road on which tokens and usage are written. Any number of servers may run one on the same database. */
export function createBook(settings: BookSettings): Book {
  const { database, catalog, clock, lateGraceMs, onFailure = () => {}, onBatch = () => () => {} } = settings;
  const context = bookContext(catalog, lateGraceMs);
  const count = database.kind === "embedded" ? 1 : settings.lanes;
  const lanes = Array.from(
    { length: count },
    () => new Lane({ session: database.openSession(), context, onFailure, onBatch }),
  );
  let closing = false;
  const queued = () => lanes.reduce((sum, lane) => sum + lane.queued, 0);

  function submitAll(commands: readonly SubmittedCommand[]): Promise<BookOutcome[]> {
    if (closing || queued() + commands.length > QUEUED_MAX) {
      return Promise.resolve(commands.map(() => ({ code: "busy" })));
    }
    return Promise.all(
      commands.map(({ command, properties = null }) => {
        const lane = lanes[laneOf(command.accountId, lanes.length)]!;
        const receivedAt = clock.now(command.accountId);
        return lane.submit({ command: { ...command, receivedAt }, properties });
      }),
    );
  }

  return {
    queued,
    submitAll,
    async submit(command, properties = null) {
      const [outcome] = await submitAll([{ command, properties }]);
      return outcome!;
    },
    async close() {
      closing = true;
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
}

/** Commands of one account go through one lane, so that they meet in one batch (FNV-1a over the id). */
function laneOf(accountId: AccountId, lanes: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < accountId.length; index += 1) {
    hash = Math.imul(hash ^ accountId.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % lanes;
}
