import type { AccountId, Instant, Interval } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";

/** The SQL on `withdrawals`. */

export type WithdrawalState = "ending" | "refunding" | "done" | "failed";

export interface WithdrawalRow {
  readonly accountId: AccountId;
  readonly withdrawalId: string;
  readonly subscriptionId: string;
  readonly customerId: string;
  readonly state: WithdrawalState;
  readonly name: string;
  readonly email: string;
  readonly planId: string;
  readonly interval: Interval;
  readonly seats: number;
  readonly concludedAt: Instant;
  readonly declaredAt: Instant;
  /** To the cards, and as credit at Stripe, as far as known. */
  readonly refundCents: number;
  readonly creditCents: number;
  /** Of these, what went to the cards until now. */
  readonly refundedCents: number;
  /** Refunds that came back from a bank, when it was last looked at. */
  readonly failedRefunds: number;
  readonly currency: string;
  readonly endedAt: Instant | null;
  readonly failure: string | null;
}

/** @returns false when this contract was withdrawn from before */
export async function insertWithdrawal(
  db: Queryable,
  row: WithdrawalRow & { requestedBy: string; updatedAt: Instant },
): Promise<boolean> {
  const { rows } = await sql`
    insert into withdrawals (account_id, withdrawal_id, subscription_id, customer_id, state, name, email, plan_id,
                             billing_interval, seats, concluded_at, declared_at, requested_by, refund, credit, currency,
                             updated_at)
    values (${row.accountId}, ${row.withdrawalId}, ${row.subscriptionId}, ${row.customerId}, ${row.state}, ${row.name},
            ${row.email}, ${row.planId}, ${row.interval}, ${row.seats}, ${new Date(row.concludedAt)},
            ${new Date(row.declaredAt)}, ${row.requestedBy}, ${row.refundCents}, ${row.creditCents}, ${row.currency},
            ${new Date(row.updatedAt)})
    on conflict (account_id, subscription_id) do nothing
    returning 1`.execute(db);
  return rows.length === 1;
}

export interface WithdrawalStep {
  readonly from: WithdrawalState;
  readonly to: WithdrawalState;
  readonly endedAt?: Instant;
  readonly refund?: {
    refundCents: number;
    creditCents: number;
    refundedCents: number;
    failedRefunds: number;
  };
  readonly failure?: string | null;
  /** By the machine's clock. */
  readonly now: Instant;
}

/** @returns the row as it is then; `null` when somebody else has moved it on */
export async function moveWithdrawal(
  db: Queryable,
  { accountId, withdrawalId }: WithdrawalRow,
  { from, to, endedAt, refund, failure = null, now }: WithdrawalStep,
): Promise<WithdrawalRow | null> {
  const { rows } = await sql<WithdrawalSql>`
    update withdrawals
    set    state = ${to}, updated_at = ${new Date(now)}, failure = ${failure},
           ended_at = coalesce(ended_at, ${endedAt === undefined ? null : new Date(endedAt)}),
           refund = coalesce(${refund?.refundCents ?? null}, refund),
           credit = coalesce(${refund?.creditCents ?? null}, credit),
           refunded = coalesce(${refund?.refundedCents ?? null}, refunded),
           failed_refunds = coalesce(${refund?.failedRefunds ?? null}, failed_refunds)
    where  account_id = ${accountId} and withdrawal_id = ${withdrawalId} and state = ${from}
    returning ${columns}`.execute(db);
  return toRow(rows[0]);
}

/** The newest of an account; few have one. Index: the unique one by account and subscription. */
export async function findNewestWithdrawal(
  db: Queryable,
  accountId: AccountId,
): Promise<WithdrawalRow | null> {
  const { rows } = await sql<WithdrawalSql>`
    select ${columns} from withdrawals
    where  account_id = ${accountId}
    order by declared_at desc, withdrawal_id desc
    limit  1`.execute(db);
  return toRow(rows[0]);
}

export async function findWithdrawalOf(
  db: Queryable,
  accountId: AccountId,
  subscriptionId: string,
): Promise<WithdrawalRow | null> {
  const { rows } = await sql<WithdrawalSql>`
    select ${columns} from withdrawals
    where  account_id = ${accountId} and subscription_id = ${subscriptionId}`.execute(db);
  return toRow(rows[0]);
}

/** Those that stand still, the longest first; one that Stripe refused waits longer. Index: withdrawals_open. */
export async function listStandingWithdrawals(
  db: Queryable,
  { before, refusedBefore, limit }: { before: Instant; refusedBefore: Instant; limit: number },
): Promise<WithdrawalRow[]> {
  const { rows } = await sql<WithdrawalSql>`
    select ${columns} from withdrawals
    where  state in ('ending', 'refunding')
      and  updated_at < (case when failure is null then ${new Date(before)}::timestamptz
                              else ${new Date(refusedBefore)}::timestamptz end)
    order by updated_at
    limit  ${limit}`.execute(db);
  return rows.flatMap((row) => toRow(row) ?? []);
}

/** Refunds of the contract's payments that came back, as the syncs have seen them. */
export async function countFailedRefunds(
  db: Queryable,
  { accountId, subscriptionId }: WithdrawalRow,
): Promise<number> {
  const { rows } = await sql<{ failed: number }>`
    select count(*)::int as failed
    from   payment_reversals r
    join   invoices i on i.account_id = r.account_id and i.payment_id = r.payment_id
    where  r.account_id = ${accountId} and i.subscription_id = ${subscriptionId}
      and  r.kind = 'refund' and r.status in ('failed', 'canceled')`.execute(db);
  return rows[0]?.failed ?? 0;
}

interface WithdrawalSql extends Omit<WithdrawalRow, "concludedAt" | "declaredAt" | "endedAt"> {
  concludedAt: Date;
  declaredAt: Date;
  endedAt: Date | null;
}

const columns = sql`account_id as "accountId", withdrawal_id as "withdrawalId", subscription_id as "subscriptionId",
  customer_id as "customerId", state, name, email, plan_id as "planId", billing_interval as interval, seats,
  concluded_at as "concludedAt", declared_at as "declaredAt", refund as "refundCents", credit as "creditCents",
  refunded as "refundedCents", failed_refunds as "failedRefunds", currency, ended_at as "endedAt", failure`;

function toRow(row: WithdrawalSql | undefined): WithdrawalRow | null {
  if (row === undefined) return null;
  const { concludedAt, declaredAt, endedAt } = row;
  return {
    ...row,
    concludedAt: concludedAt.getTime(),
    declaredAt: declaredAt.getTime(),
    endedAt: endedAt?.getTime() ?? null,
  };
}
