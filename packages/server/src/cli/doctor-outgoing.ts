/** What doctor finds about the ways out: mail and webhooks. */
import { asAccountId } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import { createSmtpMailer, trySmtp } from "../mail/smtp.ts";
import type { ServeSettings } from "../settings.ts";
import { systemClock, systemIds } from "../system.ts";
import { PLATFORM_SCOPE } from "../webhooks/address.ts";
import { countFailing, listEndpoints } from "../webhooks/store.ts";
import { bad, note, ok, reasonOf, type Finding } from "./finding.ts";

interface MailWish {
  /** Gets a mail, if given; else the server is only asked whether it would take one. */
  readonly mailTo: string | undefined;
  /** The catalogue offers withdrawal, whose acknowledgement the law wants on a durable medium. */
  readonly isNeeded: boolean;
}

export async function examineMail(
  { mail }: Pick<ServeSettings, "mail">,
  { mailTo, isNeeded }: MailWish,
): Promise<Finding> {
  if (mail === undefined && isNeeded) {
    return bad(
      "page.withdrawal is offered, and no mail can acknowledge it",
      "Set BURSAR_SMTP_URL and BURSAR_MAIL_FROM, or take page.withdrawal out of the catalogue.",
    );
  }
  if (mail === undefined) {
    const mend = "Set BURSAR_SMTP_URL and BURSAR_MAIL_FROM, else nobody is told of a failed payment.";
    return mailTo === undefined
      ? note("no mail is sent", mend)
      : bad(`no mail can be sent to ${mailTo}`, mend);
  }
  const { smtpUrl, from } = mail;
  const { host } = new URL(smtpUrl);
  try {
    if (mailTo === undefined) {
      await trySmtp(smtpUrl);
      return ok(`the mail server ${host} lets us in; mail is from ${from}. --mail-to ADDRESS sends one`);
    }
    await sendOne({ smtpUrl, from }, mailTo);
    return ok(
      `the mail server ${host} took a mail to ${mailTo}: look whether it comes, and not among the spam`,
    );
  } catch (error) {
    return bad(`the mail server ${host} does not take our mail: ${reasonOf(error)}`, mendOf(error));
  }
}

async function sendOne({ smtpUrl, from }: { smtpUrl: string; from: string }, to: string): Promise<void> {
  const mailer = createSmtpMailer({ url: smtpUrl, from });
  const text = "This is a mail of bursar doctor. That you read it shows that mails of Bursar reach you.";
  const messageId = `<${systemIds.next("doctor_")}@bursar>`;
  // Of no account: its id only tells the demo's letters apart.
  const common = {
    accountId: asAccountId("acc_of_nobody"),
    to,
    messageId,
    unsubscribeUrl: null,
    at: systemClock.now(),
  };
  try {
    await mailer.send({ ...common, subject: "Bursar can send mail", text, html: `<p>${text}</p>` });
  } finally {
    mailer.close();
  }
}

function mendOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "EAUTH":
      return "Check user and password in BURSAR_SMTP_URL; characters as @ : / in them are written as %40 %3A %2F.";
    case "ESOCKET":
    case "ECONNECTION":
    case "ETIMEDOUT":
    case "EDNS":
      return "Check host and port of BURSAR_SMTP_URL (465 with smtps://, 587 with smtp://), and that this machine may open that connection.";
    default:
      return "Check BURSAR_SMTP_URL, and that the server may send from the address in BURSAR_MAIL_FROM.";
  }
}

const ANSWERS_WITHIN_MS = 10_000;

/** The installation's own endpoints are asked whether anybody is there; those of accounts are theirs, and only counted. */
export async function examineEndpoints({ kysely }: Database): Promise<Finding[]> {
  const own = (await listEndpoints(kysely, [PLATFORM_SCOPE])).filter(({ state }) => state === "enabled");
  const findings = await Promise.all(own.map(({ url }) => examineEndpoint(url)));
  const failing = await countFailing(kysely);
  if (failing > 0) {
    const mend = "GET /api/webhook-endpoints/{id}/deliveries shows what each was sent and what it answered.";
    findings.push(note(`${failing} webhook endpoints take nothing at present`, mend));
  }
  return findings;
}

/** Without a body, so that nothing is told: any answer shows that the way is open. */
async function examineEndpoint(url: string): Promise<Finding> {
  try {
    const signal = AbortSignal.timeout(ANSWERS_WITHIN_MS);
    const { status } = await fetch(url, { method: "HEAD", redirect: "manual", signal });
    return ok(`the webhook endpoint ${url} can be reached (it answers HEAD with ${status})`);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const mend = "Check its name, its certificate and that this machine may open that connection.";
    return bad(`the webhook endpoint ${url} cannot be reached from here: ${reasonOf(cause)}`, mend);
  }
}
