import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { listInvoices, type InvoiceCursor } from "../../invoices/store.ts";
import type { InvoiceFact } from "../../stripe/facts.ts";
import { findStripeCustomer } from "../../stripe/store-customers.ts";
import { accountOf, requireBilling, type Variables } from "../caller.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import { allowedReturnUrl } from "../return-url.ts";
import { hostedPage, invoice, portalRequest } from "../schemas/billing.ts";
import { iso, isoOrNull, listOf, pageQuery } from "../schemas/common.ts";
import type { Services } from "../services.ts";

const invoicesRoute = createRoute({
  method: "get",
  path: "/api/billing/invoices",
  summary: "Invoices, newest first",
  request: { query: pageQuery },
  responses: answers(listOf(invoice)),
});
const portalRoute = createRoute({
  method: "post",
  path: "/api/billing/portal",
  summary: "Stripe's portal: cards, invoices, address, tax id",
  request: jsonBody(portalRequest),
  responses: answers(hostedPage),
});

export function invoiceRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database, gateway } = services;

  app.openapi(invoicesRoute, async (c) => {
    const accountId = await accountOf(c, database);
    const { limit, cursor } = c.req.valid("query");
    const after = cursor === undefined ? null : readCursor(cursor);
    const rows = await listInvoices(database.kysely, accountId, { after, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const nextCursor =
      rows.length > limit && last !== undefined ? `${last.createdAt}.${last.invoiceId}` : null;
    return c.json({ data: shown.map(toAnswer), nextCursor }, 200);
  });

  app.openapi(portalRoute, async (c) => {
    requireBilling(c);
    const accountId = await accountOf(c, database);
    const customer = await findStripeCustomer(database.kysely, accountId);
    if (customer === null) {
      throw new ProblemError(
        "conflict",
        "There is nothing to manage yet: the first purchase makes a payment method.",
      );
    }
    const returnUrl = allowedReturnUrl(c, c.req.valid("json").returnUrl, "/settings/billing");
    return c.json({ url: await gateway.openPortal({ customerId: customer.customerId, returnUrl }) }, 200);
  });
}

function readCursor(cursor: string): InvoiceCursor {
  const [, createdAt, invoiceId] = /^(\d{1,15})\.(\w+)$/.exec(cursor) ?? [];
  if (createdAt === undefined || invoiceId === undefined) {
    throw new ProblemError("invalid_request", "The cursor is not one of this list's. Begin without it.");
  }
  return { createdAt: Number(createdAt), invoiceId };
}

function toAnswer(fact: InvoiceFact) {
  return {
    id: fact.invoiceId,
    number: fact.number,
    date: iso(fact.createdAt),
    status: fact.status,
    lines: fact.lines.map((line) => ({
      description: line.description,
      quantity: line.quantity,
      amount: line.amountCents,
      periodStart: isoOrNull(line.periodStartsAt),
      periodEnd: isoOrNull(line.periodEndsAt),
    })),
    subtotal: fact.subtotalCents,
    tax: fact.taxCents,
    total: fact.totalCents,
    currency: fact.currency,
    pdfUrl: fact.pdfUrl,
    hostedUrl: fact.hostedUrl,
  };
}
