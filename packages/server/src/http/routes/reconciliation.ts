import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { requirePlatformKey, type Variables } from "../caller.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import type { Services } from "../services.ts";

const value = z.union([z.string(), z.int()]).nullable();
const report = z
  .object({
    customers: z.int(),
    drifts: z.array(
      z.object({
        accountId: z.string(),
        what: z.string(),
        id: z.string(),
        stored: value,
        found: value,
        isAnnounced: z.boolean(),
        sentence: z.string(),
      }),
    ),
    failures: z.array(z.object({ accountId: z.string(), reason: z.string() })),
    nextCursor: z.string().nullable(),
  })
  .openapi("ReconcileReport");
const request = z.object({ account: z.string().max(200).optional(), cursor: z.string().max(200).optional() });

const reconciliationRoute = createRoute({
  method: "post",
  path: "/api/reconciliation",
  summary: "Compare some customers with Stripe, mend what differs and say what it was (platform key)",
  request: jsonBody(request),
  responses: answers(report),
});

/** For `bursar reconcile` beside a service with the embedded database, which no second process can open. */
export function reconciliationRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  app.openapi(reconciliationRoute, async (c) => {
    requirePlatformKey(c);
    const page = await services.reconcile(c.req.valid("json"));
    if (page === null) throw new ProblemError("not_found", "There is no such account.");
    return c.json(
      { ...page, drifts: page.drifts.map((drift) => ({ ...drift })), failures: [...page.failures] },
      200,
    );
  });
}
