/** The confirmation of a change (S1-S3): held to its quote, written down, then carried out. */
import {
  classify,
  isRefusal,
  SECOND_MS,
  type AccountId,
  type ChangeRefusal,
  type Instant,
  type Wanted,
} from "@bursar/core";
import { carryOut, type CarriedOut } from "./carry-out.ts";
import type { SubscriptionsContext } from "./context.ts";
import { dueTodayOf, quoteChange, type Preview } from "./preview-change.ts";
import { priceIdOf } from "./price-of.ts";
import { loadStanding, type CurrentStanding } from "./standing.ts";
import { findOpenChange, insertChange, type Charge, type PlanChangeRow } from "./store-changes.ts";
import { findQuote } from "./store-quotes.ts";
import { isSameChange, type WantedChange } from "./wanted-change.ts";

export interface ChangeRequest {
  readonly wanted: Wanted;
  readonly quoteId?: string | undefined;
  /** Who confirmed: a member's or a credential's id. */
  readonly requestedBy: string;
}

export type ChangeOutcome =
  | CarriedOut
  | ChangeRefusal
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
  const open = await findOpenChange(context.database.kysely, accountId);
  if (open !== null) return { code: "change_in_progress", url: open.invoiceUrl };
  const current = await loadStanding(context, accountId);
  const now = context.clock.now(accountId);
  const { catalog } = context;
  const change = classify(
    { catalog, standing: current.standing, usedSeats: current.usedSeats, now },
    request.wanted,
  );
  if (isRefusal(change)) return change;
  if (change.kind === "first") return { code: "needs_checkout" };
  const held = await holdToQuote(context, accountId, { request, current, change, now });
  if ("code" in held) return held;
  return begin(context, accountId, { ...request, current, change, charge: held.charge, now });
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
    const holds = quote !== null && quote.expiresAt > now && isSameChange(quote.change, change);
    if (!holds) return requote();
  }
  if (change.kind !== "upgrade" || current.live === null) return { charge: null };
  const proratedAt = quote?.proratedAt ?? now - (now % SECOND_MS);
  const [due, priceId] = [
    await dueTodayOf(context, current, { change, proratedAt }),
    await priceIdOf(context.gateway, change.now, current.live.subscription),
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
    change: WantedChange;
    charge: Charge | null;
    requestedBy: string;
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
  };
  if (
    !(await insertChange(database.kysely, {
      ...row,
      requestedBy: given.requestedBy,
      updatedAt: context.clock.now(),
    }))
  ) {
    const other = await findOpenChange(database.kysely, accountId);
    return { code: "change_in_progress", url: other?.invoiceUrl ?? null };
  }
  return carryOut(context, row);
}
