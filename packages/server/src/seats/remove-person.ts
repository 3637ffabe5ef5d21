import { asMemberId, type AccountId, type Clock } from "@bursar/core";
import { managerRole } from "../accounts/manager-role.ts";
import type { Role } from "../accounts/roles.ts";
import {
  countOwners,
  deleteMember,
  findMember,
  lockAccount,
  touchAccount,
  type MemberRow,
} from "../accounts/store.ts";
import { deleteCredentialsOf } from "../accounts/store-credentials.ts";
import type { Actor } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import type { Database, Queryable } from "../db/open-database.ts";
import { writeNotice } from "../outbox/store.ts";
import { mayManage } from "./manage.ts";
import { closeInvitation, findInvitation } from "./store.ts";

export type RemoveOutcome =
  | { readonly code: "removed" }
  | { readonly code: "not_found" }
  | { readonly code: "not_yours_to_remove" }
  | { readonly code: "rights_ended" }
  | { readonly code: "last_owner"; readonly name: string }
  /** The invitation became a member before it could be withdrawn. */
  | { readonly code: "accepted_meanwhile"; readonly memberId: string };

/**
 * Frees a seat: a member goes, with every secret that let them in, or an open invitation is withdrawn. The seat itself
 * stays bought until it is given up with a change of seats.
 */
export async function removePerson(
  { database, clock }: { database: Database; clock: Clock },
  accountId: AccountId,
  request: { id: string; actor: Actor },
): Promise<RemoveOutcome> {
  return database.kysely.transaction().execute(async (db): Promise<RemoveOutcome> => {
    await lockAccount(db, accountId);
    const role = await managerRole(db, accountId, request.actor);
    if (role === null) return { code: "rights_ended" };
    const member = await findMember(db, accountId, asMemberId(request.id));
    const removal = { ...request, role, now: clock.now(accountId) };
    const outcome =
      member === null
        ? await withdraw(db, accountId, removal)
        : await removeMember(db, accountId, { ...removal, member });
    if (outcome.code === "removed") await touchAccount(db, accountId);
    return outcome;
  });
}

interface Removal {
  readonly id: string;
  /** Of who removes. */
  readonly role: Role;
  readonly actor: Actor;
  readonly now: number;
}

async function removeMember(
  db: Queryable,
  accountId: AccountId,
  { id, role: own, actor, member, now }: Removal & { member: MemberRow },
): Promise<RemoveOutcome> {
  if (!mayManage(own, member.role)) return { code: "not_yours_to_remove" };
  if (member.role === "owner" && (await countOwners(db, accountId)) === 1) {
    return { code: "last_owner", name: member.name };
  }
  await deleteCredentialsOf(db, accountId, asMemberId(id));
  await deleteMember(db, accountId, asMemberId(id));
  const { email, name, role } = member;
  const about = { accountId, subject: id, before: { email, role }, after: null, at: now } as const;
  await writeAudit(db, actor, { action: "member.removed", ...about });
  await writeNotice(db, {
    accountId,
    type: "member.removed",
    data: { memberId: id, email, name, role },
    at: now,
    key: `member.removed:${id}`,
  });
  return { code: "removed" };
}

async function withdraw(
  db: Queryable,
  accountId: AccountId,
  { id, role: own, actor, now }: Removal,
): Promise<RemoveOutcome> {
  const invitation = await findInvitation(db, accountId, id);
  if (invitation === null) return { code: "not_found" };
  if (!mayManage(own, invitation.role)) return { code: "not_yours_to_remove" };
  if (invitation.state === "accepted") {
    const isStill = (await findMember(db, accountId, asMemberId(invitation.memberId!))) !== null;
    return isStill ? { code: "accepted_meanwhile", memberId: invitation.memberId! } : { code: "not_found" };
  }
  if (invitation.state !== "open" || invitation.expiresAt.getTime() <= now) return { code: "not_found" };
  await closeInvitation(db, accountId, id, { state: "revoked" });
  const { email, role } = invitation;
  const about = { accountId, subject: id, before: { email, role }, after: null, at: now } as const;
  await writeAudit(db, actor, { action: "member.invitation_withdrawn", ...about });
  return { code: "removed" };
}
