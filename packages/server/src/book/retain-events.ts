import { DAY_MS, dayOf, type Instant } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import {
  createPartition,
  dropPartition,
  hasRest,
  listPartitionDays,
  startOfDay,
  trimEventIds,
  trimRest,
} from "./store-retention.ts";

/** An id is known for so long after its receipt: exactly once (U3) reaches that far. */
const EVENT_IDS_KEPT_DAYS = 35;

/** Today's partition and those of so many days to come: a job that fails over a weekend is no trouble yet. */
const DAYS_AHEAD = 3;

/** Small enough to hold its row locks for some milliseconds. */
const DELETED_AT_ONCE = 1_000;

/** As many a run; what is left goes with the next. At a run each 10 minutes that is 72 million ids a day. */
const DELETED_MAX = 500_000;

/**
 * Makes the partitions of the raw events ahead of their days and drops whole those that are kept long enough; trims
 * event ids in small deletes. May run at any time, on any number of servers, and be stopped anywhere.
 */
export async function retainEvents(
  { kysely }: Database,
  { now, rawEventsKeptDays }: { readonly now: Instant; readonly rawEventsKeptDays: number },
): Promise<void> {
  const existing = await listPartitionDays(kysely);
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead += 1) {
    const day = dayOf(now + ahead * DAY_MS);
    // A day whose events are in the rest already, for want of a partition in time, stays there as a whole.
    if (existing.includes(day) || (await hasRest(kysely, day))) continue;
    await kysely.transaction().execute((transaction) => createPartition(transaction, day));
  }
  const rawBefore = startOfDay(now) - rawEventsKeptDays * DAY_MS;
  for (const day of existing.filter((each) => Date.parse(each) < rawBefore)) {
    await kysely.transaction().execute((transaction) => dropPartition(transaction, day));
  }
  await inSmallDeletes((limit) => trimRest(kysely, { before: rawBefore, limit }));
  const idsBefore = now - EVENT_IDS_KEPT_DAYS * DAY_MS;
  await inSmallDeletes((limit) => trimEventIds(kysely, { before: idsBefore, limit }));
}

async function inSmallDeletes(trim: (limit: number) => Promise<number>): Promise<void> {
  for (let deleted = 0; deleted < DELETED_MAX;) {
    const gone = await trim(DELETED_AT_ONCE);
    if (gone < DELETED_AT_ONCE) return;
    deleted += gone;
  }
}
