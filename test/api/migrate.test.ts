import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { migrate } from "../../packages/server/src/db/migrate.ts";
import { openEmbedded, openPostgres } from "../../packages/server/src/db/open-database.ts";
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
