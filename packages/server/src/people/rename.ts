import { writeAudit } from "../audit/store.ts";
import { touchAccount } from "../accounts/store.ts";
import { byMember, type PeopleContext } from "./sessions.ts";
import { listMemberships, renameMembers } from "./store.ts";

/** One name in all accounts. */
export async function rename(
  { database, clock }: PeopleContext,
  request: { email: string; to: string; requestId: string },
): Promise<void> {
  const { email, to, requestId } = request;
  await database.kysely.transaction().execute(async (db) => {
    const memberships = await listMemberships(db, email);
    await renameMembers(db, { email, name: to });
    for (const membership of memberships) {
      if (membership.name === to) continue;
      const { accountId, memberId, name } = membership;
      await writeAudit(db, byMember(membership, { requestId }), {
        accountId,
        action: "member.changed",
        subject: memberId,
        before: { name },
        after: { name: to },
        at: clock.now(accountId),
      });
      await touchAccount(db, accountId);
    }
  });
}
