import type { z } from "@hono/zod-openapi";
import type { MemberRow } from "../../accounts/store.ts";
import type { RechargeView } from "../../recharge/describe-recharge.ts";
import { iso, isoOrNull } from "../schemas/common.ts";
import type * as schemas from "../schemas/credits.ts";

/** Auto-recharge in the API's words. */
export function autoRechargeAnswer(
  view: RechargeView,
  members: readonly MemberRow[],
): z.output<typeof schemas.autoRecharge> {
  const { open, state } = view;
  const who = members.find(({ memberId }) => memberId === view.updatedBy)?.name ?? view.updatedBy;
  return {
    enabled: view.isEnabled,
    threshold: view.thresholdTokens,
    packId: view.packId,
    spendingLimit: view.limitCents,
    currency: view.currency,
    spentThisPeriod: view.spentCents,
    chargesThisPeriod: view.charges,
    chargesLeft: view.chargesLeft,
    chargeTotal: view.chargeCents,
    periodStartsAt: iso(view.window.startsAt),
    periodEndsAt: iso(view.window.endsAt),
    state,
    pausedReason: view.pausedReason,
    endedReason: view.endedReason,
    startsAfterPurchase: view.startsAfterPurchase,
    often: view.isOften,
    url: state === "needs_authentication" ? (open?.invoiceUrl ?? null) : null,
    reason: state === "declined" ? (open?.failure ?? null) : null,
    retryAt: state === "declined" ? isoOrNull(open?.retryAt ?? null) : null,
    updatedBy: who,
    updatedAt: isoOrNull(view.updatedAt),
  };
}
