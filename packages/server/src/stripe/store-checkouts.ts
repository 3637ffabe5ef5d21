import type { AccountId } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";

/** The SQL on `checkouts`. */

export async function insertCheckout(
  db: Queryable,
  accountId: AccountId,
  { checkoutId, purpose, now }: { checkoutId: string; purpose: "subscription" | "credits"; now: number },
): Promise<void> {
  await sql`
    insert into checkouts (account_id, checkout_id, purpose, state, created_at)
    values (${accountId}, ${checkoutId}, ${purpose}, 'opening', ${new Date(now)})`.execute(db);
}

export async function markCheckoutOpen(
  db: Queryable,
  accountId: AccountId,
  { checkoutId, sessionId }: { checkoutId: string; sessionId: string },
): Promise<void> {
  await sql`
    update checkouts set state = 'open', session_id = ${sessionId}
    where  account_id = ${accountId} and checkout_id = ${checkoutId} and state = 'opening'`.execute(db);
}

export async function listOpenSessions(
  db: Queryable,
  accountId: AccountId,
  purpose: "subscription" | "credits",
): Promise<{ checkoutId: string; sessionId: string }[]> {
  const { rows } = await sql<{ checkoutId: string; sessionId: string }>`
    select checkout_id as "checkoutId", session_id as "sessionId"
    from   checkouts
    where  account_id = ${accountId} and purpose = ${purpose} and state = 'open'`.execute(db);
  return rows;
}

export async function markCheckoutClosed(
  db: Queryable,
  accountId: AccountId,
  checkoutId: string,
): Promise<void> {
  await sql`
    update checkouts set state = 'closed'
    where  account_id = ${accountId} and checkout_id = ${checkoutId}`.execute(db);
}

/** Whether this session was opened for this account: what a return address may ask about. */
export async function hasSession(db: Queryable, accountId: AccountId, sessionId: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from checkouts where account_id = ${accountId} and session_id = ${sessionId}`.execute(db);
  return rows.length === 1;
}
