import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { withdraw } from "../../withdrawals/withdraw.ts";
import { accountOf, actorOf, requireBilling, type Variables } from "../caller.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import * as schemas from "../schemas/billing.ts";
import type { Services } from "../services.ts";
import { withdrawalAnswer } from "./withdrawal-answer.ts";

const withdrawRoute = createRoute({
  method: "post",
  path: "/api/billing/withdraw",
  summary: "Withdraw from the contract, as a consumer: the plan ends at once, what was paid is given back",
  request: jsonBody(schemas.withdrawRequest),
  responses: answers(schemas.withdrawal),
});

const REFUSED = {
  nothing_to_withdraw: "There is no contract to withdraw from. Nothing was changed.",
  withdrawal_over: "The time to withdraw from this contract is over. You can cancel it. Nothing was changed.",
} as const;

export function withdrawalRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database, catalog } = services;
  app.openapi(withdrawRoute, async (c) => {
    requireBilling(c);
    const accountId = await accountOf(c, database);
    const outcome = await withdraw(services, accountId, { ...c.req.valid("json"), actor: actorOf(c) });
    if (outcome.code === "not_offered") {
      throw new ProblemError("not_found", "Withdrawal is not offered here.");
    }
    if (outcome.code !== "withdrawn") {
      throw new ProblemError("conflict", REFUSED[outcome.code], { extra: { reason: outcome.code } });
    }
    return c.json(withdrawalAnswer(catalog, outcome.withdrawal), 200);
  });
}
