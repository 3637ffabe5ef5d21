import type { AccountId, Clock, IdSource } from "@bursar/core";
import type { Actor } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import type { Database } from "../db/open-database.ts";
import { issueNamed } from "./credentials.ts";
import type { Role } from "./roles.ts";
import { lockAccount } from "./store.ts";
import * as store from "./store-credentials.ts";

/** Automation is a few programs; more is a mistake in one of them. */
export const KEYS_MAX = 100;

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
  request: { name: string; role: Role; actorRole: Role; actor: Actor },
): Promise<CreateKeyOutcome> {
  const { name, role, actorRole, actor } = request;
  if (RANK[role] > RANK[actorRole]) return { code: "role_above_own" };
  return context.database.kysely.transaction().execute(async (db): Promise<CreateKeyOutcome> => {
    // Else two who make the last one at once would make two.
    if (accountId !== null) await lockAccount(db, accountId);
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
  request: { credentialId: string; actorRole: Role; actor: Actor },
): Promise<{ readonly code: "revoked" | "not_found" | "role_above_own" }> {
  const { credentialId, actorRole, actor } = request;
  return database.kysely.transaction().execute(async (db) => {
    const role = await store.findKeyRole(db, accountId, credentialId);
    if (role === null) return { code: "not_found" };
    if (RANK[role] > RANK[actorRole]) return { code: "role_above_own" };
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
