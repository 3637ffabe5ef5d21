import { asAccountId, type AccountId, type Clock } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import type { Gateway } from "../stripe/gateway.ts";
import { findAccountClock, keepTestClock } from "./store.ts";

interface Context {
  readonly database: Database;
  readonly clock: Clock;
}

/**
 * The same gateway, whose customers live on a Stripe test clock of their account's: a customer cannot be moved onto
 * one later, so each is made on one.
 */
export function onTestClocks(gateway: Gateway, context: Context): Gateway {
  return {
    ...gateway,
    async createCustomer(request) {
      const testClockId = await ensureTestClock({ ...context, gateway }, asAccountId(request.accountId));
      return gateway.createCustomer({ ...request, testClockId });
    },
  };
}

/** Made at the account's now. One that a crash or a rival leaves unused stays so; Stripe takes it away. */
async function ensureTestClock(
  { database, clock, gateway }: Context & { gateway: Gateway },
  accountId: AccountId,
): Promise<string> {
  const known = (await findAccountClock(database.kysely, accountId))?.testClockId ?? null;
  if (known !== null && (await gateway.fetchTestClock(known)) !== null) return known;
  const name = `Bursar demo, ${accountId}`;
  const testClockId = await gateway.createTestClock({ name, frozenAt: clock.now(accountId) });
  await keepTestClock(database.kysely, accountId, { testClockId, replaces: known });
  const kept = (await findAccountClock(database.kysely, accountId))?.testClockId;
  if (kept == null) throw new Error(`The account ${accountId} has no test clock after it was given one.`);
  return kept;
}
