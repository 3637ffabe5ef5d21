import type { AccountId, Clock, IdSource } from "@bursar/core";
import type { Actor } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import type { Database, Queryable } from "../db/open-database.ts";
import { issueNamed } from "./credentials.ts";
import { managerRole, type ManagerRole } from "./manager-role.ts";
import type { Role } from "./roles.ts";
import { lockAccount } from "./store.ts";
import * as store from "./store-credentials.ts";

/** Automation is a few programs; more is a mistake in one of them. */
export const KEYS_MAX = 100;

/** The platform's own are an operator's. @returns as what the actor makes and revokes keys; `null`: not any more */
async function lockForKeys(
  db: Queryable,
  accountId: AccountId | null,
  actor: Actor,
): Promise<ManagerRole | null> {
  if (accountId === null) return "owner";
  await lockAccount(db, accountId);
  return managerRole(db, accountId, actor);
}

interface KeysContext {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: IdSource;
}

export type CreateKeyOutcome =
  | {
      readonly code: "created";
      readonly credentialId: string;
      readonly secret: string;
      readonly hint: string;
      readonly createdAt: number;
    }
  /** Nobody gives more than they have. */
  | { readonly code: "role_above_own" }
  /** Who asks may make none any more. */
  | { readonly code: "rights_ended" }
  | { readonly code: "too_many" };

const RANK: Readonly<Record<Role, number>> = { member: 0, billing: 1, admin: 2, owner: 3 };

/** What a key made by this role may be, the smallest first. */
export function keyRolesOf(actorRole: Role): Role[] {
  return ROLES.filter((role) => RANK[role] <= RANK[actorRole]);
}

const ROLES: readonly Role[] = ["member", "billing", "admin", "owner"];

/**
 * Makes a key. Its secret is in the outcome and nowhere else.
 * @param accountId `null`: a platform key, which only an operator makes
 */
export async function createKey(
  context: KeysContext,
  accountId: AccountId | null,
  request: { name: string; role: Role; actor: Actor },
): Promise<CreateKeyOutcome> {
  const { name, role, actor } = request;
  return context.database.kysely.transaction().execute(async (db): Promise<CreateKeyOutcome> => {
    // Else two who make the last one at once would make two.
    const own = await lockForKeys(db, accountId, actor);
    if (own === null) return { code: "rights_ended" };
    if (RANK[role] > RANK[own]) return { code: "role_above_own" };
    if ((await store.countKeys(db, accountId)) >= KEYS_MAX) return { code: "too_many" };
    const kind = accountId === null ? "platform_key" : "account_key";
    const issued = await issueNamed(
      { ...context, db },
      { kind, accountId, memberId: null, role, lifetimeMs: null, name, createdBy: actor.actor },
    );
    await writeAudit(db, actor, {
      accountId,
      action: "key.created",
      subject: issued.credentialId,
      before: null,
      after: { name, role, hint: issued.hint },
      at: issued.createdAt,
    });
    return { code: "created", ...issued };
  });
}

/** From the commit on it opens nothing, on no server: each request reads its credential anew. */
export async function revokeKey(
  { database, clock }: Pick<KeysContext, "database" | "clock">,
  accountId: AccountId | null,
  request: { credentialId: string; actor: Actor },
): Promise<{ readonly code: "revoked" | "not_found" | "role_above_own" | "rights_ended" }> {
  const { credentialId, actor } = request;
  return database.kysely.transaction().execute(async (db) => {
    const own = await lockForKeys(db, accountId, actor);
    if (own === null) return { code: "rights_ended" };
    const role = await store.findKeyRole(db, accountId, credentialId);
    if (role === null) return { code: "not_found" };
    if (RANK[role] > RANK[own]) return { code: "role_above_own" };
    const revokedAt = clock.now();
    const revocation = { credentialId, revokedBy: actor.actor, at: revokedAt };
    const gone = await store.deleteKey(db, accountId, revocation);
    if (gone === null) return { code: "not_found" };
    await writeAudit(db, actor, {
      accountId,
      action: "key.revoked",
      subject: credentialId,
      before: gone,
      after: null,
      at: revokedAt,
    });
    return { code: "revoked" };
  });
}
