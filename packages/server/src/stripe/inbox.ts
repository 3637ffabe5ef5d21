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
  /** Whose payment it is: an event about a refund or a dispute names only that. */
  customerOfPayment: (paymentId: string) => Promise<string | null>;
  onFailure: (customerId: string, error: unknown) => void;
}): Inbox {
  const { database, clock, sync, customerOfPayment, onFailure } = options;

  async function fail(events: readonly store.TakenEvent[], about: string, error: unknown): Promise<void> {
    const attempts = Math.max(...events.map((event) => event.attempts));
    const notBefore = clock.now() + pauseAfter(attempts);
    const ids = events.map((event) => event.eventId);
    await store.markFailed(database.kysely, ids, { notBefore, error: String(error).slice(0, 500) });
    onFailure(about, error);
  }

  /** @returns the event with its customer; `null` when Stripe could not be asked */
  async function withCustomer(event: store.TakenEvent): Promise<store.TakenEvent | null> {
    const { eventId, customerId, paymentId } = event;
    if (customerId !== null || paymentId === null) return event;
    try {
      const found = await customerOfPayment(paymentId);
      if (found !== null) await store.nameCustomer(database.kysely, eventId, found);
      return { ...event, customerId: found };
    } catch (error) {
      await fail([event], paymentId, error);
      return null;
    }
  }
  return {
    receive: (event) => store.insertEvent(database.kysely, event, clock.now()),
    async drain() {
      const now = clock.now();
      const taken = await store.takeDueEvents(database.kysely, {
        now,
        leaseUntil: now + LEASE_MS,
        limit: BATCH_MAX,
      });
      const known: store.TakenEvent[] = [];
      for (const event of taken) {
        const named = await withCustomer(event);
        if (named !== null) known.push(named);
      }
      let handled = 0;
      let failed = taken.length - known.length;
      for (const [customerId, events] of Map.groupBy(known, (event) => event.customerId)) {
        const ids = events.map((event) => event.eventId);
        try {
          // An event that names no customer tells us nothing that we follow; it stays stored.
          if (customerId !== null) await sync(customerId);
          await store.markHandled(database.kysely, ids, clock.now());
          handled += ids.length;
        } catch (error) {
          await fail(events, customerId ?? "none", error);
          failed += ids.length;
        }
      }
      return { handled, failed };
    },
  };
}
