import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import type { StripeEvent } from "./gateway.ts";

/** The SQL on `stripe_events`. */

export async function insertEvent(db: Queryable, event: StripeEvent, now: number): Promise<void> {
  await sql`
    insert into stripe_events (event_id, type, customer_id, payment_id, payload, received_at, not_before)
    values (${event.eventId}, ${event.type}, ${event.customerId}, ${event.paymentId}, ${JSON.stringify(event.payload)}::jsonb,
            ${new Date(now)}, ${new Date(now)})
    on conflict (event_id) do nothing`.execute(db);
}

export interface TakenEvent {
  eventId: string;
  customerId: string | null;
  paymentId: string | null;
  attempts: number;
}

/** Takes due events for this server until `leaseUntil`; two servers never take the same. Index: stripe_events_unhandled. */
export async function takeDueEvents(
  db: Queryable,
  { now, leaseUntil, limit }: { now: number; leaseUntil: number; limit: number },
): Promise<TakenEvent[]> {
  const { rows } = await sql<TakenEvent>`
    update stripe_events
    set    not_before = ${new Date(leaseUntil)}, attempts = attempts + 1
    where  event_id in (
      select event_id from stripe_events
      where  handled_at is null and not_before <= ${new Date(now)}
      order by not_before
      limit ${limit}
      for update skip locked)
    returning event_id as "eventId", customer_id as "customerId", payment_id as "paymentId", attempts`.execute(
    db,
  );
  return rows;
}

export interface ReceivedEvent {
  eventId: string;
  type: string;
  receivedAt: Date;
  handledAt: Date | null;
  lastError: string | null;
}

/** What Stripe told, the newest first; what we found by ourselves is left out. For the demo alone: no index serves it. */
export async function listEventsOfCustomer(
  db: Queryable,
  customerId: string,
  limit: number,
): Promise<ReceivedEvent[]> {
  const { rows } = await sql<ReceivedEvent>`
    select event_id as "eventId", type, received_at as "receivedAt", handled_at as "handledAt", last_error as "lastError"
    from   stripe_events
    where  customer_id = ${customerId} and type not like 'bursar.%'
    order by received_at desc, event_id desc
    limit ${limit}`.execute(db);
  return rows;
}

export async function markHandled(db: Queryable, eventIds: string[], now: number): Promise<void> {
  await sql`
    update stripe_events set handled_at = ${new Date(now)}, last_error = null
    where  event_id = any(${eventIds}::text[])`.execute(db);
}

export async function markFailed(
  db: Queryable,
  eventIds: string[],
  { notBefore, error }: { notBefore: number; error: string },
): Promise<void> {
  await sql`
    update stripe_events set not_before = ${new Date(notBefore)}, last_error = ${error}
    where  event_id = any(${eventIds}::text[]) and handled_at is null`.execute(db);
}

/** Whose an event is, which its own object did not say. */
export async function nameCustomer(db: Queryable, eventId: string, customerId: string): Promise<void> {
  await sql`update stripe_events set customer_id = ${customerId} where event_id = ${eventId}`.execute(db);
}

/** Payments of this customer that events are about which nobody has handled yet. */
export async function listNamedPayments(db: Queryable, customerId: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ paymentId: string }>`
    select distinct payment_id as "paymentId"
    from   stripe_events
    where  handled_at is null and customer_id = ${customerId} and payment_id is not null
    limit  ${limit}`.execute(db);
  return rows.map(({ paymentId }) => paymentId);
}

/** Of which objects of this customer, or of one not yet known, events are stored that nobody has handled yet. */
export async function listAnnounced(db: Queryable, customerId: string): Promise<Set<string>> {
  const { rows } = await sql<{ objectId: string | null }>`
    select distinct payload -> 'data' -> 'object' ->> 'id' as "objectId"
    from   stripe_events
    where  handled_at is null
      and  (customer_id = ${customerId} or (customer_id is null and payment_id is not null))`.execute(db);
  return new Set(rows.map(({ objectId }) => objectId).filter((id) => id !== null));
}

/** How many events wait, and since when. Index: stripe_events_unhandled. */
export async function readInboxBacklog(db: Queryable): Promise<{ waiting: number; oldestAt: Date | null }> {
  const { rows } = await sql<{ waiting: number; oldestAt: Date | null }>`
    select count(*)::int as waiting, min(received_at) as "oldestAt"
    from   stripe_events
    where  handled_at is null`.execute(db);
  return rows[0]!;
}
