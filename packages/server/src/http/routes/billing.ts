import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { findPlan } from "@bursar/core";
import { readOverview } from "../../overview/overview.ts";
import { openPlanCheckout } from "../../subscriptions/open-plan-checkout.ts";
import { previewFirstSubscription, type Quoted } from "../../subscriptions/preview-first.ts";
import { findStripeCustomer } from "../../stripe/store-customers.ts";
import { hasSession } from "../../stripe/store-checkouts.ts";
import { accountOf, requireBilling, type AppContext, type Variables } from "../caller.ts";
import { checkoutAnswer } from "../checkout-answer.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import { allowedReturnUrl } from "../return-url.ts";
import * as schemas from "../schemas/billing.ts";
import { iso } from "../schemas/common.ts";
import type { Services } from "../services.ts";
import { overviewAnswer } from "./overview-answer.ts";
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
const previewRoute = createRoute({
  method: "post",
  path: "/api/billing/preview",
  summary: "What a choice costs, kept as a quote for 10 minutes",
  request: jsonBody(schemas.planChoice),
  responses: answers(schemas.preview),
});
const checkoutRoute = createRoute({
  method: "post",
  path: "/api/billing/checkout",
  summary: "Stripe's hosted page for a first subscription",
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

/** Plan, preview, checkout and the way back. */
export function billingRoutes(app: App, services: Services): void {
  const { database, catalog, gateway } = services;

  async function currentOverview(c: AppContext) {
    const accountId = await accountOf(c, database);
    const overview = await readOverview(services, accountId, services.clock.now());
    if (overview === null) throw new ProblemError("not_found", "There is no such account.");
    return overview;
  }
  async function answerOverview(c: AppContext) {
    const caller = c.get("caller");
    return overviewAnswer(catalog, await currentOverview(c), { caller, isTestMode: gateway.isTestMode });
  }

  app.openapi(overviewRoute, async (c) => c.json(await answerOverview(c), 200));

  app.openapi(plansRoute, async (c) => {
    const { plan } = await currentOverview(c);
    return c.json({ data: planOffers(catalog, plan) }, 200);
  });

  app.openapi(previewRoute, async (c) => {
    const choice = c.req.valid("json");
    const { plan, account } = await currentOverview(c);
    if (plan.kind !== "free") throw paidPlanRefusal();
    const seats = choice.seats ?? findPlan(catalog, choice.planId)?.minSeats ?? 1;
    const quote = await previewFirstSubscription(services, account.accountId, { ...choice, seats });
    if (quote.code === "refused") throw invalidChoice(quote);
    return c.json(previewAnswer(quote, catalog.currency), 200);
  });

  app.openapi(checkoutRoute, async (c) => {
    requireBilling(c);
    const accountId = await accountOf(c, database);
    const body = c.req.valid("json");
    const seats = body.seats ?? findPlan(catalog, body.planId)?.minSeats ?? 1;
    const outcome = await openPlanCheckout(services, accountId, {
      ...body,
      seats,
      successUrl: allowedReturnUrl(
        c,
        body.successUrl,
        "/settings/billing/return?session_id={CHECKOUT_SESSION_ID}",
      ),
      cancelUrl: allowedReturnUrl(c, body.cancelUrl, "/settings/billing/plans?left=checkout"),
    });
    if (outcome.code === "refused") throw invalidChoice(outcome);
    return c.json(checkoutAnswer(outcome), 200);
  });

  app.openapi(reconcileRoute, async (c) => {
    const accountId = await accountOf(c, database);
    const { sessionId } = c.req.valid("json");
    if (sessionId !== undefined && !(await hasSession(database.kysely, accountId, sessionId))) {
      throw new ProblemError("not_found", "This checkout was not opened for this account.");
    }
    const customer = await findStripeCustomer(database.kysely, accountId);
    if (customer !== null) await services.syncCustomer(customer.customerId);
    return c.json(await answerOverview(c), 200);
  });
}

/** A first subscription starts now, is paid in advance and has no proration; its tax is known with an address. */
function previewAnswer(quote: Quoted, currency: string): z.output<typeof schemas.preview> {
  const amount = quote.first.subtotalCents;
  return {
    quoteId: quote.quoteId,
    expiresAt: iso(quote.expiresAt),
    kind: "upgrade",
    effectiveAt: iso(quote.now),
    dueToday: {
      lines: [{ description: lineOf(quote.first), amount, proration: false }],
      subtotal: amount,
      tax: null,
      total: amount,
      amountDue: amount,
      currency,
    },
    nextInvoice: { at: iso(quote.renewsAt), total: amount, currency },
    later: null,
    renewsAt: iso(quote.renewsAt),
    loses: [],
  };
}

function lineOf({ plan, target: { seats, interval } }: Quoted["first"]): string {
  return plan.perSeat ? `${plan.name}, ${seats} seats, 1 ${interval}` : `${plan.name}, 1 ${interval}`;
}

function invalidChoice({ path, detail }: { path: string; detail: string }): ProblemError {
  return new ProblemError("invalid_request", detail, { errors: [{ path, message: detail }] });
}

function paidPlanRefusal(): ProblemError {
  return new ProblemError(
    "conflict",
    "This account is on a paid plan; changing it is not part of this version yet. Nothing was changed.",
  );
}
