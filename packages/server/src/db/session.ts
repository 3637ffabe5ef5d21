import { remembersLast, type Instant } from "@bursar/core";

/**
 * A statement that is prepared once on each connection, under its name; so the text of a name never changes. Values
 * that come in any number go in as arrays through `unnest`.
 */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly (Scalar | readonly Scalar[] | Texts | WholeNumbers | Instants)[];
}

export type Scalar = string | number | boolean | null;

/** An array for a `text[]`. It says its type, so that nothing in it need be quoted, nor be looked through for quotes. */
export class Texts {
  readonly values: readonly (string | null)[];

  constructor(values: readonly (string | null)[]) {
    this.values = values;
  }
}

/** An array for a `bigint[]` of a statement. It says its type, so that it need not travel as text. */
export class WholeNumbers {
  readonly values: readonly (number | null)[];

  constructor(values: readonly (number | null)[]) {
    this.values = values;
  }
}

/** An array for a `timestamptz[]`: to read an instant's text costs the server more than to store it. */
export class Instants {
  readonly values: readonly (Instant | null)[];

  constructor(values: readonly (Instant | null)[]) {
    this.values = values;
  }
}

/** What drivers make parameters of, where nothing but text and numbers is known. */
export function plainValues({ values }: Statement): unknown[] {
  return values.map((value) => {
    if (value instanceof WholeNumbers || value instanceof Texts) return value.values;
    if (value instanceof Instants) return value.values.map((at) => (at === null ? null : iso(at)));
    return value;
  });
}

/** An instant as text; those that are asked for together are mostly one. */
export const iso = remembersLast((at: Instant) => new Date(at).toISOString());

export type Rows = readonly unknown[];

/** What a transaction writes, and what is told when it is committed. */
export interface Decision<Result> {
  readonly writes: readonly Statement[];
  readonly result: Result;
}

/**
 * A connection of its own for short work that is done all the time. A transaction has one shape: read, decide,
 * write. Nothing is awaited between, so its statements can travel together.
 */
export interface Session {
  read(statement: Statement): Promise<Rows>;
  /**
   * Reads in one transaction, hands the rows to `decide` (one list for each statement) and carries out what it
   * returns. Each statement sees what was committed before it began (read committed), so one that takes locks is
   * followed by one that reads.
   *
   * @throws LostCommitError when the effect is unknown; after any other error nothing was written
   */
  transact<Result>(
    reads: readonly Statement[],
    decide: (rows: readonly Rows[]) => Decision<Result>,
  ): Promise<Result>;
  close(): Promise<void>;
}

const plain = (name: string, text = name): Statement => ({ name, text, values: [] });
export const BEGIN = plain("begin", "begin isolation level read committed");
export const COMMIT = plain("commit");
export const ROLLBACK = plain("rollback");

/**
 * Every statement of a session finds its rows by an index. A plan that was made while the tables were small or never
 * analysed would scan them whole, and stay: the same work then takes three times as long, and longer with every row.
 * What a statement orders by must be had from an index too; so an order also says which index is meant.
 */
export const PLAN_BY_INDEX: readonly (readonly [setting: string, value: string])[] = [
  ["enable_seqscan", "off"],
  ["enable_hashjoin", "off"],
  ["enable_mergejoin", "off"],
  ["enable_sort", "off"],
  ["plan_cache_mode", "force_generic_plan"],
  ["jit", "off"],
];

/** The commit was sent and its answer never came: it happened or it did not. */
export class LostCommitError extends Error {
  override readonly name = "LostCommitError";

  constructor(cause: unknown) {
    super("The connection broke during the commit.", { cause });
  }
}
