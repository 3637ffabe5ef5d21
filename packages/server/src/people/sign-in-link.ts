/** A sign-in link, which an operator hands to somebody, becomes a session of this browser. */
import type { AccountId, MemberId } from "@bursar/core";
import { BY_LINK, DASHBOARD_SESSION_MS, issueNamed, type Caller } from "../accounts/credentials.ts";
import { takeUse } from "../accounts/store-credentials.ts";
import { findMember } from "../accounts/store.ts";
import { writeAudit } from "../audit/store.ts";
import type { Queryable } from "../db/open-database.ts";
import { deviceOf } from "./device.ts";
import { byHolder, endBrought, type From, type PeopleContext } from "./sessions.ts";
import { lockPeople } from "./store.ts";

/** @returns the secret for the browser's cookie; `null`: the link has no use left, or was ended with its person's sessions */
export async function signInByLink(
  { database, clock, ids }: PeopleContext,
  { link, from }: { link: Caller; from: From },
): Promise<string | null> {
  const { accountId, memberId, role } = link;
  if (accountId === null) return null;
  return database.kysely.transaction().execute(async (db) => {
    await lockHolder(db, accountId, memberId);
    if (!(await takeUse(db, link.credentialId))) return null;
    await endBrought({ db, clock }, from);
    const { secret, credentialId } = await issueNamed(
      { db, clock, ids },
      {
        kind: "dashboard_session",
        accountId,
        memberId,
        role,
        lifetimeMs: DASHBOARD_SESSION_MS,
        createdBy: BY_LINK,
        name: deviceOf(from.userAgent),
      },
    );
    await writeAudit(db, byHolder({ memberId, credentialId }, from), {
      accountId,
      action: "session.started",
      subject: credentialId,
      before: null,
      after: { link: link.credentialId },
      at: clock.now(accountId),
    });
    return secret;
  });
}

/** A new password of the person ends the link and its sessions; so it waits for this one, or this one for it. */
async function lockHolder(db: Queryable, accountId: AccountId, memberId: MemberId | null): Promise<void> {
  const member = memberId === null ? null : await findMember(db, accountId, memberId);
  if (member !== null) await lockPeople(db, [member.email.toLowerCase()]);
}
