import { MINUTE_MS, type AccountId, type Clock } from "@bursar/core";
import type { Actor } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import type { Book } from "../book/book.ts";
import type { BookOutcome, Undecided } from "../book/book-outcome.ts";
import type { Database } from "../db/open-database.ts";
import { ensureAdjustment, listUnbooked, markBooked, type AdjustmentRow } from "./store-adjustments.ts";

interface AdjustContext {
  readonly database: Database;
  readonly book: Book;
  readonly clock: Clock;
}

export interface AdjustmentRequest {
  readonly accountId: AccountId;
  /** The operator's own id of it: the same id is the same adjustment. */
  readonly adjustmentId: string;
  /** Positive gives, negative takes, also below zero. */
  readonly tokens: number;
  readonly reason: string;
  /** The credential that asked, or the command line. */
  readonly actor: Actor;
  /** The person behind it, as the caller names them. */
  readonly operator: string | null;
}

export type AdjustmentOutcome =
  | { readonly code: "adjusted"; readonly adjustment: AdjustmentRow; readonly balance: number }
  /** The id was used for other tokens or another reason. */
  | { readonly code: "differs"; readonly adjustment: AdjustmentRow }
  /** It is stored and will be booked by itself. */
  | Undecided;

/**
 * An operator's correction of the credits, once by its id. Who asked and why is written first; the book takes the id as
 * source, so a repeat after a crash books it once, and what nobody repeats `finishAdjustments` does.
 */
export async function adjustCredits(
  context: AdjustContext,
  request: AdjustmentRequest,
): Promise<AdjustmentOutcome> {
  const adjustment = await writeDown(context, request);
  if (adjustment.tokens !== request.tokens || adjustment.reason !== request.reason) {
    return { code: "differs", adjustment };
  }
  const outcome = await bookAdjustment(context, adjustment);
  switch (outcome.code) {
    case "granted":
    case "taken_back":
    case "duplicate":
      return { code: "adjusted", adjustment, balance: outcome.balance };
    case "busy":
    case "unavailable":
    case "unknown":
      return outcome;
    default:
      throw new Error(`The adjustment ${request.adjustmentId} was not booked: ${outcome.code}.`);
  }
}

/** The wish and who had it, once. */
function writeDown(
  { database, clock }: AdjustContext,
  { actor, ...request }: AdjustmentRequest,
): Promise<AdjustmentRow> {
  const { accountId, adjustmentId, tokens, reason, operator } = request;
  return database.kysely.transaction().execute(async (db) => {
    const createdAt = clock.now(accountId);
    const { row, isNew } = await ensureAdjustment(db, {
      ...request,
      requestedBy: actor.actor,
      createdAt,
    });
    if (isNew) {
      await writeAudit(db, actor, {
        accountId,
        action: "credits.adjusted",
        subject: adjustmentId,
        before: null,
        after: { tokens, reason, operator },
        at: createdAt,
      });
    }
    return row;
  });
}

async function bookAdjustment(
  { database, book, clock }: AdjustContext,
  { accountId, adjustmentId, tokens, reason }: AdjustmentRow,
): Promise<BookOutcome> {
  const common = {
    kind: "adjustment",
    accountId,
    source: adjustmentId,
    tokens: Math.abs(tokens),
    note: { priceCents: null, currency: null, description: reason, resource: null },
  } as const;
  const outcome = await book.submit(
    tokens > 0 ? { type: "grant", ...common } : { type: "take_back", ...common },
  );
  const isBooked =
    outcome.code === "granted" || outcome.code === "taken_back" || outcome.code === "duplicate";
  if (isBooked) await markBooked(database.kysely, accountId, { adjustmentId, now: clock.now(accountId) });
  return outcome;
}

/** A request that is under way has its entry within seconds; who is older than this was left by a crash. */
const LEFT_AFTER_MS = MINUTE_MS;
const FINISHED_MAX = 100;

/** Books what was asked for and, as a server died, not booked. */
export async function finishAdjustments(context: AdjustContext): Promise<void> {
  const before = context.clock.now() - LEFT_AFTER_MS;
  for (const row of await listUnbooked(context.database.kysely, { before, limit: FINISHED_MAX })) {
    await bookAdjustment(context, row);
  }
}
