import { MINUTE_MS, type AccountId, type Instant } from "@bursar/core";
import { PACK_REASONS } from "../stripe/facts.ts";
import { carryOutCharge } from "./carry-out-charge.ts";
import type { RechargeContext } from "./context.ts";
import { lookAtAccount } from "./look-at-account.ts";
import { findOpenCharge, listStandingCharges, touchCharge, type ChargeRow } from "./store-charges.ts";
import { listFallen } from "./store-settings.ts";

/** A charge that nobody moved for so long was left by a crash, or waits: for a bank, or for its next try. */
const STANDS_STILL_MS = MINUTE_MS;
const SWEPT_MAX = 50;
/** Looks that wait for Stripe side by side; each may hold a connection of the pool's ten for a moment. */
const AT_ONCE = 4;

/** Carries on the charges that stand still, the longest first. One that fails does not stop the others. */
export async function sweepCharges(
  context: RechargeContext,
  onError: (accountId: AccountId, error: unknown) => void,
): Promise<void> {
  const { database, clock } = context;
  const before = clock.now() - STANDS_STILL_MS;
  for (const accountId of await listStandingCharges(database.kysely, { before, limit: SWEPT_MAX })) {
    await carryOnCharges(context, accountId).catch((error: unknown) => onError(accountId, error));
  }
}

/** Carries on the account's open charges: after an event of Stripe those that wait, and those that stood still. */
export async function carryOnCharges(context: RechargeContext, accountId: AccountId): Promise<void> {
  const { database, clock } = context;
  for (const reason of PACK_REASONS) {
    const open = await findOpenCharge(database.kysely, accountId, reason);
    if (open === null || isInHand(open, clock.now())) continue;
    await touchCharge(database.kysely, open, clock.now());
    // One that waits for its next try is begun anew, or dropped, by the same decision as a first one.
    await (open.state === "declined" ? lookAtAccount(context, accountId) : carryOutCharge(context, open));
  }
}

/**
 * Somebody is at it: the request that opened it, mostly. Who came between would ask the card at the same instant, which
 * Stripe refuses, and the buyer would be told that nobody knows.
 */
function isInHand({ state, updatedAt }: ChargeRow, machineNow: Instant): boolean {
  const isWaiting = state === "needs_authentication" || state === "declined";
  return !isWaiting && updatedAt > machineNow - STANDS_STILL_MS;
}

/**
 * Looks at accounts whose credits have fallen: those named, or those that are due for a look. The balances are read from
 * the book's own rows, so whatever was not noticed as it happened is found here.
 */
export async function sweepFallen(
  context: RechargeContext,
  onError: (accountId: AccountId, error: unknown) => void,
  accountIds?: readonly AccountId[],
): Promise<void> {
  const { database, clock } = context;
  const named = accountIds === undefined ? {} : { accountIds };
  const limit = accountIds?.length ?? SWEPT_MAX;
  const fallen = await listFallen(database.kysely, { ...named, machineNow: clock.now(), limit });
  for (let first = 0; first < fallen.length; first += AT_ONCE) {
    const some = fallen.slice(first, first + AT_ONCE);
    await Promise.all(
      some.map((accountId) =>
        lookAtAccount(context, accountId).catch((error: unknown) => onError(accountId, error)),
      ),
    );
  }
}
