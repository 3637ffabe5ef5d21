/**
 * What a customer, or the product, should hear of when our copy of a subscription follows Stripe: the difference
 * between what we had and what Stripe shows. The same facts again are no news.
 */
import type { Instant } from "../kernel/time.ts";
import type { PendingChange } from "./classify.ts";
import { isLive, type Subscription } from "./subscription.ts";
import { isSameTarget, type Target } from "./target.ts";

export type SubscriptionNews =
  | { readonly code: "started"; readonly has: Subscription }
  | { readonly code: "changed"; readonly has: Subscription; readonly from: Target }
  | { readonly code: "change_scheduled"; readonly has: Subscription; readonly pending: PendingChange }
  | { readonly code: "change_undone"; readonly has: Subscription }
  | { readonly code: "renewed"; readonly has: Subscription }
  | { readonly code: "cancelled"; readonly has: Subscription; readonly endsAt: Instant }
  | { readonly code: "resumed"; readonly has: Subscription }
  | {
      readonly code: "ended";
      readonly has: Subscription;
      /** `unpaid`: it owed when we last saw it alive. */
      readonly reason: "cancelled" | "unpaid" | "other";
    };

/** @param shown without those that do not count */
export function subscriptionNews(
  stored: readonly Subscription[],
  shown: readonly Subscription[],
): SubscriptionNews[] {
  return shown.flatMap((has): SubscriptionNews[] => {
    const had = stored.find(({ subscriptionId }) => subscriptionId === has.subscriptionId);
    const wasLive = had !== undefined && isLive(had);
    // One that we see for the first time after its end tells nothing: it is history.
    if (!isLive(has)) return wasLive ? [{ code: "ended", has, reason: endReason(had) }] : [];
    return wasLive ? differences(had, has) : [{ code: "started", has }, ...ahead(has)];
  });
}

function endReason(had: Subscription): "cancelled" | "unpaid" | "other" {
  if (had.status === "past_due") return "unpaid";
  return had.cancelAt === null ? "other" : "cancelled";
}

/** What is to come of a subscription that is new to us. */
function ahead(has: Subscription): SubscriptionNews[] {
  if (has.cancelAt !== null) return [{ code: "cancelled", has, endsAt: has.cancelAt }];
  return has.pending === null ? [] : [{ code: "change_scheduled", has, pending: has.pending }];
}

function differences(had: Subscription, has: Subscription): SubscriptionNews[] {
  const news: SubscriptionNews[] = [];
  if (!isSameTarget(had, has)) {
    const { planId, interval, seats } = had;
    news.push({ code: "changed", has, from: { planId, interval, seats } });
  }
  if (had.periodEndsAt < has.periodEndsAt) news.push({ code: "renewed", has });
  if (has.cancelAt !== had.cancelAt) {
    news.push(
      has.cancelAt === null ? { code: "resumed", has } : { code: "cancelled", has, endsAt: has.cancelAt },
    );
  }
  return [...news, ...pendingNews(had, has)];
}

function pendingNews(had: Subscription, has: Subscription): SubscriptionNews[] {
  const [before, now] = [had.pending, has.pending];
  if (now !== null) {
    const isKnown =
      before !== null && before.effectiveAt === now.effectiveAt && isSameTarget(before.target, now.target);
    return isKnown ? [] : [{ code: "change_scheduled", has, pending: now }];
  }
  // What came about is told as the change; only what will not come is undone.
  const isCarriedOut = before !== null && isSameTarget(before.target, has);
  return before === null || isCarriedOut ? [] : [{ code: "change_undone", has }];
}
