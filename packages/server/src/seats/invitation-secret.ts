import { HOUR_MS, type AccountId, type IdSource, type Instant } from "@bursar/core";
import { hashSecret } from "../accounts/credentials.ts";
import type { Database } from "../db/open-database.ts";
import { findInvitation, insertInvitationSecret } from "./store.ts";

/** The prefix tells people, and scanners of leaked secrets, what they have found. */
export const INVITATION_SECRET_PREFIX = "bsi_";

/** An invitation holds its seat for two weeks: time for a holiday, and no seat is lost to a wrong address for long. */
export const INVITATION_LIFETIME_MS = 14 * 24 * HOUR_MS;

/**
 * One more secret that accepts an open invitation, for a mail that is just being sent.
 * @returns `null` when it is not open any more
 */
export async function issueInvitationSecret(
  { database, ids }: { database: Database; ids: IdSource },
  { accountId, invitationId, now }: { accountId: AccountId; invitationId: string; now: Instant },
): Promise<string | null> {
  const invitation = await findInvitation(database.kysely, accountId, invitationId);
  if (invitation === null || invitation.state !== "open" || invitation.expiresAt.getTime() <= now)
    return null;
  const secret = INVITATION_SECRET_PREFIX + ids.secret();
  await insertInvitationSecret(database.kysely, accountId, { invitationId, secretHash: hashSecret(secret) });
  return secret;
}
