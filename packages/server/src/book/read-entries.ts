import { HOUR_MS, type AccountId, type Instant } from "@bursar/core";
import type { Queryable } from "../db/open-database.ts";
import {
  areRare,
  bookedAt,
  countEntries,
  lastEntryNumber,
  listEntries,
  listEntryRuns,
  type EntryFilter,
  type EntryRun,
} from "./store-reads.ts";

export interface EntryPage {
  readonly entries: readonly EntryRun[];
  /** `before` of the next page; `null`: nothing follows. */
  readonly next: number | null;
}

/**
 * Entries are numbered in the order in which they were booked, but their instants come from the clocks of several
 * servers: so far may an entry's instant lie from where its number says.
 */
const CLOCK_SLACK_MS = HOUR_MS;

/** As many entries are looked at for one page; a page of rare ones may then be short, and has a next one. */
const LOOKED_AT_MAX = 20_000;

/**
 * A page of the history, newest first, whose cost does not grow with the history: instants become entry numbers by
 * halving (some twenty look-ups in a million), rare kinds have an index, and for frequent ones a bounded stretch is
 * looked through.
 */
export async function readEntries(
  db: Queryable,
  accountId: AccountId,
  { limit, ...wanted }: EntryFilter & { readonly limit: number },
): Promise<EntryPage> {
  const filter = await withBounds(db, accountId, wanted);
  const isSparse = filter.kinds !== undefined && !areRare(filter.kinds);
  const after = isSparse ? Math.max(filter.after, filter.before - LOOKED_AT_MAX) : filter.after;
  const entries = await listEntries(db, accountId, { ...filter, after, limit: limit + 1 });
  return toPage(
    entries.map((entry) => ({ ...entry, firstNumber: entry.number, entries: 1 })),
    { limit, isEnd: after === filter.after, after },
  );
}

/**
 * The same with the uses of a day in one row where nothing else lies between. Of a day with very many uses a row holds
 * those of a bounded stretch, and the next page goes on with the same day.
 */
export async function readEntryRuns(
  db: Queryable,
  accountId: AccountId,
  { limit, ...wanted }: EntryFilter & { readonly limit: number },
): Promise<EntryPage> {
  const filter = await withBounds(db, accountId, wanted);
  const after = Math.max(filter.after, filter.before - 1 - LOOKED_AT_MAX);
  const runs = await listEntryRuns(db, accountId, { ...filter, after, limit: limit + 1 });
  return toPage(runs, { limit, isEnd: after === filter.after, after });
}

/** One row more than `limit` was asked for: it tells that something follows. */
function toPage(
  rows: readonly EntryRun[],
  { limit, isEnd, after }: { limit: number; isEnd: boolean; after: number },
): EntryPage {
  if (rows.length > limit) return { entries: rows.slice(0, limit), next: rows[limit - 1]!.firstNumber };
  return { entries: rows, next: isEnd ? null : after + 1 };
}

/** How many entries a filter finds, and the filter for exactly these: entries that come later are not among them. */
export async function countForExport(
  db: Queryable,
  accountId: AccountId,
  wanted: EntryFilter,
): Promise<{ count: number; filter: EntryFilter }> {
  const filter = await withBounds(db, accountId, wanted);
  return { count: await countEntries(db, accountId, filter), filter };
}

async function withBounds(
  db: Queryable,
  accountId: AccountId,
  wanted: EntryFilter,
): Promise<EntryFilter & { readonly before: number; readonly after: number }> {
  const last = await lastEntryNumber(db, accountId);
  const numberAt = (at: Instant) => numberBefore(db, accountId, { last, at });
  const { from, to, before = last + 1, after = 0 } = wanted;
  const oldest = from === undefined ? 0 : await numberAt(from - CLOCK_SLACK_MS);
  const newest = to === undefined ? last : await numberAt(to + CLOCK_SLACK_MS);
  return { ...wanted, before: Math.min(before, newest + 1), after: Math.max(after, oldest) };
}

/** The number of the last entry that was booked before an instant; 0: none was. */
async function numberBefore(
  db: Queryable,
  accountId: AccountId,
  { last, at }: { readonly last: number; readonly at: Instant },
): Promise<number> {
  let [low, high] = [0, last];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((await bookedAt(db, accountId, middle)) < at) low = middle;
    else high = middle - 1;
  }
  return low;
}
