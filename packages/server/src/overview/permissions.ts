import { decideWithdrawal, type Catalog, type WithdrawalRight } from "@bursar/core";
import type { MemberRow } from "../accounts/store.ts";
import { isActiveMember } from "../seats/active-members.ts";
import type { Overview } from "./overview.ts";

/** Whether the caller may do it now; the page shows the reason as text beside the action. */
export interface Permission {
  readonly allowed: boolean;
  readonly reason?: string;
  /** The reason as a code, for a page that says it in another language. */
  readonly code?: RefusalCode;
  /** Who may, where the reason is that the caller may not. */
  readonly names?: string[];
}

export type RefusalCode =
  | "role"
  | "highest_plan"
  | "no_seats"
  | "nothing_to_cancel"
  | "cancelled_already"
  | "not_cancelled"
  | "arranged"
  | "bank_pending"
  | "change_pending"
  | "payment_due"
  | "no_payment_method"
  | "no_packs"
  | "paid_plan_needed"
  | "no_saved_card"
  | "recharge_off"
  | "not_offered"
  | "nothing_to_withdraw"
  | "withdrawal_over"
  | "withdrawing";

export type BillingAction =
  | "upgrade"
  | "changePlan"
  | "changeSeats"
  | "cancel"
  | "resume"
  | "managePayment"
  | "buyCredits"
  | "autoRecharge"
  | "autoRechargeOff"
  | "withdraw";

const ALLOWED: Permission = { allowed: true };
const refused = (code: RefusalCode, reason: string): Permission => ({ allowed: false, reason, code });

const BILLING_ROLES: readonly string[] = ["owner", "admin", "billing"];

/** What may be done from here, and in words why not. The server enforces the same in each operation. */
export function permissionsOf(overview: Overview, role: string): Record<BillingAction, Permission> {
  const { catalog, plan, subscription, card } = overview;
  if (!BILLING_ROLES.includes(role)) {
    const names = changersOf(overview).map(({ name }) => name);
    const reader = { ...refused("role", `${listOf(names)} can change billing.`), names };
    return {
      upgrade: reader,
      changePlan: reader,
      changeSeats: reader,
      cancel: reader,
      resume: reader,
      managePayment: reader,
      buyCredits: reader,
      autoRecharge: reader,
      autoRechargeOff: reader,
      withdraw: overview.catalog.page.withdrawal === null ? NOT_OFFERED : reader,
    };
  }
  const { isFree, isCustom } = { isFree: plan.kind === "free", isCustom: plan.kind === "custom" };
  const change = changePermission(overview);
  const isCancelled = subscription?.cancelAt != null;
  const isTop = !catalog.plans.some(
    (each) => each.rank > plan.rank && each.kind === "paid" && !each.withdrawn,
  );
  return {
    upgrade:
      isTop && !isFree
        ? refused("highest_plan", "This is the highest plan.")
        : upgradePermission(overview, change),
    changePlan: change,
    changeSeats:
      plan.perSeat && subscription !== null
        ? change
        : refused("no_seats", "This plan has no seats to change."),
    cancel: isFree
      ? refused("nothing_to_cancel", "There is no subscription to cancel.")
      : isCustom
        ? CONTACT_US
        : isCancelled
          ? refused("cancelled_already", "The plan is cancelled already.")
          : change,
    resume: isCancelled ? change : refused("not_cancelled", "Nothing is cancelled."),
    managePayment:
      subscription === null && card === null
        ? refused("no_payment_method", "There is no payment method yet. Your first purchase adds one.")
        : ALLOWED,
    buyCredits: buyCreditsPermission(catalog, overview),
    autoRecharge: autoRechargePermission(catalog, overview),
    // Whatever stands in the way of turning it on: no card, no paid plan, no packs (AR1).
    autoRechargeOff:
      overview.recharge.state === "off" ? refused("recharge_off", "Auto-recharge is off.") : ALLOWED,
    withdraw: withdrawPermission(overview),
  };
}

const CONTACT_US = refused("arranged", "This plan is arranged with us personally. Contact us to change it.");

const NOT_OFFERED = refused("not_offered", "Withdrawal is not offered here.");

/** What may be withdrawn from now, by the rule that the operation itself goes by. */
export function withdrawalRightOf({ catalog, subscription, now }: Overview): WithdrawalRight {
  const days = catalog.page.withdrawal?.days ?? null;
  return decideWithdrawal(subscription ?? undefined, { days, now });
}

function withdrawPermission(overview: Overview): Permission {
  if (isEnding(overview)) return WITHDRAWING;
  switch (withdrawalRightOf(overview).code) {
    case "may_withdraw":
      return ALLOWED;
    case "not_offered":
      return NOT_OFFERED;
    case "nothing_to_withdraw":
      return refused("nothing_to_withdraw", "There is no contract to withdraw from.");
    case "withdrawal_over":
      return refused("withdrawal_over", "The time to withdraw from this contract is over.");
  }
}

const WITHDRAWING = refused("withdrawing", "You have withdrawn from this contract. The plan is being ended.");

function isEnding({ subscription, withdrawal }: Overview): boolean {
  return subscription !== null && withdrawal?.subscriptionId === subscription.subscriptionId;
}

/** One change at a time; and what an operator gave is not changed here. */
function changePermission(overview: Overview): Permission {
  const { plan, openChange } = overview;
  if (plan.kind === "custom") return CONTACT_US;
  if (isEnding(overview)) return WITHDRAWING;
  if (openChange === null) return ALLOWED;
  return openChange.state === "awaiting_bank"
    ? refused("bank_pending", "Your bank has to confirm the last change first, or give that change up.")
    : refused("change_pending", "The last change is not finished yet. Reload in a moment.");
}

function upgradePermission({ subscription }: Overview, change: Permission): Permission {
  return subscription?.status === "past_due"
    ? refused("payment_due", "A payment is due. Pay it first.")
    : change;
}

/** Packs are sold on every paid plan (C4). */
export function buyCreditsPermission(catalog: Catalog, { plan }: Overview): Permission {
  if (catalog.packs.length === 0) return refused("no_packs", "No credit packs are sold.");
  if (plan.kind === "free") return refused("paid_plan_needed", "Packs can be bought on paid plans.");
  return ALLOWED;
}

/** Turning it on, and letting it take more. */
function autoRechargePermission(catalog: Catalog, overview: Overview): Permission {
  const { plan, card } = overview;
  if (plan.kind === "free" && catalog.packs.length > 0)
    return refused("paid_plan_needed", "Auto-recharge needs a paid plan: packs can be bought on paid plans.");
  if (card === null) return refused("no_saved_card", "Auto-recharge charges a saved card. Add one first.");
  return buyCreditsPermission(catalog, overview);
}

/** Who may change billing now: by role, and active on this plan (S4). */
export function changersOf({ members, plan }: Overview): MemberRow[] {
  return members.filter(
    ({ role, memberId }) => BILLING_ROLES.includes(role) && isActiveMember(plan, members, memberId),
  );
}

const listOf = (names: readonly string[]): string =>
  new Intl.ListFormat("en", { type: "conjunction" }).format(names);
