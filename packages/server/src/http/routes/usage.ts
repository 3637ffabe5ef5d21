import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { checkUse, readAccount } from "../../book/read-account.ts";
import { sayRefusal } from "../../usage/refusals.ts";
import { accountOf, type Variables } from "../caller.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import { usageReport } from "../schemas/billing.ts";
import { iso, isoOrNull } from "../schemas/common.ts";
import * as schemas from "../schemas/usage.ts";
import type { Services } from "../services.ts";
import { camelCase } from "./overview-answer.ts";

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
/** What was used, and whether more may be. */
export function usageRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database, catalog, clock, bookContext, accountStates } = services;

  app.openapi(usageRoute, async (c) => {
    const accountId = await accountOf(c, database);
    const view = await readAccount(database.kysely, bookContext, { accountId, now: clock.now(accountId) });
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
    const result = await checkUse(accountStates, bookContext, { accountId, meterId: meter, quantity }, clock);
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
}
