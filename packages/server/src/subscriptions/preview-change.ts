/**
 * What a change costs, today and next, before anything happens (S1, R1). It is stored as a quote; the confirmation is
 * held to it.
 */
import {
  addMonths,
  choosePrice,
  classify,
  isRefusal,
  lossesOf,
  MINUTE_MS,
  priceTarget,
  SECOND_MS,
  type AccountId,
  type Catalog,
  type Instant,
  type Losses,
  type Target,
  type Wanted,
} from "@bursar/core";
import { ownerAmong } from "../seats/active-members.ts";
import type { SeatHolder } from "../seats/seat-holders.ts";
import type { PreviewFact } from "../stripe/change-subscription.ts";
import type { LiveSubscription } from "../stripe/live-subscription.ts";
import type { SubscriptionsContext } from "./context.ts";
import { nameHolders, type NamedRefusal } from "./named-refusal.ts";
import { priceIdOf } from "./price-of.ts";
import { loadStanding, type CurrentStanding } from "./standing.ts";
import type { NextInvoice } from "./store.ts";
import { insertQuote } from "./store-quotes.ts";
import type { QuotedChange, WantedChange } from "./wanted-change.ts";

/** How long a quote binds (api.md). */
const QUOTE_LIFETIME_MS = 10 * MINUTE_MS;

export interface Preview {
  readonly code: "previewed";
  readonly quoteId: string;
  readonly expiresAt: Instant;
  readonly change: WantedChange;
  /** When the main part of it is in force. */
  readonly effectiveAt: Instant;
  readonly dueToday: PreviewFact;
  /** `null` when nothing is billed any more. */
  readonly nextInvoice: NextInvoice | null;
  readonly losses: Losses;
  /** Who stays and who loses access, where only the owner stays active (S4). */
  readonly access: Access;
  readonly from: Target | null;
}

interface Access {
  readonly keeps: SeatHolder | null;
  readonly loses: readonly SeatHolder[];
}

export type PreviewOutcome = Preview | NamedRefusal | { readonly code: "not_in_stripe" };

export async function previewChange(
  context: SubscriptionsContext,
  accountId: AccountId,
  wanted: Wanted,
): Promise<PreviewOutcome> {
  const current = await loadStanding(context, accountId);
  const now = context.clock.now(accountId);
  const change = classify({ ...current, now }, wanted);
  if (isRefusal(change)) return nameHolders(change, current.holders);
  return quoteChange(context, accountId, { current, change, now });
}

/** Asks Stripe for the figures of a classified change and stores them. */
export async function quoteChange(
  context: SubscriptionsContext,
  accountId: AccountId,
  { current, change, now }: { current: CurrentStanding; change: WantedChange; now: Instant },
): Promise<Preview | { readonly code: "not_in_stripe" }> {
  const proratedAt = now - (now % SECOND_MS);
  const dueToday = await dueTodayOf(context, current, { change, proratedAt });
  const nextInvoice = await nextInvoiceOf(context, current, { change, now });
  if (dueToday === null || nextInvoice === "not_in_stripe") return { code: "not_in_stripe" };
  const quote = { quoteId: context.ids.next("quote_"), expiresAt: now + QUOTE_LIFETIME_MS, change };
  await insertQuote(context.database.kysely, accountId, {
    ...quote,
    change: quotedOf(current, change),
    proratedAt,
    subtotalCents: dueToday.subtotalCents,
    amountDueCents: dueToday.amountDueCents,
    currency: dueToday.currency,
  });
  const from = current.standing.kind === "subscribed" ? current.standing.target : null;
  const losses = lossesFrom(context, from, change);
  return {
    code: "previewed",
    ...quote,
    effectiveAt: effectiveAtOf(change, now),
    dueToday,
    nextInvoice,
    losses,
    access: accessAfter(current.holders, losses),
    from,
  };
}

/** Today's charge; `null` when the price is not at Stripe. */
export async function dueTodayOf(
  context: SubscriptionsContext,
  current: CurrentStanding,
  { change, proratedAt }: { change: WantedChange; proratedAt: Instant },
): Promise<PreviewFact | null> {
  const { gateway } = context;
  const { live, customerId, buyer, catalog } = current;
  if (change.kind === "first") {
    const priceId = await priceIdOf(context, { buyer, target: change.now, has: null, at: "now" });
    if (priceId === null) return null;
    if (customerId !== null) return gateway.previewPeriod({ customerId, priceId, seats: change.now.seats });
    return firstOfStranger(catalog, { target: change.now, now: proratedAt });
  }
  if (change.kind !== "upgrade" || live === null) return nothingDue(catalog.currency);
  const priceId = await upgradePriceOf(context, current, { target: change.now, live });
  if (priceId === null) return null;
  return gateway.previewUpgrade({
    subscriptionId: live.subscription.subscriptionId,
    itemId: live.itemId,
    priceId,
    seats: change.now.seats,
    prorationAt: proratedAt,
    startsPeriod: change.startsPeriod,
  });
}

/** The price that an upgrade charges for the rest of the period. */
export function upgradePriceOf(
  context: SubscriptionsContext,
  { buyer }: CurrentStanding,
  { target, live }: { target: Target; live: LiveSubscription },
): Promise<string | null> {
  return priceIdOf(context, { buyer, target, has: live.subscription, at: "now" });
}

/** Stripe does not know this customer yet, so no address says which tax it will be. */
function firstOfStranger(
  catalog: Catalog,
  { target, now }: { target: Target; now: Instant },
): PreviewFact | null {
  const priced = priceTarget(catalog, target);
  if (priced.code === "refused") return null;
  const { plan, subtotalCents } = priced;
  const seats = plan.perSeat ? `, ${target.seats} seats` : "";
  return {
    lines: [
      {
        description: `${plan.name}${seats}, 1 ${target.interval}`,
        amountCents: subtotalCents,
        isProration: false,
        quantity: target.seats,
        periodStartsAt: now,
        periodEndsAt: addMonths(now, monthsOf(target)),
      },
    ],
    subtotalCents,
    taxCents: null,
    totalCents: subtotalCents,
    amountDueCents: subtotalCents,
    currency: catalog.currency,
  };
}

function nothingDue(currency: string): PreviewFact {
  return { lines: [], subtotalCents: 0, taxCents: 0, totalCents: 0, amountDueCents: 0, currency };
}

async function nextInvoiceOf(
  context: SubscriptionsContext,
  { standing, live, customerId, buyer, catalog }: CurrentStanding,
  { change, now }: { change: WantedChange; now: Instant },
): Promise<NextInvoice | null | "not_in_stripe"> {
  if (change.kind === "cancel") return null;
  const target = nextTarget(change, standing.kind === "subscribed" ? standing.target : null);
  if (target === null) return null;
  const startsNow = change.kind === "first" || (change.kind === "upgrade" && change.startsPeriod);
  const at = startsNow || live === null ? addMonths(now, monthsOf(target)) : live.subscription.periodEndsAt;
  if (customerId === null) {
    const fact = firstOfStranger(catalog, { target, now });
    return fact === null ? null : nextOf(at, fact);
  }
  const has = live?.subscription ?? null;
  const priceId = await priceIdOf(context, { buyer, target, has, at: "renewal" });
  if (priceId === null) return "not_in_stripe";
  const period = await context.gateway.previewPeriod({ customerId, priceId, seats: target.seats });
  return nextOf(at, period);
}

const nextOf = (at: Instant, { totalCents, currency, taxCents }: PreviewFact): NextInvoice => {
  return { at, totalCents, currency, isTaxKnown: taxCents !== null };
};

/** An own price that comes or goes after the quote makes the next invoice another, though today's charge is the same. */
export function quotedOf({ standing, live, buyer }: CurrentStanding, change: WantedChange): QuotedChange {
  const target = nextTarget(change, standing.kind === "subscribed" ? standing.target : null);
  if (target === null) return { ...change, comesAt: null };
  const [has, own] = [live?.subscription ?? null, buyer.overrides.prices];
  return { ...change, comesAt: choosePrice({ target, has, own, at: "renewal" }) };
}

/** What the next period is billed for. */
function nextTarget(change: WantedChange, today: Target | null): Target | null {
  switch (change.kind) {
    case "first":
      return change.now;
    case "upgrade":
      return change.later?.target ?? change.now;
    case "downgrade":
      return change.later.target;
    case "keep":
      return today;
    case "cancel":
      return null;
  }
}

function effectiveAtOf(change: WantedChange, now: Instant): Instant {
  if (change.kind === "downgrade") return change.later.effectiveAt;
  return change.kind === "cancel" ? change.effectiveAt : now;
}

function lossesFrom({ catalog }: SubscriptionsContext, from: Target | null, change: WantedChange): Losses {
  const none: Losses = { limits: [], seats: 0, keepsOnlyOwner: false };
  if (from === null) return none;
  if (change.kind === "cancel") return lossesOf(catalog, from, null);
  if (change.kind === "downgrade") return lossesOf(catalog, from, change.later.target);
  if (change.kind !== "upgrade" || change.later === null) return none;
  return lossesOf(catalog, change.now, change.later.target);
}

function accessAfter(holders: readonly SeatHolder[], { keepsOnlyOwner }: Losses): Access {
  const keeps = ownerAmong(holders.filter(({ kind }) => kind === "member")) ?? null;
  return { keeps, loses: keepsOnlyOwner ? holders.filter((each) => each !== keeps) : [] };
}

function monthsOf({ interval }: Target): number {
  return interval === "month" ? 1 : 12;
}
