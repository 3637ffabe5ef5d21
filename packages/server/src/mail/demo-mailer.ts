import type { Database } from "../db/open-database.ts";
import type { Mailer } from "./mailer.ts";
import { keepDemoMail } from "./store-demo.ts";

/** The demo's letter box: mails go nowhere and are shown at /demo/mail. */
export function createDemoMailer({ kysely }: Database): Mailer {
  return { way: "letter_box", send: (mail) => keepDemoMail(kysely, mail), close: () => {} };
}
