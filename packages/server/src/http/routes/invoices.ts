import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { AccountId } from "@bursar/core";
import { findAccount } from "../../accounts/store.ts";
import type { Database } from "../../db/open-database.ts";
import {
  countInvoices,
  listInvoices,
  listInvoiceYears,
  type InvoiceCursor,
  type ListedInvoice,
} from "../../invoices/store.ts";
import { findStripeCustomer } from "../../stripe/store-customers.ts";
import { accountOf, requireBilling, type Variables } from "../caller.ts";
import { csvAnswer, csvName, wantsCsv, type Cells } from "../csv-answer.ts";
import { answers, answersWithCsv, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import { allowedReturnUrl } from "../return-url.ts";
import { hostedPage, invoiceList, invoicesQuery, portalRequest } from "../schemas/billing.ts";
import { CALENDAR_END, iso, isoOrNull } from "../schemas/common.ts";
import type { Services } from "../services.ts";

const invoicesRoute = createRoute({
  method: "get",
  path: "/api/billing/invoices",
  summary: "Invoices, newest first, all or of one year; all of them as CSV",
  request: { query: invoicesQuery },
  responses: answersWithCsv(invoiceList),
});
const portalRoute = createRoute({
  method: "post",
  path: "/api/billing/portal",
  summary: "Stripe's portal: cards, invoices, address, tax id",
  request: jsonBody(portalRequest),
  responses: answers(hostedPage),
});

export function invoiceRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database, gateway, clock } = services;

  app.openapi(invoicesRoute, async (c) => {
    const accountId = await accountOf(c, database);
    const { limit, cursor, year = null } = c.req.valid("query");
    if (wantsCsv(c)) {
      const account = await findAccount(database.kysely, accountId);
      if (account === null) throw new ProblemError("not_found", "There is no such account.");
      const now = clock.now(accountId);
      const span =
        year === null
          ? { from: account.createdAt.getTime(), to: now }
          : { from: Date.UTC(year, 0, 1), to: Math.min(now, Date.UTC(year, 11, 31)) };
      const rowCount = await countInvoices(database.kysely, accountId, year);
      const name = csvName(account, "invoices", span);
      return csvAnswer({ name, rowCount }, COLUMNS, exportRows(database, accountId, year));
    }
    const after = cursor === undefined ? null : readCursor(cursor);
    const [rows, years] = await Promise.all([
      listInvoices(database.kysely, accountId, { after, limit: limit + 1, year }),
      listInvoiceYears(database.kysely, accountId),
    ]);
    const shown = rows.slice(0, limit);
    const nextCursor = rows.length > limit ? cursorAfter(shown.at(-1)!) : null;
    return c.json({ data: shown.map(toAnswer), nextCursor, years }, 200);
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
    const { returnUrl: wanted, flow, locale } = c.req.valid("json");
    const returnUrl = allowedReturnUrl(c, wanted, "/settings/billing");
    const page = { customerId: customer.customerId, returnUrl, locale };
    const isCard = flow === "payment_method";
    return c.json({ url: await (isCard ? gateway.openCardPage(page) : gateway.openPortal(page)) }, 200);
  });
}

const COLUMNS = [
  ...["id", "number", "date", "status", "description", "subtotal", "discount", "tax", "total"],
  ...["credit_used", "amount_due", "refunded", "currency", "hosted_url"],
];
const EXPORT_PAGE = 500;

async function* exportRows(
  { kysely }: Database,
  accountId: AccountId,
  year: number | null,
): AsyncGenerator<Cells[]> {
  for (let after: InvoiceCursor | null = null; ;) {
    const rows: ListedInvoice[] = await listInvoices(kysely, accountId, { after, limit: EXPORT_PAGE, year });
    if (rows.length > 0) yield rows.map(toCells);
    after = rows.at(-1) ?? null;
    if (rows.length < EXPORT_PAGE) return;
  }
}

function toCells(fact: ListedInvoice): Cells {
  const { invoiceId, number, createdAt, status, lines } = fact;
  const description = lines.map((line) => line.description).join("; ");
  return [
    ...[invoiceId, number, iso(createdAt), status, description],
    ...[fact.subtotalCents, fact.discountCents, fact.taxCents, fact.totalCents],
    ...[fact.creditUsedCents, fact.amountDueCents, fact.refundedCents, fact.currency, fact.hostedUrl],
  ];
}

function cursorAfter({ createdAt, invoiceId }: ListedInvoice): string {
  return `${createdAt}.${invoiceId}`;
}

function readCursor(cursor: string): InvoiceCursor {
  const [, createdAt, invoiceId] = /^(\d{1,15})\.(\w+)$/.exec(cursor) ?? [];
  if (createdAt === undefined || invoiceId === undefined || Number(createdAt) > CALENDAR_END) {
    throw new ProblemError("invalid_request", "The cursor is not one of this list's. Begin without it.");
  }
  return { createdAt: Number(createdAt), invoiceId };
}

function toAnswer(fact: ListedInvoice) {
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
    discount: fact.discountCents,
    tax: fact.taxCents,
    total: fact.totalCents,
    creditUsed: fact.creditUsedCents,
    // Nothing is owed on what was voided, whatever was left of it.
    amountDue: fact.status === "open" || fact.status === "uncollectible" ? fact.amountDueCents : 0,
    refunded: fact.refundedCents,
    currency: fact.currency,
    attempts: fact.attempts,
    nextAttemptAt: isoOrNull(fact.nextAttemptAt),
    failure: fact.failure,
    pdfUrl: fact.pdfUrl,
    hostedUrl: fact.hostedUrl,
  };
}
