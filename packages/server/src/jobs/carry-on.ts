import type { AccountId } from "@bursar/core";
import type { Log } from "../log.ts";
import type { RechargeContext } from "../recharge/context.ts";
import { carryOnCharges, sweepCharges, sweepFallen } from "../recharge/sweep-charges.ts";
import type { SubscriptionsContext } from "../subscriptions/context.ts";
import type { Seen } from "../subscriptions/follow-renewal.ts";
import { carryOnChange, sweepChanges } from "../subscriptions/sweep-changes.ts";
import { carryOnWithdrawal, sweepWithdrawals } from "../withdrawals/sweep.ts";

export interface CarryServices extends SubscriptionsContext, RechargeContext {
  /** Accounts of which something came in from Stripe since the last look, with what was seen. */
  readonly changed: Map<AccountId, Seen>;
  /** Accounts whose credits were drawn on since the last look. */
  readonly drawn: Set<AccountId>;
  readonly log: Log;
}

/** What is on its way through Stripe, changes and charges, carried on; and new charges where credits have fallen. */
export function carryingOn(services: CarryServices): {
  carryOn: () => Promise<void>;
  lookAtDrawn: () => Promise<void>;
} {
  const { changed, drawn, log } = services;
  const failed = (accountId: AccountId, error: unknown) =>
    log.error(
      { accountId, err: error },
      "a change, charge or withdrawal was not carried on; it will be tried again",
    );
  return {
    async carryOn() {
      const news = new Map(changed);
      for (const [accountId, seen] of news) {
        changed.delete(accountId);
        const carried = [
          () => carryOnWithdrawal(services, accountId),
          () => carryOnChange(services, accountId, seen),
          () => carryOnCharges(services, accountId),
        ];
        for (const carry of carried) await carry().catch((error: unknown) => failed(accountId, error));
      }
      await sweepWithdrawals(services, failed);
      await sweepChanges(services, failed);
      await sweepCharges(services, failed);
      // What came in may have ended what auto-recharge waited for.
      if (news.size > 0) await sweepFallen(services, failed, [...news.keys()]);
      await sweepFallen(services, failed);
    },
    /** A fall is seen within a second, and by the sweep above if this were missed. */
    async lookAtDrawn() {
      if (drawn.size === 0) return;
      const accountIds = [...drawn];
      drawn.clear();
      await sweepFallen(services, failed, accountIds);
    },
  };
}
