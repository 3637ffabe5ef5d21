import type { AccountId, Instant } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";

/** The SQL on `payment_reversals`. */

export interface ReversalRow {
  reversalId: string;
  kind: "refund" | "dispute";
  paymentId: string;
  status: string;
  outCents: number;
  backCents: number;
  currency: string;
  createdAt: Instant;
  isFinal: boolean;
}

/** Which payments these refunds and disputes are of. */
export async function listPaymentsOfReversals(
  db: Queryable,
  accountId: AccountId,
  reversalIds: readonly string[],
): Promise<Pick<ReversalRow, "reversalId" | "paymentId">[]> {
  const { rows } = await sql<Pick<ReversalRow, "reversalId" | "paymentId">>`
    select reversal_id as "reversalId", payment_id as "paymentId" from payment_reversals
    where  account_id = ${accountId} and reversal_id = any (${[...reversalIds]}::text[])`.execute(db);
  return rows;
}
