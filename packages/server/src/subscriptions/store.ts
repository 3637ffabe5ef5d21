import type { AccountId, Instant, Interval, PendingChange, PeriodPrice, Subscription } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";

/** The SQL on `subscriptions`. */

export async function upsertSubscription(
  db: Queryable,
  accountId: AccountId,
  fact: Subscription,
): Promise<void> {
  await sql`
    insert into subscriptions (account_id, subscription_id, status, plan_id, billing_interval, seats, price_id,
                               anchor_at, period_starts_at, period_ends_at, started_at, cancel_at, ended_at, pending,
                               is_own_price, next_price)
    values (${accountId}, ${fact.subscriptionId}, ${fact.status}, ${fact.planId}, ${fact.interval}, ${fact.seats}, ${fact.priceId},
            ${new Date(fact.anchorAt)}, ${new Date(fact.periodStartsAt)}, ${new Date(fact.periodEndsAt)},
            ${new Date(fact.startedAt)}, ${dateOrNull(fact.cancelAt)}, ${dateOrNull(fact.endedAt)},
            ${jsonOrNull(fact.pending)}::jsonb, ${fact.isOwnPrice}, ${jsonOrNull(fact.nextPrice)}::jsonb)
    on conflict (account_id, subscription_id) do update
    set status = excluded.status, plan_id = excluded.plan_id, billing_interval = excluded.billing_interval,
        seats = excluded.seats, price_id = excluded.price_id, anchor_at = excluded.anchor_at,
        period_starts_at = excluded.period_starts_at, period_ends_at = excluded.period_ends_at,
        started_at = excluded.started_at, cancel_at = excluded.cancel_at, ended_at = excluded.ended_at,
        pending = excluded.pending, is_own_price = excluded.is_own_price, next_price = excluded.next_price`.execute(
    db,
  );
}

export interface NextInvoice {
  readonly at: Instant;
  /** What the card pays then. */
  readonly totalCents: number;
  readonly currency: string;
  /** False while no address says which tax comes on top. */
  readonly isTaxKnown: boolean;
}

/** @param next `null` when nothing is billed any more */
export async function storeNextInvoice(
  db: Queryable,
  accountId: AccountId,
  subscriptionId: string,
  next: NextInvoice | null,
): Promise<void> {
  await sql`
    update subscriptions set next_invoice = ${jsonOrNull(next)}::jsonb
    where  account_id = ${accountId} and subscription_id = ${subscriptionId}`.execute(db);
}

export async function findNextInvoice(
  db: Queryable,
  accountId: AccountId,
  subscriptionId: string,
): Promise<NextInvoice | null> {
  const { rows } = await sql<{ next: (Omit<NextInvoice, "isTaxKnown"> & { isTaxKnown?: boolean }) | null }>`
    select next_invoice as next from subscriptions
    where  account_id = ${accountId} and subscription_id = ${subscriptionId}`.execute(db);
  const next = rows[0]?.next ?? null;
  // One that was stored before it was asked; the next sync says.
  return next === null ? null : { isTaxKnown: true, ...next };
}

/** Accounts that owe, for the job that ends them after the grace time. Index: subscriptions_past_due. */
export async function listPastDue(
  db: Queryable,
  limit: number,
): Promise<{ accountId: AccountId; subscriptionId: string }[]> {
  const { rows } = await sql<{ accountId: AccountId; subscriptionId: string }>`
    select account_id as "accountId", subscription_id as "subscriptionId"
    from   subscriptions
    where  status = 'past_due'
    limit  ${limit}`.execute(db);
  return rows;
}

/** Forgets a subscription; only for one that Stripe has and that does not count. */
export async function removeSubscription(
  db: Queryable,
  accountId: AccountId,
  subscriptionId: string,
): Promise<void> {
  await sql`
    delete from subscriptions
    where  account_id = ${accountId} and subscription_id = ${subscriptionId}`.execute(db);
}

interface SubscriptionRow {
  subscriptionId: string;
  status: string;
  planId: string;
  interval: Interval;
  seats: number;
  priceId: string;
  anchorAt: Date;
  periodStartsAt: Date;
  periodEndsAt: Date;
  startedAt: Date;
  cancelAt: Date | null;
  endedAt: Date | null;
  pending: PendingChange | null;
  isOwnPrice: boolean;
  nextPrice: PeriodPrice | null;
}

export async function listSubscriptions(db: Queryable, accountId: AccountId): Promise<Subscription[]> {
  const { rows } = await sql<SubscriptionRow>`
    select subscription_id as "subscriptionId", status, plan_id as "planId", billing_interval as interval, seats,
           price_id as "priceId", anchor_at as "anchorAt", period_starts_at as "periodStartsAt",
           period_ends_at as "periodEndsAt", started_at as "startedAt", cancel_at as "cancelAt", ended_at as "endedAt", pending,
           is_own_price as "isOwnPrice", next_price as "nextPrice"
    from   subscriptions
    where  account_id = ${accountId}
    order by started_at`.execute(db);
  return rows.map((row) => ({
    ...row,
    anchorAt: row.anchorAt.getTime(),
    periodStartsAt: row.periodStartsAt.getTime(),
    periodEndsAt: row.periodEndsAt.getTime(),
    startedAt: row.startedAt.getTime(),
    cancelAt: row.cancelAt?.getTime() ?? null,
    endedAt: row.endedAt?.getTime() ?? null,
  }));
}

function dateOrNull(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}

function jsonOrNull(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
