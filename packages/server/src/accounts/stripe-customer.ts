import type { AccountId } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import type { Gateway } from "../stripe/gateway.ts";
import { findDeletedCustomer, findStripeCustomer, insertStripeCustomer } from "../stripe/store-customers.ts";
import { findAccount } from "./store.ts";

/**
 * The account's customer at Stripe, made at the first need. The idempotency key is the account's id, so that a crash
 * before our row is written, or two tabs at once, still end with one customer. One that was deleted at Stripe is replaced.
 */
export async function ensureStripeCustomer(
  { database, gateway }: { database: Database; gateway: Gateway },
  accountId: AccountId,
): Promise<string> {
  const known = await findStripeCustomer(database.kysely, accountId);
  if (known !== null) return known.customerId;
  const account = await findAccount(database.kysely, accountId);
  if (account === null) throw new Error(`There is no account ${accountId}.`);
  const { name, email } = account;
  const replaces = await findDeletedCustomer(database.kysely, accountId);
  const customerId = await gateway.createCustomer({ accountId, name, email, replaces });
  await insertStripeCustomer(database.kysely, accountId, customerId);
  return customerId;
}
