import type { AccountId } from "@bursar/core";
import type { PeopleContext } from "./sessions.ts";
import { insertPersonMail } from "./store-mails.ts";

/** Mails the first owner of an account a link that sets their password and signs them in. */
export async function welcome(
  { database, clock, ids }: PeopleContext,
  { email, accountId }: { email: string; accountId: AccountId },
): Promise<void> {
  await insertPersonMail(database.kysely, {
    mailId: ids.next("pml_"),
    purpose: "welcome",
    email: email.toLowerCase(),
    accountId,
    now: clock.now(),
  });
}
