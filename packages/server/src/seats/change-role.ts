import { asMemberId, type AccountId, type Clock } from "@bursar/core";
import type { Actor } from "../audit/actor.ts";
import { managerRole } from "../accounts/manager-role.ts";
import type { Role } from "../accounts/roles.ts";
import { writeAudit } from "../audit/store.ts";
import { countOwners, findMember, lockAccount, storeRole, touchAccount } from "../accounts/store.ts";
import type { Database } from "../db/open-database.ts";
import { mayManage } from "./manage.ts";

export type ChangeRoleOutcome =
  | { readonly code: "changed" }
  | { readonly code: "not_found" }
  | { readonly code: "not_yours_to_change" }
  | { readonly code: "rights_ended" }
  | { readonly code: "last_owner"; readonly name: string };

/**
 * Makes a member something else, from their next request on. Whoever changes it may manage what the member was and what
 * they become, so an admin makes no owner and unmakes none; and an owner stays.
 */
export async function changeRole(
  { database, clock }: { database: Database; clock: Clock },
  accountId: AccountId,
  request: { id: string; role: Role; actor: Actor },
): Promise<ChangeRoleOutcome> {
  const { id, role, actor } = request;
  return database.kysely.transaction().execute(async (db): Promise<ChangeRoleOutcome> => {
    await lockAccount(db, accountId);
    const own = await managerRole(db, accountId, actor);
    if (own === null) return { code: "rights_ended" };
    const member = await findMember(db, accountId, asMemberId(id));
    if (member === null) return { code: "not_found" };
    if (!mayManage(own, member.role) || !mayManage(own, role)) return { code: "not_yours_to_change" };
    if (member.role === role) return { code: "changed" };
    if (member.role === "owner" && (await countOwners(db, accountId)) === 1) {
      return { code: "last_owner", name: member.name };
    }
    await storeRole(db, accountId, { memberId: asMemberId(id), role });
    await writeAudit(db, actor, {
      accountId,
      action: "member.changed",
      subject: id,
      before: { role: member.role },
      after: { role },
      at: clock.now(accountId),
    });
    await touchAccount(db, accountId);
    return { code: "changed" };
  });
}
