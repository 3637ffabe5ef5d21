import type { AccountId, Instant } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import type { PackReason } from "../stripe/facts.ts";

/** The SQL on `pack_charges`. */

type ChargeState =
  "invoicing" | "charging" | "paid" | "needs_authentication" | "declined" | "succeeded" | "failed";

export interface ChargeRow {
  readonly accountId: AccountId;
  readonly chargeId: string;
  readonly reason: PackReason;
  readonly state: ChargeState;
  readonly packId: string;
  readonly tokens: number;
  readonly customerId: string;
  readonly priceId: string;
  readonly paymentMethodId: string;
  /** What this try may charge at most, tax included. */
  readonly amountCents: number;
  readonly currency: string;
  readonly tryNumber: number;
  readonly triedAt: Instant;
  readonly retryAt: Instant | null;
  readonly invoiceId: string | null;
  readonly invoiceUrl: string | null;
  readonly paymentId: string | null;
  readonly failure: string | null;
  readonly requestedBy: string;
  readonly createdAt: Instant;
  readonly finishedAt: Instant | null;
  /** When it was last moved, by the machine's clock. */
  readonly updatedAt: Instant;
}

type NewCharge = Omit<
  ChargeRow,
  | "tryNumber"
  | "triedAt"
  | "retryAt"
  | "invoiceId"
  | "invoiceUrl"
  | "paymentId"
  | "failure"
  | "finishedAt"
  | "state"
>;

const OPEN = sql`('invoicing', 'charging', 'paid', 'needs_authentication', 'declined')`;

/** @returns `null` when another charge of the account for this reason is open; index: pack_charges_one_open */
export async function insertCharge(db: Queryable, row: NewCharge): Promise<ChargeRow | null> {
  const { rows } = await sql<ChargeSql>`
    insert into pack_charges (account_id, charge_id, reason, state, pack_id, tokens, customer_id, price_id, payment_method_id,
                              amount, currency, tried_at, requested_by, created_at, updated_at)
    values (${row.accountId}, ${row.chargeId}, ${row.reason}, 'invoicing', ${row.packId}, ${row.tokens}, ${row.customerId},
            ${row.priceId}, ${row.paymentMethodId}, ${row.amountCents}, ${row.currency}, ${new Date(row.createdAt)},
            ${row.requestedBy}, ${new Date(row.createdAt)}, ${new Date(row.updatedAt)})
    on conflict (account_id, reason) where state in ${OPEN} do nothing
    returning ${columns}`.execute(db);
  return toRow(rows[0]);
}

/** What a step changes; what is left out stays. */
export interface ChargeStep {
  readonly state: ChargeState;
  readonly invoiceId?: string | null;
  readonly invoiceUrl?: string | null;
  readonly paymentId?: string | null;
  readonly amountCents?: number;
  readonly retryAt?: Instant;
  readonly failure?: string;
}

/**
 * Moves a charge on, from the state and try that it was read in: of two who carry it on at once only one does.
 * @returns the row as it is now, `null` when somebody else moved it
 */
export async function moveCharge(
  db: Queryable,
  { accountId, chargeId, state: from, tryNumber }: ChargeRow,
  { to, now, machineNow }: { to: ChargeStep; now: Instant; machineNow: Instant },
): Promise<ChargeRow | null> {
  const isOver = to.state === "succeeded" || to.state === "failed";
  const { rows } = await sql<ChargeSql>`
    update pack_charges
    set    state = ${to.state}, updated_at = ${new Date(machineNow)},
           invoice_id  = coalesce(${to.invoiceId ?? null}, invoice_id),
           invoice_url = coalesce(${to.invoiceUrl ?? null}, invoice_url),
           payment_id  = coalesce(${to.paymentId ?? null}, payment_id),
           amount      = coalesce(${to.amountCents ?? null}::bigint, amount),
           retry_at    = ${to.state === "declined" ? new Date(to.retryAt ?? now) : null}::timestamptz,
           failure     = ${to.failure ?? null},
           finished_at = ${isOver ? new Date(now) : null}::timestamptz
    where  account_id = ${accountId} and charge_id = ${chargeId} and state = ${from} and try_number = ${tryNumber}
    returning ${columns}`.execute(db);
  return toRow(rows[0]);
}

const columns = sql`account_id as "accountId", charge_id as "chargeId", reason, state, pack_id as "packId", tokens,
  customer_id as "customerId", price_id as "priceId", payment_method_id as "paymentMethodId", amount as "amountCents",
  currency, try_number as "tryNumber", tried_at as "triedAt", retry_at as "retryAt", invoice_id as "invoiceId",
  invoice_url as "invoiceUrl", payment_id as "paymentId", failure, requested_by as "requestedBy",
  created_at as "createdAt", finished_at as "finishedAt", updated_at as "updatedAt"`;

interface ChargeSql extends Omit<
  ChargeRow,
  "triedAt" | "retryAt" | "createdAt" | "finishedAt" | "updatedAt"
> {
  triedAt: Date;
  retryAt: Date | null;
  createdAt: Date;
  finishedAt: Date | null;
  updatedAt: Date;
}

export async function findCharge(
  db: Queryable,
  accountId: AccountId,
  chargeId: string,
): Promise<ChargeRow | null> {
  const { rows } = await sql<ChargeSql>`
    select ${columns} from pack_charges
    where  account_id = ${accountId} and charge_id = ${chargeId}`.execute(db);
  return toRow(rows[0]);
}

/** Index: pack_charges_one_open. */
export async function findOpenCharge(
  db: Queryable,
  accountId: AccountId,
  reason: PackReason,
): Promise<ChargeRow | null> {
  const { rows } = await sql<ChargeSql>`
    select ${columns} from pack_charges
    where  account_id = ${accountId} and reason = ${reason} and state in ${OPEN}`.execute(db);
  return toRow(rows[0]);
}

/** All that decide about the next one: what is open, and what was tried or bought since. Index: pack_charges_newest. */
export async function listRecharges(
  db: Queryable,
  accountId: AccountId,
  since: Instant,
): Promise<ChargeRow[]> {
  const { rows } = await sql<ChargeSql>`
    select ${columns} from pack_charges
    where  account_id = ${accountId} and reason = 'auto_recharge'
    and    (state in ${OPEN} or tried_at >= ${new Date(since)} or finished_at >= ${new Date(since)})
    order by created_at desc, charge_id desc`.execute(db);
  return rows.flatMap((row) => toRow(row) ?? []);
}

/** The log, newest first. Index: pack_charges_newest. */
export async function listChargeLog(
  db: Queryable,
  accountId: AccountId,
  { before, limit }: { before: string | null; limit: number },
): Promise<ChargeRow[]> {
  const older =
    before === null
      ? sql`true`
      : sql`(created_at, charge_id) < (select created_at, charge_id from pack_charges
                                       where account_id = ${accountId} and charge_id = ${before})`;
  const { rows } = await sql<ChargeSql>`
    select ${columns} from pack_charges
    where  account_id = ${accountId} and reason = 'auto_recharge' and ${older}
    order by created_at desc, charge_id desc
    limit  ${limit}`.execute(db);
  return rows.flatMap((row) => toRow(row) ?? []);
}

/** What a new try charges, and how. */
export type NextTry = Pick<
  ChargeRow,
  | "tryNumber"
  | "packId"
  | "tokens"
  | "customerId"
  | "priceId"
  | "paymentMethodId"
  | "amountCents"
  | "currency"
>;

/** The next try of a declined charge, with a bill of its own. @returns `null` when somebody else began it */
export async function beginNextTry(
  db: Queryable,
  row: ChargeRow,
  { next, now, machineNow }: { next: NextTry; now: Instant; machineNow: Instant },
): Promise<ChargeRow | null> {
  const { rows } = await sql<ChargeSql>`
    update pack_charges
    set    state = 'invoicing', try_number = ${next.tryNumber}, tried_at = ${new Date(now)}, retry_at = null,
           pack_id = ${next.packId}, tokens = ${next.tokens}, customer_id = ${next.customerId}, price_id = ${next.priceId},
           payment_method_id = ${next.paymentMethodId}, amount = ${next.amountCents}, currency = ${next.currency},
           invoice_id = null, invoice_url = null, payment_id = null, failure = null, updated_at = ${new Date(machineNow)}
    where  account_id = ${row.accountId} and charge_id = ${row.chargeId} and state = 'declined'
    and    try_number = ${next.tryNumber - 1}
    returning ${columns}`.execute(db);
  return toRow(rows[0]);
}

/** Accounts with a charge that nobody has moved for a while, the longest first. Index: pack_charges_open. */
export async function listStandingCharges(
  db: Queryable,
  { before, limit }: { before: Instant; limit: number },
): Promise<AccountId[]> {
  const { rows } = await sql<{ accountId: AccountId }>`
    select account_id as "accountId"
    from   pack_charges
    where  state in ${OPEN} and updated_at < ${new Date(before)}
    order by updated_at
    limit  ${limit}`.execute(db);
  return rows.map(({ accountId }) => accountId);
}

/** How many charges are under way. Index: pack_charges_open. */
export async function countOpenCharges(
  db: Queryable,
): Promise<{ reason: PackReason; state: ChargeState; count: number }[]> {
  const { rows } = await sql<{ reason: PackReason; state: ChargeState; count: number }>`
    select reason, state, count(*)::int as count from pack_charges
    where  state in ${OPEN}
    group by reason, state`.execute(db);
  return rows;
}

/** Notes that a charge was looked at, so that the sweep takes up others first. */
export async function touchCharge(db: Queryable, row: ChargeRow, machineNow: Instant): Promise<void> {
  await sql`
    update pack_charges set updated_at = ${new Date(machineNow)}
    where  account_id = ${row.accountId} and charge_id = ${row.chargeId}`.execute(db);
}

function toRow(row: ChargeSql | undefined): ChargeRow | null {
  if (row === undefined) return null;
  return {
    ...row,
    triedAt: row.triedAt.getTime(),
    retryAt: row.retryAt?.getTime() ?? null,
    createdAt: row.createdAt.getTime(),
    finishedAt: row.finishedAt?.getTime() ?? null,
    updatedAt: row.updatedAt.getTime(),
  };
}

/** The members who bought these with a click. */
export async function listBuyers(
  db: Queryable,
  accountId: AccountId,
  paymentIds: readonly string[],
): Promise<{ paymentId: string; name: string }[]> {
  const { rows } = await sql<{ paymentId: string; name: string }>`
    select c.payment_id as "paymentId", m.name
    from   pack_charges c
    join   members m on m.account_id = c.account_id and m.member_id = c.requested_by
    where  c.account_id = ${accountId} and c.payment_id = any (${[...paymentIds]}::text[])
      and  c.reason = 'purchase'`.execute(db);
  return rows;
}
