import { asAccountId, checkCatalog, DAY_MS, plainNote, type AccountId, type Catalog } from "@bursar/core";
import { sql } from "kysely";
import config from "../bursar.config.ts";
import { issueCredential } from "../packages/server/src/accounts/credentials.ts";
import { createBook } from "../packages/server/src/book/book.ts";
import { migrate } from "../packages/server/src/db/migrate.ts";
import type { Database } from "../packages/server/src/db/open-database.ts";
import { systemClock, systemIds } from "../packages/server/src/system.ts";

/** What a load needs to know of a database that was made for it. */
export interface Place {
  /** A platform key, which may speak for all accounts. */
  readonly key: string;
  readonly accounts: readonly AccountId[];
}

const PLAN = "business";
/** Enough for any load; with 10,000 accounts their sum is still a safe integer. */
const CREDITS = 100_000_000_000;

export function benchCatalog(): Catalog {
  const checked = checkCatalog(config);
  if (!checked.ok) throw new Error(JSON.stringify(checked.mistakes));
  return checked.catalog;
}

/** Fills an empty database: accounts on a paid plan since ten days, each with an allocation and with credits. */
export async function furnish(database: Database, accountCount: number): Promise<Place> {
  await migrate(database);
  const since = new Date(systemClock.now() - 10 * DAY_MS);
  await sql`
    insert into accounts (account_id, name, email, created_at)
    select 'acc_' || lpad(n::text, 20, '0'), 'Acme ' || n, 'billing@acme.test', ${since}
    from   generate_series(1, ${accountCount}::int) n`.execute(database.kysely);
  await sql`
    insert into entitlements (account_id, starts_at, anchor_at, plan_id, billing_interval, seats)
    select account_id, created_at, created_at, ${PLAN}, 'month', 5 from accounts`.execute(database.kysely);
  const { rows } = await sql<{ id: string }>`select account_id as id from accounts order by 1`.execute(
    database.kysely,
  );
  const accounts = rows.map(({ id }) => asAccountId(id));

  const book = createBook({ database, catalog: benchCatalog(), clock: systemClock, lanes: 1 });
  const note = { ...plainNote("Credits"), priceCents: 100_000, currency: "eur" };
  await book.submitAll(
    accounts.map((accountId) => ({
      command: { type: "grant", kind: "purchase", accountId, source: "pi_bench", tokens: CREDITS, note },
    })),
  );
  await book.close();
  const key = await issueCredential(
    { db: database.kysely, clock: systemClock, ids: systemIds },
    { kind: "platform_key", accountId: null, memberId: null, role: "owner", lifetimeMs: null },
  );
  return { key, accounts };
}
