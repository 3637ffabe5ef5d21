import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { pricePerMillionCents, savesPercent } from "@bursar/core";
import { openPackCheckout } from "../../credits/open-pack-checkout.ts";
import { readOverview } from "../../overview/overview.ts";
import { buyCreditsPermission } from "../../overview/permissions.ts";
import { accountOf, requireBilling, type AppContext, type Variables } from "../caller.ts";
import { checkoutAnswer } from "../checkout-answer.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import { allowedReturnUrl } from "../return-url.ts";
import { hostedPage, packCheckoutRequest } from "../schemas/billing.ts";
import * as schemas from "../schemas/credits.ts";
import type { Services } from "../services.ts";
import { autoRechargeAnswer } from "./auto-recharge-answer.ts";
import { readTransactions } from "./transactions.ts";

const creditsRoute = createRoute({
  method: "get",
  path: "/api/billing/credits",
  summary: "Balance and the newest movements",
  request: { query: schemas.creditsQuery },
  responses: answers(schemas.credits),
});
const packsRoute = createRoute({
  method: "get",
  path: "/api/billing/credits/packs",
  summary: "The packs that are sold, tax included",
  responses: answers(z.object({ data: z.array(schemas.pack) })),
});
const checkoutRoute = createRoute({
  method: "post",
  path: "/api/billing/credits/checkout",
  summary: "Stripe's hosted page for a pack",
  request: jsonBody(packCheckoutRequest),
  responses: answers(hostedPage),
});

export function creditsRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database, catalog, clock } = services;

  async function overviewOf(c: AppContext) {
    const accountId = await accountOf(c, database);
    const overview = await readOverview(services, accountId, clock.now(accountId));
    if (overview === null) throw new ProblemError("not_found", "There is no such account.");
    return overview;
  }

  app.openapi(creditsRoute, async (c) => {
    const overview = await overviewOf(c);
    const { available } = overview.view;
    const { data, nextCursor } = await readTransactions(database, overview.account.accountId, {
      limit: 25,
      group: c.req.valid("query").group,
    });
    const { balance, heldCredits: held, credits } = available;
    const autoRecharge = autoRechargeAnswer(overview.recharge, overview.members);
    const figures = { balance, held, available: Math.max(0, credits), autoRecharge };
    return c.json({ ...figures, transactions: data, nextCursor }, 200);
  });

  app.openapi(packsRoute, async (c) => {
    // The same for every account, but no answer to a caller who names another's.
    await accountOf(c, database);
    const data = catalog.packs.map((pack) => ({
      id: pack.id,
      name: pack.name,
      tokens: pack.tokens,
      price: pack.priceCents,
      currency: catalog.currency,
      pricePerMillion: pricePerMillionCents(pack),
      popular: pack.popular,
      savesPercent: savesPercent(catalog, pack),
    }));
    return c.json({ data }, 200);
  });

  app.openapi(checkoutRoute, async (c) => {
    requireBilling(c);
    const overview = await overviewOf(c);
    const permission = buyCreditsPermission(catalog, overview);
    if (!permission.allowed)
      throw new ProblemError("conflict", permission.reason ?? "Packs cannot be bought now.");
    const body = c.req.valid("json");
    const outcome = await openPackCheckout(services, overview.account.accountId, {
      packId: body.packId,
      locale: body.locale,
      successUrl: allowedReturnUrl(
        c,
        body.successUrl,
        "/settings/billing/return?session_id={CHECKOUT_SESSION_ID}",
      ),
      cancelUrl: allowedReturnUrl(c, body.cancelUrl, "/settings/billing/credits?left=checkout"),
    });
    if (outcome.code === "no_such_pack") {
      const detail = `There is no pack ${body.packId}. The packs are ${outcome.packIds.join(", ")}.`;
      throw new ProblemError("invalid_request", detail, { errors: [{ path: "packId", message: detail }] });
    }
    return c.json(checkoutAnswer(outcome), 200);
  });
}
