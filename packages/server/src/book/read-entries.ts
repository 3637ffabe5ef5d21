import { HOUR_MS, type AccountId, type Instant } from "@bursar/core";
import type { Queryable } from "../db/open-database.ts";
import {
  areRare,
  bookedAt,
  countEntries,
  lastEntryNumber,
  listEntries,
  type EntryFilter,
  type EntryRow,
} from "./store-reads.ts";

export interface EntryPage {
  readonly entries: readonly EntryRow[];
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
  if (entries.length > limit) return { entries: entries.slice(0, limit), next: entries[limit - 1]!.number };
  return { entries, next: after > filter.after ? after + 1 : null };
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
