import { DAY_MS, type AccountId, type Instant, type Reversal } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";

/** The SQL on `payment_reversals`. */

/** Which payments these refunds and disputes are of. */
export async function listPaymentsOfReversals(
  db: Queryable,
  accountId: AccountId,
  reversalIds: readonly string[],
): Promise<Pick<Reversal, "reversalId" | "paymentId">[]> {
  const { rows } = await sql<Pick<Reversal, "reversalId" | "paymentId">>`
    select reversal_id as "reversalId", payment_id as "paymentId" from payment_reversals
    where  account_id = ${accountId} and reversal_id = any (${[...reversalIds]}::text[])`.execute(db);
  return rows;
}

/** What the bill of a payment came to, paid by the card and by the customer's credit together; `null`: there is none. */
export async function findBilledCents(
  db: Queryable,
  accountId: AccountId,
  paymentId: string,
): Promise<number | null> {
  const { rows } = await sql<{ cents: number }>`
    select total as cents from invoices
    where  account_id = ${accountId} and payment_id = ${paymentId}`.execute(db);
  return rows[0]?.cents ?? null;
}

/** A card refund may fail within a month, a dispute is decided within three; a year is beyond both. */
const OPEN_DAYS_MAX = 365;
/** Each is one call to Stripe at a look. */
const OPEN_PAYMENTS_MAX = 20;

/** Payments whose refunds or disputes may still change, the newest first. Index: payment_reversals_open. */
export async function listOpenPayments(db: Queryable, accountId: AccountId, now: Instant): Promise<string[]> {
  const { rows } = await sql<{ paymentId: string }>`
    select payment_id as "paymentId" from payment_reversals
    where  account_id = ${accountId} and not is_final and created_at > ${new Date(now - OPEN_DAYS_MAX * DAY_MS)}
    group by payment_id
    order by max(created_at) desc
    limit  ${OPEN_PAYMENTS_MAX}`.execute(db);
  return rows.map(({ paymentId }) => paymentId);
}

/** Replaces what we had of it: Stripe's word counts. */
export async function upsertReversal(db: Queryable, accountId: AccountId, row: Reversal): Promise<void> {
  await sql`
    insert into payment_reversals (account_id, reversal_id, kind, payment_id, status, out_cents, back_cents, currency,
                                   created_at, is_final)
    values (${accountId}, ${row.reversalId}, ${row.kind}, ${row.paymentId}, ${row.status}, ${row.outCents},
            ${row.backCents}, ${row.currency}, ${new Date(row.createdAt)}, ${row.isFinal})
    on conflict (account_id, reversal_id) do update
    set status = excluded.status, out_cents = excluded.out_cents, back_cents = excluded.back_cents,
        is_final = excluded.is_final`.execute(db);
}
