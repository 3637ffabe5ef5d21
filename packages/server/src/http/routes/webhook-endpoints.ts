import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { asAccountId } from "@bursar/core";
import { noticeKinds } from "../../outbox/kinds.ts";
import {
  createEndpoint,
  ENDPOINTS_MAX,
  removeEndpoint,
  rotateEndpoint,
  TEST_TYPE,
  testEndpoint,
  updateEndpoint,
  type EndpointRefusal,
} from "../../webhooks/endpoints.ts";
import { PLATFORM_SCOPE } from "../../webhooks/address.ts";
import { findEndpoint, listEndpoints, type EndpointRow } from "../../webhooks/store.ts";
import {
  listDeliveries,
  replayOne,
  replaySpan,
  type DeliveryRow,
  type Try,
} from "../../webhooks/store-deliveries.ts";
import {
  accountOf,
  actorOf,
  mayChangeMembers,
  rightsEnded,
  type AppContext,
  type Variables,
} from "../caller.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import { fromInstant, iso, isoOrNull, listOf, pageQuery, toInstant } from "../schemas/common.ts";
import * as schemas from "../schemas/webhooks.ts";
import type { Services } from "../services.ts";
import { managePermission } from "./manage-permission.ts";
import { readTimeCursor, timeCursor } from "./time-cursor.ts";

const PATH = "/api/webhook-endpoints";
const params = z.object({ id: z.string().max(60) });
const deliveryParams = params.extend({ delivery: z.string().max(80) });
const refused = answers(schemas.webhookEndpoint).default;

const listRoute = createRoute({
  method: "get",
  path: PATH,
  summary: "The endpoints, without their secrets",
  responses: answers(schemas.endpointList),
});
const createEndpointRoute = createRoute({
  method: "post",
  path: PATH,
  summary: "Register an endpoint; its secret is told this once",
  request: jsonBody(schemas.newEndpointRequest),
  responses: answers(schemas.newEndpoint),
});
const patchRoute = createRoute({
  method: "patch",
  path: `${PATH}/{id}`,
  summary: "Change an endpoint, disable or enable it",
  request: { params, ...jsonBody(schemas.endpointPatch) },
  responses: answers(schemas.webhookEndpoint),
});
const deleteRoute = createRoute({
  method: "delete",
  path: `${PATH}/{id}`,
  summary: "Remove an endpoint",
  request: { params },
  responses: { 204: { description: "Removed" }, default: refused },
});
const rotateRoute = createRoute({
  method: "post",
  path: `${PATH}/{id}/rotate`,
  summary: "A new secret; the one before signs beside it for 24 hours",
  request: { params },
  responses: answers(schemas.rotatedSecret),
});
const testRoute = createRoute({
  method: "post",
  path: `${PATH}/{id}/test`,
  summary: "Send a message now, and answer what came of it",
  request: { params },
  responses: answers(schemas.testAnswer),
});
const deliveriesRoute = createRoute({
  method: "get",
  path: `${PATH}/{id}/deliveries`,
  summary: "What was sent to it and each try, the newest first; kept for 30 days",
  request: { params, query: pageQuery },
  responses: answers(listOf(schemas.delivery)),
});
const replayRoute = createRoute({
  method: "post",
  path: `${PATH}/{id}/replay`,
  summary: "Send the messages of a span again",
  request: { params, ...jsonBody(schemas.replayRequest) },
  responses: answers(schemas.replayAnswer),
});
const replayOneRoute = createRoute({
  method: "post",
  path: `${PATH}/{id}/deliveries/{delivery}/replay`,
  summary: "Send one message again",
  request: { params: deliveryParams },
  responses: answers(schemas.replayAnswer),
});

/** The test is sent to whom it is for, whatever they asked for. */
const EVENT_TYPES = noticeKinds
  .filter(({ type }) => type !== TEST_TYPE)
  .map(({ type, about }) => ({ type, description: about }));

type App = OpenAPIHono<{ Variables: Variables }>;

/** An account's endpoints; a platform key that names no account speaks of the installation's own. */
async function scopeOf(c: AppContext, { database }: Services): Promise<string> {
  const isPlatform = c.get("caller").accountId === null && c.req.header("bursar-account") === undefined;
  return isPlatform ? PLATFORM_SCOPE : accountOf(c, database);
}

export function webhookEndpointRoutes(app: App, services: Services): void {
  const { database } = services;
  const context = { ...services, ...services.courier.webhooks };
  const namedBy = async (c: AppContext) => {
    const endpointId = c.req.param("id") ?? "";
    return { scope: await scopeOf(c, services), endpointId, actor: actorOf(c) };
  };

  app.openapi(listRoute, async (c) => {
    const scope = await scopeOf(c, services);
    const data = (await listEndpoints(database.kysely, [scope])).map(endpointAnswer);
    const change =
      scope === PLATFORM_SCOPE
        ? { allowed: true }
        : await managePermission(c, services, { accountId: asAccountId(scope), what: "webhooks" });
    return c.json({ data, nextCursor: null, eventTypes: EVENT_TYPES, can: { change } }, 200);
  });

  app.openapi(createEndpointRoute, async (c) => {
    requireEndpointManager(c);
    const outcome = await createEndpoint(context, await scopeOf(c, services), {
      ...c.req.valid("json"),
      actor: actorOf(c),
    });
    if (outcome.code !== "created") throw refusalOf(outcome);
    c.header("cache-control", "no-store");
    return c.json({ ...endpointAnswer(outcome.endpoint), secret: outcome.secret }, 200);
  });

  app.openapi(patchRoute, async (c) => {
    requireEndpointManager(c);
    const endpoint = await namedBy(c);
    const outcome = await updateEndpoint(context, endpoint, c.req.valid("json"));
    if (outcome.code !== "changed") throw refusalOf(outcome);
    return c.json(endpointAnswer(outcome.endpoint), 200);
  });

  app.openapi(deleteRoute, async (c) => {
    requireEndpointManager(c);
    const outcome = await removeEndpoint(context, await namedBy(c));
    if (outcome.code !== "removed") throw refusalOf(outcome);
    return c.body(null, 204);
  });

  app.openapi(rotateRoute, async (c) => {
    requireEndpointManager(c);
    const outcome = await rotateEndpoint(context, await namedBy(c));
    if (outcome.code !== "rotated") throw refusalOf(outcome);
    c.header("cache-control", "no-store");
    return c.json({ secret: outcome.secret, previousValidUntil: iso(outcome.previousUntil) }, 200);
  });

  app.openapi(testRoute, async (c) => {
    requireEndpointManager(c);
    const outcome = await testEndpoint(context, await scopeOf(c, services), c.req.valid("param").id);
    if (outcome.code === "not_found") throw notFound();
    if (outcome.code === "disabled") {
      throw new ProblemError("conflict", "This endpoint is disabled. Enable it first. Nothing was sent.");
    }
    const { noticeId: id, outcome: tried } = outcome;
    return c.json({ id, delivered: tried.error === null, try: tryAnswer(tried) }, 200);
  });
  deliveryRoutes(app, services);
}

function deliveryRoutes(app: App, services: Services): void {
  const { database, clock } = services;

  /** @throws not found, also for another account's */
  async function endpointOf(c: AppContext, endpointId: string): Promise<EndpointRow> {
    const endpoint = await findEndpoint(database.kysely, await scopeOf(c, services), endpointId);
    if (endpoint === null) throw notFound();
    return endpoint;
  }

  app.openapi(deliveriesRoute, async (c) => {
    const endpoint = await endpointOf(c, c.req.valid("param").id);
    const { limit, cursor } = c.req.valid("query");
    const after = cursor === undefined ? null : readTimeCursor(cursor);
    const rows = await listDeliveries(database.kysely, endpoint, { limit: limit + 1, after });
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    const nextCursor =
      last === undefined
        ? null
        : timeCursor({ createdAt: last.createdAt.getTime(), noticeId: last.noticeId });
    return c.json({ data: page.map(deliveryAnswer), nextCursor }, 200);
  });

  app.openapi(replayRoute, async (c) => {
    requireEndpointManager(c);
    const endpoint = await endpointOf(c, c.req.valid("param").id);
    requireEnabled(endpoint);
    const { from, to, includeSent: withSent } = c.req.valid("json");
    // Without an end it has none: a notice bears its account's time, which in the demo is ahead of the machine's.
    const end = to === undefined ? null : toInstant(to);
    const span = { from: fromInstant(from), to: end, withSent, now: clock.now() };
    return c.json({ replayed: await replaySpan(database.kysely, endpoint, span) }, 200);
  });

  app.openapi(replayOneRoute, async (c) => {
    requireEndpointManager(c);
    const { id, delivery: noticeId } = c.req.valid("param");
    const endpoint = await endpointOf(c, id);
    requireEnabled(endpoint);
    const isThere = await replayOne(database.kysely, { ...endpoint, noticeId }, clock.now());
    if (!isThere) throw new ProblemError("not_found", "This endpoint has no such message.");
    return c.json({ replayed: 1 }, 200);
  });
}

function requireEnabled({ state }: EndpointRow): void {
  if (state === "enabled") return;
  throw new ProblemError("conflict", "This endpoint is disabled. Enable it first. Nothing was replayed.");
}

function endpointAnswer({ endpointId, state, failingSince, createdAt, ...row }: EndpointRow) {
  const { url, description, eventTypes } = row;
  return {
    id: endpointId,
    url,
    description,
    eventTypes,
    enabled: state === "enabled",
    failingSince: isoOrNull(failingSince),
    createdAt: iso(createdAt),
  };
}

function deliveryAnswer({ noticeId, type, state, createdAt, sentAt, notBefore, tries, body }: DeliveryRow) {
  return {
    id: noticeId,
    type,
    state,
    createdAt: createdAt.toISOString(),
    sentAt: sentAt?.toISOString() ?? null,
    nextTryAt: state === "due" ? notBefore.toISOString() : null,
    tries: tries.map(tryAnswer),
    body,
  };
}

const tryAnswer = ({ at, status, error, answer = null, durationMs }: Try) => ({
  at,
  status,
  error,
  answer,
  durationMs,
});

/** What is sent holds figures of the account, so whoever says where it goes is an owner or admin (B2). */
function requireEndpointManager(c: AppContext): void {
  if (mayChangeMembers(c.get("caller"))) return;
  throw new ProblemError(
    "forbidden",
    "Your role can see the endpoints but not change them. Ask an owner or admin. Nothing was changed.",
  );
}

const notFound = (): ProblemError => new ProblemError("not_found", "There is no such endpoint here.");

function refusalOf(refusal: EndpointRefusal | { readonly code: "not_found" | "rights_ended" }): ProblemError {
  switch (refusal.code) {
    case "not_found":
      return notFound();
    case "rights_ended":
      return rightsEnded();
    case "too_many":
      return new ProblemError(
        "conflict",
        `There are ${ENDPOINTS_MAX} endpoints, the most there can be. Remove one first. Nothing was made.`,
      );
    case "bad_url": {
      const detail = `The url ${refusal.mistake}. Nothing was changed.`;
      return new ProblemError("invalid_request", detail, {
        errors: [{ path: "url", message: refusal.mistake }],
      });
    }
  }
}
