import { createRoute, type OpenAPIHono, type z } from "@hono/zod-openapi";
import type { AccountId, EntryKind } from "@bursar/core";
import { findAccount } from "../../accounts/store.ts";
import { countForExport, readEntries } from "../../book/read-entries.ts";
import type { EntryFilter, EntryRow } from "../../book/store-reads.ts";
import type { Database } from "../../db/open-database.ts";
import { accountOf, type Variables } from "../caller.ts";
import { csvAnswer, csvName, wantsCsv, type Cells } from "../csv-answer.ts";
import { answersWithCsv } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import { fromInstant, listOf, toInstant } from "../schemas/common.ts";
import * as schemas from "../schemas/credits.ts";
import type { Services } from "../services.ts";

type Transaction = z.output<typeof schemas.creditTransaction>;
type Query = z.output<typeof schemas.transactionsQuery>;

const transactionsRoute = createRoute({
  method: "get",
  path: "/api/billing/credits/transactions",
  summary: "The history of credits and allocations, newest first; all of it as CSV",
  description:
    "With `type=usage` or `type=allocation_usage` a page looks through 20,000 entries at most, so it may hold fewer than `limit`, even none, and still have a `nextCursor`. Only `nextCursor: null` is the end.",
  request: { query: schemas.transactionsQuery },
  responses: answersWithCsv(listOf(schemas.creditTransaction)),
});

export function transactionsRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database, clock } = services;

  app.openapi(transactionsRoute, async (c) => {
    const accountId = await accountOf(c, database);
    const query = c.req.valid("query");
    if (!wantsCsv(c)) return c.json(await readTransactions(database, accountId, query), 200);

    const account = await findAccount(database.kysely, accountId);
    if (account === null) throw new ProblemError("not_found", "There is no such account.");
    const { count, filter } = await countForExport(database.kysely, accountId, filterOf(query));
    const { from = account.createdAt.getTime(), to = clock.now(accountId) + 1 } = filter;
    const name = csvName(account, "credits", { from, to: to - 1 });
    return csvAnswer({ name, rowCount: count }, COLUMNS, exportRows(database, accountId, filter));
  });
}

/** One page of the history as the customer knows it. */
export async function readTransactions(
  database: Database,
  accountId: AccountId,
  { limit, ...query }: Partial<Query> & { limit: number },
) {
  const { entries, next } = await readEntries(database.kysely, accountId, { ...filterOf(query), limit });
  return { data: entries.map(toTransaction), nextCursor: next === null ? null : String(next) };
}

function filterOf({ cursor, type, from, to }: Partial<Query>): EntryFilter {
  const before = cursor === undefined ? undefined : Number(cursor);
  if (before !== undefined && !(Number.isSafeInteger(before) && before >= 0))
    throw new ProblemError("invalid_request", "The cursor is not one of this list's. Begin without it.");
  return {
    before,
    ...(type === undefined ? {} : { kinds: kindsOf(type) }),
    ...(from === undefined ? {} : { from: fromInstant(from) }),
    ...(to === undefined ? {} : { to: toInstant(to) }),
  };
}

const COLUMNS = [
  "id",
  "type",
  "created_at",
  "tokens",
  "balance_after",
  "price",
  "currency",
  "description",
  "resource",
];
const EXPORT_PAGE = 1_000;

async function* exportRows(
  database: Database,
  accountId: AccountId,
  filter: EntryFilter,
): AsyncGenerator<Cells[]> {
  let before = filter.before;
  for (;;) {
    const { entries, next } = await readEntries(database.kysely, accountId, {
      ...filter,
      before,
      limit: EXPORT_PAGE,
    });
    if (entries.length > 0) yield entries.map(toTransaction).map(toCells);
    if (next === null) return;
    before = next;
  }
}

function toCells(transaction: Transaction): Cells {
  const { id, type, createdAt, amount, balanceAfter, price, currency, description, resource } = transaction;
  return [id, type, createdAt, amount, balanceAfter, price, currency, description, resource];
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
