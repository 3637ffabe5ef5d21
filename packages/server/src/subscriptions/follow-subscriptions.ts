import {
  followSlices,
  isLive,
  liveSubscription,
  subscriptionDrifts,
  subscriptionNews,
  type AccountId,
  type Drift,
  type EntitlementSlice,
  type Instant,
  type SliceChanges,
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
import { tellNews } from "./tell-news.ts";

/**
 * Writes what Stripe shows of an account's subscriptions, and the entitlement that follows from it, in the caller's
 * transaction. The same facts again change nothing (S7). Of two live subscriptions the older is kept; the other is not
 * stored, and `surplusSubscriptions` names it for the report.
 * @returns what we had otherwise
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
): Promise<Drift[]> {
  // The book reads entitlements under this lock, so a batch sees all of a change or nothing.
  await lockAccount(db, accountId);
  const stored = await listSubscriptions(db, accountId);
  const subscriptions = isDeleted ? endedAt(now, stored) : shown;
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
  await tellNews(db, accountId, { news: subscriptionNews(stored, kept), now });
  const facts = await loadEntitlementFacts(db, accountId);
  const drifts = subscriptionDrifts(stored, kept);
  if (facts === null) return drifts;
  const { slices } = facts;
  const changes = followSlices({ slices, subscriptions, freePlanId, now });
  // Slices that agree with the rows we had follow these; only others had drifted by themselves.
  const hadDrifted = hasChanges(followSlices({ slices, subscriptions: stored, freePlanId, now }));
  if (hadDrifted && hasChanges(changes)) drifts.push(sliceDrift({ accountId, slices, ...changes }));
  const { add, remove } = changes;
  for (const startsAt of remove) await deleteSlice(db, accountId, startsAt);
  for (const slice of add) await insertSlice(db, accountId, slice);
  await touchAccount(db, accountId);
  return drifts;
}

function hasChanges({ add, remove }: SliceChanges): boolean {
  return add.length + remove.length > 0;
}

function sliceDrift(
  given: SliceChanges & { accountId: AccountId; slices: readonly EntitlementSlice[] },
): Drift {
  const { accountId, slices, add, remove } = given;
  const had = slices.filter(({ startsAt }) => remove.includes(startsAt)).at(-1) ?? slices.at(-1);
  const [stored, found] = [sliceText(had), sliceText(add.at(-1))];
  const sentence = `What ${accountId} may use did not follow its subscription: we had ${stored ?? "nothing"}, it is ${found ?? "nothing more to come"}.`;
  return { what: "entitlement", id: accountId, stored, found, sentence };
}

function sliceText(slice: EntitlementSlice | undefined): string | null {
  if (slice === undefined) return null;
  const { planId, seats, startsAt } = slice;
  return `${planId} with ${seats} ${seats === 1 ? "seat" : "seats"} from ${new Date(startsAt).toISOString()}`;
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
