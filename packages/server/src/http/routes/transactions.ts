import { createRoute, type OpenAPIHono, type z } from "@hono/zod-openapi";
import type { AccountId } from "@bursar/core";
import { findAccount } from "../../accounts/store.ts";
import { countForExport, readEntries, readEntryRuns } from "../../book/read-entries.ts";
import type { EntryFilter } from "../../book/store-reads.ts";
import type { Database } from "../../db/open-database.ts";
import { accountOf, type Variables } from "../caller.ts";
import { csvAnswer, csvName, wantsCsv, type Cells } from "../csv-answer.ts";
import { answersWithCsv } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import { fromInstant, listOf, toInstant } from "../schemas/common.ts";
import * as schemas from "../schemas/credits.ts";
import type { Services } from "../services.ts";
import { kindsOf, toTransactions, type Transaction } from "./transaction-answer.ts";

type Query = z.output<typeof schemas.transactionsQuery>;

const transactionsRoute = createRoute({
  method: "get",
  path: "/api/billing/credits/transactions",
  summary: "The history of credits and allocations, newest first; all of it as CSV",
  description:
    "`credits.change` of all movements sums to the balance. With `group=day` uses of one day (UTC) are one row while nothing else lies between them. With `type=usage`, `type=allocation_usage` or `group=day` a page looks through 20,000 entries at most, so it may hold fewer than `limit`, even none, and still have a `nextCursor`. Only `nextCursor: null` is the end. A cursor stays good when movements are added.",
  request: { query: schemas.transactionsQuery },
  responses: answersWithCsv(listOf(schemas.creditTransaction)),
});

export function transactionsRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database, clock } = services;

  app.openapi(transactionsRoute, async (c) => {
    const accountId = await accountOf(c, database);
    const query = c.req.valid("query");
    if (!wantsCsv(c)) return c.json(await readTransactions(database, accountId, query), 200);

    if (query.group !== undefined)
      throw new ProblemError("invalid_request", "The CSV holds every entry: leave group out of it.");
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
  { kysely }: Database,
  accountId: AccountId,
  { limit, group, ...query }: Partial<Query> & { limit: number },
) {
  const read = group === "day" ? readEntryRuns : readEntries;
  const { entries, next } = await read(kysely, accountId, { ...filterOf(query), limit });
  const data = await toTransactions(kysely, accountId, entries);
  return { data, nextCursor: next === null ? null : String(next) };
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

/** Credits and allocations are two balances: each has its change and what it was after it, empty where it did not move. */
const COLUMNS = [
  "id",
  "type",
  "created_at",
  "tokens",
  "credits",
  "credits_after",
  "allocation",
  "allocation_after",
  "price",
  "currency",
  "description",
  "resource",
  "actor",
  "receipt_url",
];
const EXPORT_PAGE = 1_000;

async function* exportRows(
  { kysely }: Database,
  accountId: AccountId,
  filter: EntryFilter,
): AsyncGenerator<Cells[]> {
  let before = filter.before;
  for (;;) {
    const { entries, next } = await readEntries(kysely, accountId, { ...filter, before, limit: EXPORT_PAGE });
    if (entries.length > 0) yield (await toTransactions(kysely, accountId, entries)).map(toCells);
    if (next === null) return;
    before = next;
  }
}

function toCells(row: Transaction): Cells {
  const { credits, allocation } = row;
  return [
    ...[row.id, row.type, row.createdAt, row.amount],
    ...[
      credits?.change ?? null,
      credits?.after ?? null,
      allocation?.change ?? null,
      allocation?.after ?? null,
    ],
    ...[row.price, row.currency, row.description, row.resource, row.actor, row.receiptUrl],
  ];
}
