import {
  asAccountId,
  asMemberId,
  ID_PREFIXES,
  type AccountId,
  type Clock,
  type IdSource,
  type MemberId,
} from "@bursar/core";
import type { Actor } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import type { Database } from "../db/open-database.ts";
import * as store from "./store.ts";

export type CreateAccountOutcome =
  | { readonly code: "created"; readonly accountId: AccountId; readonly ownerId: MemberId }
  | { readonly code: "external_id_taken"; readonly accountId: AccountId };

/**
 * Makes an account on the free plan with its owner. Its first usage window begins with it (P1).
 * @param request.createdAt before now only where the past is brought along (the demo, an import)
 */
export async function createAccount(
  {
    database,
    clock,
    ids,
    freePlanId,
  }: { database: Database; clock: Clock; ids: IdSource; freePlanId: string },
  request: {
    name: string;
    email: string;
    externalId?: string | undefined;
    owner: { name: string; email: string };
    createdAt?: number;
    actor: Actor;
  },
): Promise<CreateAccountOutcome> {
  const accountId = asAccountId(ids.next(ID_PREFIXES.account));
  const ownerId = asMemberId(ids.next(ID_PREFIXES.member));
  const createdAt = request.createdAt ?? clock.now();
  return database.kysely.transaction().execute(async (db) => {
    if (request.externalId !== undefined) {
      const isNew = await store.insertReference(db, {
        kind: "external",
        reference: request.externalId,
        accountId,
      });
      if (!isNew) {
        const taken = await store.findAccountId(db, "external", request.externalId);
        return { code: "external_id_taken", accountId: asAccountId(taken!) };
      }
    }
    await store.insertAccount(db, { accountId, name: request.name, email: request.email, createdAt });
    await store.insertMember(db, {
      accountId,
      memberId: ownerId,
      ...request.owner,
      role: "owner",
      createdAt,
    });
    await store.insertSlice(db, accountId, {
      startsAt: createdAt,
      anchorAt: createdAt,
      planId: freePlanId,
      interval: null,
      seats: 1,
    });
    const { actor, name, email, externalId = null, owner } = request;
    const after = { name, email, externalId, owner: { memberId: ownerId, email: owner.email } };
    const about = { accountId, action: "account.created", subject: null, before: null } as const;
    await writeAudit(db, actor, { ...about, after, at: createdAt });
    return { code: "created", accountId, ownerId };
  });
}
