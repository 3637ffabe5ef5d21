import {
  findPack,
  reversalMovements,
  sourcesOfReversals,
  type AccountId,
  type BookedReversal,
  type Catalog,
  type Clock,
  type CreditsTopic,
  type Drift,
  type PaidPack,
  type ReversalMovement,
} from "@bursar/core";
import type { Book } from "../book/book.ts";
import { listEntriesOfSources } from "../book/store-reads.ts";
import type { Database, Queryable } from "../db/open-database.ts";
import { pauseAutoRecharge } from "../recharge/pause-recharge.ts";
import type { CustomerFacts, ReversedPayment } from "../stripe/facts.ts";
import { findBilledCents, upsertReversal } from "./store.ts";

export interface ReversalsContext {
  readonly database: Database;
  readonly book: Book;
  readonly catalog: Catalog;
  readonly clock: Clock;
}

/** Writes what Stripe shows of refunds and disputes, in the caller's transaction. The credits follow after it. */
export async function projectReversals(
  db: Queryable,
  accountId: AccountId,
  { reversedPayments }: Pick<CustomerFacts, "reversedPayments">,
): Promise<Drift[]> {
  for (const { reversals } of reversedPayments) {
    for (const reversal of reversals) await upsertReversal(db, accountId, reversal);
  }
  return [];
}

/**
 * Takes back the credits of money that went back, and returns them when it came again (K2). Grants come before, so a
 * refund that is seen together with its payment finds the pack in the book. A crash between any two lines leaves
 * movements that the next look finds again by their sources.
 * @returns what was missing until now
 * @throws when the book could not say that a movement is in; the caller tries again
 */
export async function followReversals(
  context: ReversalsContext,
  accountId: AccountId,
  { packPayments, reversedPayments }: Pick<CustomerFacts, "packPayments" | "reversedPayments">,
): Promise<Drift[]> {
  const drifts: Drift[] = [];
  for (const payment of reversedPayments) {
    const packId = packPayments.find(({ paymentId }) => paymentId === payment.paymentId)?.packId;
    const name = packId === undefined ? undefined : (findPack(context.catalog, packId)?.name ?? packId);
    const movements = await movementsOf(context, accountId, { payment, name: name ?? "a credit pack" });
    const taken = movements.find(({ kind, priceCents }) => kind === "refund" && priceCents !== 0);
    // Before the balance falls: else the fall would buy the pack again that was just given back.
    if (taken !== undefined) await pause(context, accountId, taken.reversal);
    for (const movement of movements) drifts.push(...(await move(context.book, accountId, movement)));
  }
  return drifts;
}

/** A2: a refund or dispute of a pack stops auto-recharge until somebody turns it on again. */
async function pause(
  { database, clock }: ReversalsContext,
  accountId: AccountId,
  { kind, createdAt }: ReversalMovement["reversal"],
): Promise<void> {
  const now = clock.now(accountId);
  // A dispute may have begun as an inquiry, long before its money was withdrawn.
  const happenedAt = kind === "refund" ? createdAt : now;
  await database.kysely
    .transaction()
    .execute((db) => pauseAutoRecharge(db, accountId, { reason: kind, happenedAt, now }));
}

/** What is left to move of a payment; nothing when it did not buy a pack. */
async function movementsOf(
  { database }: ReversalsContext,
  accountId: AccountId,
  { payment, name }: { payment: ReversedPayment; name: string },
): Promise<ReversalMovement[]> {
  const { paymentId, paidCents, currency, reversals } = payment;
  const sources = [paymentId, ...sourcesOfReversals(reversals)];
  const entries = await listEntriesOfSources(database.kysely, accountId, sources);
  const bought = entries.find(
    ({ kind, source }) => source === paymentId && (kind === "purchase" || kind === "auto_recharge"),
  );
  if (bought === undefined) return [];
  const booked = entries.flatMap(({ kind, source, tokens }): BookedReversal[] =>
    kind === "refund" || kind === "refund_reversal" ? [{ kind, source, tokens }] : [],
  );
  // Credit at Stripe may have paid a part: what the card paid is then not the whole, nor is its refund.
  const billedCents = await findBilledCents(database.kysely, accountId, paymentId);
  const { tokens } = bought;
  const pack: PaidPack = { paymentId, name, tokens, paidCents: billedCents ?? paidCents, currency };
  return reversalMovements(pack, reversals, booked);
}

async function move(book: Book, accountId: AccountId, movement: ReversalMovement): Promise<Drift[]> {
  const { kind, source, tokens, reversal, priceCents, description } = movement;
  const { paymentId, currency } = reversal;
  const common = {
    accountId,
    source,
    tokens,
    note: { priceCents: priceCents === 0 ? null : priceCents, currency, description, resource: null },
    // A correction of rounding is no news.
    ...(priceCents === 0
      ? {}
      : { tells: { topic: topicOf(movement), paymentId, amountCents: Math.abs(priceCents), currency } }),
  };
  const outcome = await book.submit(
    kind === "refund" ? { type: "take_back", kind, ...common } : { type: "grant", kind, ...common },
  );
  switch (outcome.code) {
    case "taken_back":
    case "granted":
      return [missingMovement(movement)];
    case "duplicate":
      return [];
    default:
      throw new Error(`The credits of ${source} were not moved: the book answered ${outcome.code}.`);
  }
}

function topicOf({ kind, reversal }: ReversalMovement): CreditsTopic {
  if (reversal.kind === "refund") return kind === "refund" ? "credits.refunded" : "credits.refund_failed";
  return kind === "refund" ? "credits.disputed" : "credits.dispute_won";
}

function missingMovement({ kind, tokens, reversal }: ReversalMovement): Drift {
  const { reversalId, paymentId, status } = reversal;
  const what = `${reversal.kind} ${reversalId} (${status}) of ${paymentId}`;
  const sentence =
    kind === "refund"
      ? `The ${tokens} tokens of the ${what} were not taken back yet.`
      : `The ${tokens} tokens of the ${what} were not returned yet.`;
  return {
    what: "credits",
    id: reversalId,
    stored: null,
    found: kind === "refund" ? -tokens : tokens,
    sentence,
  };
}
