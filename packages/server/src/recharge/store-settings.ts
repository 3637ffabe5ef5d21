import type { AccountId, Instant, PauseReason, RechargeValues } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import type { Card } from "../stripe/facts.ts";

/** The SQL on `auto_recharge` and `auto_recharge_consents`. */

export interface SettingsRow extends RechargeValues {
  readonly isEnabled: boolean;
  readonly currency: string;
  /** Set while it waits for a purchase: entries up to this one came before it was turned on. */
  readonly armedAfterEntry: number | null;
  readonly armedAt: Instant;
  readonly pausedReason: PauseReason | null;
  readonly pausedAt: Instant | null;
  readonly endedReason: "plan_ended" | null;
  readonly limitToldWindow: Instant | null;
  readonly updatedBy: string;
  readonly updatedAt: Instant;
}

interface SettingsSql extends Omit<SettingsRow, "armedAt" | "pausedAt" | "limitToldWindow" | "updatedAt"> {
  armedAt: Date;
  pausedAt: Date | null;
  limitToldWindow: Date | null;
  updatedAt: Date;
}

export async function findSettings(db: Queryable, accountId: AccountId): Promise<SettingsRow | null> {
  const { rows } = await sql<SettingsSql>`
    select is_enabled as "isEnabled", threshold as "thresholdTokens", pack_id as "packId", spending_limit as "limitCents",
           currency, armed_after_entry as "armedAfterEntry", armed_at as "armedAt", paused_reason as "pausedReason",
           paused_at as "pausedAt", ended_reason as "endedReason", limit_told_window as "limitToldWindow",
           updated_by as "updatedBy", updated_at as "updatedAt"
    from   auto_recharge
    where  account_id = ${accountId}`.execute(db);
  const [row] = rows;
  if (row === undefined) return null;
  return {
    ...row,
    armedAt: row.armedAt.getTime(),
    pausedAt: row.pausedAt?.getTime() ?? null,
    limitToldWindow: row.limitToldWindow?.getTime() ?? null,
    updatedAt: row.updatedAt.getTime(),
  };
}

/** Writes settings as a person gave them: nothing is paused or ended by it any more, and a look is due at once. */
export async function storeSettings(
  db: Queryable,
  accountId: AccountId,
  row: Omit<SettingsRow, "pausedReason" | "pausedAt" | "endedReason"> & { machineNow: Instant },
): Promise<void> {
  const told = row.limitToldWindow === null ? null : new Date(row.limitToldWindow);
  await sql`
    insert into auto_recharge (account_id, is_enabled, threshold, pack_id, spending_limit, currency, armed_after_entry,
                               armed_at, limit_told_window, updated_by, updated_at, look_after)
    values (${accountId}, ${row.isEnabled}, ${row.thresholdTokens}, ${row.packId}, ${row.limitCents}, ${row.currency},
            ${row.armedAfterEntry}::bigint, ${new Date(row.armedAt)}, ${told}::timestamptz, ${row.updatedBy},
            ${new Date(row.updatedAt)}, ${new Date(row.machineNow)})
    on conflict (account_id) do update
    set is_enabled = excluded.is_enabled, threshold = excluded.threshold, pack_id = excluded.pack_id,
        spending_limit = excluded.spending_limit, currency = excluded.currency,
        armed_after_entry = excluded.armed_after_entry, armed_at = excluded.armed_at,
        limit_told_window = excluded.limit_told_window, updated_by = excluded.updated_by,
        updated_at = excluded.updated_at, look_after = excluded.look_after,
        paused_reason = null, paused_at = null, ended_reason = null`.execute(db);
}

/** @returns false when it is off or paused already, or was turned on after `happenedAt` */
export async function markPaused(
  db: Queryable,
  accountId: AccountId,
  { reason, happenedAt, now }: { reason: PauseReason; happenedAt: Instant; now: Instant },
): Promise<boolean> {
  const { rows } = await sql`
    update auto_recharge set paused_reason = ${reason}, paused_at = ${new Date(now)}
    where  account_id = ${accountId} and is_enabled and paused_at is null
    and    date_trunc('second', armed_at) <= ${new Date(happenedAt)}
    returning 1`.execute(db);
  return rows.length === 1;
}

/** @returns false when it is off already */
export async function markEnded(db: Queryable, accountId: AccountId, now: Instant): Promise<boolean> {
  const { rows } = await sql`
    update auto_recharge
    set    is_enabled = false, ended_reason = 'plan_ended', paused_reason = null, paused_at = null,
           updated_at = ${new Date(now)}
    where  account_id = ${accountId} and is_enabled
    returning 1`.execute(db);
  return rows.length === 1;
}

/** The purchase that it waited for has come. */
export async function markArmed(db: Queryable, accountId: AccountId): Promise<void> {
  await sql`update auto_recharge set armed_after_entry = null where account_id = ${accountId}`.execute(db);
}

/** @returns false when the limit of this window was told before */
export async function markLimitTold(
  db: Queryable,
  accountId: AccountId,
  windowStartsAt: Instant,
): Promise<boolean> {
  const { rows } = await sql`
    update auto_recharge set limit_told_window = ${new Date(windowStartsAt)}
    where  account_id = ${accountId} and limit_told_window is distinct from ${new Date(windowStartsAt)}
    returning 1`.execute(db);
  return rows.length === 1;
}

/** Not looked at before this, unless something of the account changes. */
export async function setLookAfter(db: Queryable, accountId: AccountId, machineAt: Instant): Promise<void> {
  await sql`
    update auto_recharge set look_after = ${new Date(machineAt)} where account_id = ${accountId}`.execute(db);
}

/**
 * Accounts whose credits are below their threshold and that are due for a look, the longest first; of the given ones, if
 * some are given. Indexes: auto_recharge_acting, and the key of `balances`.
 */
export async function listFallen(
  db: Queryable,
  {
    accountIds,
    machineNow,
    limit,
  }: { accountIds?: readonly AccountId[]; machineNow: Instant; limit: number },
): Promise<AccountId[]> {
  const whose =
    accountIds === undefined
      ? sql`r.look_after <= ${new Date(machineNow)}`
      : sql`r.account_id = any(${accountIds}::text[])`;
  const { rows } = await sql<{ accountId: AccountId }>`
    select r.account_id as "accountId"
    from   auto_recharge r
    left   join balances b on b.account_id = r.account_id and b.book_account = 'purchased'
    where  r.is_enabled and r.paused_at is null and ${whose} and coalesce(b.balance, 0) < r.threshold
    order by r.look_after
    limit  ${limit}`.execute(db);
  return rows.map(({ accountId }) => accountId);
}

/** Index: ledger_entries_rare. */
export async function hasPurchaseAfter(
  db: Queryable,
  accountId: AccountId,
  entryNumber: number,
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from ledger_entries
    where  account_id = ${accountId} and entry_number > ${entryNumber} and kind = 'purchase'
    limit  1`.execute(db);
  return rows.length === 1;
}

export async function lastEntryNumber(db: Queryable, accountId: AccountId): Promise<number> {
  const { rows } = await sql<{ number: number }>`
    select last_entry_number as number from accounts where account_id = ${accountId}`.execute(db);
  return rows[0]?.number ?? 0;
}

export interface Consent extends RechargeValues {
  readonly consentId: string;
  readonly agreedBy: string;
  readonly agreedAt: Instant;
  readonly textVersion: number;
  readonly card: Card;
  readonly packTokens: number;
  readonly chargeCents: number;
  readonly currency: string;
  readonly start: "now" | "after_next_purchase";
}

export async function insertConsent(db: Queryable, accountId: AccountId, given: Consent): Promise<void> {
  await sql`
    insert into auto_recharge_consents (account_id, consent_id, agreed_by, agreed_at, text_version, card, threshold, pack_id,
                                        pack_tokens, charge_amount, spending_limit, currency, start)
    values (${accountId}, ${given.consentId}, ${given.agreedBy}, ${new Date(given.agreedAt)}, ${given.textVersion},
            ${JSON.stringify(given.card)}::jsonb, ${given.thresholdTokens}, ${given.packId}, ${given.packTokens},
            ${given.chargeCents}, ${given.limitCents}, ${given.currency}, ${given.start})`.execute(db);
}

/** What was agreed to, the newest first; `limit`: of so many. */
export async function listConsents(
  db: Queryable,
  accountId: AccountId,
  limit: number | null = null,
): Promise<Consent[]> {
  const { rows } = await sql<Omit<Consent, "agreedAt"> & { agreedAt: Date }>`
    select consent_id as "consentId", agreed_by as "agreedBy", agreed_at as "agreedAt", text_version as "textVersion", card,
           threshold as "thresholdTokens", pack_id as "packId", pack_tokens as "packTokens", charge_amount as "chargeCents",
           spending_limit as "limitCents", currency, start
    from   auto_recharge_consents
    where  account_id = ${accountId}
    order by agreed_at desc, consent_id desc
    limit  ${limit}::bigint`.execute(db);
  return rows.map((row) => ({ ...row, agreedAt: row.agreedAt.getTime() }));
}
