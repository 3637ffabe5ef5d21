import { SECOND_MS } from "@bursar/core";
import { createTransport } from "nodemailer";
import { RefusedMailError, type Mailer } from "./mailer.ts";

const CONNECTION_MS = 10 * SECOND_MS;
const ANSWER_MS = 20 * SECOND_MS;

/** Connects, signs in where the address has a user, and leaves. @throws with the server's own words */
export async function trySmtp(url: string): Promise<void> {
  const transport = transportTo(url);
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}

function transportTo(url: string) {
  return createTransport({
    url,
    connectionTimeout: CONNECTION_MS,
    greetingTimeout: CONNECTION_MS,
    socketTimeout: ANSWER_MS,
    // Contents are ours alone; nothing of a payload may make the library fetch a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** @param options.url `smtps://user:password@host:465`, or `smtp://` which turns to TLS where the server offers it */
export function createSmtpMailer({ url, from }: { url: string; from: string }): Mailer {
  const transport = transportTo(url);
  return {
    way: "smtp",
    async send({ to, subject, text, html, messageId, unsubscribeUrl, at }) {
      const headers =
        unsubscribeUrl === null
          ? {}
          : {
              "List-Unsubscribe": `<${unsubscribeUrl}>`,
              "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            };
      // Told to answering machines: nobody reads what they say.
      const auto = { "Auto-Submitted": "auto-generated" };
      try {
        await transport.sendMail({
          from,
          to: { name: "", address: to },
          subject,
          text,
          html,
          messageId,
          date: new Date(at),
          headers: { ...auto, ...headers },
        });
      } catch (error) {
        throw isForGood(error) ? new RefusedMailError((error as Error).message) : error;
      }
    },
    close: () => transport.close(),
  };
}

/** RFC 5321: a reply of 5yz will be the same next time. A refused sign-in is our setting, and may be mended. */
function isForGood(error: unknown): boolean {
  if (!(error instanceof Error) || !("responseCode" in error)) return false;
  const { responseCode } = error;
  const isSignIn = "code" in error && error.code === "EAUTH";
  return typeof responseCode === "number" && responseCode >= 500 && responseCode < 600 && !isSignIn;
}
