import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { openPlanCheckout } from "../../subscriptions/open-plan-checkout.ts";
import { findStripeCustomer } from "../../stripe/store-customers.ts";
import { hasSession } from "../../stripe/store-checkouts.ts";
import { accountOf, requireBilling, type Variables } from "../caller.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import { allowedReturnUrl } from "../return-url.ts";
import * as schemas from "../schemas/billing.ts";
import type { Services } from "../services.ts";
import { throwRefusal } from "./change-answer.ts";
import { answerOverview, currentOverview } from "./current-overview.ts";
import { planOffers } from "./plan-offers.ts";

type App = OpenAPIHono<{ Variables: Variables }>;

const overviewRoute = createRoute({
  method: "get",
  path: "/api/billing",
  summary: "Everything the first screen shows",
  responses: answers(schemas.overview),
});
const plansRoute = createRoute({
  method: "get",
  path: "/api/billing/plans",
  summary: "The plans that can be chosen",
  responses: answers(z.object({ data: z.array(schemas.planOffer) })),
});
const checkoutRoute = createRoute({
  method: "post",
  path: "/api/billing/checkout",
  summary: "Stripe's hosted page for a first subscription or an upgrade",
  request: jsonBody(schemas.checkoutRequest),
  responses: answers(schemas.hostedPage),
});
const reconcileRoute = createRoute({
  method: "post",
  path: "/api/billing/reconcile",
  summary: "Ask Stripe what is true, then answer the overview",
  request: jsonBody(schemas.reconcileRequest),
  responses: answers(schemas.overview),
});

/** The first screen, checkout and the way back. */
export function billingRoutes(app: App, services: Services): void {
  const { database, catalog } = services;

  app.openapi(overviewRoute, async (c) => c.json(await answerOverview(c, services), 200));

  app.openapi(plansRoute, async (c) => {
    return c.json({ data: planOffers(await currentOverview(c, services)) }, 200);
  });

  app.openapi(checkoutRoute, async (c) => {
    requireBilling(c);
    const accountId = await accountOf(c, database);
    const body = c.req.valid("json");
    const outcome = await openPlanCheckout(services, accountId, {
      wanted: body,
      quoteId: body.quoteId,
      locale: body.locale,
      successUrl: allowedReturnUrl(
        c,
        body.successUrl,
        "/settings/billing/return?session_id={CHECKOUT_SESSION_ID}",
      ),
      cancelUrl: allowedReturnUrl(c, body.cancelUrl, "/settings/billing/plans?left=checkout"),
    });
    return c.json(outcome.code === "opened" ? { url: outcome.url } : throwRefusal(outcome, catalog), 200);
  });

  app.openapi(reconcileRoute, async (c) => {
    const accountId = await accountOf(c, database);
    const { sessionId } = c.req.valid("json");
    if (sessionId !== undefined && !(await hasSession(database.kysely, accountId, sessionId))) {
      throw new ProblemError("not_found", "This checkout was not opened for this account.");
    }
    const customer = await findStripeCustomer(database.kysely, accountId);
    if (customer !== null) await services.syncCustomer(customer.customerId);
    return c.json(await answerOverview(c, services), 200);
  });
}
