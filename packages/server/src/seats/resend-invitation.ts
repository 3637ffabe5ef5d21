import type { AccountId, Clock } from "@bursar/core";
import { managerRole } from "../accounts/manager-role.ts";
import type { Actor } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import { lockAccount, touchAccount } from "../accounts/store.ts";
import type { Database } from "../db/open-database.ts";
import { writeNotice } from "../outbox/store.ts";
import { INVITATION_LIFETIME_MS } from "./invitation-secret.ts";
import { mayManage } from "./manage.ts";
import { extendInvitation, findInvitation } from "./store.ts";

export type ResendOutcome =
  | { readonly code: "sent"; readonly expiresAt: number }
  | { readonly code: "not_found" }
  | { readonly code: "not_yours_to_change" }
  | { readonly code: "rights_ended" };

/** Sends the mail of an open invitation once more, and its two weeks begin anew. Links of earlier mails stay good. */
export async function resendInvitation(
  { database, clock }: { database: Database; clock: Clock },
  accountId: AccountId,
  request: { id: string; actor: Actor },
): Promise<ResendOutcome> {
  const { id, actor } = request;
  return database.kysely.transaction().execute(async (db): Promise<ResendOutcome> => {
    await lockAccount(db, accountId);
    const own = await managerRole(db, accountId, actor);
    if (own === null) return { code: "rights_ended" };
    const now = clock.now(accountId);
    const invitation = await findInvitation(db, accountId, id);
    if (invitation === null || invitation.state !== "open" || invitation.expiresAt.getTime() <= now) {
      return { code: "not_found" };
    }
    const { email, name, role } = invitation;
    if (!mayManage(own, role)) return { code: "not_yours_to_change" };
    const expiresAt = now + INVITATION_LIFETIME_MS;
    await extendInvitation(db, accountId, { invitationId: id, expiresAt });
    const data = { invitationId: id, email, name, role, expiresAt: new Date(expiresAt).toISOString() };
    await writeNotice(db, { accountId, type: "member.invited", data, at: now, key: null });
    await writeAudit(db, actor, {
      accountId,
      action: "member.invitation_resent",
      subject: id,
      before: null,
      after: { email, role },
      at: now,
    });
    await touchAccount(db, accountId);
    return { code: "sent", expiresAt };
  });
}
