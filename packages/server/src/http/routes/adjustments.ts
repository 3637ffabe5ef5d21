import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { QUANTITY_MAX } from "@bursar/core";
import { adjustCredits } from "../../credits/adjust-credits.ts";
import { actorOf, requirePlatformKey, resolveAccount, type Variables } from "../caller.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import { iso } from "../schemas/common.ts";
import * as schemas from "../schemas/credits.ts";
import type { Services } from "../services.ts";

const adjustmentRoute = createRoute({
  method: "post",
  path: "/api/accounts/{id}/adjustments",
  summary: "Correct an account's credits, with a reason that its history shows (platform key)",
  description: `A positive number of tokens gives, a negative one takes, also below zero; ${QUANTITY_MAX} at most either way. With an \`id\` of yours it is done once however often it is sent; without one each request, or each \`Idempotency-Key\`, is an adjustment of its own.`,
  request: { params: z.object({ id: z.string().max(200) }), ...jsonBody(schemas.adjustmentRequest) },
  responses: answers(schemas.adjustment),
});

export function adjustmentRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database, ids } = services;

  app.openapi(adjustmentRoute, async (c) => {
    requirePlatformKey(c);
    const accountId = await resolveAccount(database, c.req.valid("param").id);
    const intention = c.get("intention");
    const own = intention === undefined ? ids.next("adj_") : `adj_${intention}`;
    const { tokens, reason, id = own, operator = null } = c.req.valid("json");
    const outcome = await adjustCredits(services, {
      ...{ accountId, adjustmentId: id, tokens, reason, operator },
      actor: actorOf(c),
    });
    switch (outcome.code) {
      case "adjusted": {
        const { adjustment, balance } = outcome;
        const { createdAt, operator: asked } = adjustment;
        return c.json(
          { id, accountId, tokens, reason, operator: asked, balance, createdAt: iso(createdAt.getTime()) },
          200,
        );
      }
      case "differs": {
        const { tokens: had, reason: because } = outcome.adjustment;
        throw new ProblemError(
          "idempotency_mismatch",
          `The adjustment ${id} is known with ${had} tokens for "${because}". Use another id for another adjustment. Nothing was changed.`,
        );
      }
      default:
        throw new ProblemError(
          "unavailable",
          `The adjustment ${id} is stored and will be booked by itself. Send it again with this id to see it done; without the id it would be a second one.`,
        );
    }
  });
}
