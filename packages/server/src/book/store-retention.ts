import { DAY_MS, dayOf, type Instant } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import { iso } from "../db/session.ts";

/** The SQL that lets old rows go. Names of partitions are made of days of ours, never of input. */

const PARTITION = /^events_(\d{4})_(\d\d)_(\d\d)$/;

function partitionOf(day: string): string {
  return `events_${day.replaceAll("-", "_")}`;
}

/** The days (`2026-03-01`) that have a partition of the raw events. */
export async function listPartitionDays(db: Queryable): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name
    from   pg_inherits i
    join   pg_class c on c.oid = i.inhrelid
    where  i.inhparent = 'events'::regclass
    order by c.relname`.execute(db);
  return rows.flatMap(({ name }) => {
    const [, year, month, day] = PARTITION.exec(name) ?? [];
    return year === undefined ? [] : [`${year}-${month}-${day}`];
  });
}

/** Whether events of the day lie where those go that had no partition: then none can be made for it any more. */
export async function hasRest(db: Queryable, day: string): Promise<boolean> {
  const startsAt = Date.parse(day);
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from events_rest
                   where received_at >= ${iso(startsAt)}::timestamptz
                   and   received_at < ${iso(startsAt + DAY_MS)}::timestamptz) as found`.execute(db);
  return rows[0]!.found;
}

/** Making and dropping wait for the writers of `events`; they give up soon, so that no queue forms behind them. */
const LOCK_TIMEOUT = "set local lock_timeout = '2s'";

export async function createPartition(db: Queryable, day: string): Promise<void> {
  const startsAt = Date.parse(day);
  await sql.raw(LOCK_TIMEOUT).execute(db);
  await sql
    .raw(
      `create table if not exists ${partitionOf(day)} partition of events
       for values from ('${iso(startsAt)}') to ('${iso(startsAt + DAY_MS)}')`,
    )
    .execute(db);
}

export async function dropPartition(db: Queryable, day: string): Promise<void> {
  await sql.raw(LOCK_TIMEOUT).execute(db);
  await sql.raw(`drop table if exists ${partitionOf(day)}`).execute(db);
}

/** Events that no day's partition took. @returns how many went */
export async function trimRest(
  db: Queryable,
  { before, limit }: { readonly before: Instant; readonly limit: number },
): Promise<number> {
  const { rows } = await sql`
    delete from events_rest
    where  ctid = any (array (select ctid from events_rest where received_at < ${iso(before)}::timestamptz
                              order by received_at limit ${limit}))
    returning 1`.execute(db);
  return rows.length;
}

/**
 * By `event_ids_by_receipt`, the oldest first, and by place: to delete them by their keys the planner would read the
 * whole table. @returns how many went
 */
export async function trimEventIds(
  db: Queryable,
  { before, limit }: { readonly before: Instant; readonly limit: number },
): Promise<number> {
  const { rows } = await sql`
    delete from event_ids
    where  ctid = any (array (select ctid from event_ids where received_at < ${iso(before)}::timestamptz
                              order by received_at limit ${limit}))
    returning 1`.execute(db);
  return rows.length;
}

/** Midnight (UTC) of the day that holds an instant. */
export const startOfDay = (at: Instant): Instant => Date.parse(dayOf(at));
