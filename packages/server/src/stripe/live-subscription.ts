import { isLive, isSameTarget, type Interval, type Subscription, type Target } from "@bursar/core";
import type Stripe from "stripe";
import { isOwnPrice, PriceBook, type SoldPrice } from "./price-book.ts";

/** A subscription with what is needed to change it. Fetched fresh before each change; only its facts are stored. */
export interface LiveSubscription {
  readonly subscription: Subscription;
  readonly customerId: string;
  readonly itemId: string;
  readonly scheduleId: string | null;
  /** The schedule has no phase to come: it only stands in the way of other changes. */
  readonly isScheduleSpent: boolean;
  /** Our id of the last change that was paid for. */
  readonly changeId: string | null;
  readonly latestInvoiceId: string | null;
  /** An upgrade waits for its payment, which is that of the latest invoice. */
  readonly hasUnpaidUpdate: boolean;
}

/** Expands what `toLiveSubscription` reads; for lists each path begins with `data.`. */
export const SUBSCRIPTION_EXPANDS = ["default_payment_method", "schedule"];

/** `null` when the price is not one of our catalogue (its metadata says which plan it sells). */
export async function toLiveSubscription(
  stripe: Stripe,
  prices: PriceBook,
  subscription: Stripe.Subscription,
): Promise<LiveSubscription | null> {
  const item = subscription.items.data[0];
  const planId = item?.price.metadata["bursar_plan"];
  if (item === undefined || planId === undefined) return null;
  const schedule = typeof subscription.schedule === "object" ? subscription.schedule : null;
  const isAttached = schedule?.status === "active" || schedule?.status === "not_started";
  const { customer, latest_invoice: latest, pending_update: update } = subscription;
  const target: Target = {
    planId,
    interval: item.price.recurring?.interval as Interval,
    seats: item.quantity ?? 1,
  };
  const next = schedule !== null && isAttached ? await nextOf(prices, schedule, { item, target }) : null;
  const { pending, nextPrice } = next ?? { pending: null, nextPrice: null };
  const facts: Subscription = {
    subscriptionId: subscription.id,
    status: subscription.status,
    ...target,
    priceId: item.price.id,
    isOwnPrice: isOwnPrice(item.price),
    anchorAt: toInstant(subscription.billing_cycle_anchor),
    periodStartsAt: toInstant(item.current_period_start),
    periodEndsAt: toInstant(item.current_period_end),
    startedAt: toInstant(subscription.start_date),
    cancelAt: subscription.cancel_at === null ? null : toInstant(subscription.cancel_at),
    endedAt: subscription.ended_at === null ? null : toInstant(subscription.ended_at),
    pending,
    nextPrice,
  };
  return {
    subscription: facts,
    customerId: typeof customer === "string" ? customer : customer.id,
    itemId: item.id,
    scheduleId: isAttached ? schedule.id : null,
    isScheduleSpent: isAttached && next === null && isLive(facts),
    changeId: subscription.metadata["bursar_change"] ?? null,
    latestInvoiceId: typeof latest === "string" ? latest : (latest?.id ?? null),
    hasUnpaidUpdate: update !== null,
  };
}

/**
 * What the phase to come brings. Found by its date and not by its place: a direct change may have cut the running phase
 * in two. A phase that sells what runs already (a cut that was overtaken) at the same price brings nothing.
 */
async function nextOf(
  prices: PriceBook,
  schedule: Stripe.SubscriptionSchedule,
  { item, target: today }: { item: Stripe.SubscriptionItem; target: Target },
): Promise<Pick<Subscription, "pending" | "nextPrice"> | null> {
  const next = schedule.phases.find((phase) => phase.start_date >= item.current_period_end);
  const wanted = next?.items[0];
  if (next === undefined || wanted === undefined) return null;
  const price = await prices.byId(typeof wanted.price === "string" ? wanted.price : wanted.price.id);
  const target = targetOf(price, wanted.quantity ?? 1);
  if (target === null) return null;
  const isChange = !isSameTarget(target, today);
  if (!isChange && price.priceId === item.price.id) return null;
  return {
    pending: isChange ? { target, effectiveAt: toInstant(next.start_date) } : null,
    nextPrice: { priceId: price.priceId, isOwn: price.isOwn },
  };
}

function targetOf({ planId, interval }: SoldPrice, seats: number): Target | null {
  return planId === null || interval === null ? null : { planId, interval, seats };
}

export const toInstant = (seconds: number): number => seconds * 1000;
export const toSeconds = (instant: number): number => Math.floor(instant / 1000);
