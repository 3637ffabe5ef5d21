import type { AccountId } from "@bursar/core";
import { listMembers } from "../../accounts/store.ts";
import { findMemberStanding, isActiveMember } from "../../seats/active-members.ts";
import { whoIs } from "../../seats/seat-holders.ts";
import { mayChangeMembers, type AppContext } from "../caller.ts";
import type { Services } from "../services.ts";

interface Permission {
  readonly allowed: boolean;
  readonly reason?: string;
  /** The reason for a page in another language. */
  readonly code?: string;
  readonly names?: string[];
}

/** Whether the caller may change what owners and admins look after; when not, who may (B2). */
export async function managePermission(
  c: AppContext,
  { database, catalog, clock }: Services,
  { accountId, what }: { accountId: AccountId; what: "keys" | "webhooks" },
): Promise<Permission> {
  const { kysely } = database;
  const caller = c.get("caller");
  const { memberId } = caller;
  const now = clock.now(accountId);
  const standing =
    memberId === null ? null : await findMemberStanding(kysely, catalog, { accountId, memberId, now });
  if (standing !== null && !standing.isActive) {
    return {
      allowed: false,
      code: "one_seat",
      reason: `${standing.plan.name} has one seat, the owner's. You can read.`,
    };
  }
  if (mayChangeMembers(caller)) return { allowed: true };
  const members = await listMembers(kysely, accountId);
  const managers = members.filter(
    (member) =>
      mayChangeMembers(member) &&
      (standing === null || isActiveMember(standing.plan, members, member.memberId)),
  );
  const names = managers.map(({ name }) => name);
  return { allowed: false, code: `${what}_role`, names, reason: `${whoIs(managers)} can change ${what}.` };
}
