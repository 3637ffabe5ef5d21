import type { AccountId, Instant } from "@bursar/core";

export interface OutgoingMail {
  readonly accountId: AccountId;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The same at each try, so that a mail system that gets it twice can tell. */
  readonly messageId: string;
  /** A link that turns this kind of mail off (RFC 2369, one click by RFC 8058); `null` where it cannot be. */
  readonly unsubscribeUrl: string | null;
  readonly at: Instant;
}

/** The server will not take it, now or later: the address does not exist, or the message is refused. */
export class RefusedMailError extends Error {
  override readonly name = "RefusedMailError";
}

/** `smtp`: they reach people; `letter_box`: the demo keeps them. */
type MailWay = "smtp" | "letter_box";

/** Hands mails over. @throws RefusedMailError when a repeat is of no use, anything else when it may be */
export interface Mailer {
  readonly way: MailWay;
  send(mail: OutgoingMail): Promise<void>;
  close(): void;
}
