import {
  asMemberId,
  ID_PREFIXES,
  type AccountId,
  type Catalog,
  type Clock,
  type IdSource,
  type MemberId,
} from "@bursar/core";
import { hashSecret } from "../accounts/credentials.ts";
import {
  findAccount,
  findMember,
  findMemberByEmail,
  insertMember,
  lockAccount,
  touchAccount,
  type MemberRow,
} from "../accounts/store.ts";
import type { Role } from "../accounts/roles.ts";
import { writeAudit } from "../audit/store.ts";
import type { Database } from "../db/open-database.ts";
import { writeNotice } from "../outbox/store.ts";
import { findMemberStanding } from "./active-members.ts";
import { closeInvitation, findInvitation, findInvitationBySecret } from "./store.ts";

export type AcceptOutcome =
  | {
      readonly code: "accepted";
      readonly accountId: AccountId;
      readonly accountName: string;
      readonly member: MemberRow;
      /** False on a plan with one seat: the member is kept and may read. */
      readonly isActive: boolean;
      /** Became a member by this very call, with the secret of the mail that only the person themselves got. */
      readonly isProven: boolean;
    }
  /** Unknown, withdrawn, or its member was removed since. */
  | { readonly code: "unknown" }
  | { readonly code: "expired" };

/**
 * An invitation becomes its member, in the seat that it held. Accepted once more, by a second click or a repeat after a
 * lost answer, it says the same; a member who was removed since does not come back by it.
 */
export async function acceptInvitation(
  { database, clock, ids, catalog }: { database: Database; clock: Clock; ids: IdSource; catalog: Catalog },
  request: { token: string; name: string; requestId: string },
): Promise<AcceptOutcome> {
  const found = await findInvitationBySecret(database.kysely, hashSecret(request.token));
  if (found === null) return { code: "unknown" };
  const { accountId, invitationId, isMailed } = found;
  const now = clock.now(accountId);
  return database.kysely.transaction().execute(async (db): Promise<AcceptOutcome> => {
    await lockAccount(db, accountId);
    const invitation = await findInvitation(db, accountId, invitationId);
    const answer = async (memberId: MemberId, isProven: boolean): Promise<AcceptOutcome> => {
      const member = await findMember(db, accountId, memberId);
      const standing = await findMemberStanding(db, catalog, { accountId, memberId, now });
      if (member === null || standing === null) return { code: "unknown" };
      const accountName = (await findAccount(db, accountId))?.name ?? "";
      return { code: "accepted", accountId, accountName, member, isActive: standing.isActive, isProven };
    };
    if (invitation?.state === "accepted") return answer(asMemberId(invitation.memberId!), false);
    if (invitation === null || invitation.state === "revoked") return { code: "unknown" };
    if (invitation.state === "expired" || invitation.expiresAt.getTime() <= now) return { code: "expired" };
    const { email, role } = invitation;
    const actorOf = (memberId: MemberId) =>
      ({ actor: memberId, actorKind: "member", requestId: request.requestId }) as const;
    const already = await findMemberByEmail(db, accountId, email);
    if (already !== null) {
      // They came to this address by a change of theirs. They stay what they are, and the second seat is free.
      const memberId = asMemberId(already.memberId);
      await closeInvitation(db, accountId, invitationId, { state: "accepted", memberId });
      const over = { accountId, action: "member.invitation_withdrawn", subject: invitationId } as const;
      const facts = { before: { email, role }, after: { memberId } };
      await writeAudit(db, actorOf(memberId), { ...over, ...facts, at: now });
      await touchAccount(db, accountId);
      return answer(memberId, false);
    }
    const memberId = asMemberId(ids.next(ID_PREFIXES.member));
    await insertMember(db, { accountId, memberId, name: request.name, email, role, createdAt: now });
    await closeInvitation(db, accountId, invitationId, { state: "accepted", memberId });
    const about = {
      accountId,
      action: "member.joined",
      subject: memberId,
      before: { invitationId },
    } as const;
    await writeAudit(db, actorOf(memberId), { ...about, after: { email, role }, at: now });
    await writeNotice(db, {
      accountId,
      type: "member.joined",
      data: { memberId, email, name: request.name, role },
      at: now,
      key: `member.joined:${memberId}`,
    });
    await touchAccount(db, accountId);
    return answer(memberId, isMailed);
  });
}

export interface SeenInvitation {
  readonly accountName: string;
  readonly email: string;
  readonly name: string | null;
  readonly role: Role;
  /** The secret is of the mail, which only the person themselves got. */
  readonly isMailed: boolean;
}

/** What an open invitation says to whoever has its secret; nothing is changed. */
export async function lookAtInvitation(
  { database: { kysely }, clock }: { database: Database; clock: Clock },
  token: string,
): Promise<({ readonly code: "open" } & SeenInvitation) | { readonly code: "unknown" | "expired" }> {
  const found = await findInvitationBySecret(kysely, hashSecret(token));
  if (found === null) return { code: "unknown" };
  const { accountId, invitationId, isMailed } = found;
  const invitation = await findInvitation(kysely, accountId, invitationId);
  if (invitation === null || invitation.state === "revoked" || invitation.state === "accepted")
    return { code: "unknown" };
  if (invitation.state === "expired" || invitation.expiresAt.getTime() <= clock.now(accountId)) {
    return { code: "expired" };
  }
  const { email, name, role } = invitation;
  const accountName = (await findAccount(kysely, accountId))?.name ?? "";
  return { code: "open", accountName, email, name, role, isMailed };
}
