import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { cancelNow } from "../../invoices/cancel-now.ts";
import { abandonChange } from "../../subscriptions/abandon-change.ts";
import { changePlan } from "../../subscriptions/change-plan.ts";
import { previewChange } from "../../subscriptions/preview-change.ts";
import { resumePlan, undoPending } from "../../subscriptions/keep-plan.ts";
import { accountOf, actorOf, requireBilling, type Variables } from "../caller.ts";
import { answers, jsonBody } from "../openapi.ts";
import * as schemas from "../schemas/billing.ts";
import { iso } from "../schemas/common.ts";
import type { Services } from "../services.ts";
import { changeAnswer, previewAnswer, throwRefusal } from "./change-answer.ts";

const previewRoute = createRoute({
  method: "post",
  path: "/api/billing/preview",
  summary: "What a choice costs, kept as a quote for 10 minutes",
  request: jsonBody(schemas.planChoice),
  responses: answers(schemas.preview),
});
const changeRoute = createRoute({
  method: "post",
  path: "/api/billing/change",
  summary: "Change plan, interval or seats; what rises is charged to the saved card",
  request: jsonBody(schemas.changeRequest),
  responses: answers(schemas.changeAnswer),
});
const undoRoute = createRoute({
  method: "delete",
  path: "/api/billing/pending-change",
  summary: "Undo the change that is scheduled, or give up one that waits for the bank",
  responses: { 204: { description: "Undone" }, default: answers(schemas.changeAnswer).default },
});
const cancelRoute = createRoute({
  method: "post",
  path: "/api/billing/cancel",
  summary: "Cancel at the end of the period; while past due, at once if wanted",
  request: jsonBody(schemas.cancelRequest),
  responses: answers(schemas.cancelAnswer),
});
const resumeRoute = createRoute({
  method: "post",
  path: "/api/billing/resume",
  summary: "Keep the plan that was cancelled",
  responses: answers(schemas.resumeAnswer),
});

/** Everything that changes a plan, in the order in which a customer meets it. */
export function planChangeRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database, catalog } = services;

  app.openapi(previewRoute, async (c) => {
    const accountId = await accountOf(c, database);
    const outcome = await previewChange(services, accountId, c.req.valid("json"));
    if (outcome.code !== "previewed") throwRefusal(outcome, catalog);
    return c.json(previewAnswer(outcome, catalog), 200);
  });

  app.openapi(changeRoute, async (c) => {
    requireBilling(c);
    const accountId = await accountOf(c, database);
    const { quoteId, ...wanted } = c.req.valid("json");
    const outcome = await changePlan(services, accountId, { wanted, quoteId, actor: actorOf(c) });
    return c.json(changeAnswer(outcome, catalog), 200);
  });

  app.openapi(undoRoute, async (c) => {
    requireBilling(c);
    const accountId = await accountOf(c, database);
    const given = await abandonChange(services, accountId, actorOf(c));
    const outcome = given ?? (await undoPending(services, accountId, actorOf(c)));
    if (outcome !== null) changeAnswer(outcome, catalog);
    return c.body(null, 204);
  });

  app.openapi(cancelRoute, async (c) => {
    requireBilling(c);
    const accountId = await accountOf(c, database);
    if (c.req.valid("json").now) {
      const ended = await cancelNow(services, accountId, actorOf(c));
      if (ended.code !== "ended") throwRefusal(ended, catalog);
      return c.json({ status: "cancelled" as const, cancelAt: iso(ended.endedAt) }, 200);
    }
    const wanted = { planId: catalog.freePlanId };
    const outcome = await changePlan(services, accountId, { wanted, actor: actorOf(c) });
    const { effectiveAt } = changeAnswer(outcome, catalog);
    return c.json({ status: "cancelled" as const, cancelAt: effectiveAt }, 200);
  });

  app.openapi(resumeRoute, async (c) => {
    requireBilling(c);
    const accountId = await accountOf(c, database);
    changeAnswer(await resumePlan(services, accountId, actorOf(c)), catalog);
    return c.json({ status: "active" as const }, 200);
  });
}
