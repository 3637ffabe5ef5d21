import { MINUTE_MS, type AccountId } from "@bursar/core";
import { PACK_REASONS } from "../stripe/facts.ts";
import { carryOutCharge } from "./carry-out-charge.ts";
import type { RechargeContext } from "./context.ts";
import { findOpenCharge, listStandingCharges, touchCharge } from "./store-charges.ts";

/** A charge that nobody moved for so long was left by a crash, or waits: for a bank, or for its next try. */
const STANDS_STILL_MS = MINUTE_MS;
const SWEPT_MAX = 50;

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

/** Carries on the account's open charges: after an event of Stripe, or when they stood still. */
export async function carryOnCharges(context: RechargeContext, accountId: AccountId): Promise<void> {
  const { database, clock } = context;
  for (const reason of PACK_REASONS) {
    const open = await findOpenCharge(database.kysely, accountId, reason);
    if (open === null) continue;
    await touchCharge(database.kysely, open, clock.now());
    await carryOutCharge(context, open);
  }
}
