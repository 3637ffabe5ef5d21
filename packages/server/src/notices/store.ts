import type { AccountId, Instant, MemberId } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";

/** The SQL that reads the outbox, and that on `mail_preferences`. */

export interface OutboxRow {
  readonly outboxId: number;
  readonly accountId: AccountId;
  readonly noticeId: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly createdAt: Instant;
}

/** Takes notices that nobody has handled, in the caller's transaction; two servers never the same. Index: outbox_unhandled. */
export async function takeNotices(db: Queryable, limit: number): Promise<OutboxRow[]> {
  const { rows } = await sql<Omit<OutboxRow, "createdAt"> & { createdAt: Date }>`
    select outbox_id as "outboxId", account_id as "accountId", notice_id as "noticeId", topic as type, payload as data,
           created_at as "createdAt"
    from   outbox
    where  handled_at is null
    order by outbox_id
    limit  ${limit}
    for update skip locked`.execute(db);
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.getTime() }));
}

export async function markHandled(db: Queryable, outboxIds: readonly number[], now: Instant): Promise<void> {
  await sql`
    update outbox set handled_at = ${new Date(now)}
    where  outbox_id = any(${outboxIds}::bigint[])`.execute(db);
}

/** In small deletes; what has not been handled stays. Index: outbox_by_time. */
export async function trimNotices(
  db: Queryable,
  { before, limit }: { before: Instant; limit: number },
): Promise<void> {
  await sql`
    delete from outbox
    where  outbox_id in (select outbox_id from outbox where created_at < ${new Date(before)} and handled_at is not null
                         order by created_at limit ${limit})`.execute(db);
}

export interface PreferenceRow {
  readonly accountId: AccountId;
  readonly memberId: string;
  /** A category, or `meter:<id>`. */
  readonly subject: string;
  readonly isWanted: boolean;
}

export async function listPreferences(
  db: Queryable,
  accountIds: readonly AccountId[],
): Promise<PreferenceRow[]> {
  const { rows } = await sql<PreferenceRow>`
    select account_id as "accountId", member_id as "memberId", subject, is_wanted as "isWanted"
    from   mail_preferences
    where  account_id = any(${accountIds}::text[])`.execute(db);
  return rows;
}

export async function storePreferences(
  db: Queryable,
  { accountId, memberId }: { accountId: AccountId; memberId: MemberId },
  wishes: readonly { readonly subject: string; readonly isWanted: boolean }[],
): Promise<void> {
  if (wishes.length === 0) return;
  await sql`
    insert into mail_preferences (account_id, member_id, subject, is_wanted)
    select ${accountId}, ${memberId}, w.subject, w.is_wanted
    from   unnest(${wishes.map(({ subject }) => subject)}::text[], ${wishes.map(({ isWanted }) => isWanted)}::boolean[])
             as w (subject, is_wanted)
    on conflict (account_id, member_id, subject) do update set is_wanted = excluded.is_wanted`.execute(db);
}
