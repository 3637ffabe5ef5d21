import type { Catalog } from "@bursar/core";
import type { Overview } from "./overview.ts";

/** Whether the caller may do it now; the page shows the reason as text beside the action. */
export interface Permission {
  readonly allowed: boolean;
  readonly reason?: string;
}

export type BillingAction =
  "upgrade" | "changePlan" | "changeSeats" | "cancel" | "resume" | "managePayment" | "buyCredits";

const ALLOWED: Permission = { allowed: true };
const refused = (reason: string): Permission => ({ allowed: false, reason });

const BILLING_ROLES: readonly string[] = ["owner", "admin", "billing"];

/** What may be done from here, and in words why not. The server enforces the same in each operation. */
export function permissionsOf(
  catalog: Catalog,
  overview: Overview,
  role: string,
): Record<BillingAction, Permission> {
  const { plan, subscription, card } = overview;
  if (!BILLING_ROLES.includes(role)) {
    const reader = refused(`${changersOf(overview)} can change billing.`);
    return {
      upgrade: reader,
      changePlan: reader,
      changeSeats: reader,
      cancel: reader,
      resume: reader,
      managePayment: reader,
      buyCredits: reader,
    };
  }
  const later = refused("Changing a paid plan is not part of this version yet.");
  const isFree = plan.kind === "free";
  const notSubscribed = refused("There is no subscription to change.");
  return {
    upgrade: isFree ? ALLOWED : later,
    changePlan: isFree ? ALLOWED : later,
    changeSeats: subscription === null ? refused("This plan has no seats to change.") : later,
    cancel: subscription === null ? notSubscribed : later,
    resume: subscription?.cancelAt == null ? refused("Nothing is cancelled.") : later,
    managePayment:
      subscription === null && card === null
        ? refused("There is no payment method yet. Your first purchase adds one.")
        : ALLOWED,
    buyCredits: buyCreditsPermission(catalog, overview),
  };
}

/** Packs are sold on every paid plan (C4). */
export function buyCreditsPermission(catalog: Catalog, { plan }: Overview): Permission {
  if (catalog.packs.length === 0) return refused("No credit packs are sold.");
  if (plan.kind === "free") return refused("Packs can be bought on paid plans.");
  return ALLOWED;
}

function changersOf({ members }: Overview): string {
  const names = members.filter((member) => BILLING_ROLES.includes(member.role)).map((member) => member.name);
  return new Intl.ListFormat("en", { type: "conjunction" }).format(names);
}
