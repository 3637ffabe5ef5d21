import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { moneyText } from "@bursar/core";
import { purchasePack, type PurchaseOutcome } from "../../credits/purchase-pack.ts";
import { actorOf, requireBilling, type Variables } from "../caller.ts";
import { throwCheckoutRefusal } from "../checkout-answer.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import * as schemas from "../schemas/credits.ts";
import type { Services } from "../services.ts";
import { currentOverview } from "./current-overview.ts";
import { buyCreditsPermission } from "../../overview/permissions.ts";

const purchaseRoute = createRoute({
  method: "post",
  path: "/api/billing/credits/purchase",
  summary: "Buy a pack with the saved card",
  description:
    "Charges the saved card and answers when the credits are in. With an `Idempotency-Key` a repeat is the same purchase, also when the first one had no answer. With `expectedTotal` nothing else is charged: another total is 409 `quote_changed` with the new `total`. 402 `payment_requires_action` has the bank's question at `url`.",
  request: jsonBody(schemas.purchaseRequest),
  responses: answers(schemas.purchase),
});

export function creditPurchaseRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { catalog } = services;

  app.openapi(purchaseRoute, async (c) => {
    requireBilling(c);
    const overview = await currentOverview(c, services);
    const permission = buyCreditsPermission(catalog, overview);
    if (!permission.allowed)
      throw new ProblemError("conflict", permission.reason ?? "Packs cannot be bought now.");
    const { packId, expectedTotal } = c.req.valid("json");
    const outcome = await purchasePack(services, overview.account.accountId, {
      packId,
      expectedTotalCents: expectedTotal,
      actor: actorOf(c),
      intention: c.get("intention"),
    });
    return c.json(purchaseAnswer(outcome), 200);
  });
}

function purchaseAnswer(outcome: PurchaseOutcome): { status: "granted"; balance: number } {
  switch (outcome.code) {
    case "granted":
      return { status: "granted", balance: outcome.balance };
    case "no_such_pack":
      throw noSuchPack(outcome.packIds);
    case "not_in_stripe":
      return throwCheckoutRefusal(outcome);
    case "quote_changed": {
      const { totalCents: total, currency } = outcome;
      const detail = `The pack costs ${moneyText(total, currency)} now, another sum than the one shown. Nothing was charged: confirm the new sum.`;
      throw new ProblemError("quote_changed", detail, { extra: { total, currency } });
    }
    case "payment_failed":
      throw new ProblemError("payment_failed", `${outcome.reason} Nothing was charged. Try another card.`);
    case "payment_requires_action":
      throw new ProblemError("payment_requires_action", SENTENCES.payment_requires_action, {
        extra: { url: outcome.url },
      });
    case "no_saved_payment_method":
      throw new ProblemError("no_saved_payment_method", SENTENCES.no_saved_payment_method);
    case "purchase_in_progress":
      throw new ProblemError("conflict", SENTENCES.purchase_in_progress);
    case "earlier_one_paid":
      throw new ProblemError("conflict", SENTENCES.earlier_one_paid);
    case "another_intention":
      throw new ProblemError(
        "idempotency_mismatch",
        `This Idempotency-Key was used to buy ${outcome.packId}. Use a new key for a new purchase. Nothing was charged.`,
      );
    case "in_doubt":
      throw new ProblemError("stripe_unavailable", SENTENCES.in_doubt);
  }
}

const SENTENCES = {
  payment_requires_action:
    "Your bank asks you to confirm. Nothing was charged yet. Open the page at `url` within an hour.",
  no_saved_payment_method:
    "There is no saved card to charge. Nothing was charged. Pay on Stripe's page instead: POST /api/billing/credits/checkout.",
  purchase_in_progress:
    "Another purchase is being paid at this moment. Nothing was charged for this one; look at your balance first.",
  earlier_one_paid:
    "Your earlier purchase was paid meanwhile and its credits are in. Nothing was charged for this one; look at your balance first.",
  in_doubt:
    "We do not know yet if this went through. Do not pay again: it is being checked, and within ten minutes it is finished or given up without a charge.",
} as const;

export function noSuchPack(packIds: readonly string[]): ProblemError {
  const detail = `There is no such pack. The packs are ${packIds.join(", ")}. Nothing was changed.`;
  return new ProblemError("invalid_request", detail, { errors: [{ path: "packId", message: detail }] });
}
