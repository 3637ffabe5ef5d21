/** Gathers from the store what the rules of due.ts need to know of an object, and tells whose rules a change touches. */
import type { Notice } from "../entities/notice.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Entity } from "../store/collection.ts";
import { dueOfClock, dueOfSession, type Due } from "./due.ts";

/** The kinds of objects for which anything falls due, by their name in the store. */
export const DUE_COLLECTIONS = ["checkoutSessions", "testClocks"] as const;

export type DueCollection = (typeof DUE_COLLECTIONS)[number];

/** The next thing due for an object, and the test clock it lives on; null when it is gone or at rest. */
export function dueIn(
  sandbox: Sandbox,
  collection: DueCollection,
  id: string,
): { due: Due; clock: string | null } | null {
  const { store } = sandbox;
  const clockOf = (customer: string | null) =>
    (customer && store.customers.get(customer)?.test_clock) || null;
  switch (collection) {
    case "checkoutSessions": {
      const session = store.checkoutSessions.get(id);
      const due = session && dueOfSession(session);
      return due ? { due, clock: clockOf(session.customer) } : null;
    }
    case "testClocks": {
      const clock = store.testClocks.get(id);
      const due = clock && dueOfClock(clock);
      return due ? { due, clock: null } : null;
    }
  }
}

/** Which object has to be asked again after a change of `entity`. */
export function ownerOf(
  collection: string,
  entity: Entity,
): { collection: DueCollection; id: string } | null {
  switch (collection) {
    case "checkout_sessions":
      return { collection: "checkoutSessions", id: entity.id };
    case "test_clocks":
      return { collection: "testClocks", id: entity.id };
    case "notices":
      return { collection: (entity as Notice).collection as DueCollection, id: entity.id };
    default:
      return null;
  }
}
