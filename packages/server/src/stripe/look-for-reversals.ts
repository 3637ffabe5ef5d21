import { DAY_MS, type Clock } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import type { Gateway } from "./gateway.ts";
import { insertEvent } from "./store-inbox.ts";

/** Stripe repeats a webhook for three days; what was made before that and heard of by nobody, `bursar reconcile` finds. */
const LOOKED_BACK_MS = 7 * DAY_MS;

/** What a look finds is put into the inbox under this type. */
const LOOK_TYPE = "bursar.look";

/**
 * Refunds and disputes of all customers, whose webhooks may be lost: a payment of long ago is in no look at a customer
 * unless something names it. Each is put into the inbox as an event would be, once in each of its states; there it is
 * tried until it is done.
 */
export async function lookForReversals({
  database,
  gateway,
  clock,
}: {
  readonly database: Database;
  readonly gateway: Gateway;
  readonly clock: Clock;
}): Promise<void> {
  const now = clock.now();
  for (const { reversalId, status, paymentId } of await gateway.listRecentReversals(now - LOOKED_BACK_MS)) {
    const eventId = `look_${reversalId}_${status}`;
    await insertEvent(
      database.kysely,
      { eventId, type: LOOK_TYPE, customerId: null, paymentId, payload: {} },
      now,
    );
  }
}
