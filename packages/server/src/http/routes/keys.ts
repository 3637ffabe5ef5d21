import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { KEYS_MAX, createKey, keyRolesOf, revokeKey } from "../../accounts/keys.ts";
import { listKeys, listRevokedKeys, type KeyRow } from "../../accounts/store-credentials.ts";
import {
  accountOf,
  actorOf,
  requireMemberManager,
  rightsEnded,
  type AppContext,
  type Variables,
} from "../caller.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import { iso, pageQuery } from "../schemas/common.ts";
import * as schemas from "../schemas/keys.ts";
import type { Services } from "../services.ts";
import { managePermission } from "./manage-permission.ts";

const listRoute = createRoute({
  method: "get",
  path: "/api/keys",
  summary: "The account's keys, the newest first, without their secrets",
  request: { query: pageQuery },
  responses: answers(schemas.keyList),
});
const createKeyRoute = createRoute({
  method: "post",
  path: "/api/keys",
  summary: "Make an account key; the key itself is told this once",
  request: jsonBody(schemas.newKeyRequest),
  responses: answers(schemas.newKey),
});
const revokeRoute = createRoute({
  method: "delete",
  path: "/api/keys/{id}",
  summary: "Revoke a key; it opens nothing from then on",
  request: { params: z.object({ id: z.string().max(60) }) },
  responses: { 204: { description: "Revoked" }, default: answers(schemas.newKey).default },
});

/** What somebody who looks for a key that stopped working wants to see. */
const REVOKED_TOLD_MAX = 20;

/** Keys for a customer's own automation. The platform's keys are an operator's, by `bursar keys`. */
export function keyRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database } = services;

  app.openapi(listRoute, async (c) => {
    const accountId = await accountOf(c, database);
    const { limit, cursor } = c.req.valid("query");
    const rows = await listKeys(database.kysely, accountId, { after: cursor ?? null, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const change = await managePermission(c, services, { accountId, what: "keys" });
    const roles = keyRolesOf(c.get("caller").role);
    const aKeyMakesNone = c.get("caller").kind === "account_key" && change.allowed;
    const answer = {
      data: page.map((row) => ({
        ...keyAnswer(row),
        can: {
          revoke:
            change.allowed && !roles.includes(row.role)
              ? { allowed: false, code: "role_above_own", reason: ABOVE_OWN }
              : change,
        },
      })),
      nextCursor: rows.length > limit ? (page.at(-1)?.credentialId ?? null) : null,
      revoked: (await listRevokedKeys(database.kysely, accountId, REVOKED_TOLD_MAX)).map((row) => ({
        ...keyAnswer(row),
        revokedBy: row.revokedBy,
        revokedByName: row.revokedByName,
        revokedAt: row.revokedAt.toISOString(),
      })),
      can: {
        make: aKeyMakesNone
          ? { allowed: false, code: "key_makes_none", reason: "An account key cannot make keys." }
          : change,
        makeAs: change.allowed && !aKeyMakesNone ? roles : [],
      },
    };
    return c.json(answer, 200);
  });

  app.openapi(createKeyRoute, async (c) => {
    requireKeyManager(c);
    const accountId = await accountOf(c, database);
    const { name, role } = c.req.valid("json");
    const actor = actorOf(c);
    const outcome = await createKey(services, accountId, { name, role, actor });
    if (outcome.code === "rights_ended") throw rightsEnded();
    if (outcome.code === "role_above_own") throw aboveOwn();
    if (outcome.code === "too_many") {
      const detail = `An account has ${KEYS_MAX} keys at most. Revoke one that is not used any more. Nothing was made.`;
      throw new ProblemError("conflict", detail);
    }
    const { credentialId: id, secret, hint, createdAt } = outcome;
    c.header("cache-control", "no-store");
    return c.json(
      { id, name, role, hint, createdBy: actor.actor, createdAt: iso(createdAt), key: secret },
      200,
    );
  });

  app.openapi(revokeRoute, async (c) => {
    requireMemberManager(c);
    const accountId = await accountOf(c, database);
    const request = { credentialId: c.req.valid("param").id, actor: actorOf(c) };
    const { code } = await revokeKey(services, accountId, request);
    if (code === "rights_ended") throw rightsEnded();
    if (code === "role_above_own") throw aboveOwn();
    if (code === "not_found") throw new ProblemError("not_found", "This account has no such key.");
    return c.body(null, 204);
  });
}

function keyAnswer({ credentialId, name, role, hint, createdBy, createdByName, ...row }: KeyRow) {
  return {
    id: credentialId,
    name,
    role,
    hint,
    createdBy,
    createdByName,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  };
}

/** A key makes no keys: one that leaked could not be revoked for good else. */
function requireKeyManager(c: AppContext): void {
  requireMemberManager(c);
  if (c.get("caller").kind !== "account_key") return;
  throw new ProblemError(
    "forbidden",
    "An account key cannot make keys. An owner or admin makes them. Nothing was made.",
  );
}

const ABOVE_OWN = "The role of this key is above your own.";

const aboveOwn = (): ProblemError => new ProblemError("forbidden", `${ABOVE_OWN} Nothing was changed.`);
