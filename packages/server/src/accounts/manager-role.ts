import { asMemberId, type AccountId } from "@bursar/core";
import type { Actor } from "../audit/actor.ts";
import type { Queryable } from "../db/open-database.ts";
import type { Role } from "./roles.ts";
import { lockCredentialRole } from "./store-credentials.ts";
import { findMember } from "./store.ts";

/** Owners and admins look after members, keys and webhooks (B2). */
export type ManagerRole = Extract<Role, "owner" | "admin">;

/**
 * The role of who asks for a change of that kind, read in the transaction that makes it and under the account's lock. A
 * request was let in a moment ago and may have waited since, while its key was revoked or its member removed or given
 * another role; after that it must do nothing.
 * @param accountId `null`: the installation itself
 * @returns `null` when they look after it no more
 */
export async function managerRole(
  db: Queryable,
  accountId: AccountId | null,
  { actor, actorKind }: Actor,
): Promise<ManagerRole | null> {
  switch (actorKind) {
    case "operator":
    case "stripe":
    case "bursar":
      return "owner";
    case "member":
      if (accountId === null) return null;
      return asManager((await findMember(db, accountId, asMemberId(actor)))?.role);
    case "platform_key":
    case "account_key":
    case "session_token":
      return asManager(await lockCredentialRole(db, accountId, actor));
  }
}

const asManager = (role: Role | null | undefined): ManagerRole | null =>
  role === "owner" || role === "admin" ? role : null;
