/**
 * What must hold of any state, however it came about. Each check gives sentences about what is wrong; none at all is
 * good. References are checked in the store, sums and statuses in what the API shows.
 */
import type Stripe from "stripe";
import { Collection, type Entity } from "../../store/collection.ts";
import type { Store } from "../../store/store.ts";

/** Snapshots of what was, which may name what is no longer there. */
const HISTORIES = new Set(["events", "deliveries", "idempotency_keys", "notices", "deleted_customers"]);

/** Ids as `newId` makes them; ids of the caller's choice look like any text. */
const ID = /^[a-z]{2,6}_[A-Za-z0-9]{24}$/;

function collectionsOf(store: Store): Collection<Entity>[] {
  return Object.values(store).filter(
    (field: unknown): field is Collection<Entity> => field instanceof Collection,
  );
}

export function danglingReferences(store: Store): string[] {
  const known = new Set<string>();
  for (const collection of collectionsOf(store)) {
    for (const entity of collection.values())
      for (const [path, value] of textsOf(entity, "")) if (path.endsWith(".id")) known.add(value);
  }
  const dangling: string[] = [];
  for (const collection of collectionsOf(store)) {
    if (HISTORIES.has(collection.name)) continue;
    for (const entity of collection.values()) {
      for (const [path, value] of textsOf(entity, entity.id))
        if (ID.test(value) && !known.has(value))
          dangling.push(`${collection.name} ${path} names ${value}, which is not there`);
    }
  }
  return dangling;
}

function* textsOf(value: unknown, path: string): Generator<[string, string]> {
  if (typeof value === "string") yield [path, value];
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) yield* textsOf(item, `${path}.${key}`);
}

/** Numbers that JSON cannot say, or that are no longer exact. */
export function brokenNumbers(store: Store): string[] {
  const broken: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value === "number" && !(Math.abs(value) <= Number.MAX_SAFE_INTEGER))
      broken.push(`${path} is ${value}`);
    if (typeof value !== "object" || value === null) return;
    for (const [key, item] of Object.entries(value)) visit(item, `${path}.${key}`);
  };
  for (const collection of collectionsOf(store))
    for (const entity of collection.values()) visit(entity, entity.id);
  return broken;
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

/** @param invoice with its payments expanded and all of its lines */
export function wrongSums(invoice: Stripe.Invoice): string[] {
  const lines = invoice.lines.data;
  const discounts = sum((invoice.total_discount_amounts ?? []).map(({ amount }) => amount));
  const added = (invoice.total_taxes ?? []).filter(({ tax_behavior }) => tax_behavior === "exclusive");
  const taxes = sum(added.map(({ amount }) => amount));
  const payments = invoice.payments?.data ?? [];
  const claims: [boolean, string][] = [
    [invoice.subtotal === sum(lines.map(({ amount }) => amount)), "its subtotal is not the sum of its lines"],
    [
      invoice.total === invoice.subtotal - discounts + taxes,
      "its total is not subtotal less discounts plus taxes",
    ],
    [invoice.amount_due >= 0 && invoice.amount_remaining >= 0, "it is owed less than nothing"],
    [
      invoice.status === "void" ||
        invoice.amount_remaining === Math.max(0, invoice.amount_due - invoice.amount_paid),
      "what remains is not what is due less what was paid",
    ],
    [invoice.status !== "paid" || invoice.amount_remaining === 0, "it is paid and something remains"],
    [(invoice.status === "draft") === (invoice.number === null), "only drafts have no number"],
    [payments.filter(({ is_default }) => is_default).length <= 1, "it has two default payments"],
    [
      sum(payments.map(({ amount_paid }) => amount_paid ?? 0)) <= invoice.amount_paid,
      "its payments paid more than it was paid",
    ],
  ];
  return claims.filter(([holds]) => !holds).map(([, fault]) => `${invoice.id} (${invoice.status}): ${fault}`);
}

/** @param subscription with its latest invoice expanded */
export function wrongStatus(subscription: Stripe.Subscription): string[] {
  const { status, ended_at, items } = subscription;
  const invoice = subscription.latest_invoice as Stripe.Invoice | null;
  const hasEnded = status === "canceled" || status === "incomplete_expired";
  const claims: [boolean, string][] = [
    [hasEnded === (ended_at !== null), "it has an end and no end"],
    [items.data.length > 0, "it has no items"],
    [status !== "incomplete" || invoice?.status === "open", "it is incomplete and its invoice is not open"],
    [status !== "trialing" || subscription.trial_end !== null, "it is on trial without an end"],
    [
      items.data.every(({ current_period_start: start, current_period_end: end }) => start < end),
      "a period of it ends before it starts",
    ],
    [items.data.every((item) => (item.quantity ?? 0) >= 0), "it has a negative quantity"],
  ];
  return claims.filter(([holds]) => !holds).map(([, fault]) => `${subscription.id} (${status}): ${fault}`);
}

export function wrongRefunds(charge: Stripe.Charge, refunds: Stripe.Refund[]): string[] {
  // What was only set aside goes back without a refund.
  if (!charge.captured) return [];
  const given = refunds.filter((refund) => refund.charge === charge.id && refund.status === "succeeded");
  const total = sum(given.map(({ amount }) => amount));
  const isRight = charge.amount_refunded === total && total <= charge.amount;
  return isRight
    ? []
    : [`${charge.id}: ${total} refunded, ${charge.amount_refunded} noted, of ${charge.amount}`];
}
