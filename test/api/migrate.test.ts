import { readdirSync, readFileSync } from "node:fs";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { migrate } from "../../packages/server/src/db/migrate.ts";
import { openEmbedded, openPostgres, type Database } from "../../packages/server/src/db/open-database.ts";
import { faultsOf, NOW, openAccount, openBook } from "../book/databases.ts";
import { createDatabase } from "../support/postgres.ts";

const homes = [
  {
    name: "the embedded database",
    open: async () => ({ database: await openEmbedded(), drop: () => Promise.resolve() }),
  },
  {
    name: "PostgreSQL",
    open: async () => {
      const created = await createDatabase();
      return { database: openPostgres(created.url), drop: () => created.drop() };
    },
  },
];

describe.each(homes)("migrations on $name", ({ open }) => {
  it("are applied once, also by servers that start together; a newer database is refused", async () => {
    const { database, drop } = await open();
    try {
      const applied = await Promise.all([migrate(database), migrate(database), migrate(database)]);
      const names = applied.flat();
      expect(names.length).toBeGreaterThanOrEqual(3);
      expect(names).toEqual([...new Set(names)].sort());
      expect(await migrate(database)).toEqual([]);

      await sql`insert into migrations (name) values ('9999_later.sql')`.execute(database.kysely);
      await expect(migrate(database)).rejects.toThrow(/newer Bursar.*9999_later\.sql/);
    } finally {
      await database.close();
      await drop();
    }
  });
});

const FOLDER = new URL("../../packages/server/src/db/migrations/", import.meta.url);
/** The oldest tables that hold a whole book. */
const OLD = ["0001_accounts.sql", "0002_book.sql", "0003_stripe.sql", "0004_history.sql"];

describe("an upgrade from the first tables", () => {
  it("keeps the book exact and goes on from it, and finds every later migration in its order", async () => {
    const [today, old] = [await createDatabase(), await createDatabase()];
    const [full, upgraded] = [openPostgres(today.url), openPostgres(old.url)];
    try {
      await migrate(full);
      const accountId = await fill(full);
      await applyOld(upgraded);
      await copyRows(full, upgraded);

      const later = readdirSync(FOLDER).filter((name) => name.endsWith(".sql") && !OLD.includes(name));
      expect(await migrate(upgraded)).toEqual(later.sort());
      expect(await faultsOf(upgraded)).toEqual([]);
      const book = openBook(upgraded);
      const common = { type: "grant", kind: "purchase", accountId, tokens: 1_000, note: NOTE } as const;
      expect(await book.submit({ ...common, source: "pi_1" })).toMatchObject({ code: "duplicate" });
      expect(await book.submit({ ...common, source: "pi_2" })).toMatchObject({
        code: "granted",
        balance: 2_000,
      });
      await book.close();
      expect(await faultsOf(upgraded)).toEqual([]);
    } finally {
      await Promise.all([full.close(), upgraded.close()]);
      await Promise.all([today.drop(), old.drop()]);
    }
  });
});

const NOTE = { priceCents: 500, currency: "eur", description: "Bought Starter", resource: null };

/** A pack, and a hold that was settled from the included tokens. */
async function fill(database: Database): Promise<Awaited<ReturnType<typeof openAccount>>> {
  const accountId = await openAccount(database);
  const book = openBook(database);
  const outcomes = [
    await book.submit({
      type: "grant",
      kind: "purchase",
      accountId,
      source: "pi_1",
      tokens: 1_000,
      note: NOTE,
    }),
    await book.submit({
      ...{ type: "hold", accountId, holdId: "hold_1", tokens: 400, expiresAt: NOW + 600_000 },
      ...{ description: "a report", resource: null },
    }),
    await book.submit({ type: "settle", accountId, holdId: "hold_1", tokens: 300 }),
  ];
  expect(outcomes.map(({ code }) => code)).toEqual(["granted", "held", "settled"]);
  await book.close();
  return accountId;
}

async function applyOld({ kysely }: Database): Promise<void> {
  await sql`create table migrations (name text primary key, applied_at timestamptz not null default now())`.execute(
    kysely,
  );
  for (const name of OLD) {
    const code = readFileSync(new URL(name, FOLDER), "utf8").replace(/^\s*--.*$/gm, "");
    for (const statement of code.split(/;\s*$/m).filter((part) => part.trim() !== "")) {
      await sql.raw(statement).execute(kysely);
    }
    await sql`insert into migrations (name) values (${name})`.execute(kysely);
  }
}

/** Every row of the tables that were there, in the columns that were there. */
async function copyRows(from: Database, to: Database): Promise<void> {
  const { rows } = await sql<{ table: string; columns: string[] }>`
    select c.table_name as "table", array_agg(quote_ident(c.column_name)::text) as columns
    from   information_schema.columns c
    join   information_schema.tables t using (table_schema, table_name)
    where  c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name <> 'migrations'
    group by c.table_name`.execute(to.kysely);
  for (const { table, columns } of rows) {
    const known = await sql`select 1 from ${sql.table(table)} limit 1`.execute(from.kysely);
    // Columns of others may have another name by now.
    if (known.rows.length === 0) continue;
    const list = columns.join(", ");
    const { rows: copied } = await sql
      .raw<{ all: string | null }>(`select json_agg(x)::text as all from (select ${list} from ${table}) x`)
      .execute(from.kysely);
    const all = copied[0]!.all;
    if (all === null) continue;
    const target = sql.raw(`insert into ${table} (${list}) overriding system value select ${list}`);
    await sql`${target} from json_populate_recordset(null::${sql.raw(table)}, ${all}::json)`.execute(
      to.kysely,
    );
  }
}
