import type { Instant } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";

/** The SQL on `webhook_deliveries`. */

export interface Try {
  readonly at: string;
  /** `null`: there was no answer. */
  readonly status: number | null;
  readonly error: string | null;
  /** How its answer begins. Tries before this was kept have none. */
  readonly answer?: string | null;
  readonly durationMs: number;
}

export interface DeliveryKey {
  readonly scope: string;
  readonly endpointId: string;
  readonly noticeId: string;
}

export interface NewDelivery extends DeliveryKey {
  readonly type: string;
  readonly body: string;
  /** `failed` where the endpoint is disabled: kept for a replay. */
  readonly state: "due" | "failed";
  readonly createdAt: Instant;
}

/** Each once, whoever comes first. */
export async function insertDeliveries(
  db: Queryable,
  rows: readonly NewDelivery[],
  notBefore: Instant,
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into webhook_deliveries (scope, endpoint_id, notice_id, type, body, state, created_at, not_before)
    select w.*, ${new Date(notBefore)}::timestamptz
    from   unnest(${rows.map(({ scope }) => scope)}::text[], ${rows.map(({ endpointId }) => endpointId)}::text[],
                  ${rows.map(({ noticeId }) => noticeId)}::text[], ${rows.map(({ type }) => type)}::text[],
                  ${rows.map(({ body }) => body)}::text[], ${rows.map(({ state }) => state)}::text[],
                  ${rows.map(({ createdAt }) => new Date(createdAt).toISOString())}::timestamptz[]) as w
    on conflict do nothing`.execute(db);
}

export interface TakenDelivery extends DeliveryKey {
  readonly type: string;
  readonly body: string;
  /** This try included. */
  readonly attempts: number;
  /** With it proves that the delivery is still this server's when its outcome is written: a replay counts anew. */
  readonly leaseUntil: Instant;
}

/**
 * Takes due deliveries for this server until `leaseUntil`; two servers never take the same. Of each endpoint only some,
 * so that one that answers slowly does not keep the others waiting. Index: webhook_deliveries_due.
 */
export async function takeDueDeliveries(
  db: Queryable,
  { now, leaseUntil, limit, ofEach }: { now: Instant; leaseUntil: Instant; limit: number; ofEach: number },
): Promise<TakenDelivery[]> {
  const { rows } = await sql<Omit<TakenDelivery, "leaseUntil">>`
    with ranked as (
      select scope, endpoint_id, notice_id,
             row_number() over (partition by scope, endpoint_id order by not_before, created_at) as place
      from   webhook_deliveries
      where  state = 'due' and not_before <= ${new Date(now)}
    ), taken as (
      select d.scope, d.endpoint_id, d.notice_id
      from   webhook_deliveries d
      join   ranked r using (scope, endpoint_id, notice_id)
      join   webhook_endpoints e using (scope, endpoint_id)
      where  r.place <= ${ofEach} and d.state = 'due' and d.not_before <= ${new Date(now)} and e.state = 'enabled'
      order by d.not_before
      limit  ${limit}
      for update of d skip locked)
    update webhook_deliveries d
    set    not_before = ${new Date(leaseUntil)}, attempts = d.attempts + 1
    from   taken t
    where  d.scope = t.scope and d.endpoint_id = t.endpoint_id and d.notice_id = t.notice_id
    returning d.scope, d.endpoint_id as "endpointId", d.notice_id as "noticeId", d.type, d.body, d.attempts`.execute(
    db,
  );
  return rows.map((row) => ({ ...row, leaseUntil }));
}

/** Takes one that was just made, for who sends it at once. */
export async function takeDelivery(
  db: Queryable,
  { scope, endpointId, noticeId }: DeliveryKey,
  leaseUntil: Instant,
): Promise<void> {
  await sql`
    update webhook_deliveries set attempts = attempts + 1, not_before = ${new Date(leaseUntil)}
    where  scope = ${scope} and endpoint_id = ${endpointId} and notice_id = ${noticeId}`.execute(db);
}

/**
 * Writes a try's outcome; nothing when the delivery was taken by another or replayed since. One that was given up
 * meanwhile, because its endpoint was disabled or removed, stays so, unless it has arrived after all.
 */
export async function finishTry(
  db: Queryable,
  { scope, endpointId, noticeId, attempts, leaseUntil }: TakenDelivery,
  outcome: { to: "sent" | "failed" | { dueAt: Instant }; last: Try; triesKept: number; now: Instant },
): Promise<void> {
  const { to, last, triesKept, now } = outcome;
  const state = typeof to === "string" ? to : "due";
  await sql`
    update webhook_deliveries
    set    state = ${state},
           not_before = ${new Date(typeof to === "string" ? now : to.dueAt)},
           sent_at = ${to === "sent" ? new Date(now) : null},
           tries = (select coalesce(jsonb_agg(t order by n), '[]') from (
                      select t, n from jsonb_array_elements(tries || ${JSON.stringify([last])}::jsonb) with ordinality as a (t, n)
                      order by n desc limit ${triesKept}) as newest)
    where  scope = ${scope} and endpoint_id = ${endpointId} and notice_id = ${noticeId}
      and  attempts = ${attempts} and not_before = ${new Date(leaseUntil)}
      and  (state = 'due' or (state = 'failed' and ${to === "sent"}::boolean))`.execute(db);
}

/** What waits for a disabled endpoint waits no more; it is there for a replay. */
export async function failDue(db: Queryable, scope: string, endpointId: string): Promise<void> {
  await sql`
    update webhook_deliveries set state = 'failed'
    where  scope = ${scope} and endpoint_id = ${endpointId} and state = 'due'`.execute(db);
}

export interface DeliveryRow extends DeliveryKey {
  readonly type: string;
  readonly body: string;
  readonly state: "due" | "sent" | "failed";
  readonly tries: Try[];
  readonly createdAt: Date;
  readonly sentAt: Date | null;
  readonly notBefore: Date;
}

/** The newest first. Index: webhook_deliveries_newest. */
export async function listDeliveries(
  db: Queryable,
  { scope, endpointId }: { scope: string; endpointId: string },
  { limit, after }: { limit: number; after: { createdAt: Instant; noticeId: string } | null },
): Promise<DeliveryRow[]> {
  const { rows } = await sql<DeliveryRow>`
    select scope, endpoint_id as "endpointId", notice_id as "noticeId", type, body, state, tries,
           created_at as "createdAt", sent_at as "sentAt", not_before as "notBefore"
    from   webhook_deliveries
    where  scope = ${scope} and endpoint_id = ${endpointId}
      and  (${after === null}::boolean or (created_at, notice_id) < (${new Date(after?.createdAt ?? 0)}::timestamptz, ${after?.noticeId ?? ""}::text))
    order by created_at desc, notice_id desc
    limit  ${limit}`.execute(db);
  return rows;
}

/** Sends one again, whatever became of it. @returns false when there is no such delivery */
export async function replayOne(
  db: Queryable,
  { scope, endpointId, noticeId }: DeliveryKey,
  now: Instant,
): Promise<boolean> {
  const { rows } = await sql`
    update webhook_deliveries set state = 'due', attempts = 0, not_before = ${new Date(now)}
    where  scope = ${scope} and endpoint_id = ${endpointId} and notice_id = ${noticeId}
    returning 1`.execute(db);
  return rows.length === 1;
}

/** Sends those of a span again, `[from, to)`, or from then on. @returns how many */
export async function replaySpan(
  db: Queryable,
  { scope, endpointId }: { scope: string; endpointId: string },
  span: { from: Instant; to: Instant | null; withSent: boolean; now: Instant },
): Promise<number> {
  const { rows } = await sql`
    update webhook_deliveries set state = 'due', attempts = 0, not_before = ${new Date(span.now)}
    where  scope = ${scope} and endpoint_id = ${endpointId}
      and  created_at >= ${new Date(span.from)}
      and  (${span.to === null}::boolean or created_at < ${new Date(span.to ?? 0)})
      and  (state = 'failed' or (${span.withSent}::boolean and state = 'sent'))
    returning 1`.execute(db);
  return rows.length;
}

/** In small deletes; what waits stays, unless its endpoint is gone by now. Index: webhook_deliveries_by_time. */
export async function trimDeliveries(
  db: Queryable,
  { before, limit }: { before: Instant; limit: number },
): Promise<void> {
  await sql`
    delete from webhook_deliveries
    where  ctid in (select d.ctid from webhook_deliveries d
                    where  d.created_at < ${new Date(before)}
                      and  (d.state <> 'due' or not exists (
                             select from webhook_endpoints e where e.scope = d.scope and e.endpoint_id = d.endpoint_id))
                    order by d.created_at limit ${limit})`.execute(db);
}

/** How many are to be sent. Index: webhook_deliveries_due. */
export async function countDueDeliveries(db: Queryable): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from webhook_deliveries where state = 'due'`.execute(db);
  return rows[0]!.count;
}
