import type { AccountId, Instant, MemberId } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";

/** The SQL on `mail_deliveries`, `unsubscribe_links` and `test_mails`. */

export interface NewMail {
  readonly accountId: AccountId;
  readonly noticeId: string;
  readonly recipient: string;
  /** `null` of somebody who is only invited. */
  readonly memberId: string | null;
  readonly createdAt: Instant;
}

/** Each once: nobody is mailed twice for one notice. */
export async function insertMails(
  db: Queryable,
  rows: readonly NewMail[],
  notBefore: Instant,
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into mail_deliveries (account_id, notice_id, recipient, member_id, state, created_at, not_before)
    select w.account_id, w.notice_id, lower(w.recipient), w.member_id, 'due', w.created_at, ${new Date(notBefore)}::timestamptz
    from   unnest(${rows.map(({ accountId }) => accountId)}::text[], ${rows.map(({ noticeId }) => noticeId)}::text[],
                  ${rows.map(({ recipient }) => recipient)}::text[], ${rows.map(({ memberId }) => memberId)}::text[],
                  ${rows.map(({ createdAt }) => new Date(createdAt).toISOString())}::timestamptz[])
             as w (account_id, notice_id, recipient, member_id, created_at)
    on conflict do nothing`.execute(db);
}

export interface TakenMail {
  readonly accountId: AccountId;
  readonly noticeId: string;
  readonly recipient: string;
  readonly memberId: MemberId | null;
  /** This try included; also proves that the mail is still this server's. */
  readonly attempts: number;
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly accountName: string;
  /** False when the member has left since. */
  readonly isStillThere: boolean;
}

/** Takes due mails for this server until `leaseUntil`; two servers never take the same. Index: mail_deliveries_due. */
export async function takeDueMails(
  db: Queryable,
  { now, leaseUntil, limit }: { now: Instant; leaseUntil: Instant; limit: number },
): Promise<TakenMail[]> {
  const { rows } = await sql<TakenMail>`
    with taken as (
      select account_id, notice_id, recipient from mail_deliveries
      where  state = 'due' and not_before <= ${new Date(now)}
      order by not_before
      limit  ${limit}
      for update skip locked)
    update mail_deliveries d
    set    not_before = ${new Date(leaseUntil)}, attempts = d.attempts + 1
    from   taken t
    join   outbox o on o.account_id = t.account_id and o.notice_id = t.notice_id
    join   accounts a on a.account_id = t.account_id
    where  d.account_id = t.account_id and d.notice_id = t.notice_id and d.recipient = t.recipient
    returning d.account_id as "accountId", d.notice_id as "noticeId", d.recipient, d.member_id as "memberId", d.attempts,
              o.topic as type, o.payload as data, a.name as "accountName",
              d.member_id is null or exists (select 1 from members m
                where m.account_id = d.account_id and m.member_id = d.member_id) as "isStillThere"`.execute(
    db,
  );
  return rows;
}

/** Writes what came of a try; nothing when another has taken the mail since. */
export async function finishMail(
  db: Queryable,
  { accountId, noticeId, recipient, attempts }: TakenMail,
  outcome: { to: "sent" | "failed" | { dueAt: Instant }; error: string | null; now: Instant },
): Promise<void> {
  const { to, error, now } = outcome;
  await sql`
    update mail_deliveries
    set    state = ${typeof to === "string" ? to : "due"}, last_error = ${error},
           not_before = ${new Date(typeof to === "string" ? now : to.dueAt)}, sent_at = ${to === "sent" ? new Date(now) : null}
    where  account_id = ${accountId} and notice_id = ${noticeId} and recipient = ${recipient}
      and  attempts = ${attempts} and state = 'due'`.execute(db);
}

export interface MailRow {
  readonly noticeId: string;
  readonly recipient: string;
  readonly state: "due" | "sent" | "failed";
  readonly attempts: number;
  readonly notBefore: Date;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
  readonly error: string | null;
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly accountName: string;
}

/** A person's, the newest first. Index: mail_deliveries_by_member. */
export async function listMailsOf(
  db: Queryable,
  { accountId, memberId }: { accountId: AccountId; memberId: MemberId },
  { limit, after }: { limit: number; after: { createdAt: Instant; noticeId: string } | null },
): Promise<MailRow[]> {
  const { rows } = await sql<MailRow>`
    select d.notice_id as "noticeId", d.recipient, d.state, d.attempts, d.not_before as "notBefore",
           d.created_at as "createdAt", d.sent_at as "sentAt", d.last_error as error, o.topic as type, o.payload as data,
           a.name as "accountName"
    from   mail_deliveries d
    join   outbox o on o.account_id = d.account_id and o.notice_id = d.notice_id
    join   accounts a on a.account_id = d.account_id
    where  d.account_id = ${accountId} and d.member_id = ${memberId}
      and  (${after === null}::boolean or (d.created_at, d.notice_id) < (${new Date(after?.createdAt ?? 0)}::timestamptz, ${after?.noticeId ?? ""}::text))
    order by d.created_at desc, d.notice_id desc
    limit  ${limit}`.execute(db);
  return rows;
}

/**
 * Notes that a person is sent a test mail now, unless one was sent after `before`. Of two who ask at once one is.
 * @returns when the last one was sent, if that is too near; else `null`
 */
export async function takeTestMail(
  db: Queryable,
  { accountId, memberId }: { accountId: AccountId; memberId: MemberId },
  { now, before }: { now: Instant; before: Instant },
): Promise<Instant | null> {
  const { rows: taken } = await sql`
    insert into test_mails (account_id, member_id, sent_at) values (${accountId}, ${memberId}, ${new Date(now)})
    on conflict (account_id, member_id) do update set sent_at = excluded.sent_at
    where test_mails.sent_at <= ${new Date(before)}
    returning 1`.execute(db);
  if (taken.length === 1) return null;
  const { rows } = await sql<{ sentAt: Date }>`
    select sent_at as "sentAt" from test_mails
    where  account_id = ${accountId} and member_id = ${memberId}`.execute(db);
  return rows[0]?.sentAt.getTime() ?? now;
}

export async function insertUnsubscribeLink(
  db: Queryable,
  row: { secretHash: Buffer; accountId: AccountId; memberId: MemberId; category: string; createdAt: Instant },
): Promise<void> {
  await sql`
    insert into unsubscribe_links (secret_hash, account_id, member_id, category, created_at)
    values (${row.secretHash}, ${row.accountId}, ${row.memberId}, ${row.category}, ${new Date(row.createdAt)})`.execute(
    db,
  );
}

export interface UnsubscribeLink {
  readonly accountId: AccountId;
  readonly memberId: MemberId;
  readonly category: string;
}

/** Whoever opens a link says no account: a look-up over all accounts. */
export async function findUnsubscribeLink(
  db: Queryable,
  secretHash: Buffer,
): Promise<UnsubscribeLink | null> {
  const { rows } = await sql<UnsubscribeLink>`
    select account_id as "accountId", member_id as "memberId", category
    from   unsubscribe_links
    where  secret_hash = ${secretHash}`.execute(db);
  return rows[0] ?? null;
}

/** In small deletes. Indexes: mail_deliveries_by_time, unsubscribe_links_by_time. */
export async function trimMails(
  db: Queryable,
  { before, limit }: { before: Instant; limit: number },
): Promise<void> {
  await sql`
    delete from mail_deliveries
    where  ctid in (select ctid from mail_deliveries where created_at < ${new Date(before)} and state <> 'due'
                    order by created_at limit ${limit})`.execute(db);
  await sql`
    delete from unsubscribe_links
    where  ctid in (select ctid from unsubscribe_links where created_at < ${new Date(before)}
                    order by created_at limit ${limit})`.execute(db);
}

/** How many are to be sent. Index: mail_deliveries_due. */
export async function countDueMails(db: Queryable): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from mail_deliveries where state = 'due'`.execute(db);
  return rows[0]!.count;
}
