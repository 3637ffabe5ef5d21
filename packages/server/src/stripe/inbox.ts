import type { Clock } from "@bursar/core";
import { SECOND_MS } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import type { StripeEvent } from "./gateway.ts";
import * as store from "./store-inbox.ts";

/** How long one server has the events that it took. A sync takes seconds; a crash gives them to the next server. */
const LEASE_MS = 60 * SECOND_MS;

/** Events looked at in one go. They are grouped by customer, so one sync answers for all of a customer's. */
const BATCH_MAX = 200;

/** Pauses between tries of an event whose handling failed: 2 s doubling, an hour at most. It is never given up. */
const pauseAfter = (attempts: number): number => Math.min(3_600, 2 ** Math.min(attempts, 12)) * SECOND_MS;

export interface Inbox {
  /** Stores the event; the caller may answer Stripe once this has returned. A repeat changes nothing. */
  receive(event: StripeEvent): Promise<void>;
  /** Handles what is due, each customer once. @returns how many events were handled, and how many failed */
  drain(): Promise<{ handled: number; failed: number }>;
}

/**
 * @param sync brings one customer up to date with Stripe; it throws when it could not
 */
export function createInbox(options: {
  database: Database;
  clock: Clock;
  sync: (customerId: string) => Promise<void>;
  onFailure: (customerId: string, error: unknown) => void;
}): Inbox {
  const { database, clock, sync, onFailure } = options;
  return {
    receive: (event) => store.insertEvent(database.kysely, event, clock.now()),
    async drain() {
      const now = clock.now();
      const taken = await store.takeDueEvents(database.kysely, {
        now,
        leaseUntil: now + LEASE_MS,
        limit: BATCH_MAX,
      });
      let handled = 0;
      let failed = 0;
      for (const [customerId, events] of Map.groupBy(taken, (event) => event.customerId)) {
        const ids = events.map((event) => event.eventId);
        try {
          // An event that names no customer tells us nothing that we follow; it stays stored.
          if (customerId !== null) await sync(customerId);
          await store.markHandled(database.kysely, ids, clock.now());
          handled += ids.length;
        } catch (error) {
          const attempts = Math.max(...events.map((event) => event.attempts));
          const notBefore = clock.now() + pauseAfter(attempts);
          await store.markFailed(database.kysely, ids, { notBefore, error: String(error).slice(0, 500) });
          failed += ids.length;
          if (customerId !== null) onFailure(customerId, error);
        }
      }
      return { handled, failed };
    },
  };
}
