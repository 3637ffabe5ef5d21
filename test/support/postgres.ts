/*
 * Databases for tests, on the one PostgreSQL server of a test run. Vitest's and Playwright's global set-up start
 * that server and leave its address in the environment, where the test processes find it. Whoever sets
 * TEST_DATABASE_URL has the tests use their own server instead.
 */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import pg from "pg";
import { startPostgres } from "./postgres-server.ts";

/** Holds the superuser address of the server for tests. */
const ADDRESS = "TEST_DATABASE_URL";
/** Names this run in the names of its databases, so that they can be removed from a lasting server. */
const RUN = "BURSAR_TEST_RUN";

export interface TestDatabase {
  url: string;
  /** Removes the database, ending what is still connected to it. */
  drop(): Promise<void>;
}

export interface DatabaseOptions {
  /**
   * Fills an empty database, with migrations for example. It runs once in a test run, and each further database is
   * a copy of the result. It is told from other templates by its source, so it may not depend on outer variables.
   */
  template?: (url: string) => Promise<void>;
}

async function onServer<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: process.env[ADDRESS] });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function addressOf(database: string): string {
  const address = process.env[ADDRESS];
  if (address === undefined) {
    throw new Error(
      `${ADDRESS} is not set: run this through vitest or playwright, whose set-up starts a server.`,
    );
  }
  const url = new URL(address);
  url.pathname = `/${database}`;
  return url.href;
}

/** Does the work while no other process of this run does it: a lock of the server's lets one in at a time. */
async function alone<Result>(client: pg.Client, name: Buffer, work: () => Promise<Result>): Promise<Result> {
  const lock = [name.readInt32BE(0)];
  await client.query("select pg_advisory_lock($1)", lock);
  try {
    return await work();
  } finally {
    await client.query("select pg_advisory_unlock($1)", lock);
  }
}

/** Makes the template if no other test process has. */
async function templateFor(client: pg.Client, fill: (url: string) => Promise<void>): Promise<string> {
  const digest = createHash("sha256").update(fill.toString()).digest();
  const name = `${process.env[RUN]}_template_${digest.toString("hex").slice(0, 12)}`;
  await alone(client, digest, async () => {
    const known = await client.query("select from pg_database where datname = $1", [name]);
    if (known.rowCount !== 0) return;
    // It gets its name when it is whole, so that a failure half-way is not taken for a template.
    await client.query(`drop database if exists "${name}_draft" with (force)`);
    await client.query(`create database "${name}_draft"`);
    await fill(addressOf(`${name}_draft`));
    await client.query(`alter database "${name}_draft" rename to "${name}"`);
  });
  return name;
}

/** Has the first process of a run that misses the file make it, while the others wait. */
export async function makeOnce(file: string, make: () => Promise<Blob>): Promise<void> {
  const makeIt = async () => {
    if (existsSync(file)) return;
    mkdirSync(dirname(file), { recursive: true });
    // It gets its name when it is whole; the draft is of this process, since two runs may make the same file.
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, Buffer.from(await (await make()).arrayBuffer()));
    renameSync(draft, file);
  };
  if (existsSync(file)) return;
  const digest = createHash("sha256").update(file).digest();
  await onServer((client) => alone(client, digest, makeIt));
}

/** A fresh database of its own for a test file. */
export async function createDatabase({ template }: DatabaseOptions = {}): Promise<TestDatabase> {
  const name = `${process.env[RUN]}_${randomBytes(6).toString("hex")}`;
  const url = addressOf(name);
  await onServer(async (client) => {
    const source = template === undefined ? "template1" : await templateFor(client, template);
    await client.query(`create database "${name}" template "${source}"`);
  });
  const drop = () => onServer((client) => client.query(`drop database if exists "${name}" with (force)`));
  return {
    url,
    async drop() {
      await drop();
    },
  };
}

/**
 * The global set-up of a test run: a server (or the given one) with its address in the environment.
 *
 * @returns the tear-down: it stops the server, or removes this run's databases from the given one
 */
export async function startDatabaseServer(): Promise<() => Promise<void>> {
  // Each project of one run asks for it; the first has it.
  if (process.env[RUN] !== undefined) return () => Promise.resolve();
  process.env[RUN] = `bursar_test_${randomBytes(4).toString("hex")}`;
  if (process.env[ADDRESS] !== undefined) return dropDatabasesOfRun;
  const server = await startPostgres();
  process.env[ADDRESS] = server.url;
  return async () => {
    delete process.env[ADDRESS];
    await server.stop();
  };
}

async function dropDatabasesOfRun(): Promise<void> {
  await onServer(async (client) => {
    const pattern = `${process.env[RUN]}%`;
    const found = await client.query<{ datname: string }>(
      "select datname from pg_database where datname like $1",
      [pattern],
    );
    for (const { datname } of found.rows) await client.query(`drop database "${datname}" with (force)`);
  });
}
