import {
  followSlices,
  isLive,
  liveSubscription,
  type AccountId,
  type Instant,
  type Subscription,
} from "@bursar/core";
import {
  deleteSlice,
  insertSlice,
  loadEntitlementFacts,
  lockAccount,
  touchAccount,
} from "../accounts/store.ts";
import type { Queryable } from "../db/open-database.ts";
import { listSubscriptions, removeSubscription, upsertSubscription } from "./store.ts";

/**
 * Writes what Stripe shows of an account's subscriptions, and the entitlement that follows from it, in the caller's
 * transaction. The same facts again change nothing (S7). Of two live subscriptions the older is kept; the other is not
 * stored, and `surplusSubscriptions` names it for the report.
 */
export async function followSubscriptions(
  db: Queryable,
  accountId: AccountId,
  {
    subscriptions: shown,
    isDeleted,
    freePlanId,
    now,
  }: {
    subscriptions: readonly Subscription[];
    /** The customer was deleted at Stripe, and every subscription with it; Stripe shows none of them any more. */
    isDeleted: boolean;
    freePlanId: string;
    now: Instant;
  },
): Promise<void> {
  // The book reads entitlements under this lock, so a batch sees all of a change or nothing.
  await lockAccount(db, accountId);
  const subscriptions = isDeleted ? endedAt(now, await listSubscriptions(db, accountId)) : shown;
  const counts = liveSubscription(subscriptions);
  const kept = subscriptions.filter((each) => !isLive(each) || each === counts);
  // One that came to life later may be the older: then the one stored until now no longer counts.
  for (const { subscriptionId } of surplusSubscriptions(subscriptions)) {
    await removeSubscription(db, accountId, subscriptionId);
  }
  // Ended ones first: at no moment may two of an account's subscriptions be live.
  for (const subscription of kept.sort((a, b) => Number(isLive(a)) - Number(isLive(b)))) {
    await upsertSubscription(db, accountId, subscription);
  }
  const facts = await loadEntitlementFacts(db, accountId);
  if (facts === null) return;
  const { add, remove } = followSlices({ slices: facts.slices, subscriptions, freePlanId, now });
  for (const startsAt of remove) await deleteSlice(db, accountId, startsAt);
  for (const slice of add) await insertSlice(db, accountId, slice);
  await touchAccount(db, accountId);
}

function endedAt(now: Instant, subscriptions: readonly Subscription[]): Subscription[] {
  return subscriptions.map((each) =>
    isLive(each) ? { ...each, status: "canceled", endedAt: now, pending: null } : each,
  );
}

/** Live subscriptions beside the one that counts: the customer pays for them and gets nothing, so somebody must look. */
export function surplusSubscriptions(subscriptions: readonly Subscription[]): Subscription[] {
  const counts = liveSubscription(subscriptions);
  return subscriptions.filter((each) => isLive(each) && each !== counts);
}
