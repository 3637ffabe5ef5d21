/**
 * Brings an account's own price into its next renewal, or out of it, and takes away a schedule that has done its work.
 * What shall be is compared with what was last seen at Stripe; where they differ a change is written and carried out
 * like any other, so that it never crosses one that the customer confirms: one is open at a time, and its first step
 * reads Stripe anew.
 */
import { liveSubscription, type AccountId, type Subscription } from "@bursar/core";
import { findAccount, lockAccount } from "../accounts/store.ts";
import { BURSAR } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import type { CustomerFacts } from "../stripe/facts.ts";
import { carryOut } from "./carry-out.ts";
import type { SubscriptionsContext } from "./context.ts";
import { priceIdOf } from "./price-of.ts";
import { insertChange, type PlanChangeRow } from "./store-changes.ts";
import { listSubscriptions } from "./store.ts";

/** What a look at Stripe found of an account, which the next step goes by. */
export type Seen = Pick<CustomerFacts, "hasSpentSchedule">;

export async function followRenewal(
  context: SubscriptionsContext,
  accountId: AccountId,
  seen: Seen = { hasSpentSchedule: false },
): Promise<void> {
  const { database, clock, ids } = context;
  const live = liveSubscription(await listSubscriptions(database.kysely, accountId));
  // A cancelled plan has no renewal; if it is kept, its price is looked at again.
  if (live === undefined || live.cancelAt !== null) return;
  const isDue =
    (seen.hasSpentSchedule && (await isSpentNow(context, live))) ||
    (await hasOtherPrice(context, accountId, live));
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
    heldBy: ids.next("hld_"),
  };
  const isBegun = await database.kysely.transaction().execute(async (db) => {
    await lockAccount(db, accountId);
    const given = { ...row, requestedBy: "operator", updatedAt: clock.now() };
    if (!(await insertChange(db, given))) return false;
    const { changeId, change, createdAt } = row;
    const about = { action: "plan_change.opened", subject: changeId, before: null, after: change } as const;
    await writeAudit(db, BURSAR, { accountId, ...about, at: createdAt });
    return true;
  });
  // Another change is under way; when it is done Stripe's events lead here again.
  if (isBegun) await carryOut(context, row);
}

/** One that a change was just making looked the same: by now it has its phase to come. */
async function isSpentNow(
  { gateway }: SubscriptionsContext,
  { subscriptionId }: Subscription,
): Promise<boolean> {
  return (await gateway.fetchLive(subscriptionId))?.isScheduleSpent ?? false;
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
