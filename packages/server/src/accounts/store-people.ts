import type { AccountId, Instant } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import type { Role } from "./roles.ts";

/** The SQL that reads the people of many accounts at once. */

export interface PersonRow {
  readonly accountId: AccountId;
  readonly memberId: string;
  readonly email: string;
  readonly role: Role;
  /** The one who stays active on a plan with one seat. */
  readonly isFirstOwner: boolean;
  /** In force at the account's own now. */
  readonly planId: string | null;
}

/** @param accounts each with its own now: in the demo clocks differ */
export async function listPeople(
  db: Queryable,
  accounts: readonly { accountId: AccountId; now: Instant }[],
): Promise<PersonRow[]> {
  const { rows } = await sql<PersonRow>`
    select m.account_id as "accountId", m.member_id as "memberId", m.email, m.role,
           coalesce(m.member_id = first_value(m.member_id) over (
             partition by m.account_id order by m.role = 'owner' desc, m.created_at, m.member_id), false) and m.role = 'owner' as "isFirstOwner",
           coalesce(a.overrides ->> 'plan',
                    (select e.plan_id from entitlements e
                     where  e.account_id = m.account_id and e.starts_at <= w.now
                     order by e.starts_at desc limit 1)) as "planId"
    from   unnest(${accounts.map(({ accountId }) => accountId)}::text[],
                  ${accounts.map(({ now }) => new Date(now).toISOString())}::timestamptz[]) as w (account_id, now)
    join   accounts a on a.account_id = w.account_id
    join   members m on m.account_id = w.account_id
    order by m.account_id, m.created_at, m.member_id`.execute(db);
  return rows;
}

/** By which ids the product knows these accounts. */
export async function listExternalIds(
  db: Queryable,
  accountIds: readonly AccountId[],
): Promise<Map<AccountId, string>> {
  const { rows } = await sql<{ accountId: AccountId; externalId: string }>`
    select account_id as "accountId", reference as "externalId"
    from   account_references
    where  account_id = any(${accountIds}::text[]) and kind = 'external'`.execute(db);
  return new Map(rows.map(({ accountId, externalId }) => [accountId, externalId]));
}
