import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { KEYS_MAX, createKey, revokeKey } from "../../accounts/keys.ts";
import { listKeys } from "../../accounts/store-credentials.ts";
import { accountOf, actorOf, requireMemberManager, type AppContext, type Variables } from "../caller.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import { iso, pageQuery } from "../schemas/common.ts";
import * as schemas from "../schemas/keys.ts";
import type { Services } from "../services.ts";

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

/** Keys for a customer's own automation. The platform's keys are an operator's, by `bursar keys`. */
export function keyRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database } = services;

  app.openapi(listRoute, async (c) => {
    const accountId = await accountOf(c, database);
    const { limit, cursor } = c.req.valid("query");
    const rows = await listKeys(database.kysely, accountId, { after: cursor ?? null, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const data = page.map(({ credentialId, createdAt, lastUsedAt, ...rest }) => ({
      id: credentialId,
      ...rest,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    }));
    return c.json(
      { data, nextCursor: rows.length > limit ? (page.at(-1)?.credentialId ?? null) : null },
      200,
    );
  });

  app.openapi(createKeyRoute, async (c) => {
    requireKeyManager(c);
    const accountId = await accountOf(c, database);
    const { name, role } = c.req.valid("json");
    const actor = actorOf(c);
    const actorRole = c.get("caller").role;
    const outcome = await createKey(services, accountId, { name, role, actor, actorRole });
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
    const request = {
      credentialId: c.req.valid("param").id,
      actor: actorOf(c),
      actorRole: c.get("caller").role,
    };
    const { code } = await revokeKey(services, accountId, request);
    if (code === "role_above_own") throw aboveOwn();
    if (code === "not_found") throw new ProblemError("not_found", "This account has no such key.");
    return c.body(null, 204);
  });
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

const aboveOwn = (): ProblemError =>
  new ProblemError("forbidden", "The role of this key is above your own. Nothing was changed.");
