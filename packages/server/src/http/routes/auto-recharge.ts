import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { findCharge, listChargeLog, type ChargeRow } from "../../recharge/store-charges.ts";
import { saveSettings, type SaveOutcome } from "../../recharge/save-settings.ts";
import { accountOf, actorOf, requireBilling, type Variables } from "../caller.ts";
import { throwCheckoutRefusal } from "../checkout-answer.ts";
import { answers, jsonBody } from "../openapi.ts";
import { buyCreditsPermission } from "../../overview/permissions.ts";
import { ProblemError } from "../problem.ts";
import { iso, isoOrNull, listOf, pageQuery } from "../schemas/common.ts";
import * as schemas from "../schemas/credits.ts";
import type { Services } from "../services.ts";
import { autoRechargeAnswer } from "./auto-recharge-answer.ts";
import { noSuchPack } from "./credit-purchases.ts";
import { currentOverview } from "./current-overview.ts";

const saveRoute = createRoute({
  method: "put",
  path: "/api/billing/credits/auto-recharge",
  summary: "Turn auto-recharge on or off, or change what it may do",
  description:
    "Turning it on, and raising threshold, limit or pack, is stored as a consent. With the balance below the threshold `start` says whether to buy now or after the next purchase; left out it is now, unless it waits already. Turning off takes effect at once: a charge at the card in that moment is finished, one that waits is given up and its bill voided.",
  request: jsonBody(schemas.autoRechargeRequest),
  responses: answers(schemas.autoRecharge),
});
const attemptsRoute = createRoute({
  method: "get",
  path: "/api/billing/credits/auto-recharge/attempts",
  summary: "What auto-recharge has charged and tried to charge, newest first",
  request: { query: pageQuery },
  responses: answers(listOf(schemas.rechargeAttempt)),
});

export function autoRechargeRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database, catalog } = services;

  app.openapi(saveRoute, async (c) => {
    requireBilling(c);
    const overview = await currentOverview(c, services);
    const { accountId } = overview.account;
    const body = c.req.valid("json");
    const permission = buyCreditsPermission(catalog, overview);
    if (body.enabled && !permission.allowed)
      throw new ProblemError("conflict", permission.reason ?? "Packs cannot be bought now.");
    const outcome = await saveSettings(services, accountId, {
      isEnabled: body.enabled,
      thresholdTokens: body.threshold,
      packId: body.packId,
      limitCents: body.spendingLimit,
      start: body.start,
      actor: actorOf(c),
    });
    if (outcome.code !== "saved") throwRefusal(outcome);
    const { recharge, members } = await currentOverview(c, services);
    return c.json(autoRechargeAnswer(recharge, members), 200);
  });

  app.openapi(attemptsRoute, async (c) => {
    const accountId = await accountOf(c, database);
    const { limit, cursor } = c.req.valid("query");
    if (cursor !== undefined && (await findCharge(database.kysely, accountId, cursor)) === null)
      throw new ProblemError("invalid_request", "The cursor is not one of this list's. Begin without it.");
    const page = { before: cursor ?? null, limit: limit + 1 };
    const rows = await listChargeLog(database.kysely, accountId, page);
    const shown = rows.slice(0, limit);
    const nextCursor = rows.length > limit ? (shown.at(-1)?.chargeId ?? null) : null;
    return c.json({ data: shown.map(attemptAnswer), nextCursor }, 200);
  });
}

function throwRefusal(outcome: Exclude<SaveOutcome, { code: "saved" }>): never {
  switch (outcome.code) {
    case "refused": {
      const detail = outcome.mistakes.map(({ message }) => message).join(" ");
      throw new ProblemError("invalid_request", detail, { errors: outcome.mistakes });
    }
    case "no_such_pack":
      throw noSuchPack(outcome.packIds);
    case "no_saved_payment_method":
      throw new ProblemError(
        "no_saved_payment_method",
        "Auto-recharge charges a saved card, and there is none. Add one at Stripe (POST /api/billing/portal with flow payment_method, or buy a pack), then turn it on. Nothing was changed.",
      );
    case "not_in_stripe":
      return throwCheckoutRefusal(outcome);
  }
}

/** The states that a person tells apart. */
const STATES = {
  invoicing: "charging",
  charging: "charging",
  paid: "charging",
  needs_authentication: "needs_authentication",
  declined: "declined",
  succeeded: "succeeded",
  failed: "failed",
} as const;

function attemptAnswer(row: ChargeRow): z.output<typeof schemas.rechargeAttempt> {
  const state = STATES[row.state];
  return {
    id: row.chargeId,
    state,
    packId: row.packId,
    tokens: row.tokens,
    amount: row.amountCents,
    currency: row.currency,
    try: row.tryNumber,
    reason: row.failure,
    url: state === "needs_authentication" ? row.invoiceUrl : null,
    invoiceId: row.invoiceId,
    retryAt: isoOrNull(row.retryAt),
    createdAt: iso(row.createdAt),
    finishedAt: isoOrNull(row.finishedAt),
  };
}
