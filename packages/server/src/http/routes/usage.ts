import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { ID_PREFIXES } from "@bursar/core";
import { checkUse, readAccount } from "../../book/read-account.ts";
import { sayRefusal } from "../../usage/refusals.ts";
import { accountOf, requireKey, type Variables } from "../caller.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError, PROBLEMS, type ProblemCode } from "../problem.ts";
import { usageReport } from "../schemas/billing.ts";
import { iso, isoOrNull } from "../schemas/common.ts";
import * as schemas from "../schemas/usage.ts";
import type { Services } from "../services.ts";
import { camelCase } from "./overview-answer.ts";
import { z } from "@hono/zod-openapi";

const holdId = z.object({ id: z.string().min(1).max(80) });
const usageRoute = createRoute({
  method: "get",
  path: "/api/billing/usage",
  summary: "Used and limit of every meter in the usage window",
  responses: answers(usageReport),
});
const checkRoute = createRoute({
  method: "post",
  path: "/api/check",
  summary: "Whether something may be done now",
  request: jsonBody(schemas.checkRequest),
  responses: answers(schemas.checkAnswer),
});
const holdRoute = createRoute({
  method: "post",
  path: "/api/holds",
  summary: "Reserve tokens before the work",
  request: jsonBody(schemas.holdRequest),
  responses: answers(schemas.hold),
});
const settleRoute = createRoute({
  method: "post",
  path: "/api/holds/{id}/settle",
  summary: "Charge what the work took and give the rest back",
  request: { params: holdId, ...jsonBody(schemas.settleRequest) },
  responses: answers(schemas.settlement),
});
const releaseRoute = createRoute({
  method: "post",
  path: "/api/holds/{id}/release",
  summary: "Give a reservation back",
  request: { params: holdId },
  responses: { 204: { description: "Given back" }, default: answers(schemas.hold).default },
});

/** What the product's backend asks around its work: usage, check, hold, settle, release. */
export function usageRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database, catalog, clock, ids, book, bookContext } = services;
  const refuse = (outcome: Parameters<typeof sayRefusal>[1]): never => {
    const refusal = sayRefusal(catalog, outcome);
    const code = refusal !== null && refusal.code in PROBLEMS ? (refusal.code as ProblemCode) : "conflict";
    throw new ProblemError(code, refusal?.detail ?? "This could not be done.");
  };

  app.openapi(usageRoute, async (c) => {
    const accountId = await accountOf(c, database);
    const view = await readAccount(database.kysely, bookContext, { accountId, now: clock.now() });
    if (view === null) throw new ProblemError("not_found", "There is no such account.");
    const { window, slice } = view.entitlement;
    const usage = Object.fromEntries(
      view.meters.map(({ meterId, used, limit }) => [camelCase(meterId), { used, limit }]),
    );
    return c.json(
      { plan: slice.planId, period: { start: iso(window.startsAt), end: iso(window.endsAt) }, usage },
      200,
    );
  });

  app.openapi(checkRoute, async (c) => {
    const accountId = await accountOf(c, database);
    const { meter, quantity } = c.req.valid("json");
    const result = await checkUse(database.kysely, bookContext, {
      accountId,
      meterId: meter,
      quantity,
      now: clock.now(),
    });
    if (result === null) throw new ProblemError("not_found", "There is no such account.");
    if (!result.known) {
      const detail = sayRefusal(catalog, result.refusal)!.detail;
      throw new ProblemError("invalid_request", detail, { errors: [{ path: "meter", message: detail }] });
    }
    const { decision, remaining, wouldAllow } = result;
    const refusal = decision.refusal === null ? null : sayRefusal(catalog, decision.refusal);
    return c.json(
      {
        allowed: refusal === null,
        ...(refusal ?? {}),
        ...(refusal === null ? {} : { wouldAllow: [...wouldAllow] }),
        used: decision.used,
        limit: decision.limit,
        remaining: remaining !== null && Number.isFinite(remaining) ? remaining : null,
        credits: { available: Math.max(0, decision.available.credits) },
        resetsAt: isoOrNull(decision.resetsAt),
      },
      200,
    );
  });

  app.openapi(holdRoute, async (c) => {
    requireKey(c);
    const accountId = await accountOf(c, database);
    const { tokens, ttlSeconds, resource, description } = c.req.valid("json");
    const outcome = await book.submit({
      type: "hold",
      accountId,
      holdId: ids.next(ID_PREFIXES.hold),
      tokens,
      expiresAt: clock.now() + ttlSeconds * 1_000,
      description: description ?? "AI processing",
      resource: resource ?? null,
    });
    if (outcome.code !== "held") return refuse(outcome);
    const { hold } = outcome;
    return c.json({ id: hold.holdId, tokens: hold.tokens, expiresAt: iso(hold.expiresAt) }, 200);
  });

  app.openapi(settleRoute, async (c) => {
    requireKey(c);
    const accountId = await accountOf(c, database);
    const { tokens } = c.req.valid("json");
    const outcome = await book.submit({ type: "settle", accountId, holdId: c.req.valid("param").id, tokens });
    if (outcome.code !== "settled") return refuse(outcome);
    const { fromAllocation, fromCredits, balance } = outcome;
    return c.json({ fromAllocation, fromCredits, balance }, 200);
  });

  app.openapi(releaseRoute, async (c) => {
    requireKey(c);
    const accountId = await accountOf(c, database);
    const outcome = await book.submit({ type: "release", accountId, holdId: c.req.valid("param").id });
    if (outcome.code !== "released") return refuse(outcome);
    return c.body(null, 204);
  });
}
