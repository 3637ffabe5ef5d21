/**
 * An operator's exceptions for one account: Enterprise, limits and prices of its own. Plan, seats and limits never touch
 * Stripe; prices are paid there, from the next renewal or the next purchase on.
 */
import {
  checkOverrides,
  isLive,
  overrideWarnings,
  type AccountId,
  type Instant,
  type OverrideMistake,
  type Overrides,
  type Subscription,
} from "@bursar/core";
import { findAccount, lockAccount, storeOverrides } from "../accounts/store.ts";
import type { Actor } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import type { Queryable } from "../db/open-database.ts";
import { listSeatHolders } from "../seats/seat-holders.ts";
import { StripeUnavailableError } from "../stripe/gateway.ts";
import { forgetLook } from "../stripe/store-customers.ts";
import type { SubscriptionsContext } from "./context.ts";
import { followRenewal } from "./follow-renewal.ts";
import { listSubscriptions } from "./store.ts";

/** What is left out stays, `null` takes it away; `limits` and `prices` are given whole, as a limit of `null` is unlimited. */
export type OverridesPatch = { readonly [Key in keyof Overrides]?: Overrides[Key] | null };

export type OverridesOutcome =
  /** `warnings`: what has no effect, or less than one may think. */
  | { readonly code: "set"; readonly overrides: Overrides; readonly warnings: readonly OverrideMistake[] }
  | { readonly code: "not_found" }
  | { readonly code: "mistaken"; readonly mistakes: readonly OverrideMistake[] }
  | { readonly code: "seats_in_use"; readonly seats: number; readonly usedSeats: number }
  /** Stripe would go on charging for a plan that the account is not on. */
  | { readonly code: "has_subscription"; readonly planId: string };

export async function setOverrides(
  context: SubscriptionsContext,
  accountId: AccountId,
  { patch, actor }: { patch: OverridesPatch; actor: Actor },
): Promise<OverridesOutcome> {
  const { database, catalog, clock, report } = context;
  const outcome = await database.kysely.transaction().execute(async (db): Promise<OverridesOutcome> => {
    // The book reads entitlements under this lock, so a batch sees all of it or nothing.
    await lockAccount(db, accountId);
    const account = await findAccount(db, accountId);
    if (account === null) return { code: "not_found" };
    const overrides = merged(account.overrides, patch);
    const mistakes = checkOverrides(catalog, overrides, account.overrides);
    if (mistakes.length > 0) return { code: "mistaken", mistakes };
    const refused = await refusalOf(db, accountId, {
      before: account.overrides,
      overrides,
      now: clock.now(accountId),
    });
    if (refused !== null) return refused;
    await storeOverrides(db, accountId, overrides);
    const { overrides: before } = account;
    const action = "account.overrides_changed";
    const at = clock.now(accountId);
    await writeAudit(db, actor, { accountId, action, subject: null, before, after: overrides, at });
    // The customer is looked at again whatever becomes of this process, and the price follows the look.
    if (patch.prices !== undefined) await forgetLook(db, accountId);
    return { code: "set", overrides, warnings: overrideWarnings(catalog, overrides) };
  });
  if (outcome.code === "set") {
    report(
      accountId,
      `An operator set the exceptions of this account: ${JSON.stringify(outcome.overrides)}.`,
    );
    if (patch.prices !== undefined) await followAtOnce(context, accountId);
  }
  return outcome;
}

/** So that the next invoice shows it when the operator looks. While Stripe does not answer it waits for the sweep. */
async function followAtOnce(context: SubscriptionsContext, accountId: AccountId): Promise<void> {
  try {
    await followRenewal(context, accountId);
  } catch (error) {
    if (!(error instanceof StripeUnavailableError)) throw error;
  }
}

function merged(before: Overrides, patch: OverridesPatch): Overrides {
  const entries = Object.entries({ ...before, ...patch });
  return Object.fromEntries(entries.filter(([, value]) => value !== null && value !== undefined));
}

async function refusalOf(
  db: Queryable,
  accountId: AccountId,
  { before, overrides, now }: { before: Overrides; overrides: Overrides; now: Instant },
): Promise<OverridesOutcome | null> {
  const { plan, seats } = overrides;
  if (plan === undefined || seats === undefined) return null;
  const usedSeats = (await listSeatHolders(db, accountId, now)).length;
  if (seats < usedSeats) return { code: "seats_in_use", seats, usedSeats };
  if (before.plan !== undefined) return null;
  const charged = (await listSubscriptions(db, accountId)).find(isCharged);
  return charged === undefined ? null : { code: "has_subscription", planId: charged.planId };
}

/** A cancelled one charges no more: it may run out beside the arranged plan. */
function isCharged(subscription: Subscription): boolean {
  return isLive(subscription) && subscription.cancelAt === null;
}
