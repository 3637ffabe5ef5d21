import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { savesPercent, type EntryKind } from "@bursar/core";
import { listEntries, type EntryRow } from "../../book/store-reads.ts";
import type { Database } from "../../db/open-database.ts";
import { openPackCheckout } from "../../credits/open-pack-checkout.ts";
import { readOverview } from "../../overview/overview.ts";
import { buyCreditsPermission } from "../../overview/permissions.ts";
import { accountOf, requireBilling, type AppContext, type Variables } from "../caller.ts";
import { checkoutAnswer } from "../checkout-answer.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import { allowedReturnUrl } from "../return-url.ts";
import { hostedPage, packCheckoutRequest } from "../schemas/billing.ts";
import { listOf } from "../schemas/common.ts";
import * as schemas from "../schemas/credits.ts";
import type { Services } from "../services.ts";

type Transaction = z.output<typeof schemas.creditTransaction>;

const creditsRoute = createRoute({
  method: "get",
  path: "/api/billing/credits",
  summary: "Balance and the newest movements",
  responses: answers(schemas.credits),
});
const packsRoute = createRoute({
  method: "get",
  path: "/api/billing/credits/packs",
  summary: "The packs that are sold, tax included",
  responses: answers(z.object({ data: z.array(schemas.pack) })),
});
const transactionsRoute = createRoute({
  method: "get",
  path: "/api/billing/credits/transactions",
  summary: "The history of credits and allocations, newest first",
  request: { query: schemas.transactionsQuery },
  responses: answers(listOf(schemas.creditTransaction)),
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
    const overview = await readOverview(services, await accountOf(c, database), clock.now());
    if (overview === null) throw new ProblemError("not_found", "There is no such account.");
    return overview;
  }

  app.openapi(creditsRoute, async (c) => {
    const { available } = (await overviewOf(c)).view;
    const { data, nextCursor } = await readPage(database, c, { limit: 25 });
    const { balance, heldCredits: held, credits } = available;
    return c.json({ balance, held, available: Math.max(0, credits), transactions: data, nextCursor }, 200);
  });

  app.openapi(packsRoute, (c) => {
    const data = catalog.packs.map((pack) => ({
      id: pack.id,
      name: pack.name,
      tokens: pack.tokens,
      price: pack.priceCents,
      currency: catalog.currency,
      popular: pack.popular,
      savesPercent: savesPercent(catalog, pack),
    }));
    return c.json({ data }, 200);
  });

  app.openapi(transactionsRoute, async (c) => c.json(await readPage(database, c, c.req.valid("query")), 200));

  app.openapi(checkoutRoute, async (c) => {
    requireBilling(c);
    const overview = await overviewOf(c);
    const permission = buyCreditsPermission(catalog, overview);
    if (!permission.allowed)
      throw new ProblemError("conflict", permission.reason ?? "Packs cannot be bought now.");
    const body = c.req.valid("json");
    const outcome = await openPackCheckout(services, overview.account.accountId, {
      packId: body.packId,
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

/** One entry more than asked for is read, to know whether another page follows. */
async function readPage(
  database: Database,
  c: AppContext,
  {
    limit,
    cursor,
    type,
  }: { limit: number; cursor?: string | undefined; type?: Transaction["type"] | undefined },
) {
  const accountId = await accountOf(c, database);
  const before = cursor === undefined ? undefined : Number(cursor);
  if (before !== undefined && !Number.isSafeInteger(before))
    throw new ProblemError("invalid_request", "The cursor is not one of this list's. Begin without it.");
  const rows = await listEntries(database.kysely, accountId, {
    limit: limit + 1,
    ...(before === undefined ? {} : { before }),
    ...(type === undefined ? {} : { kinds: kindsOf(type) }),
  });
  const shown = rows.slice(0, limit);
  return {
    data: shown.map(toTransaction),
    nextCursor: rows.length > limit ? String(shown.at(-1)!.number) : null,
  };
}

/** An allocation that clears a debt is shown as the allocation that it is. */
const TYPES: Record<EntryKind, Transaction["type"]> = {
  purchase: "purchase",
  auto_recharge: "auto_recharge",
  adjustment: "adjustment",
  refund: "refund",
  refund_reversal: "refund",
  allocation: "allocation",
  repayment: "allocation",
  allocation_usage: "allocation_usage",
  usage: "usage",
  lapse: "lapse",
};

function kindsOf(type: Transaction["type"]): EntryKind[] {
  return (Object.keys(TYPES) as EntryKind[]).filter((kind) => TYPES[kind] === type);
}

/** The side that the customer knows: the credits where they moved, else the window's allocation. */
function toTransaction(row: EntryRow): Transaction {
  const isOwn = (account: string) =>
    account === "purchased" ||
    (account.startsWith("allocation:") && row.from !== "purchased" && row.to !== "purchased");
  const isIncoming = isOwn(row.to);
  return {
    id: `txn_${row.number}`,
    type: TYPES[row.kind],
    amount: isIncoming ? row.tokens : -row.tokens,
    balanceAfter: isIncoming ? row.toBalanceAfter : row.fromBalanceAfter,
    price: row.priceCents,
    currency: row.currency,
    description: row.description,
    resource: row.resource,
    createdAt: row.bookedAt.toISOString(),
  };
}
