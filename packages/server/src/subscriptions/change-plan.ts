/** The confirmation of a change (S1-S3): held to its quote, written down, then carried out. */
import { classify, isRefusal, SECOND_MS, type AccountId, type Instant, type Wanted } from "@bursar/core";
import { lockAccount } from "../accounts/store.ts";
import { requesterOf, type Actor } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import { listSeatHolders } from "../seats/seat-holders.ts";
import { carryOut, type CarriedOut } from "./carry-out.ts";
import type { Queryable } from "../db/open-database.ts";
import type { SubscriptionsContext } from "./context.ts";
import { dueTodayOf, quoteChange, quotedOf, upgradePriceOf, type Preview } from "./preview-change.ts";
import { nameHolders, type NamedRefusal } from "./named-refusal.ts";
import { loadStanding, type CurrentStanding } from "./standing.ts";
import {
  countChanges,
  findOpenChange,
  insertChange,
  isWithdrawing,
  type Charge,
  type PlanChangeRow,
} from "./store-changes.ts";
import { findQuote } from "./store-quotes.ts";
import { isSameChange, type WantedChange } from "./wanted-change.ts";

export interface ChangeRequest {
  /** `as_now`: the plan as it is when Stripe is read; only what is scheduled for it, or its end, goes. */
  readonly wanted: Wanted | "as_now";
  readonly quoteId?: string | undefined;
  /** Who confirmed. */
  readonly actor: Actor;
}

export type ChangeOutcome =
  | CarriedOut
  | NamedRefusal
  /** The first subscription is bought on Stripe's hosted page. */
  | { readonly code: "needs_checkout" }
  | { readonly code: "no_saved_payment_method" }
  | { readonly code: "quote_changed"; readonly preview: Preview }
  /** Another change is under way; with the bank's page when it waits for that. */
  | { readonly code: "change_in_progress"; readonly url: string | null }
  | { readonly code: "not_in_stripe" };

export async function changePlan(
  context: SubscriptionsContext,
  accountId: AccountId,
  request: ChangeRequest,
): Promise<ChangeOutcome> {
  // Counted first: what begins after this is seen by the count under the lock, what began before is open or done now.
  const changesSeen = await countChanges(context.database.kysely, accountId);
  const open = await findOpenChange(context.database.kysely, accountId);
  if (open !== null) return { code: "change_in_progress", url: open.invoiceUrl };
  const current = await loadStanding(context, accountId);
  const now = context.clock.now(accountId);
  const wanted = request.wanted === "as_now" ? asNow(current) : request.wanted;
  const change = classify({ ...current, now }, wanted);
  if (isRefusal(change)) return nameHolders(change, current.holders);
  if (change.kind === "first") return { code: "needs_checkout" };
  const held = await holdToQuote(context, accountId, { request, current, change, now });
  if ("code" in held) return held;
  const { actor } = request;
  const { charge } = held;
  return begin(context, accountId, { wanted, actor, current, changesSeen, change, charge, now });
}

/** Of an account without a subscription there is nothing to keep: the empty wish is refused as any other of it. */
function asNow({ standing }: CurrentStanding): Wanted {
  return standing.kind === "subscribed" ? standing.target : {};
}

/** The charge of an upgrade, computed anew for the quote's instant; any other amount is a new quote (R3). */
async function holdToQuote(
  context: SubscriptionsContext,
  accountId: AccountId,
  wanted: { request: ChangeRequest; current: CurrentStanding; change: WantedChange; now: Instant },
): Promise<{ charge: Charge | null } | Exclude<ChangeOutcome, CarriedOut>> {
  const { request, current, change, now } = wanted;
  const { quoteId } = request;
  const quote = quoteId === undefined ? null : await findQuote(context.database.kysely, accountId, quoteId);
  const requote = async (): Promise<Exclude<ChangeOutcome, CarriedOut>> => {
    const preview = await quoteChange(context, accountId, { current, change, now });
    return preview.code === "previewed" ? { code: "quote_changed", preview } : preview;
  };
  if (quoteId !== undefined) {
    const holds =
      quote !== null && quote.expiresAt > now && isSameChange(quote.change, quotedOf(current, change));
    if (!holds) return requote();
  }
  if (change.kind !== "upgrade" || current.live === null) return { charge: null };
  const proratedAt = quote?.proratedAt ?? now - (now % SECOND_MS);
  const [due, priceId] = [
    await dueTodayOf(context, current, { change, proratedAt }),
    await upgradePriceOf(context, current, { target: change.now, live: current.live }),
  ];
  if (due === null || priceId === null) return { code: "not_in_stripe" };
  if (quote !== null && due.amountDueCents !== quote.amountDueCents) return requote();
  if (due.amountDueCents > 0 && !current.hasCard) return { code: "no_saved_payment_method" };
  const { itemId } = current.live;
  const { startsPeriod } = change;
  const { amountDueCents, currency } = due;
  return {
    charge: { itemId, priceId, seats: change.now.seats, proratedAt, startsPeriod, amountDueCents, currency },
  };
}

async function begin(
  context: SubscriptionsContext,
  accountId: AccountId,
  given: {
    current: CurrentStanding;
    /** How many changes the account had before the standing was read. */
    changesSeen: number;
    change: WantedChange;
    charge: Charge | null;
    wanted: Wanted;
    actor: Actor;
    now: Instant;
  },
): Promise<ChangeOutcome> {
  const { database, ids } = context;
  const { live } = given.current;
  if (live === null) return { code: "needs_checkout" };
  const row: PlanChangeRow = {
    accountId,
    changeId: ids.next("chg_"),
    state: given.charge === null ? "settling" : "charging",
    change: given.change,
    subscriptionId: live.subscription.subscriptionId,
    charge: given.charge,
    invoiceId: null,
    invoiceUrl: null,
    failure: null,
    createdAt: given.now,
    heldBy: ids.next("hld_"),
  };
  const begun = await database.kysely.transaction().execute(async (db) => {
    // Invitations are made under the same lock: somebody may have got a seat that this change gives up.
    await lockAccount(db, accountId);
    const refusal = await lacksSeatsNow(db, { ...given, accountId });
    if (refusal !== null) return refusal;
    // Another change, begun and maybe finished since the standing was read: what was decided from it is old.
    if ((await countChanges(db, accountId)) !== given.changesSeen) return false;
    if (await isWithdrawing(db, accountId)) return false;
    const requestedBy = requesterOf(given.actor);
    const isOpened = await insertChange(db, { ...row, requestedBy, updatedAt: context.clock.now() });
    if (isOpened) await writeOpened(db, row, given);
    return isOpened;
  });
  if (typeof begun === "object") return begun;
  if (!begun) {
    const other = await findOpenChange(database.kysely, accountId);
    return { code: "change_in_progress", url: other?.invoiceUrl ?? null };
  }
  return carryOut(context, row);
}

/** What it changes, from what, and what it was held to. */
function writeOpened(
  db: Queryable,
  { accountId, changeId, change, charge, createdAt }: PlanChangeRow,
  { actor, current: { standing } }: { actor: Actor; current: CurrentStanding },
): Promise<void> {
  const amountDue = charge?.amountDueCents ?? 0;
  const before =
    standing.kind === "subscribed"
      ? { ...standing.target, pending: standing.pending, cancelAt: standing.cancelAt }
      : null;
  return writeAudit(db, actor, {
    ...{ accountId, action: "plan_change.opened", subject: changeId, before, at: createdAt },
    after: { ...change, amountDue, currency: charge?.currency ?? null },
  });
}

/** Judges the wish again by the people who are there at this moment. */
async function lacksSeatsNow(
  db: Queryable,
  given: { accountId: AccountId; current: CurrentStanding; wanted: Wanted; now: Instant },
): Promise<NamedRefusal | null> {
  const { standing, catalog } = given.current;
  const holders = await listSeatHolders(db, given.accountId, given.now);
  const change = classify({ catalog, standing, usedSeats: holders.length, now: given.now }, given.wanted);
  return isRefusal(change) ? nameHolders(change, holders) : null;
}
