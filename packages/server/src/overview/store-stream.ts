import type { AccountId } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";

export interface Versions {
  accountId: AccountId;
  account: number;
  subscription: number;
  entries: number;
}

/** What moves when something of an account changes: three counters, each found by the first column of a key. */
export async function readVersions(db: Queryable, accountIds: AccountId[]): Promise<Versions[]> {
  const { rows } = await sql<Versions>`
    select accounts.account_id as "accountId", accounts.version as account,
           coalesce((select version from stripe_customers where stripe_customers.account_id = accounts.account_id), 0) as subscription,
           accounts.last_entry_number as entries
    from   accounts
    where  accounts.account_id = any(${accountIds}::text[])`.execute(db);
  return rows;
}
