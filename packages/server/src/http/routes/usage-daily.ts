import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { BEYOND_GROUPS, DAY_MS, dayOf, findMeter, type GroupShares, type Meter } from "@bursar/core";
import { findAccount } from "../../accounts/store.ts";
import { readAccount } from "../../book/read-account.ts";
import type { DayGroup } from "../../book/store-reads.ts";
import { exportGroups } from "../../usage/export-groups.ts";
import { readDailyUsage } from "../../usage/read-daily-usage.ts";
import { accountOf, type Variables } from "../caller.ts";
import { csvAnswer, csvName, wantsCsv, type Cells } from "../csv-answer.ts";
import { answersWithCsv } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import { isoOrNull } from "../schemas/common.ts";
import { usageDaily, usageDailyQuery } from "../schemas/usage.ts";
import type { Services } from "../services.ts";

/** A year and a month: what a chart shows at most, and what one answer costs at most. */
const DAYS_MAX = 400;
/** No event is older. */
const FIRST_DAY = "1970-01-01";

const usageDailyRoute = createRoute({
  method: "get",
  path: "/api/billing/usage/daily",
  summary: "What a meter counted each day (UTC), and where it is going; as CSV too",
  description:
    "With `groupBy` it says too what the groups of the meter (projects, members) used in the span; the parts add up to the days. The CSV then has a row for each day and group: what said no group has an empty cell, and what came past the 1,000 groups that are kept apart on one day is `(others)`.",
  request: { query: usageDailyQuery },
  responses: answersWithCsv(usageDaily),
});

export function usageDailyRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database, catalog, clock, bookContext } = services;

  app.openapi(usageDailyRoute, async (c) => {
    const accountId = await accountOf(c, database);
    const now = clock.now(accountId);
    const query = c.req.valid("query");
    const meter = findMeter(catalog, query.meter);
    if (meter === undefined) {
      const meters = catalog.meters.map(({ id }) => id).join(", ");
      throw invalid("meter", `There is no meter ${query.meter}. The meters are ${meters}.`);
    }
    const [account, view] = await Promise.all([
      findAccount(database.kysely, accountId),
      readAccount(database.kysely, bookContext, { accountId, now }),
    ]);
    if (account === null || view === null) throw new ProblemError("not_found", "There is no such account.");
    const inGroups = query.groupBy !== undefined;
    if (inGroups && query.groupBy !== meter.groupBy?.property) throw invalid("groupBy", sayGroups(meter));
    const span = spanOf(query, { windowStartsAt: view.entitlement.window.startsAt, now });
    const name = csvName(account, meter.id, { from: Date.parse(span.from), to: Date.parse(span.to) });
    if (wantsCsv(c) && inGroups) {
      const { rowCount, pages } = await exportGroups(database.kysely, accountId, {
        meterId: meter.id,
        ...span,
      });
      return csvAnswer({ name, rowCount }, ["date", "meter", "group", "quantity"], inCells(meter, pages));
    }
    const { days, shares, projection } = await readDailyUsage(database.kysely, bookContext, {
      accountId,
      meter,
      view,
      createdAt: account.createdAt.getTime(),
      ...span,
      now,
      inGroups,
    });
    if (wantsCsv(c)) {
      const rows = days.map(({ day, quantity }): Cells => [day, meter.id, quantity]);
      return csvAnswer({ name, rowCount: rows.length }, ["date", "meter", "quantity"], inOnePage(rows));
    }
    return c.json(
      {
        data: days.map(({ day, quantity }) => ({ date: day, quantity })),
        ...(shares === null ? {} : { groups: groupsAnswer(shares) }),
        projection:
          projection === null || !catalog.page.projection
            ? null
            : { ...projection, limitReachedAt: isoOrNull(projection.limitReachedAt) },
      },
      200,
    );
  });
}

/** The running window up to today, unless asked otherwise; of days to come nothing is known. */
function spanOf(
  query: { from?: string | undefined; to?: string | undefined },
  { windowStartsAt, now }: { windowStartsAt: number; now: number },
): { from: string; to: string } {
  const today = dayOf(now);
  const to = query.to === undefined || query.to > today ? today : query.to;
  if (to < FIRST_DAY) throw invalid("to", `A span ends in 1970 or later, not ${to}.`);
  const windowStart = dayOf(windowStartsAt);
  const from = query.from ?? (windowStart < to ? windowStart : to);
  if (from > to) throw invalid("from", `The span begins after its end (${to}).`);
  if (Date.parse(to) - Date.parse(from) >= DAYS_MAX * DAY_MS) {
    throw invalid("from", `A span has ${DAYS_MAX} days at most. Ask for it in parts.`);
  }
  return { from, to };
}

function groupsAnswer({ largest, others, none, total }: GroupShares) {
  return { data: largest.map((each) => ({ ...each })), others: { ...others }, none, total };
}

function sayGroups({ name, groupBy }: Meter): string {
  return groupBy === null
    ? `${name} has no groups: the catalogue gives it no groupBy.`
    : `${name} is grouped by ${groupBy.property} alone.`;
}

async function* inCells(meter: Meter, pages: AsyncIterable<DayGroup[]>): AsyncGenerator<Cells[]> {
  for await (const rows of pages) {
    yield rows.map(({ day, group, quantity }): Cells => {
      return [day, meter.id, group === BEYOND_GROUPS ? "(others)" : group, quantity];
    });
  }
}

function invalid(path: string, message: string): ProblemError {
  return new ProblemError("invalid_request", message, { errors: [{ path, message }] });
}

async function* inOnePage(rows: Cells[]): AsyncGenerator<Cells[]> {
  yield await Promise.resolve(rows);
}
