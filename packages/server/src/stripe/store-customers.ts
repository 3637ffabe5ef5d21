import type { AccountId } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import type { Card } from "./facts.ts";

/** The SQL on `stripe_customers`. */

export interface StripeCustomerRow {
  customerId: string;
  version: number;
  card: Card | null;
  /** When Stripe was last asked; `null` before the first time. */
  syncedAt: Date | null;
}

export async function findStripeCustomer(
  db: Queryable,
  accountId: AccountId,
): Promise<StripeCustomerRow | null> {
  const { rows } = await sql<StripeCustomerRow>`
    select customer_id as "customerId", version, card, synced_at as "syncedAt"
    from   stripe_customers
    where  account_id = ${accountId} and not is_deleted`.execute(db);
  return rows[0] ?? null;
}

/** Takes the place only of a customer that was deleted at Stripe. */
export async function insertStripeCustomer(
  db: Queryable,
  accountId: AccountId,
  customerId: string,
): Promise<void> {
  await sql`
    insert into stripe_customers (account_id, customer_id)
    values (${accountId}, ${customerId})
    on conflict (account_id) do update
    set   customer_id = excluded.customer_id, is_deleted = false, card = null, synced_at = null
    where stripe_customers.is_deleted`.execute(db);
}

/** The customer that the account had, if it was deleted at Stripe: the next one is made with another key. */
export async function findDeletedCustomer(db: Queryable, accountId: AccountId): Promise<string | null> {
  const { rows } = await sql<{ customerId: string }>`
    select customer_id as "customerId" from stripe_customers
    where  account_id = ${accountId} and is_deleted`.execute(db);
  return rows[0]?.customerId ?? null;
}

/** @returns false when another sync wrote since `version` was read: what we fetched may be older than what is stored */
export async function advanceStripeCustomer(
  db: Queryable,
  accountId: AccountId,
  { version, card, isDeleted, now }: { version: number; card: Card | null; isDeleted: boolean; now: number },
): Promise<boolean> {
  const { rows } = await sql`
    update stripe_customers
    set    version = version + 1, card = ${card === null ? null : JSON.stringify(card)}::jsonb, synced_at = ${new Date(now)},
           is_deleted = ${isDeleted}
    where  account_id = ${accountId} and version = ${version}
    returning 1`.execute(db);
  return rows.length === 1;
}

/** As if it had never been looked at: the sweep takes it up first. */
export async function forgetLook(db: Queryable, accountId: AccountId): Promise<void> {
  await sql`update stripe_customers set synced_at = null where account_id = ${accountId}`.execute(db);
}

export async function findAccountOfCustomer(db: Queryable, customerId: string): Promise<AccountId | null> {
  const { rows } = await sql<{ accountId: AccountId }>`
    select account_id as "accountId" from stripe_customers where customer_id = ${customerId}`.execute(db);
  return rows[0]?.accountId ?? null;
}

/** Customers that were not looked at since `before`, the longest-waiting first: what a sweep takes up. */
export async function listCustomersToSweep(
  db: Queryable,
  { before, limit }: { before: number; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ customerId: string }>`
    select customer_id as "customerId" from stripe_customers
    where  not is_deleted and (synced_at is null or synced_at < ${new Date(before)})
    order by synced_at nulls first
    limit ${limit}`.execute(db);
  return rows.map((row) => row.customerId);
}

/** All customers in pages, in the order of their accounts. Index: the primary key. */
export async function listCustomers(
  db: Queryable,
  { after, limit }: { after: string | null; limit: number },
): Promise<{ accountId: AccountId; customerId: string }[]> {
  const { rows } = await sql<{ accountId: AccountId; customerId: string }>`
    select account_id as "accountId", customer_id as "customerId" from stripe_customers
    where  not is_deleted and account_id > ${after ?? ""}
    order by account_id
    limit ${limit}`.execute(db);
  return rows;
}
