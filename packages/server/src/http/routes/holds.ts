import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { ID_PREFIXES, type Catalog } from "@bursar/core";
import type { BookOutcome } from "../../book/book-outcome.ts";
import { sayRefusal } from "../../usage/refusals.ts";
import { accountOf, requireKey, type Variables } from "../caller.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError, PROBLEMS, type ProblemCode } from "../problem.ts";
import { iso, storableText } from "../schemas/common.ts";
import * as schemas from "../schemas/usage.ts";
import type { Services } from "../services.ts";

const holdId = z.object({ id: storableText(80) });
const holdRoute = createRoute({
  method: "post",
  path: "/api/holds",
  summary: "Reserve tokens before the work; 1,000 holds of an account may be open at once",
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

/** Around the product's AI work: hold before it, settle or release after it (K3). */
export function holdRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database, catalog, clock, ids, book } = services;

  app.openapi(holdRoute, async (c) => {
    requireKey(c);
    const accountId = await accountOf(c, database);
    const { tokens, ttlSeconds, resource, description } = c.req.valid("json");
    const outcome = await book.submit({
      type: "hold",
      accountId,
      holdId: ids.next(ID_PREFIXES.hold),
      tokens,
      expiresAt: clock.now(accountId) + ttlSeconds * 1_000,
      description: description ?? "AI processing",
      resource: resource ?? null,
    });
    if (outcome.code !== "held") return refuse(catalog, outcome);
    const { hold } = outcome;
    return c.json({ id: hold.holdId, tokens: hold.tokens, expiresAt: iso(hold.expiresAt) }, 200);
  });

  app.openapi(settleRoute, async (c) => {
    requireKey(c);
    const accountId = await accountOf(c, database);
    const { tokens } = c.req.valid("json");
    const outcome = await book.submit({ type: "settle", accountId, holdId: c.req.valid("param").id, tokens });
    if (outcome.code !== "settled") return refuse(catalog, outcome);
    const { fromAllocation, fromCredits, balance } = outcome;
    return c.json({ fromAllocation, fromCredits, balance }, 200);
  });

  app.openapi(releaseRoute, async (c) => {
    requireKey(c);
    const accountId = await accountOf(c, database);
    const outcome = await book.submit({ type: "release", accountId, holdId: c.req.valid("param").id });
    if (outcome.code !== "released") return refuse(catalog, outcome);
    return c.body(null, 204);
  });
}

/** @throws the problem that says why; the book's refusals carry codes of api.md or are conflicts */
function refuse(catalog: Catalog, outcome: BookOutcome): never {
  const refusal = sayRefusal(catalog, outcome);
  const code = refusal !== null && refusal.code in PROBLEMS ? (refusal.code as ProblemCode) : "conflict";
  throw new ProblemError(code, refusal?.detail ?? "This could not be done.");
}
