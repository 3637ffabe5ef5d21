import type { Instant } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import type { OutgoingMail } from "./mailer.ts";

/** The SQL on `demo_mails`. */

/** A letter box that a person reads on one page. */
const KEPT_MAX = 200;

export async function keepDemoMail(db: Queryable, mail: OutgoingMail): Promise<void> {
  await sql`
    insert into demo_mails (account_id, recipient, subject, text_body, html_body, sent_at)
    values (${mail.accountId}, ${mail.to}, ${mail.subject}, ${mail.text}, ${mail.html}, ${new Date(mail.at)})`.execute(
    db,
  );
  await sql`
    delete from demo_mails
    where  mail_id <= (select max(mail_id) from demo_mails) - ${KEPT_MAX}`.execute(db);
}

export interface DemoMail {
  readonly mailId: number;
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly sentAt: Instant;
}

/** The newest first. */
export async function listDemoMails(db: Queryable): Promise<DemoMail[]> {
  const { rows } = await sql<Omit<DemoMail, "sentAt"> & { sentAt: Date }>`
    select mail_id as "mailId", recipient, subject, text_body as text, html_body as html, sent_at as "sentAt"
    from   demo_mails
    order by mail_id desc
    limit  ${KEPT_MAX}`.execute(db);
  return rows.map((row) => ({ ...row, sentAt: row.sentAt.getTime() }));
}
