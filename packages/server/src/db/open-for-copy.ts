import pg from "pg";
import { Kysely, PostgresDialect } from "kysely";
import { INT8_PARSERS } from "./int8.ts";
import { STEP_DOWN } from "./step-down.ts";

/** A database of one connection that also takes rows by COPY, the fastest way into PostgreSQL. */
export interface CopyDatabase {
  readonly kysely: Kysely<unknown>;
  /**
   * Sends rows in COPY's text format, within the transaction that is open on the connection.
   * @param statement `copy <table> (<columns>) from stdin`
   * @param rows in pieces of any length; the server works on the first ones while the next are made
   */
  copyIn(statement: string, rows: Iterable<string>): Promise<void>;
  close(): Promise<void>;
}

/**
 * Statements of a bulk load name thousands of rows as arrays, of which the planner knows nothing: it would read whole
 * tables to match them. With these settings it looks each up in its index.
 */
const INDEXES_ONLY = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off";

/** @param url `postgres://user:password@host:port/database` */
export function openForCopy(url: string): CopyDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    types: INT8_PARSERS,
    options: INDEXES_ONLY,
    onConnect: (client: pg.ClientBase): unknown => client.query(STEP_DOWN),
  });
  let connected: pg.Client | undefined;
  pool.on("error", () => {});
  pool.on("connect", (client) => {
    connected = client;
    client.on("error", () => {});
  });
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  return {
    kysely,
    close: () => kysely.destroy(),
    copyIn(statement, rows) {
      const client = connected;
      if (client === undefined) return Promise.reject(new Error("COPY runs within a transaction."));
      return new Promise((resolve, reject) => {
        client.query(new CopyIn(statement, rows, (error) => (error === null ? resolve() : reject(error))));
      });
    },
  };
}

/** What `pg` hands to a query of its own making: the part of its connection that COPY needs. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** One `copy ... from stdin` in the words of `pg`'s query queue. */
class CopyIn {
  readonly #statement: string;
  readonly #rows: Iterable<string>;
  readonly #done: (error: Error | null) => void;
  /** `pg` calls it when the connection breaks while the query waits for its turn. */
  callback = (error: Error | null): void => this.#done(error);

  constructor(statement: string, rows: Iterable<string>, done: (error: Error | null) => void) {
    this.#statement = statement;
    this.#rows = rows;
    this.#done = done;
  }

  submit(connection: unknown): void {
    (connection as CopyConnection).query(this.#statement);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    for (const piece of this.#rows) connection.sendCopyFromChunk(Buffer.from(piece));
    connection.endCopyFrom();
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.#done(null);
  }

  handleError(error: Error): void {
    this.#done(error);
  }
}

/** One cell of COPY's text format. */
export function copyCell(value: string | null): string {
  if (value === null) return "\\N";
  return /[\\\t\n\r]/.test(value) ? value.replace(/[\\\t\n\r]/g, escapeCharacter) : value;
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function escapeCharacter(character: string): string {
  return ESCAPES[character]!;
}
