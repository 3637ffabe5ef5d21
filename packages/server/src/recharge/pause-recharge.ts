import {
  entitlementAt,
  findPlan,
  type AccountId,
  type Catalog,
  type Instant,
  type PauseReason,
} from "@bursar/core";
import { loadEntitlementFacts, lockAccount, touchAccount } from "../accounts/store.ts";
import { BURSAR } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import type { Queryable } from "../db/open-database.ts";
import { writeNotice } from "../outbox/store.ts";
import { markEnded, markPaused } from "./store-settings.ts";

/**
 * Stops auto-recharge until a person turns it on again, and tells so, in the caller's transaction. What happened before
 * it was last turned on does not stop it, so the same refund or dispute may be brought here again and again.
 * A charge that is at the card at this moment is finished; one that waits, for the bank or its next try, is given up.
 * @param pause.happenedAt when the cause happened, in whole seconds where Stripe says it
 * @returns whether it stopped now
 */
export async function pauseAutoRecharge(
  db: Queryable,
  accountId: AccountId,
  pause: { reason: PauseReason; happenedAt: Instant; now: Instant },
): Promise<boolean> {
  // The account first, as everywhere, so that two who wait for each other cannot be.
  await lockAccount(db, accountId);
  if (!(await markPaused(db, accountId, pause))) return false;
  await touchAccount(db, accountId);
  const reason = TOLD[pause.reason];
  const about = { accountId, action: "auto_recharge.paused", subject: null, before: null } as const;
  await writeAudit(db, BURSAR, { ...about, after: { reason }, at: pause.now });
  return writeNotice(db, {
    accountId,
    type: "auto_recharge.paused",
    data: { reason },
    at: pause.now,
    key: null,
  });
}

/**
 * Where the plan has ended auto-recharge is off, for packs need a paid one; it stays off when a new plan is bought. In
 * the transaction that follows the subscription, under the account's lock.
 */
export async function endWithPlan(
  db: Queryable,
  accountId: AccountId,
  { catalog, now }: { catalog: Catalog; now: Instant },
): Promise<void> {
  const facts = await loadEntitlementFacts(db, accountId);
  if (facts === null) return;
  const { planId } = entitlementAt(catalog, facts, now).slice;
  if ((findPlan(catalog, planId)?.kind ?? "free") !== "free") return;
  if (!(await markEnded(db, accountId, now))) return;
  await touchAccount(db, accountId);
  const data = { reason: "plan_ended" } as const;
  const about = { accountId, action: "auto_recharge.ended", subject: null, before: null } as const;
  await writeAudit(db, BURSAR, { ...about, after: data, at: now });
  await writeNotice(db, { accountId, type: "auto_recharge.ended", data, at: now, key: null });
}

const TOLD = {
  declined: "card_declined",
  authentication: "authentication_timed_out",
  refund: "refunded",
  dispute: "disputed",
  no_payment_method: "no_payment_method",
  pack_withdrawn: "pack_withdrawn",
} as const satisfies Record<PauseReason, string>;
