/**
 * Who may act. On a plan with one seat only the owner is active (S4); the others are kept and can read. Nothing is
 * written when a plan falls or rises: it follows from the plan in force, so it is right at that very instant.
 */
import { findPlan, type AccountId, type Catalog, type Instant, type MemberId, type Plan } from "@bursar/core";
import type { Role } from "../accounts/roles.ts";
import { findMemberFacts, type MemberRow } from "../accounts/store.ts";
import type { Queryable } from "../db/open-database.ts";

/** @param members the oldest first: of several owners the first stays active */
export function isActiveMember(plan: Plan, members: readonly MemberRow[], memberId: string): boolean {
  return plan.perSeat || ownerAmong(members)?.memberId === memberId;
}

/** The one who stays active where there is one seat. */
export function ownerAmong<Member extends { role: Role }>(members: readonly Member[]): Member | undefined {
  return members.find(({ role }) => role === "owner");
}

export interface MemberStanding {
  readonly role: Role;
  readonly isActive: boolean;
  readonly plan: Plan;
}

/** What a member is at this moment; `null`: no member any more. */
export async function findMemberStanding(
  db: Queryable,
  catalog: Catalog,
  { accountId, memberId, now }: { accountId: AccountId; memberId: MemberId; now: Instant },
): Promise<MemberStanding | null> {
  const facts = await findMemberFacts(db, { accountId, memberId, now });
  if (facts === null) return null;
  const plan =
    findPlan(catalog, facts.planId ?? catalog.freePlanId) ?? findPlan(catalog, catalog.freePlanId)!;
  return { role: facts.role, isActive: plan.perSeat || facts.isFirstOwner, plan };
}
