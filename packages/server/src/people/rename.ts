import { writeAudit } from "../audit/store.ts";
import { touchAccount } from "../accounts/store.ts";
import { byMember, type PeopleContext } from "./sessions.ts";
import { inLockOrder, listMemberships, renameMember, type Reach } from "./store.ts";

/** One name in all accounts that they may reach. */
export async function rename(
  { database, clock }: PeopleContext,
  request: Reach & { to: string; requestId: string },
): Promise<void> {
  const { email, within, to, requestId } = request;
  await database.kysely.transaction().execute(async (db) => {
    const memberships = inLockOrder(await listMemberships(db, email));
    for (const membership of memberships) {
      const { accountId, memberId, name } = membership;
      if (name === to || (within !== null && accountId !== within)) continue;
      await renameMember(db, { accountId, memberId, name: to });
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
