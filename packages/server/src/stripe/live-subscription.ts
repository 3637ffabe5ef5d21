import { isLive, type Interval, type PendingChange, type Subscription, type Target } from "@bursar/core";
import type Stripe from "stripe";
import { PriceBook } from "./price-book.ts";

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
  const pending = schedule !== null && isAttached ? await pendingOf(prices, schedule, item) : null;
  const { customer, latest_invoice: latest, pending_update: update } = subscription;
  const facts: Subscription = {
    subscriptionId: subscription.id,
    status: subscription.status,
    planId,
    interval: item.price.recurring?.interval as Interval,
    seats: item.quantity ?? 1,
    priceId: item.price.id,
    anchorAt: toInstant(subscription.billing_cycle_anchor),
    periodStartsAt: toInstant(item.current_period_start),
    periodEndsAt: toInstant(item.current_period_end),
    startedAt: toInstant(subscription.start_date),
    cancelAt: subscription.cancel_at === null ? null : toInstant(subscription.cancel_at),
    endedAt: subscription.ended_at === null ? null : toInstant(subscription.ended_at),
    pending,
  };
  return {
    subscription: facts,
    customerId: typeof customer === "string" ? customer : customer.id,
    itemId: item.id,
    scheduleId: isAttached ? schedule.id : null,
    isScheduleSpent: isAttached && pending === null && isLive(facts),
    changeId: subscription.metadata["bursar_change"] ?? null,
    latestInvoiceId: typeof latest === "string" ? latest : (latest?.id ?? null),
    hasUnpaidUpdate: update !== null,
  };
}

/**
 * The phase to come. Found by its date and not by its place: a direct change may have cut the running phase in two.
 * A phase that sells what runs already (a cut that was overtaken) is no change.
 */
async function pendingOf(
  prices: PriceBook,
  schedule: Stripe.SubscriptionSchedule,
  item: Stripe.SubscriptionItem,
): Promise<PendingChange | null> {
  const next = schedule.phases.find((phase) => phase.start_date >= item.current_period_end);
  const wanted = next?.items[0];
  if (next === undefined || wanted === undefined) return null;
  const target = await targetOf(prices, wanted);
  return target === null ? null : { target, effectiveAt: toInstant(next.start_date) };
}

async function targetOf(
  prices: PriceBook,
  item: Stripe.SubscriptionSchedule.Phase.Item,
): Promise<Target | null> {
  const price = await prices.byId(typeof item.price === "string" ? item.price : item.price.id);
  if (price.planId === null || price.interval === null) return null;
  return { planId: price.planId, interval: price.interval, seats: item.quantity ?? 1 };
}

export const toInstant = (seconds: number): number => seconds * 1000;
export const toSeconds = (instant: number): number => Math.floor(instant / 1000);
