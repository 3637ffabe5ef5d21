/**
 * Sends mails that are due: taken (a lease), written in words, handed over, marked. The words are made as it is sent,
 * from the notice, and so are the secrets of its links: nothing that opens a door waits in a table. A crash after the
 * mail was handed over sends it once more, with the same Message-ID.
 */
import { createHash } from "node:crypto";
import {
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
  type AccountId,
  type Catalog,
  type Clock,
  type IdSource,
  type MemberId,
} from "@bursar/core";
import { hashSecret } from "../accounts/credentials.ts";
import type { Database } from "../db/open-database.ts";
import type { NoticeCategory } from "../outbox/kind.ts";
import { findKind } from "../outbox/kinds.ts";
import { sayFor } from "../outbox/say.ts";
import { issueInvitationSecret } from "../seats/invitation-secret.ts";
import { OPTIONAL_CATEGORIES } from "./categories.ts";
import { RefusedMailError, type Mailer, type OutgoingMail } from "./mailer.ts";
import { renderMail, type Footer } from "./render.ts";
import { finishMail, insertUnsubscribeLink, takeDueMails, type TakenMail } from "./store.ts";

export interface MailContext {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly mailer: Mailer;
  /** Where people reach the page: links lead there. */
  readonly publicUrl: string;
  /** Once stopping, no further mail is begun. */
  readonly standing?: { readonly isStopping: boolean };
  /** Told of each mail that was given up. */
  readonly warn: (accountId: AccountId, sentence: string) => void;
}

/** A whole batch at the slowest server fits. */
const LEASE_MS = 10 * MINUTE_MS;
const BATCH_MAX = 20;

/** A mail server that is away is back within hours; what is three days old is news no more. */
const PAUSES_MS = [
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  ...[1, 2, 4, 8, 12, 12, 12, 12].map((hours) => hours * HOUR_MS),
];

/** @returns how many were tried */
export async function sendDueMails(context: MailContext): Promise<number> {
  const { database, clock } = context;
  const now = clock.now();
  const taken = await takeDueMails(database.kysely, { now, leaseUntil: now + LEASE_MS, limit: BATCH_MAX });
  for (const mail of taken) {
    if (context.standing?.isStopping !== true) await sendTaken(context, mail);
    // Given back at once: its lease would keep it waiting for minutes.
    else
      await finishMail(database.kysely, mail, { to: { dueAt: clock.now() }, error: null, now: clock.now() });
  }
  return taken.length;
}

async function sendTaken(context: MailContext, taken: TakenMail): Promise<void> {
  const { database, clock, mailer } = context;
  const finish = (to: "sent" | "failed" | { dueAt: number }, error: string | null) =>
    finishMail(database.kysely, taken, { to, error, now: clock.now() });
  const mail = await write(context, taken);
  if (mail === null) return finish("failed", "It was for nobody any more.");
  try {
    await mailer.send(mail);
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 300) : "It could not be handed over.";
    const pause = error instanceof RefusedMailError ? undefined : PAUSES_MS[taken.attempts - 1];
    if (pause !== undefined) return finish({ dueAt: clock.now() + pause }, reason);
    context.warn(taken.accountId, `The mail "${mail.subject}" was given up: ${reason}`);
    return finish("failed", reason);
  }
  return finish("sent", null);
}

/** @returns `null` when nobody should get it any more: the member left, the invitation was withdrawn or accepted */
async function write(context: MailContext, taken: TakenMail): Promise<OutgoingMail | null> {
  const { catalog, clock, publicUrl } = context;
  const { accountId, noticeId, recipient, memberId } = taken;
  // A name is the customer's to choose, and a sentence has one line.
  const accountName = taken.accountName.replaceAll(/\p{Cc}+/gu, " ");
  const kind = findKind(taken.type);
  if (kind === undefined || kind.mail === null || !taken.isStillThere) return null;
  const words = kind.mail.words(kind.data.parse(taken.data), sayFor(catalog, accountName));
  if (words === null) return null;
  const invitation = kind.mail.to === "invited" ? await invitationLink(context, taken) : null;
  if (kind.mail.to === "invited" && invitation === null) return null;
  const action =
    words.action === null || invitation === null ? words.action : { ...words.action, href: invitation };
  const unsubscribeUrl =
    memberId === null ? null : await unsubscribeLink(context, { ...taken, memberId }, kind.mail.category);
  const rendered = renderMail(
    { ...words, action },
    { publicUrl, footer: footerFor(accountName, { memberId, unsubscribeUrl }) },
  );
  const receiver = createHash("sha256").update(recipient).digest("hex").slice(0, 12);
  const messageId = `<${noticeId}.${receiver}@${new URL(publicUrl).hostname}>`;
  return { ...rendered, accountId, to: recipient, messageId, unsubscribeUrl, at: clock.now(accountId) };
}

function footerFor(
  accountName: string,
  { memberId, unsubscribeUrl }: { memberId: MemberId | null; unsubscribeUrl: string | null },
): Footer {
  const unsubscribe =
    unsubscribeUrl === null ? null : { label: "Stop mails of this kind", url: unsubscribeUrl };
  if (memberId === null) {
    return { reason: `Somebody of ${accountName} entered your address.`, unsubscribe };
  }
  return {
    reason: `You get this because you look after billing of ${accountName}.`,
    unsubscribe,
  };
}

/** A link of its own for each mail: the secret that was told to whoever invited stays good beside it. */
async function invitationLink(
  { database, clock, ids }: MailContext,
  { accountId, data }: TakenMail,
): Promise<string | null> {
  const invitationId = String(data["invitationId"]);
  const now = clock.now(accountId);
  const secret = await issueInvitationSecret({ database, ids }, { accountId, invitationId, now });
  return secret === null ? null : `/invitation?token=${encodeURIComponent(secret)}`;
}

async function unsubscribeLink(
  { database, clock, ids, publicUrl }: MailContext,
  { accountId, memberId }: { accountId: AccountId; memberId: MemberId },
  category: NoticeCategory,
): Promise<string | null> {
  if (!OPTIONAL_CATEGORIES.includes(category)) return null;
  const secret = ids.secret();
  const row = { secretHash: hashSecret(secret), accountId, memberId, category, createdAt: clock.now() };
  await insertUnsubscribeLink(database.kysely, row);
  return new URL(`/unsubscribe?token=${secret}`, publicUrl).href;
}
