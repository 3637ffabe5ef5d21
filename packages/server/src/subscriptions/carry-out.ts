/**
 * A confirmed change on its way through Stripe. Each state is a promise that survives a crash: whoever comes next (the
 * request, the sweep, the sync after a webhook) carries it on from where it stands. One at a time holds it: what a second
 * one states at Stripe could come after the change is done and undo the next.
 *
 *   charging       the upgrade may or may not have been asked of Stripe; asked again it is the same request, by its key
 *   awaiting_bank  Stripe has it as a pending update, unpaid, because the bank asks the customer; an hour, then it is
 *                  given up and its invoice voided
 *   settling       paid, or nothing to pay; what the period's end shall bring is not all set yet
 *   done, failed   the end; failed changed nothing and charged nothing
 *
 * Nothing is taken back once it is paid: a pending change or a cancellation that the upgrade replaces is lifted only
 * then, so a declined card leaves it standing.
 */
import {
  HOUR_MS,
  isLive,
  isSameTarget,
  MINUTE_MS,
  type Instant,
  type Subscription,
  type Target,
} from "@bursar/core";
import { findAccount } from "../accounts/store.ts";
import { BURSAR, type Actor } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import { StripeUnavailableError } from "../stripe/gateway.ts";
import type { LiveSubscription } from "../stripe/live-subscription.ts";
import type { PeriodEnd } from "../stripe/schedule-change.ts";
import type { UpgradeOutcome } from "../stripe/change-subscription.ts";
import type { SubscriptionsContext } from "./context.ts";
import { priceIdOf } from "./price-of.ts";
import { letGoOfChange, moveChange, type Charge, type PlanChangeRow } from "./store-changes.ts";
import type { CarriedChange } from "./wanted-change.ts";

export type CarriedOut =
  | { readonly code: "applied"; readonly effectiveAt: Instant; readonly invoiceId: string | null }
  | { readonly code: "scheduled"; readonly effectiveAt: Instant }
  | { readonly code: "payment_requires_action"; readonly url: string }
  /** `isCard`: the card was the cause, so that another one may do. */
  | { readonly code: "payment_failed"; readonly reason: string; readonly isCard: boolean }
  /** Stripe did not answer; it will be finished or found not to have happened, and nothing is charged twice. */
  | { readonly code: "in_doubt" };

/** After this long an upgrade is asked of Stripe no more: the quote that it was held to is over. */
const CHARGE_WITHIN_MS = 10 * MINUTE_MS;
/** How long the customer has to answer the bank. */
const BANK_WITHIN_MS = HOUR_MS;

/** Carries a change on as far as it goes now, for who holds it. */
export async function carryOut(context: SubscriptionsContext, row: PlanChangeRow): Promise<CarriedOut> {
  try {
    return await step(context, row);
  } catch (error) {
    if (!(error instanceof StripeUnavailableError)) throw error;
    await letGoOfChange(context.database.kysely, row, context.clock.now());
    return { code: "in_doubt" };
  }
}

function step(context: SubscriptionsContext, row: PlanChangeRow): Promise<CarriedOut> {
  switch (row.state) {
    case "charging":
      return charge(context, row);
    case "awaiting_bank":
      return awaitBank(context, row);
    case "settling":
      return settle(context, row);
    case "done":
      return Promise.resolve(doneOutcome(row));
    case "failed":
      return Promise.resolve(failedOutcome(row.failure ?? GIVEN_UP.unknown));
  }
}

async function charge(context: SubscriptionsContext, row: PlanChangeRow): Promise<CarriedOut> {
  if (row.charge === null) throw new Error(`The change ${row.changeId} charges nothing and is charging.`);
  const outcome = await askOrLook(context, row, row.charge);
  if (outcome === null) return fail(context, row, GIVEN_UP.notTaken);
  switch (outcome.code) {
    case "paid":
      await creditExcess(context, row, { ...outcome, charge: row.charge });
      return moveTo(context, row, { state: "settling", invoiceId: outcome.invoiceId });
    case "requires_action":
      return moveTo(context, row, {
        state: "awaiting_bank",
        invoiceId: outcome.invoiceId,
        invoiceUrl: outcome.url,
      });
    case "declined":
      return giveUp(context, row, { invoiceId: outcome.invoiceId, reason: outcome.reason });
  }
}

/** Asks Stripe, or when it is too late for that looks whether it happened. `null`: it did not. */
async function askOrLook(
  { gateway, clock }: SubscriptionsContext,
  row: PlanChangeRow,
  { amountDueCents: _, proratedAt, ...rest }: Charge,
): Promise<UpgradeOutcome | null> {
  const { subscriptionId, changeId, createdAt, accountId } = row;
  try {
    if (clock.now(accountId) < createdAt + CHARGE_WITHIN_MS) {
      return await gateway.upgrade({ ...rest, prorationAt: proratedAt, subscriptionId, changeId });
    }
  } catch (error) {
    // Stripe may have done the work and failed to say so; a look tells. If that fails too, we do not know yet.
    if (!(error instanceof StripeUnavailableError)) throw error;
    const found = await gateway.findUpgrade(row);
    if (found === null) throw error;
    return found;
  }
  return gateway.findUpgrade(row);
}

/** Never more than was shown (R3): what Stripe took beyond the quote goes back as credit, and somebody is told. */
async function creditExcess(
  { gateway, report }: SubscriptionsContext,
  row: PlanChangeRow,
  { totalCents, charge }: { totalCents: number; charge: Charge },
): Promise<void> {
  const cents = totalCents - charge.amountDueCents;
  if (cents <= 0) return;
  const live = await gateway.fetchLive(row.subscriptionId);
  if (live === null) return;
  await gateway.creditCustomer({
    customerId: live.customerId,
    cents,
    currency: charge.currency,
    idempotencyKey: `change:${row.changeId}:credit`,
    description: "Charged above the price that was shown",
  });
  report(row.accountId, `The change ${row.changeId} charged ${cents} more than it showed; it was credited.`);
}

async function awaitBank(context: SubscriptionsContext, row: PlanChangeRow): Promise<CarriedOut> {
  const live = await context.gateway.fetchLive(row.subscriptionId);
  if (live !== null && live.changeId === row.changeId) return moveTo(context, row, { state: "settling" });
  const isOver = context.clock.now(row.accountId) >= row.createdAt + BANK_WITHIN_MS;
  const isGone = live === null || !live.hasUnpaidUpdate;
  if (isOver || isGone) {
    return giveUp(context, row, { invoiceId: row.invoiceId, reason: GIVEN_UP.bank });
  }
  await letGoOfChange(context.database.kysely, row, context.clock.now());
  return { code: "payment_requires_action", url: row.invoiceUrl ?? "" };
}

/** Ends an upgrade that was not paid. Its invoice is voided first; had it been paid meanwhile, the change goes on. */
export async function giveUp(
  context: SubscriptionsContext,
  row: PlanChangeRow,
  { invoiceId, reason, by = BURSAR }: { invoiceId: string | null; reason: string; by?: Actor },
): Promise<CarriedOut> {
  const isPaid = invoiceId !== null && (await context.gateway.voidInvoice(invoiceId)) === "paid";
  if (isPaid) return moveTo(context, row, { state: "settling", invoiceId });
  return fail(context, row, reason, by);
}

async function settle(context: SubscriptionsContext, row: PlanChangeRow): Promise<CarriedOut> {
  const { gateway, syncCustomer } = context;
  const live = await gateway.fetchLive(row.subscriptionId);
  if (live === null || !isLive(live.subscription)) {
    return fail(context, row, GIVEN_UP.ended);
  }
  const periodEnd = await periodEndOf(context, live, row);
  if (periodEnd === null) {
    const given = `What ${row.changeId} was to bring at the period's end is given up: its price is not at Stripe.`;
    context.report(row.accountId, given);
    // It would stand in the way of every later change.
    if (row.charge === null) return fail(context, row, GIVEN_UP.price);
  }
  // What is paid is kept.
  await gateway.setPeriodEnd(live, periodEnd ?? { code: "renews" });
  reportDelay(context, row, live);
  const outcome = await moveTo(context, row, { state: "done" });
  await syncCustomer(live.customerId);
  return outcome;
}

/** After an outage a renewal may have come between; what was promised for its date then happens a period later. */
function reportDelay({ report }: SubscriptionsContext, row: PlanChangeRow, live: LiveSubscription): void {
  const { change } = row;
  const promised =
    change.kind === "cancel" ? change.effectiveAt : "later" in change ? change.later?.effectiveAt : undefined;
  const { periodEndsAt } = live.subscription;
  if (promised === undefined || promised === periodEndsAt) return;
  const [was, is] = [promised, periodEndsAt].map((at) => new Date(at).toISOString());
  report(
    row.accountId,
    `The change ${row.changeId} was promised for ${was} and comes on ${is}: look at what was billed.`,
  );
}

/** @returns `null` when the price is not at Stripe: one that was agreed and is taken away since it was confirmed */
async function periodEndOf(
  context: SubscriptionsContext,
  { subscription }: LiveSubscription,
  { accountId, change }: PlanChangeRow,
): Promise<PeriodEnd | null> {
  if (isEnding(change, subscription)) return { code: "ends" };
  const target = laterOf(change, subscription) ?? subscription;
  const overrides = (await findAccount(context.database.kysely, accountId))?.overrides ?? {};
  const buyer = { accountId, overrides };
  const priceId = await priceIdOf(context, { buyer, target, has: subscription, at: "renewal" });
  if (priceId === null) return null;
  if (isSameTarget(target, subscription) && priceId === subscription.priceId) return { code: "renews" };
  const { interval, seats } = target;
  return { code: "becomes", priceId, seats, interval, startsPeriod: interval !== subscription.interval };
}

function isEnding(change: CarriedChange, { cancelAt }: Subscription): boolean {
  return change.kind === "cancel" || (change.kind === "reprice" && cancelAt !== null);
}

/** A change that was to come and is overtaken by the renewal has come, or comes with the next. */
function laterOf(change: CarriedChange, { pending }: Subscription): Target | null {
  if (change.kind === "reprice") return pending?.target ?? null;
  return change.kind === "downgrade" || change.kind === "upgrade" ? (change.later?.target ?? null) : null;
}

async function moveTo(
  context: SubscriptionsContext,
  row: PlanChangeRow,
  to: { state: PlanChangeRow["state"]; invoiceId?: string | null; invoiceUrl?: string },
): Promise<CarriedOut> {
  const next = await move(context, row, to);
  // We stood still for so long that somebody else took it up, who finishes it.
  if (next === null) return { code: "in_doubt" };
  if (next.state === "awaiting_bank") return { code: "payment_requires_action", url: next.invoiceUrl ?? "" };
  return step(context, next);
}

async function fail(
  context: SubscriptionsContext,
  row: PlanChangeRow,
  reason: string,
  by: Actor = BURSAR,
): Promise<CarriedOut> {
  const isEnded = (await move(context, row, { state: "failed", failure: reason, by })) !== null;
  return isEnded ? failedOutcome(reason) : { code: "in_doubt" };
}

/** Why a change is given up where no card is to blame; what Stripe says of a card is kept as it says it. */
export const GIVEN_UP = {
  unknown: "The change did not happen.",
  notTaken: "Stripe did not take it. Nothing was charged.",
  bank: "The bank's question was not answered in time. Nothing was charged.",
  abandoned: "It was given up before the bank confirmed it. Nothing was charged.",
  ended: "The subscription has ended meanwhile.",
  price: "The price of this is not offered any more.",
} as const;

function failedOutcome(reason: string): CarriedOut {
  const isCard = !Object.values<string>(GIVEN_UP).includes(reason);
  return { code: "payment_failed", reason, isCard };
}

/** With the row of the audit log, where the change ends. */
function move(
  { database, clock }: SubscriptionsContext,
  row: PlanChangeRow,
  { by = BURSAR, ...to }: Omit<Parameters<typeof moveChange>[2], "now"> & { by?: Actor },
): Promise<PlanChangeRow | null> {
  const { accountId, changeId: subject, change } = row;
  return database.kysely.transaction().execute(async (db) => {
    const moved = await moveChange(db, row, { ...to, now: clock.now() });
    const isOver = moved?.state === "done" || moved?.state === "failed";
    if (moved === null || !isOver) return moved;
    const action = moved.state === "done" ? "plan_change.applied" : "plan_change.given_up";
    const { invoiceId, failure } = moved;
    const after = moved.state === "done" ? { kind: change.kind, invoiceId } : { kind: change.kind, failure };
    await writeAudit(db, by, { accountId, action, subject, before: null, after, at: clock.now(accountId) });
    return moved;
  });
}

function doneOutcome({ change, invoiceId, createdAt }: PlanChangeRow): CarriedOut {
  switch (change.kind) {
    case "downgrade":
      return { code: "scheduled", effectiveAt: change.later.effectiveAt };
    case "cancel":
      return { code: "scheduled", effectiveAt: change.effectiveAt };
    case "upgrade":
    case "keep":
    case "first":
    case "reprice":
      return { code: "applied", effectiveAt: createdAt, invoiceId };
  }
}
