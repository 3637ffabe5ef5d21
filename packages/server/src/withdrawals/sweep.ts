import { HOUR_MS, MINUTE_MS, type AccountId } from "@bursar/core";
import type { SubscriptionsContext } from "../subscriptions/context.ts";
import { carryOutWithdrawal } from "./carry-out.ts";
import {
  countFailedRefunds,
  findNewestWithdrawal,
  listStandingWithdrawals,
  moveWithdrawal,
} from "./store.ts";

/** One that nobody moved for so long was left by a crash, or Stripe did not answer. */
const STANDS_STILL_MS = MINUTE_MS;
/** What Stripe refuses it refuses again in a minute. */
const REFUSED_MS = 6 * HOUR_MS;
const SWEPT_MAX = 50;

/** Carries on the withdrawals that stand still. One that fails does not stop the others. */
export async function sweepWithdrawals(
  context: SubscriptionsContext,
  onError: (accountId: AccountId, error: unknown) => void,
): Promise<void> {
  const { database, clock } = context;
  const now = clock.now();
  const standing = { before: now - STANDS_STILL_MS, refusedBefore: now - REFUSED_MS, limit: SWEPT_MAX };
  for (const row of await listStandingWithdrawals(database.kysely, standing)) {
    await carryOutWithdrawal(context, row).catch((error: unknown) => onError(row.accountId, error));
  }
}

/** After an event of Stripe: carries on what is open, and begins anew where a bank sent a refund back. */
export async function carryOnWithdrawal(context: SubscriptionsContext, accountId: AccountId): Promise<void> {
  const { database, clock, report } = context;
  const row = await findNewestWithdrawal(database.kysely, accountId);
  if (row === null) return;
  if (row.state !== "done") return void (await carryOutWithdrawal(context, row));
  if ((await countFailedRefunds(database.kysely, row)) <= row.failedRefunds) return;
  report(accountId, `A refund of the withdrawal ${row.withdrawalId} came back from the card's bank.`);
  const to = { from: "done", to: "refunding", now: clock.now() } as const;
  const again = await moveWithdrawal(database.kysely, row, to);
  if (again !== null) await carryOutWithdrawal(context, again);
}
