/** A mail that a person asks for, to see whether mails reach them. */
import {
  MINUTE_MS,
  type AccountId,
  type Clock,
  type IdSource,
  type Instant,
  type MemberId,
} from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import type { Mailer } from "./mailer.ts";
import { renderMail } from "./render.ts";
import { takeTestMail } from "./store.ts";

/** Whoever presses again would fill their own letter box, and the server's good name with it. */
const PAUSE_MS = MINUTE_MS;

export interface TestMailReceiver {
  readonly accountId: AccountId;
  readonly memberId: MemberId;
  readonly email: string;
  readonly accountName: string;
}

export type TestMailOutcome =
  /** The mail server has it; what becomes of it from there on is not ours to see. */
  | { readonly code: "handed_over"; readonly at: Instant }
  | { readonly code: "failed"; readonly error: string }
  | { readonly code: "too_soon"; readonly waitMs: number };

export async function sendTestMail(
  context: { database: Database; clock: Clock; ids: IdSource; mailer: Mailer; publicUrl: string },
  receiver: TestMailReceiver,
): Promise<TestMailOutcome> {
  const { database, clock, ids, mailer, publicUrl } = context;
  const { accountId, email } = receiver;
  const now = clock.now();
  const earlier = await takeTestMail(database.kysely, receiver, { now, before: now - PAUSE_MS });
  if (earlier !== null) return { code: "too_soon", waitMs: earlier + PAUSE_MS - now };
  const accountName = receiver.accountName.replaceAll(/\p{Cc}+/gu, " ");
  const words = {
    subject: `${accountName}: test mail`,
    lines: ["You asked for this mail to see whether mails about billing reach you. They do."],
    action: { label: "Your notifications", href: "/settings/notifications" },
  };
  const reason = `You asked for it in the settings of ${accountName}.`;
  const rendered = renderMail(words, { publicUrl, footer: { reason, unsubscribe: null } });
  const messageId = `<${ids.next("tst_")}@${new URL(publicUrl).hostname}>`;
  try {
    await mailer.send({
      ...rendered,
      accountId,
      to: email,
      messageId,
      unsubscribeUrl: null,
      at: clock.now(accountId),
    });
  } catch (error) {
    return {
      code: "failed",
      error: error instanceof Error ? error.message.slice(0, 300) : "no reason given",
    };
  }
  return { code: "handed_over", at: clock.now(accountId) };
}
