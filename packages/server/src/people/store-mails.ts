import type { AccountId, Instant } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";

/** The SQL on `person_mails`. A row is a mail to send; it goes when the mail is sent or given up. */

export type PersonMailPurpose = "password" | "welcome" | "email" | "email_changed" | "password_changed";

export interface PersonMail {
  readonly mailId: string;
  readonly purpose: PersonMailPurpose;
  readonly email: string;
  readonly newEmail: string | null;
  readonly accountId: AccountId | null;
  /** This try included. */
  readonly attempts: number;
  readonly createdAt: Date;
}

export async function insertPersonMail(
  db: Queryable,
  row: {
    mailId: string;
    purpose: PersonMailPurpose;
    email: string;
    newEmail?: string;
    accountId?: AccountId;
    now: Instant;
  },
): Promise<void> {
  const at = new Date(row.now);
  await sql`
    insert into person_mails (mail_id, purpose, email, new_email, account_id, not_before, created_at)
    values (${row.mailId}, ${row.purpose}, ${row.email}, ${row.newEmail ?? null}, ${row.accountId ?? null}, ${at}, ${at})`.execute(
    db,
  );
}

/** Takes due mails for this server until `leaseUntil`; two servers never take the same. Index: person_mails_due. */
export async function takePersonMails(
  db: Queryable,
  { now, leaseUntil, limit }: { now: Instant; leaseUntil: Instant; limit: number },
): Promise<PersonMail[]> {
  const { rows } = await sql<PersonMail>`
    update person_mails
    set    not_before = ${new Date(leaseUntil)}, attempts = attempts + 1
    where  mail_id in (
             select mail_id from person_mails where not_before <= ${new Date(now)}
             order by not_before limit ${limit} for update skip locked)
    returning mail_id as "mailId", purpose, email, new_email as "newEmail", account_id as "accountId", attempts,
              created_at as "createdAt"`.execute(db);
  return rows;
}

export async function postponePersonMail(db: Queryable, mailId: string, until: Instant): Promise<void> {
  await sql`update person_mails set not_before = ${new Date(until)} where mail_id = ${mailId}`.execute(db);
}

export async function deletePersonMail(db: Queryable, mailId: string): Promise<void> {
  await sql`delete from person_mails where mail_id = ${mailId}`.execute(db);
}

/** What waits of one purpose for an address that nothing can be sent to is dropped after a day. */
export async function trimPersonMails(db: Queryable, before: Instant): Promise<void> {
  await sql`delete from person_mails where created_at < ${new Date(before)}`.execute(db);
}
