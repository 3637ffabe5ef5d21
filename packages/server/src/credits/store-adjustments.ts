import type { AccountId, Instant } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";

/** The SQL on `adjustments`. */

export interface AdjustmentRow {
  accountId: AccountId;
  adjustmentId: string;
  tokens: number;
  reason: string;
  requestedBy: string;
  operator: string | null;
  createdAt: Date;
}

const columns = sql`account_id as "accountId", adjustment_id as "adjustmentId", tokens, reason,
  requested_by as "requestedBy", operator, created_at as "createdAt"`;

/** Writes it unless the id is known. @returns the row of this id, which may be an older one */
export async function ensureAdjustment(
  db: Queryable,
  row: Omit<AdjustmentRow, "createdAt"> & { readonly createdAt: Instant },
): Promise<{ row: AdjustmentRow; isNew: boolean }> {
  const inserted = await sql`
    insert into adjustments (account_id, adjustment_id, tokens, reason, requested_by, operator, created_at)
    values (${row.accountId}, ${row.adjustmentId}, ${row.tokens}, ${row.reason}, ${row.requestedBy}, ${row.operator},
            ${new Date(row.createdAt)})
    on conflict (account_id, adjustment_id) do nothing
    returning 1`.execute(db);
  const { rows } = await sql<AdjustmentRow>`
    select ${columns} from adjustments
    where  account_id = ${row.accountId} and adjustment_id = ${row.adjustmentId}`.execute(db);
  return { row: rows[0]!, isNew: inserted.rows.length === 1 };
}

export async function markBooked(
  db: Queryable,
  accountId: AccountId,
  { adjustmentId, now }: { readonly adjustmentId: string; readonly now: Instant },
): Promise<void> {
  await sql`
    update adjustments set booked_at = ${new Date(now)}
    where  account_id = ${accountId} and adjustment_id = ${adjustmentId} and booked_at is null`.execute(db);
}

/** Rows without an entry in the book, the oldest first. Index: adjustments_unbooked. */
export async function listUnbooked(
  db: Queryable,
  { before, limit }: { readonly before: Instant; readonly limit: number },
): Promise<AdjustmentRow[]> {
  const { rows } = await sql<AdjustmentRow>`
    select ${columns} from adjustments
    where  booked_at is null and created_at < ${new Date(before)}
    order by created_at
    limit  ${limit}`.execute(db);
  return rows;
}

/** Who asked for these adjustments, where a person was named. */
export async function listOperators(
  db: Queryable,
  accountId: AccountId,
  adjustmentIds: readonly string[],
): Promise<{ adjustmentId: string; operator: string }[]> {
  const { rows } = await sql<{ adjustmentId: string; operator: string }>`
    select adjustment_id as "adjustmentId", operator from adjustments
    where  account_id = ${accountId} and adjustment_id = any (${[...adjustmentIds]}::text[])
      and  operator is not null`.execute(db);
  return rows;
}
