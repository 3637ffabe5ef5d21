/**
 * Mails to a person and not about an account: how to set a password, how to confirm an address, that one was changed.
 * Whether there is somebody at the address is looked up here, long after the answer, and the link's secret is made here.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, type AccountId } from "@bursar/core";
import type { MailWords } from "../outbox/kind.ts";
import { EMAIL_LINK_MS, issueLink, RESET_LINK_MS, WELCOME_LINK_MS } from "../people/links.ts";
import {
  deletePersonMail,
  postponePersonMail,
  takePersonMails,
  trimPersonMails,
  type PersonMail,
} from "../people/store-mails.ts";
import { listMemberships, type Membership } from "../people/store.ts";
import { RefusedMailError, type OutgoingMail } from "./mailer.ts";
import { renderMail } from "./render.ts";
import type { MailContext } from "./send-due.ts";

/** A whole batch at the slowest server fits. */
const LEASE_MS = 10 * MINUTE_MS;
const BATCH_MAX = 20;
/** Who waits for it at the page has gone away after that. */
const PAUSES_MS = [5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, HOUR_MS];

/** @returns how many were tried */
export async function sendPersonMails(context: MailContext): Promise<number> {
  const { database, clock } = context;
  const now = clock.now();
  const taken = await takePersonMails(database.kysely, { now, leaseUntil: now + LEASE_MS, limit: BATCH_MAX });
  for (const mail of taken) await sendTaken(context, mail);
  return taken.length;
}

/** What could not be sent for a day, or has nobody to send it. */
export function dropOldPersonMails({ database, clock }: Pick<MailContext, "database" | "clock">) {
  return trimPersonMails(database.kysely, clock.now() - DAY_MS);
}

async function sendTaken(context: MailContext, taken: PersonMail): Promise<void> {
  const { database, clock, mailer, warn } = context;
  const drop = () => deletePersonMail(database.kysely, taken.mailId);
  const mail = await write(context, taken);
  if (mail === null) return drop();
  try {
    await mailer.send(mail);
  } catch (error) {
    const pause = error instanceof RefusedMailError ? undefined : PAUSES_MS[taken.attempts - 1];
    if (pause !== undefined) return postponePersonMail(database.kysely, taken.mailId, clock.now() + pause);
    const reason = error instanceof Error ? error.message.slice(0, 300) : "It could not be handed over.";
    warn(mail.accountId, `The mail "${mail.subject}" was given up: ${reason}`);
  }
  return drop();
}

/** @returns `null` when nobody should get it: the address is no member's */
async function write(context: MailContext, taken: PersonMail): Promise<OutgoingMail | null> {
  const { publicUrl, clock } = context;
  const { email, newEmail, purpose } = taken;
  // Once changed, the person has the new address and the old one is only told.
  const owner = purpose === "email_changed" ? newEmail! : email;
  const memberships = await listMemberships(context.database.kysely, owner);
  const about = memberships.find(({ accountId }) => accountId === taken.accountId) ?? memberships[0];
  if (about === undefined) return null;
  const words = await wordsOf(context, { taken, about });
  const reason = `You get this because ${owner} is a member of ${plain(about.accountName)}.`;
  const rendered = renderMail(words, { publicUrl, footer: { reason, unsubscribe: null } });
  const messageId = `<${taken.mailId}@${new URL(publicUrl).hostname}>`;
  const accountId: AccountId = about.accountId;
  const to = purpose === "email" ? newEmail! : email;
  return { ...rendered, accountId, to, messageId, unsubscribeUrl: null, at: clock.now() };
}

/** A name is the customer's to choose, and a sentence has one line. */
const plain = (name: string): string => name.replaceAll(/\p{Cc}+/gu, " ");

async function wordsOf(
  context: MailContext,
  { taken, about }: { taken: PersonMail; about: Membership },
): Promise<MailWords> {
  const { email, newEmail, purpose } = taken;
  const link = async (path: string, how: Parameters<typeof issueLink>[1]) =>
    `${path}#token=${encodeURIComponent(await issueLink(context, how))}`;
  const toPassword = (lifetimeMs: number) =>
    link("/reset-password", { purpose: "password", email, newEmail: null, lifetimeMs });
  switch (purpose) {
    case "password":
      return {
        subject: "Set a new password",
        lines: [
          `Somebody asked for a new password for ${email}. The link works once, within an hour.`,
          "If it was not you, leave it: your password stays as it is.",
        ],
        action: { label: "Set a new password", href: await toPassword(RESET_LINK_MS) },
      };
    case "welcome":
      return {
        subject: `Sign in to ${plain(about.accountName)}`,
        lines: [
          `You are ${about.role === "owner" ? "the owner" : "a member"} of ${plain(about.accountName)}. Set a password, and you are signed in to its billing.`,
          "The link works once, within 14 days. Later the page Forgot password sends another.",
        ],
        action: { label: "Set a password", href: await toPassword(WELCOME_LINK_MS) },
      };
    case "email": {
      const how = { purpose: "email", email, newEmail, lifetimeMs: EMAIL_LINK_MS } as const;
      return {
        subject: "Confirm your new e-mail address",
        lines: [
          `${email} shall become ${newEmail!}. The link works once, within a day; until then nothing changes.`,
          "If it was not you, leave it: nothing happens.",
        ],
        action: { label: "Confirm the address", href: await link("/confirm-email", how) },
      };
    }
    case "email_changed":
      return {
        subject: "Your e-mail address was changed",
        lines: [
          `You sign in with ${newEmail!} from now on, and mails go there.`,
          "If it was not you, tell an owner of the account at once.",
        ],
        action: null,
      };
    case "password_changed":
      return {
        subject: "Your password was changed",
        lines: [
          "Your password was set anew, and every other browser was signed out.",
          "If it was not you, ask for a new password at once.",
        ],
        action: { label: "Forgot password", href: "/forgot-password" },
      };
  }
}
