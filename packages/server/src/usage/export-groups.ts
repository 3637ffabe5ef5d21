import { fillDays, type AccountId } from "@bursar/core";
import { countDayGroups, listDayGroups, type DayGroup, type DaySpan } from "../book/store-reads.ts";
import type { Queryable } from "../db/open-database.ts";

/** Some hundred kB of a file; most spans are one page, and a day of the most groups is less than half of one. */
const PAGE_ROWS = 2_500;

/** Whole days that are read together. */
interface Page {
  readonly from: string;
  readonly to: string;
  readonly rows: number;
}

/**
 * Every group of every day of a span, a day's by name after what said none, read in pages of whole days, so that the
 * groups of a day add up to it. A day without use has one row.
 *
 * @returns how many rows there are. A group that comes first while a long file is being read is one more.
 */
export async function exportGroups(
  db: Queryable,
  accountId: AccountId,
  span: DaySpan,
): Promise<{ rowCount: number; pages: AsyncIterable<DayGroup[]> }> {
  const read = async (page: Page) =>
    withEmptyDays(await listDayGroups(db, accountId, { ...span, ...page }), page);
  const pages = toPages(fillDays(await countDayGroups(db, accountId, span), span));
  const [first, ...more] = pages;
  const rows = await read(first!);
  const rowCount = more.reduce((sum, page) => sum + page.rows, rows.length);
  async function* inPages(): AsyncGenerator<DayGroup[]> {
    yield rows;
    for (const page of more) yield await read(page);
  }
  return { rowCount, pages: inPages() };
}

function toPages(days: readonly { readonly day: string; readonly quantity: number }[]): Page[] {
  const pages: Page[] = [];
  for (const { day, quantity } of days) {
    const rows = Math.max(1, quantity);
    const last = pages.at(-1);
    if (last === undefined || last.rows + rows > PAGE_ROWS) pages.push({ from: day, to: day, rows });
    else pages.splice(-1, 1, { from: last.from, to: day, rows: last.rows + rows });
  }
  return pages;
}

function withEmptyDays(rows: readonly DayGroup[], page: Page): DayGroup[] {
  const byDay = Map.groupBy(rows, ({ day }) => day);
  return fillDays([], page).flatMap(({ day }) => byDay.get(day) ?? [{ day, group: null, quantity: 0 }]);
}
