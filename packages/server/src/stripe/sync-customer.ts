import type { AccountId, Clock } from "@bursar/core";
import type { Database, Queryable } from "../db/open-database.ts";
import type { CustomerFacts } from "./facts.ts";
import type { Gateway } from "./gateway.ts";
import { shareRuns } from "./share-runs.ts";
import { advanceStripeCustomer, findAccountOfCustomer, findStripeCustomer } from "./store-customers.ts";

/** Writes some of a customer's facts, in the transaction that makes them all ours at once. */
export type Projection = (db: Queryable, accountId: AccountId, facts: CustomerFacts) => Promise<void>;

/** Other syncs of one customer at the same time, at most: one on each server, as a server's own share their runs. */
const ROUNDS_MAX = 8;

/**
 * The one road by which anything of Stripe comes in. Whoever hears of a change asks for a sync of the customer; it
 * fetches all that we follow and writes it in one transaction, so order, repeats and gaps of events do not matter.
 *
 * Two syncs at once could write in the wrong order: the older facts last. So the row has a version, read before the
 * fetch: if another sync wrote meanwhile, ours may be the older and is thrown away and fetched again.
 */
export function createSync(options: {
  database: Database;
  gateway: Gateway;
  clock: Clock;
  projections: readonly Projection[];
  /** After the facts are ours: what may take several transactions and is safe to repeat (granting what was paid). */
  settle: (accountId: AccountId, customerId: string, facts: CustomerFacts) => Promise<void>;
  /** Told once of each thing at Stripe that we leave alone. */
  report: (accountId: AccountId, sentence: string) => void;
}) {
  const { database, gateway, clock, projections, settle, report } = options;

  /** Brings the account of this customer up to date; a customer that is not ours is no business of this service. */
  return shareRuns(async function syncCustomer(customerId: string): Promise<void> {
    const accountId = await findAccountOfCustomer(database.kysely, customerId);
    if (accountId === null) return;
    for (let round = 1; round <= ROUNDS_MAX; round++) {
      const before = await findStripeCustomer(database.kysely, accountId);
      if (before === null) return;
      const facts = await gateway.fetchCustomerFacts(customerId);
      const written = await database.kysely.transaction().execute(async (db) => {
        const { version } = before;
        const { card, isDeleted } = facts;
        if (!(await advanceStripeCustomer(db, accountId, { version, card, isDeleted, now: clock.now() })))
          return false;
        for (const project of projections) await project(db, accountId, facts);
        return true;
      });
      if (!written) continue;
      await settle(accountId, customerId, facts);
      if (facts.strayCard !== null) await gateway.moveCardToCustomer(customerId, facts.strayCard);
      for (const id of facts.foreignSubscriptionIds) {
        report(
          accountId,
          `The subscription ${id} is for a price that is not of our catalogue; it gives no plan.`,
        );
      }
      return;
    }
    throw new Error(`The customer ${customerId} changed ${ROUNDS_MAX} times while it was being read.`);
  });
}
