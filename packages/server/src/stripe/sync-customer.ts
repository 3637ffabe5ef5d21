import type { AccountId, Clock, Drift } from "@bursar/core";
import type { Database, Queryable } from "../db/open-database.ts";
import type { Card, CustomerFacts } from "./facts.ts";
import type { Gateway } from "./gateway.ts";
import { shareRuns } from "./share-runs.ts";
import {
  advanceStripeCustomer,
  findAccountOfCustomer,
  findStripeCustomer,
  type StripeCustomerRow,
} from "./store-customers.ts";
import { listAnnounced, listNamedPayments } from "./store-inbox.ts";

/** Writes some of a customer's facts, in the transaction that makes them all ours at once. @returns what was otherwise */
type Projection = (db: Queryable, accountId: AccountId, facts: CustomerFacts) => Promise<readonly Drift[]>;

/** A drift that a look mended. */
export interface MendedDrift extends Drift {
  /**
   * An event about the same object is stored and not handled yet: we would have followed in a moment. Without one
   * nothing has told us, so a webhook was lost, or our rows were changed by hand.
   */
  readonly isAnnounced: boolean;
}

export interface SyncReport {
  readonly accountId: AccountId;
  readonly customerId: string;
  readonly drifts: readonly MendedDrift[];
}

/** Other syncs of one customer at the same time, at most: one on each server, as a server's own share their runs. */
const ROUNDS_MAX = 8;

interface SyncOptions {
  readonly database: Database;
  readonly gateway: Gateway;
  readonly clock: Clock;
  /** `everything`: older invoices and payments too, not only those since the last look. */
  readonly reads: "news" | "everything";
  readonly projections: readonly Projection[];
  /** Payments of the account whose refunds or disputes may still change: they are read however old they are. */
  readonly openPayments: (db: Queryable, accountId: AccountId) => Promise<readonly string[]>;
  /**
   * After the facts are ours: what may take several transactions and is safe to repeat (granting what was paid).
   * @returns what was missing
   */
  readonly settle: (
    accountId: AccountId,
    customerId: string,
    facts: CustomerFacts,
  ) => Promise<readonly Drift[]>;
  /** Told once of each thing at Stripe that we leave alone. */
  readonly report: (accountId: AccountId, sentence: string) => void;
}

/**
 * The one road by which anything of Stripe comes in. Whoever hears of a change asks for a sync of the customer; it
 * fetches all that we follow and writes it in one transaction, so order, repeats and gaps of events do not matter.
 *
 * Two syncs at once could write in the wrong order: the older facts last. So the row has a version, read before the
 * fetch: if another sync wrote meanwhile, ours may be the older and is thrown away and fetched again.
 *
 * It says what it mended. To one who follows an event that is no news; a sweep tells an operator.
 */
export function createSync(options: SyncOptions) {
  const { database, gateway, reads } = options;

  /** Brings the account of this customer up to date; `null`: a customer that is not ours is no business of this service. */
  return shareRuns(async function syncCustomer(customerId: string): Promise<SyncReport | null> {
    const accountId = await findAccountOfCustomer(database.kysely, customerId);
    if (accountId === null) return null;
    for (let round = 1; round <= ROUNDS_MAX; round++) {
      const before = await findStripeCustomer(database.kysely, accountId);
      if (before === null) return null;
      const seenUntil = reads === "everything" ? null : (before.syncedAt?.getTime() ?? null);
      const paymentIds = await paymentsToRead(options, accountId, customerId);
      const facts = await gateway.fetchCustomerFacts({ customerId, seenUntil, paymentIds });
      const written = await write(options, accountId, { before, facts });
      if (written === null) continue;
      const drifts = [...written, ...(await options.settle(accountId, customerId, facts))];
      await after(options, accountId, { customerId, facts });
      return { accountId, customerId, drifts: await withAnnounced(database, customerId, drifts) };
    }
    throw new Error(`The customer ${customerId} changed ${ROUNDS_MAX} times while it was being read.`);
  });
}

/** Payments that events name; a hundred, as one look has some seconds. What is left over is still unhandled afterwards. */
const NAMED_PAYMENTS_MAX = 100;

async function paymentsToRead(
  { database: { kysely }, openPayments }: SyncOptions,
  accountId: AccountId,
  customerId: string,
): Promise<string[]> {
  const named = await listNamedPayments(kysely, customerId, NAMED_PAYMENTS_MAX);
  return [...new Set([...named, ...(await openPayments(kysely, accountId))])];
}

/** @returns `null` when another sync wrote meanwhile */
function write(
  { database, clock, projections }: SyncOptions,
  accountId: AccountId,
  { before, facts }: { before: StripeCustomerRow; facts: CustomerFacts },
): Promise<Drift[] | null> {
  const { version } = before;
  const { card, isDeleted } = facts;
  return database.kysely.transaction().execute(async (db) => {
    if (!(await advanceStripeCustomer(db, accountId, { version, card, isDeleted, now: clock.now() })))
      return null;
    const drifts: Drift[] = customerDrifts(before, facts);
    for (const project of projections) drifts.push(...(await project(db, accountId, facts)));
    return drifts;
  });
}

async function after(
  { gateway, report }: SyncOptions,
  accountId: AccountId,
  { customerId, facts }: { customerId: string; facts: CustomerFacts },
): Promise<void> {
  if (facts.strayCard !== null) await gateway.moveCardToCustomer(customerId, facts.strayCard);
  for (const id of facts.foreignSubscriptionIds) {
    report(
      accountId,
      `The subscription ${id} is for a price that is not of our catalogue; it gives no plan.`,
    );
  }
  if (facts.isCut) {
    report(
      accountId,
      `${customerId} has more invoices or payments than one look reads; the oldest were not looked at.`,
    );
  }
}

function customerDrifts({ customerId, card: had }: StripeCustomerRow, facts: CustomerFacts): Drift[] {
  const { isDeleted, card: has } = facts;
  if (isDeleted) {
    const sentence = `The customer ${customerId} was deleted at Stripe.`;
    return [{ what: "customer", id: customerId, stored: "there", found: "deleted", sentence }];
  }
  const [stored, found] = [cardText(had), cardText(has)];
  if (stored === found) return [];
  const sentence = `The card of ${customerId}: we had ${stored ?? "none"}, Stripe has ${found ?? "none"}.`;
  return [{ what: "card", id: customerId, stored, found, sentence }];
}

function cardText(card: Card | null): string | null {
  if (card === null) return null;
  return `${card.brand} ${card.last4}, ${String(card.expMonth).padStart(2, "0")}/${card.expYear}`;
}

async function withAnnounced(
  { kysely }: Database,
  customerId: string,
  drifts: readonly Drift[],
): Promise<MendedDrift[]> {
  if (drifts.length === 0) return [];
  const announced = await listAnnounced(kysely, customerId);
  return drifts.map((drift) => ({ ...drift, isAnnounced: announced.has(drift.id) }));
}
