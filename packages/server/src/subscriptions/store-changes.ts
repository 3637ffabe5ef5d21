import type { AccountId, Instant } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import type { CarriedChange } from "./wanted-change.ts";

/** The SQL on `plan_changes`. */

export type ChangeState = "charging" | "awaiting_bank" | "settling" | "done" | "failed";

/** What an upgrade charges; the request to Stripe is made from this alone, so that a repeat is the same request. */
export interface Charge {
  readonly itemId: string;
  readonly priceId: string;
  readonly seats: number;
  readonly proratedAt: Instant;
  readonly startsPeriod: boolean;
  readonly amountDueCents: number;
  readonly currency: string;
}

export interface PlanChangeRow {
  readonly accountId: AccountId;
  readonly changeId: string;
  readonly state: ChangeState;
  readonly change: CarriedChange;
  readonly subscriptionId: string;
  readonly charge: Charge | null;
  readonly invoiceId: string | null;
  readonly invoiceUrl: string | null;
  readonly failure: string | null;
  readonly createdAt: Instant;
  /** Who carries it on, until when: only the holder moves it, and asks anything of Stripe for it. */
  readonly heldBy: string | null;
}

/**
 * How long a holder has for its next step. Longer than one call to Stripe with its repeats takes (a minute), so that a
 * call which is still on its way has ended before somebody else takes the change up.
 */
const HELD_FOR_MS = 90_000;

/** @returns false when another change of the account is open; index: plan_changes_one_open */
export async function insertChange(
  db: Queryable,
  row: Omit<PlanChangeRow, "invoiceId" | "invoiceUrl" | "failure"> & {
    requestedBy: string;
    /** By the machine's clock, as every later look is: the sweep compares those of all accounts. */
    updatedAt: Instant;
  },
): Promise<boolean> {
  const { rows } = await sql`
    insert into plan_changes (account_id, change_id, state, change, subscription_id, charge, requested_by, created_at,
                              updated_at, held_by, held_until)
    values (${row.accountId}, ${row.changeId}, ${row.state}, ${JSON.stringify(row.change)}::jsonb, ${row.subscriptionId},
            ${row.charge === null ? null : JSON.stringify(row.charge)}::jsonb, ${row.requestedBy},
            ${new Date(row.createdAt)}, ${new Date(row.updatedAt)}, ${row.heldBy},
            ${new Date(row.updatedAt + HELD_FOR_MS)})
    on conflict (account_id) where state in ('charging', 'awaiting_bank', 'settling') do nothing
    returning 1`.execute(db);
  return rows.length === 1;
}

/**
 * Takes up the account's open change, for one step.
 * @param given.holder a new id for each who takes it up
 * @returns `null` when there is none, or somebody is at it; index: plan_changes_one_open
 */
export async function holdChange(
  db: Queryable,
  accountId: AccountId,
  { holder, now }: { holder: string; now: Instant },
): Promise<PlanChangeRow | null> {
  const { rows } = await sql<ChangeRowSql>`
    update plan_changes
    set    held_by = ${holder}, held_until = ${new Date(now + HELD_FOR_MS)}, updated_at = ${new Date(now)}
    where  account_id = ${accountId} and state in ('charging', 'awaiting_bank', 'settling')
    and    held_until <= ${new Date(now)}
    returning ${columns}`.execute(db);
  return toRow(rows[0]);
}

/** Leaves a change to whoever comes next. */
export async function letGoOfChange(
  db: Queryable,
  { accountId, changeId, heldBy }: PlanChangeRow,
  now: Instant,
): Promise<void> {
  await sql`
    update plan_changes set held_until = ${new Date(now)}, updated_at = ${new Date(now)}
    where  account_id = ${accountId} and change_id = ${changeId} and held_by = ${heldBy}`.execute(db);
}

/**
 * Moves a change on for its holder, from the state that it was read in.
 * @returns `null` when somebody else has taken it up meanwhile
 */
export async function moveChange(
  db: Queryable,
  { accountId, changeId, state: from, heldBy }: PlanChangeRow,
  to: {
    state: ChangeState;
    now: Instant;
    invoiceId?: string | null;
    invoiceUrl?: string | null;
    failure?: string;
  },
): Promise<PlanChangeRow | null> {
  // While the bank asks the customer, nobody has anything to do.
  const heldUntil = to.state === "awaiting_bank" ? to.now : to.now + HELD_FOR_MS;
  const { rows } = await sql<ChangeRowSql>`
    update plan_changes
    set    state = ${to.state}, updated_at = ${new Date(to.now)}, held_until = ${new Date(heldUntil)},
           invoice_id = coalesce(${to.invoiceId ?? null}, invoice_id),
           invoice_url = coalesce(${to.invoiceUrl ?? null}, invoice_url),
           failure = ${to.failure ?? null}
    where  account_id = ${accountId} and change_id = ${changeId} and state = ${from} and held_by = ${heldBy}
    returning ${columns}`.execute(db);
  return toRow(rows[0]);
}

interface ChangeRowSql extends Omit<PlanChangeRow, "createdAt"> {
  createdAt: Date;
}

const columns = sql`account_id as "accountId", change_id as "changeId", state, change, subscription_id as "subscriptionId",
  charge, invoice_id as "invoiceId", invoice_url as "invoiceUrl", failure, created_at as "createdAt", held_by as "heldBy"`;

export async function findOpenChange(db: Queryable, accountId: AccountId): Promise<PlanChangeRow | null> {
  const { rows } = await sql<ChangeRowSql>`
    select ${columns}
    from   plan_changes
    where  account_id = ${accountId} and state in ('charging', 'awaiting_bank', 'settling')`.execute(db);
  return toRow(rows[0]);
}

/** Whether a withdrawal is on its way, of which `withdrawals` keeps the rows: nothing is changed beside it. */
export async function isWithdrawing(db: Queryable, accountId: AccountId): Promise<boolean> {
  const { rows } = await sql`
    select 1 from withdrawals
    where  account_id = ${accountId} and state = 'ending'`.execute(db);
  return rows.length > 0;
}

/** How many changes are under way. Index: plan_changes_open. */
export async function countOpenChanges(db: Queryable): Promise<{ state: ChangeState; count: number }[]> {
  const { rows } = await sql<{ state: ChangeState; count: number }>`
    select state, count(*)::int as count from plan_changes
    where  state in ('charging', 'awaiting_bank', 'settling')
    group by state`.execute(db);
  return rows;
}

/** All that were ever begun, tens at most; index: the primary key. */
export async function countChanges(db: Queryable, accountId: AccountId): Promise<number> {
  const { rows } = await sql<{ changes: number }>`
    select count(*)::int as changes from plan_changes where account_id = ${accountId}`.execute(db);
  return rows[0]?.changes ?? 0;
}

/** The newest change that did not fail, if it is open or was moved since then; index: plan_changes' primary key. */
export async function findNewestChange(
  db: Queryable,
  accountId: AccountId,
  movedSince: Instant,
): Promise<PlanChangeRow | null> {
  const { rows } = await sql<ChangeRowSql>`
    select ${columns}
    from   plan_changes
    where  account_id = ${accountId} and state <> 'failed'
    and    (state <> 'done' or updated_at >= ${new Date(movedSince)})
    order by created_at desc, change_id desc
    limit  1`.execute(db);
  return toRow(rows[0]);
}

/** Changes that nobody is at and nobody has moved for a while, the longest first. Index: plan_changes_open. */
export async function listStandingChanges(
  db: Queryable,
  { before, now, limit }: { before: Instant; now: Instant; limit: number },
): Promise<AccountId[]> {
  const { rows } = await sql<{ accountId: AccountId }>`
    select account_id as "accountId"
    from   plan_changes
    where  state in ('charging', 'awaiting_bank', 'settling') and updated_at < ${new Date(before)}
    and    held_until <= ${new Date(now)}
    order by updated_at
    limit  ${limit}`.execute(db);
  return rows.map(({ accountId }) => accountId);
}

function toRow(row: ChangeRowSql | undefined): PlanChangeRow | null {
  return row === undefined ? null : { ...row, createdAt: row.createdAt.getTime() };
}
