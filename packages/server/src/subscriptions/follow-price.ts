/**
 * Brings an account's own price into its next renewal, or out of it. The price that shall be is compared with what was
 * last seen at Stripe; where they differ a change is written and carried out like any other, so that it never crosses
 * one that the customer confirms: one is open at a time, and its first step reads Stripe anew.
 */
import { liveSubscription, type AccountId, type Subscription } from "@bursar/core";
import { findAccount, lockAccount } from "../accounts/store.ts";
import { carryOut } from "./carry-out.ts";
import type { SubscriptionsContext } from "./context.ts";
import { priceIdOf } from "./price-of.ts";
import { insertChange, type PlanChangeRow } from "./store-changes.ts";
import { listSubscriptions } from "./store.ts";

export async function followPrice(context: SubscriptionsContext, accountId: AccountId): Promise<void> {
  const { database, clock, ids } = context;
  const live = liveSubscription(await listSubscriptions(database.kysely, accountId));
  // A cancelled plan has no renewal; if it is kept, its price is looked at again.
  if (live === undefined || live.cancelAt !== null) return;
  const isDue = await hasOtherPrice(context, accountId, live);
  if (!isDue) return;
  const row: PlanChangeRow = {
    accountId,
    changeId: ids.next("chg_"),
    state: "settling",
    change: { kind: "reprice" },
    subscriptionId: live.subscriptionId,
    charge: null,
    invoiceId: null,
    invoiceUrl: null,
    failure: null,
    createdAt: clock.now(accountId),
  };
  const isBegun = await database.kysely.transaction().execute(async (db) => {
    await lockAccount(db, accountId);
    return insertChange(db, { ...row, requestedBy: "operator", updatedAt: clock.now() });
  });
  // Another change is under way; when it is done Stripe's events lead here again.
  if (isBegun) await carryOut(context, row);
}

async function hasOtherPrice(
  context: SubscriptionsContext,
  accountId: AccountId,
  live: Subscription,
): Promise<boolean> {
  const overrides = (await findAccount(context.database.kysely, accountId))?.overrides ?? {};
  const comes = live.nextPrice ?? { priceId: live.priceId, isOwn: live.isOwnPrice };
  const target = live.pending?.target ?? live;
  const isAgreed = overrides.prices?.[target.planId]?.[target.interval] !== undefined;
  // Most accounts have no price of their own: nothing is asked of Stripe for them, and what was scheduled stays.
  if (!isAgreed && !comes.isOwn) return false;
  const buyer = { accountId, overrides };
  const priceId = await priceIdOf(context, { buyer, target, has: live, at: "renewal" });
  return priceId !== null && priceId !== comes.priceId;
}
