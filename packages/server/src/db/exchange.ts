import type { Connection } from "pg";
import { INT8_PARSERS } from "./int8.ts";
import type { Packet } from "./packet.ts";
import type { Rows, Statement } from "./session.ts";

/** How a column of a prepared statement's answer is called and read. */
interface Column {
  readonly name: string;
  readonly read: (text: string) => unknown;
}

/** The statements that a connection has prepared, with the columns of their rows. */
export type Prepared = Map<string, readonly Column[]>;

export interface Answer {
  readonly rows: Rows;
  /** What was carried out, in the server's words: `COMMIT`, `INSERT 0 3`. */
  readonly command: string;
}

/** What `pg` hands to a query of its own making, as far as it is used here; its types leave this out. */
interface Wire {
  readonly stream: { readonly writable: boolean; write(bytes: Buffer): void };
}

interface RowDescription {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
}

/**
 * Several prepared statements in one packet with one end (`Sync`): the server carries them out in order, answers all of
 * them at once, and skips what follows one that failed. Sent each with an end of its own, a batch's statements cost
 * both sides a write, a wake-up and a read apiece.
 */
export class Exchange {
  readonly answers: Promise<readonly Answer[]>;
  readonly #statements: readonly Statement[];
  readonly #prepared: Prepared;
  readonly #settle = Promise.withResolvers<readonly Answer[]>();
  readonly #done: Answer[] = [];
  #isSent = false;
  #columns: readonly Column[] = [];
  #rows: unknown[] = [];

  readonly #packet: Packet;

  constructor(
    statements: readonly Statement[],
    { prepared, packet }: { prepared: Prepared; packet: Packet },
  ) {
    this.#statements = statements;
    this.#prepared = prepared;
    this.#packet = packet;
    this.answers = this.#settle.promise;
  }

  /** How many statements were carried out. After a failure: those before the one that failed. */
  get completed(): number {
    return this.#done.length;
  }

  /** Whether anything has left for the server; before that it has done nothing. */
  get isSent(): boolean {
    return this.#isSent;
  }

  /**
   * For `pg`, which calls it when the connection is free.
   * @returns why nothing was sent; `pg` hands it to `handleError`. Thrown, it would leave those who wait without answer
   */
  submit(connection: Connection): Error | undefined {
    const { stream } = connection as unknown as Wire;
    try {
      const bytes = this.bytes();
      this.#isSent = stream.writable;
      if (stream.writable) stream.write(bytes);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** All of it, for the wire; in the packet's buffer, until the next exchange begins. */
  bytes(): Buffer {
    const packet = this.#packet;
    packet.begin();
    for (const statement of this.#statements) {
      // An earlier exchange may have prepared it before it failed; to close what is not there is no error.
      if (!this.#prepared.has(statement.name)) packet.prepare(statement);
      packet.bind(statement);
      packet.execute();
    }
    packet.sync();
    this.#expect();
    return packet.bytes();
  }

  /** The next answers are those of the first statement that is not done. */
  #expect(): void {
    const next = this.#statements[this.#done.length];
    this.#columns = next === undefined ? [] : (this.#prepared.get(next.name) ?? []);
    this.#rows = [];
  }

  handleRowDescription({ fields }: RowDescription): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({
      name,
      read: INT8_PARSERS.getTypeParser(dataTypeID, "text") as unknown as Column["read"],
    }));
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const row: Record<string, unknown> = {};
    this.#columns.forEach(({ name, read }, index) => {
      const text = fields[index]!;
      row[name] = text === null ? null : read(text);
    });
    this.#rows.push(row);
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const { name } = this.#statements[this.#done.length]!;
    if (!this.#prepared.has(name)) this.#prepared.set(name, this.#columns);
    this.#done.push({ rows: this.#rows, command: text });
    this.#expect();
  }

  handleReadyForQuery(): void {
    // After a failure it is settled already.
    this.#settle.resolve(this.#done);
  }

  handleError(error: Error): void {
    this.#settle.reject(error);
  }
}
