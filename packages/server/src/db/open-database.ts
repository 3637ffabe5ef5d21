import { mkdirSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { CompiledQuery, Kysely, PGliteDialect, PostgresDialect, sql, type Transaction } from "kysely";
import pg from "pg";
import { embeddedLink, embeddedSession } from "./embedded-session.ts";
import { INT8, INT8_PARSERS, toSafeInteger } from "./int8.ts";
import { PipelinedSession } from "./pipelined-session.ts";
import { plainValues, type Rows, type Session, type Statement } from "./session.ts";
import { STEP_DOWN } from "./step-down.ts";

/** The tables are known to the SQL, not to the compiler: stores name the type of each row that they read. */
export type Queryable = Kysely<unknown> | Transaction<unknown>;

export interface Database {
  readonly kysely: Kysely<unknown>;
  readonly kind: "embedded" | "postgres";
  /** For look-ups that every request makes; shared, and closed with the database. */
  readonly lookUps: Session;
  /** A further one, the caller's to close. */
  openSession(): Session;
  close(): Promise<void>;
}

/** Connections of one process for pages and jobs; the book's lanes have their own. */
const POOL_CONNECTIONS_MAX = 10;

/** @param url `postgres://user:password@host:port/database` */
export function openPostgres(url: string): Database {
  const types = INT8_PARSERS;
  // The pool waits for what this returns, and gives nobody a connection for which it failed.
  const onConnect = (client: pg.ClientBase): unknown => client.query(STEP_DOWN);
  const pool = new pg.Pool({ connectionString: url, max: POOL_CONNECTIONS_MAX, types, onConnect });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on("error", () => {});
  // So would one that breaks while it is in use; the query that it was used for gets the error all the same.
  pool.on("connect", (client) => client.on("error", () => {}));
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  const openSession = () => new PipelinedSession({ connectionString: url, types });
  const lookUps = openSession();
  return {
    kysely,
    kind: "postgres",
    lookUps,
    openSession,
    close: async () => {
      await lookUps.close();
      await kysely.destroy();
    },
  };
}

/**
 * Its usual 128 MB of buffers are filled with zeros at every start, half of what a start costs; a process that is alone
 * with its files reads the others from the system's memory.
 */
const EMBEDDED = {
  parsers: { [INT8]: toSafeInteger },
  startParams: [...PGlite.defaultStartParams, "-c", "shared_buffers=16MB"],
};

/**
 * @param folder where the database lives; absent: in memory, gone when closed
 * @param beginsAs what `filledEmbedded` made; absent: a new database is empty
 */
export async function openEmbedded(folder?: string, beginsAs?: Blob): Promise<Database> {
  // PGlite makes its files readable for all, so the folder itself must not be.
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const options = { ...EMBEDDED, ...(beginsAs === undefined ? {} : { loadDataDir: beginsAs }) };
  const pglite = folder === undefined ? await PGlite.create(options) : await PGlite.create(folder, options);
  await pglite.exec(STEP_DOWN);
  return embeddedOf(pglite);
}

/**
 * The files of a database in memory that `fill` was given. To begin with them is several times cheaper than to have
 * PostgreSQL make its own.
 */
export async function filledEmbedded(fill: (database: Database) => Promise<unknown>): Promise<Blob> {
  const pglite = await PGlite.create({ ...EMBEDDED, initDbStartParams: ["--wal-segsize=1"] });
  await pglite.exec(STEP_DOWN);
  await fill(embeddedOf(pglite));
  // Whoever opens the copy need not recover first what was still in memory alone.
  await pglite.exec("reset role; checkpoint");
  const files = await pglite.dumpDataDir("none");
  await pglite.close();
  return files;
}

function embeddedOf(pglite: PGlite): Database {
  const kysely = new Kysely<unknown>({ dialect: new PGliteDialect({ pglite }) });
  const link = embeddedLink(pglite);
  return {
    kysely,
    kind: "embedded",
    lookUps: embeddedSession(link),
    openSession: () => embeddedSession(link),
    close: async () => {
      await kysely.destroy();
      if (!pglite.closed) await pglite.close();
    },
  };
}

/** Runs a session's statement elsewhere: on the pool, or in a transaction. */
export async function runStatement(db: Queryable, statement: Statement): Promise<Rows> {
  return (await db.executeQuery(CompiledQuery.raw(statement.text, plainValues(statement)))).rows;
}

/** Asks the database for nothing, to see that it answers. @throws when it does not */
export async function answersQueries({ kysely }: Database): Promise<void> {
  await sql`select 1`.execute(kysely);
}

/** SQLSTATE of a text that the database's encoding does not have; in practice a zero byte. */
const CHARACTER_NOT_IN_REPERTOIRE = "22021";

/** Whether the database refused a text that came from outside: the sender's mistake, and not ours. */
export function isUnstorableText(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === CHARACTER_NOT_IN_REPERTOIRE;
}
