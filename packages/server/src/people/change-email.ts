/** Another address: proven by the link of a mail that goes to it; the old one is told. */
import { hashSecret } from "../accounts/credentials.ts";
import { writeAudit } from "../audit/store.ts";
import { touchAccount } from "../accounts/store.ts";
import { takeTry } from "./attempts.ts";
import { verifyPassword } from "./password.ts";
import { byMember, type From, type PeopleContext } from "./sessions.ts";
import { insertPersonMail } from "./store-mails.ts";
import * as store from "./store.ts";

export type AskEmailOutcome =
  | { readonly code: "asked" }
  | { readonly code: "wrong" }
  /** The password protects the address, so there has to be one first. */
  | { readonly code: "no_password" }
  | { readonly code: "too_many"; readonly waitSeconds: number };

/** Changes nothing yet. The answer is the same for an address that somebody has. */
export async function askForEmail(
  context: PeopleContext,
  request: { email: string; newEmail: string; password: string; address: string },
): Promise<AskEmailOutcome> {
  const { database, clock, ids } = context;
  const { email, password, address } = request;
  const newEmail = request.newEmail.toLowerCase();
  const waitSeconds = await takeTry(context, { what: "mail", email, address });
  if (waitSeconds !== null) return { code: "too_many", waitSeconds };
  const person = await store.findPerson(database.kysely, email);
  if (person?.passwordHash == null) return { code: "no_password" };
  if (!(await verifyPassword(password, person.passwordHash))) return { code: "wrong" };
  const mail = { mailId: ids.next("pml_"), purpose: "email", email, newEmail, now: clock.now() } as const;
  await insertPersonMail(database.kysely, mail);
  return { code: "asked" };
}

export type ConfirmEmailOutcome =
  | { readonly code: "changed"; readonly email: string }
  | { readonly code: "unknown" }
  | { readonly code: "taken" };

export async function confirmEmail(
  { database, clock, ids }: PeopleContext,
  { token, from }: { token: string; from: From },
): Promise<ConfirmEmailOutcome> {
  const which = { secretHash: hashSecret(token), purpose: "email" } as const;
  const link = await store.findLink(database.kysely, { ...which, now: clock.now() });
  if (link?.newEmail == null) return { code: "unknown" };
  const { email, newEmail } = link;
  return database.kysely.transaction().execute(async (db): Promise<ConfirmEmailOutcome> => {
    await store.lockPeople(db, [email, newEmail]);
    const now = clock.now();
    if ((await store.takeLink(db, { ...which, now })) === null) return { code: "unknown" };
    if (!(await store.moveAddress(db, { email, newEmail }))) return { code: "taken" };
    await insertPersonMail(db, { mailId: ids.next("pml_"), purpose: "email_changed", email, newEmail, now });
    for (const membership of store.inLockOrder(await store.listMemberships(db, newEmail))) {
      const { accountId, memberId: subject } = membership;
      const said = { subject, before: { email }, after: { email: newEmail }, at: clock.now(accountId) };
      const action = "member.email_changed";
      await writeAudit(db, byMember(membership, from), { accountId, action, ...said });
      await touchAccount(db, membership.accountId);
    }
    return { code: "changed", email: newEmail };
  });
}
