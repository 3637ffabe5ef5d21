/** Gathers from the store what the rules need to know of an object, and tells whose rules a change touches. */
import type { Notice } from "../entities/notice.ts";
import type { SubscriptionItem } from "../entities/subscription.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Entity } from "../store/collection.ts";
import type { Due, Told } from "./due.ts";
import { dueOfInvoice } from "./due-invoice.ts";
import { dueOfSchedule } from "./due-schedule.ts";
import { dueOfSubscription } from "./due-subscription.ts";

/** The kinds of objects for which anything falls due, by their name in the store. */
export const DUE_COLLECTIONS = [
  "checkoutSessions",
  "invoices",
  "refunds",
  "subscriptionSchedules",
  "subscriptions",
  "taxIds",
  "testClocks",
] as const;

export type DueCollection = (typeof DUE_COLLECTIONS)[number];

/** The next thing due for an object, and the test clock it lives on; null when it is gone or at rest. */
export function dueIn(
  sandbox: Sandbox,
  collection: DueCollection,
  id: string,
): { due: Due; clock: string | null } | null {
  const due = RULES[collection](sandbox, id);
  if (due === null) return null;
  const { customer } = sandbox.store[collection].get(id) as { customer?: string | null };
  return { due, clock: sandbox.store.customers.get(customer ?? "")?.test_clock ?? null };
}

const RULES: Record<DueCollection, (sandbox: Sandbox, id: string) => Due | null> = {
  checkoutSessions: ({ store }, id) => {
    const session = store.checkoutSessions.get(id);
    return session?.status === "open" ? { kind: "session_expires", at: session.expires_at } : null;
  },
  invoices: (sandbox, id) => {
    const { settings } = sandbox.account;
    const invoice = sandbox.store.invoices.get(id);
    return invoice ? dueOfInvoice({ invoice, told: toldOf(sandbox, id), settings }) : null;
  },
  refunds: ({ store }, id) => {
    const later = store.refunds.get(id)?.later;
    return later ? { kind: "refund_finishes", at: later.at } : null;
  },
  subscriptionSchedules: (sandbox, id) => {
    const schedule = sandbox.store.subscriptionSchedules.get(id);
    return schedule ? dueOfSchedule({ schedule, told: toldOf(sandbox, id) }) : null;
  },
  subscriptions: (sandbox, id) => {
    const { settings } = sandbox.account;
    const subscription = sandbox.store.subscriptions.get(id);
    const items = sandbox.store.subscriptionItems.where("subscription", id);
    const told = toldOf(sandbox, id);
    return subscription ? dueOfSubscription({ subscription, items, told, settings }) : null;
  },
  taxIds: ({ store }, id) => {
    const later = store.taxIds.get(id)?.later;
    return later ? { kind: "tax_id_answered", at: later.at } : null;
  },
  // A clock is not taken away while it advances.
  testClocks: ({ store }, id) => {
    const clock = store.testClocks.get(id);
    return clock && clock.status !== "advancing" ? { kind: "clock_expires", at: clock.deletes_after } : null;
  },
};

function toldOf(sandbox: Sandbox, id: string): Told {
  return sandbox.store.notices.get(id)?.told ?? {};
}

/** Which object has to be asked again after a change of `entity`. */
export function ownerOf(
  collection: string,
  entity: Entity,
): { collection: DueCollection; id: string } | null {
  switch (collection) {
    case "checkout_sessions":
      return { collection: "checkoutSessions", id: entity.id };
    case "invoices":
      return { collection: "invoices", id: entity.id };
    case "refunds":
      return { collection: "refunds", id: entity.id };
    case "tax_ids":
      return { collection: "taxIds", id: entity.id };
    case "subscription_schedules":
      return { collection: "subscriptionSchedules", id: entity.id };
    case "subscriptions":
      return { collection: "subscriptions", id: entity.id };
    case "subscription_items":
      return { collection: "subscriptions", id: (entity as SubscriptionItem).subscription };
    case "test_clocks":
      return { collection: "testClocks", id: entity.id };
    case "notices":
      return { collection: (entity as Notice).collection, id: entity.id };
    default:
      return null;
  }
}
