import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { DAY_MS, SECOND_MS, type AccountId, type Instant } from "@bursar/core";
import { ensureStripeCustomer } from "../../accounts/stripe-customer.ts";
import { findStripeCustomer } from "../../stripe/store-customers.ts";
import { listEventsOfCustomer } from "../../stripe/store-inbox.ts";
import { someUsage } from "../../travel/some-usage.ts";
import type { Travel } from "../../travel/travel.ts";
import { accountOf, requireBilling, type AppContext, type Variables } from "../caller.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import { overview } from "../schemas/billing.ts";
import { iso, isoOrNull } from "../schemas/common.ts";
import * as schemas from "../schemas/demo.ts";
import type { Services } from "../services.ts";
import { answerOverview } from "./current-overview.ts";

const WEBHOOKS_SHOWN = 10;

const stateRoute = createRoute({
  method: "get",
  path: "/api/demo",
  summary: "The account's clock, and what Stripe told of it",
  responses: answers(schemas.demoState),
});
const advanceRoute = createRoute({
  method: "post",
  path: "/api/demo/advance",
  summary: "Move the account's time on, at Stripe and here; answers when everything has followed",
  request: jsonBody(schemas.advanceRequest),
  responses: answers(overview),
});
const usageRoute = createRoute({
  method: "post",
  path: "/api/demo/usage",
  summary: "Some use of every meter, now",
  request: jsonBody(z.object({}).strict()),
  responses: answers(overview),
});
const cardRoute = createRoute({
  method: "post",
  path: "/api/demo/card",
  summary: "Replace the saved card by one that works, or by one that declines every charge",
  request: jsonBody(schemas.cardRequest),
  responses: answers(overview),
});

/** What the demo's bar does (N2). Mounted only where accounts can travel, so never in production. */
export function demoRoutes(
  app: OpenAPIHono<{ Variables: Variables }>,
  services: Services,
  travel: Travel,
): void {
  const { database, catalog, clock, ids, book, gateway } = services;

  async function whoMayChange(c: AppContext): Promise<AccountId> {
    requireBilling(c);
    return accountOf(c, database);
  }

  app.openapi(stateRoute, async (c) => {
    const accountId = await accountOf(c, database);
    const now = clock.now(accountId);
    const customer = await findStripeCustomer(database.kysely, accountId);
    const events =
      customer === null
        ? []
        : await listEventsOfCustomer(database.kysely, customer.customerId, WEBHOOKS_SHOWN);
    const answer = {
      now: iso(now),
      aheadSeconds: Math.round((now - clock.now()) / SECOND_MS),
      advancingTo: isoOrNull(await travel.targetOf(accountId)),
      webhooks: events.map(({ eventId, type, receivedAt, handledAt, lastError }) => ({
        id: eventId,
        type,
        receivedAt: receivedAt.toISOString(),
        handledAt: handledAt?.toISOString() ?? null,
        error: lastError,
      })),
    };
    return c.json(answer, 200);
  });

  app.openapi(advanceRoute, async (c) => {
    const accountId = await whoMayChange(c);
    const outcome = await travel.advance(accountId, targetOf(c.req.valid("json"), clock.now(accountId)));
    if (outcome === "under_way") {
      throw new ProblemError(
        "conflict",
        "This account's clock is advancing already. Wait until it is there.",
      );
    }
    if (outcome === "without_test_clock") {
      const detail =
        "This account's Stripe customer was not made on a test clock, so its time cannot be moved.";
      throw new ProblemError("conflict", `${detail} Remove the data folder to begin a new demo.`);
    }
    return c.json(await answerOverview(c, services), 200);
  });

  app.openapi(usageRoute, async (c) => {
    const accountId = await whoMayChange(c);
    const outcomes = await book.submitAll(
      someUsage(catalog, { accountId, now: clock.now(accountId), newId: () => ids.next("demo_") }),
    );
    if (outcomes.some(({ code }) => code !== "recorded")) {
      throw new ProblemError("unavailable", "The usage was not recorded as a whole. Try again.");
    }
    return c.json(await answerOverview(c, services), 200);
  });

  app.openapi(cardRoute, async (c) => {
    const accountId = await whoMayChange(c);
    const customerId = await ensureStripeCustomer(services, accountId);
    await gateway.saveTestCard({ customerId, card: c.req.valid("json").card });
    await services.syncCustomer(customerId);
    return c.json(await answerOverview(c, services), 200);
  });
}

/** @throws a problem for an instant that is not ahead, or too far */
function targetOf({ days, to }: z.output<typeof schemas.advanceRequest>, now: Instant): Instant {
  const target = to === undefined ? now + (days ?? 0) * DAY_MS : Date.parse(to);
  const isWithin = target > now && target <= now + schemas.ADVANCE_DAYS_MAX * DAY_MS;
  if (isWithin) return target;
  const message = `Time only goes forward, ${schemas.ADVANCE_DAYS_MAX} days at a time: it is ${iso(now)} for this account.`;
  throw new ProblemError("invalid_request", message, { errors: [{ path: "to", message }] });
}
