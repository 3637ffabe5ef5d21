import { asAccountId, checkCatalog, DAY_MS, type AccountId, type Catalog, type Instant } from "@bursar/core";
import { sql } from "kysely";
import config from "../../bursar.config.ts";
import { createBook, type Book, type BookSettings } from "../../packages/server/src/book/book.ts";
import { verifyBook } from "../../packages/server/src/book/verify-book.ts";
import { openPostgres, type Database } from "../../packages/server/src/db/open-database.ts";
import { createMigratedDatabase, openMigratedEmbedded } from "../support/migrated.ts";

export const NOW: Instant = Date.parse("2026-03-10T12:00:00Z");

function defaultCatalog(): Catalog {
  const checked = checkCatalog(config);
  if (!checked.ok) throw new Error(JSON.stringify(checked.mistakes));
  return checked.catalog;
}
export const catalog = defaultCatalog();

export interface BookDatabase {
  readonly database: Database;
  /** The address to open it a second time; `null` for the embedded one, which has one connection. */
  readonly url: string | null;
  readonly drop: () => Promise<void>;
}

async function embedded(): Promise<BookDatabase> {
  const database = await openMigratedEmbedded();
  return { database, url: null, drop: () => database.close() };
}

async function postgres(): Promise<BookDatabase> {
  const created = await createMigratedDatabase();
  const { url } = created;
  const database = openPostgres(url);
  return {
    database,
    url,
    drop: async () => {
      await database.close();
      await created.drop();
    },
  };
}

export const databases = [
  { name: "the embedded database", open: embedded },
  { name: "PostgreSQL", open: postgres },
];

let lastAccount = 0;

/** An account of its own for a test, on this plan since ten days ago. */
export async function openAccount({ kysely }: Database, planId = "free"): Promise<AccountId> {
  lastAccount += 1;
  const accountId = asAccountId(`acc_${process.pid}_${lastAccount}`);
  const startsAt = new Date(NOW - 10 * DAY_MS);
  await sql`
    insert into accounts (account_id, name, email, created_at)
    values (${accountId}, 'Acme', 'billing@acme.test', ${startsAt})`.execute(kysely);
  await sql`
    insert into entitlements (account_id, starts_at, anchor_at, plan_id, seats)
    values (${accountId}, ${startsAt}, ${startsAt}, ${planId}, 1)`.execute(kysely);
  return accountId;
}

export function openBook(database: Database, settings: Partial<BookSettings> = {}): Book {
  return createBook({ database, catalog, clock: { now: () => NOW }, lanes: 2, ...settings });
}

export const faultsOf = async (database: Database) => (await verifyBook(database, catalog)).faults;
