import { MINUTE_MS, type AccountId } from "@bursar/core";
import { carryOut } from "./carry-out.ts";
import type { SubscriptionsContext } from "./context.ts";
import { followRenewal, type Seen } from "./follow-renewal.ts";
import { findOpenChange, holdChange, listStandingChanges } from "./store-changes.ts";

/** A change that nobody moved for so long was left by a crash, or waits for a bank. */
const STANDS_STILL_MS = MINUTE_MS;
const SWEPT_MAX = 50;

/** Carries on the changes that stand still, the longest first. One that fails does not stop the others. */
export async function sweepChanges(
  context: SubscriptionsContext,
  onError: (accountId: AccountId, error: unknown) => void,
): Promise<void> {
  const { database, clock } = context;
  const now = clock.now();
  const standing = { before: now - STANDS_STILL_MS, now, limit: SWEPT_MAX };
  for (const accountId of await listStandingChanges(database.kysely, standing)) {
    await carryOnChange(context, accountId).catch((error: unknown) => onError(accountId, error));
  }
}

/**
 * Carries on the account's open change, if it has one: after an event of Stripe, or when it stood still. If it has none,
 * its renewal is looked at.
 */
export async function carryOnChange(
  context: SubscriptionsContext,
  accountId: AccountId,
  seen: Seen = { hasSpentSchedule: false },
): Promise<void> {
  const { database, clock, ids } = context;
  const open = await findOpenChange(database.kysely, accountId);
  if (open === null) return followRenewal(context, accountId, seen);
  const held = await holdChange(database.kysely, accountId, { holder: ids.next("hld_"), now: clock.now() });
  if (held !== null) await carryOut(context, held);
}
