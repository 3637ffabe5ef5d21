import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import type { Database } from "./open-database.ts";

const MIGRATIONS_FOLDER = join(import.meta.dirname, "migrations");

/** Any number that no other program on the same database uses for an advisory lock. */
const MIGRATION_LOCK = 4_242_001;

/**
 * Applies the migrations that this database has not seen, in the order of their numbers, each in one transaction.
 * Servers that start together wait for each other. A database from a newer Bursar is refused: it may hold what
 * this one does not understand.
 * @returns the names of the migrations that were applied now
 */
export async function migrate({ kysely }: Database): Promise<string[]> {
  const files = readdirSync(MIGRATIONS_FOLDER)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  return kysely.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(transaction);
    await sql`
      create table if not exists migrations (
        name       text primary key,
        applied_at timestamptz not null default now()
      )`.execute(transaction);
    const { rows } = await sql<{ name: string }>`select name from migrations order by name`.execute(
      transaction,
    );

    const unknown = rows.map((row) => row.name).filter((name) => !files.includes(name));
    if (unknown.length > 0) {
      throw new Error(
        `This database was written by a newer Bursar (it has ${unknown.join(", ")}). Start that version.`,
      );
    }
    const applied = new Set(rows.map((row) => row.name));
    const pending = files.filter((name) => !applied.has(name));
    for (const name of pending) {
      for (const statement of statementsOf(readFileSync(join(MIGRATIONS_FOLDER, name), "utf8"))) {
        await sql.raw(statement).execute(transaction);
      }
      await sql`insert into migrations (name) values (${name})`.execute(transaction);
    }
    return pending;
  });
}

/** How far the database is behind or ahead of this version; changes nothing. */
export async function migrationStanding(
  { kysely }: Database,
  now: () => number,
): Promise<{ version: string; pending: string[]; unknown: string[]; skewMs: number }> {
  const files = readdirSync(MIGRATIONS_FOLDER).filter((name) => name.endsWith(".sql"));
  const asked = await sql<{ version: string; at: Date; isThere: boolean }>`
    select current_setting('server_version') as version, clock_timestamp() as at,
           to_regclass('migrations') is not null as "isThere"`.execute(kysely);
  const { version, at, isThere } = asked.rows[0]!;
  const skewMs = at.getTime() - now();
  const { rows } = isThere
    ? await sql<{ name: string }>`select name from migrations order by name`.execute(kysely)
    : { rows: [] };
  const applied = rows.map(({ name }) => name);
  return {
    version,
    pending: files.filter((name) => !applied.includes(name)).sort(),
    unknown: applied.filter((name) => !files.includes(name)),
    skewMs,
  };
}

/** Splits a migration at semicolons that end a line; our migrations hold no function bodies. */
function statementsOf(text: string): string[] {
  const code = text.replace(/^\s*--.*$/gm, "");
  return code
    .split(/;\s*$/m)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
