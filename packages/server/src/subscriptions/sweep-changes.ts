import { MINUTE_MS, type AccountId } from "@bursar/core";
import { carryOut } from "./carry-out.ts";
import type { SubscriptionsContext } from "./context.ts";
import { followPrice } from "./follow-price.ts";
import { findOpenChange, listStandingChanges, touchChange } from "./store-changes.ts";

/** A change that nobody moved for so long was left by a crash, or waits for a bank. */
const STANDS_STILL_MS = MINUTE_MS;
const SWEPT_MAX = 50;

/** Carries on the changes that stand still, the longest first. One that fails does not stop the others. */
export async function sweepChanges(
  context: SubscriptionsContext,
  onError: (accountId: AccountId, error: unknown) => void,
): Promise<void> {
  const { database, clock } = context;
  const before = clock.now() - STANDS_STILL_MS;
  for (const accountId of await listStandingChanges(database.kysely, { before, limit: SWEPT_MAX })) {
    await carryOnChange(context, accountId).catch((error: unknown) => onError(accountId, error));
  }
}

/**
 * Carries on the account's open change, if it has one: after an event of Stripe, or when it stood still. If it has none,
 * its price is looked at.
 */
export async function carryOnChange(context: SubscriptionsContext, accountId: AccountId): Promise<void> {
  const { database, clock } = context;
  const open = await findOpenChange(database.kysely, accountId);
  if (open === null) return followPrice(context, accountId);
  await touchChange(database.kysely, open, clock.now());
  await carryOut(context, open);
}
