/** Passwords that are set: by a mail's link, by an invitation, or by the person who is signed in. */
import type { AccountId, MemberId } from "@bursar/core";
import { hashSecret } from "../accounts/credentials.ts";
import { writeAudit } from "../audit/store.ts";
import type { Queryable } from "../db/open-database.ts";
import { takeTry } from "./attempts.ts";
import { hashPassword, refusePassword, verifyPassword } from "./password.ts";
import { byMember, homeOf, startSession, type From, type PeopleContext } from "./sessions.ts";
import { insertPersonMail } from "./store-mails.ts";
import * as store from "./store.ts";

/**
 * Asks for a mail with a link. A row is written for every address alike; whether somebody has it is found out as it is
 * sent, so neither the answer nor its time tells.
 * @returns seconds to wait, or `null`: taken
 */
export async function requestReset(
  context: PeopleContext,
  { email: typed, address }: { email: string; address: string },
): Promise<number | null> {
  const { database, clock, ids } = context;
  const email = typed.toLowerCase();
  const waitSeconds = await takeTry(context, { what: "mail", email, address });
  if (waitSeconds !== null) return waitSeconds;
  const mail = { mailId: ids.next("pml_"), purpose: "password", email, now: clock.now() } as const;
  await insertPersonMail(database.kysely, mail);
  return null;
}

export type SetPasswordOutcome =
  | { readonly code: "set"; readonly session: string }
  /** The link is unknown, used or too old. */
  | { readonly code: "unknown" }
  /** The password is one that nobody should have. */
  | { readonly code: "refused"; readonly reason: string };

/** By the link of a mail: the password is new, everybody who was signed in as this person is out, and this browser is in. */
export async function resetPassword(
  { database, clock, ids }: PeopleContext,
  request: { token: string; password: string; from: From },
): Promise<SetPasswordOutcome> {
  const { token, password, from } = request;
  const which = { secretHash: hashSecret(token), purpose: "password" } as const;
  const link = await store.findLink(database.kysely, { ...which, now: clock.now() });
  if (link === null) return { code: "unknown" };
  const reason = refusePassword(password, link.email);
  if (reason !== null) return { code: "refused", reason };
  const passwordHash = await hashPassword(password);
  return database.kysely.transaction().execute(async (db): Promise<SetPasswordOutcome> => {
    const { email } = link;
    await store.lockPeople(db, [email]);
    const now = clock.now();
    if ((await store.takeLink(db, { ...which, now })) === null) return { code: "unknown" };
    const person = await store.findPerson(db, email);
    const memberships = await store.listMemberships(db, email);
    const membership = homeOf(memberships, person?.lastAccountId ?? null);
    if (membership === undefined) return { code: "unknown" };
    await store.storePassword(db, { email, passwordHash, now });
    await afterNewPassword({ db, ids, clock }, { email, memberships, from, action: "password.set" });
    const session = await startSession({ db, clock, ids }, { email, membership, from });
    return { code: "set", session };
  });
}

/**
 * Of somebody who was just proven to be the reader of this mailbox, by their invitation. A password that is there stays:
 * an invitation of a stranger changes nothing but the membership.
 */
export async function signInProven(
  { database, clock, ids }: PeopleContext,
  request: {
    email: string;
    accountId: AccountId;
    memberId: MemberId;
    passwordHash: string | null;
    from: From;
  },
): Promise<string | null> {
  const email = request.email.toLowerCase();
  const { passwordHash, from } = request;
  return database.kysely.transaction().execute(async (db) => {
    await store.lockPeople(db, [email]);
    const memberships = await store.listMemberships(db, email);
    const membership = memberships.find(({ memberId }) => memberId === request.memberId);
    if (membership === undefined) return null;
    const person = await store.findPerson(db, email);
    if (passwordHash !== null && person?.passwordHash == null) {
      await store.storePassword(db, { email, passwordHash, now: clock.now() });
      const { accountId, memberId: subject } = membership;
      const about = { accountId, action: "password.set", subject, before: null, after: null } as const;
      await writeAudit(db, byMember(membership, from), { ...about, at: clock.now(accountId) });
    }
    return startSession({ db, clock, ids }, { email, membership, from });
  });
}

export type ChangePasswordOutcome =
  | SetPasswordOutcome
  | { readonly code: "wrong" }
  /** The first one is set by who proves that the mailbox is theirs, and not by who was handed a sign-in link. */
  | { readonly code: "no_password" }
  | { readonly code: "too_many"; readonly waitSeconds: number };

/**
 * By the person who is signed in, with their current password. Other browsers are signed out, and this one goes on under
 * a new secret.
 */
export async function changePassword(
  context: PeopleContext,
  request: {
    email: string;
    accountId: AccountId;
    current: string;
    password: string;
    address: string;
    from: From;
  },
): Promise<ChangePasswordOutcome> {
  const { database, clock, ids } = context;
  const { email, accountId, current, password, from } = request;
  const waitSeconds = await takeTry(context, { what: "sign_in", email, address: request.address });
  if (waitSeconds !== null) return { code: "too_many", waitSeconds };
  const kept = (await store.findPerson(database.kysely, email))?.passwordHash ?? null;
  if (kept === null) return { code: "no_password" };
  if (!(await verifyPassword(current, kept))) return { code: "wrong" };
  const reason = refusePassword(password, email);
  if (reason !== null) return { code: "refused", reason };
  const passwordHash = await hashPassword(password);
  return database.kysely.transaction().execute(async (db): Promise<ChangePasswordOutcome> => {
    await store.lockPeople(db, [email]);
    const now = clock.now();
    const memberships = await store.listMemberships(db, email);
    const membership = memberships.find((each) => each.accountId === accountId);
    if (membership === undefined) return { code: "unknown" };
    if (!(await store.replacePassword(db, { email, from: kept, passwordHash, now })))
      return { code: "wrong" };
    await afterNewPassword({ db, ids, clock }, { email, memberships, from, action: "password.changed" });
    return { code: "set", session: await startSession({ db, clock, ids }, { email, membership, from }) };
  });
}

/** Who had the old password, or a link to set one, is out; the person is told by mail, and the log of each account says it. */
async function afterNewPassword(
  { db, ids, clock }: { db: Queryable } & Pick<PeopleContext, "ids" | "clock">,
  change: {
    email: string;
    memberships: readonly store.Membership[];
    from: From;
    action: "password.set" | "password.changed";
  },
): Promise<void> {
  const { email, memberships, from, action } = change;
  const ended = await store.deleteSessions(db, email);
  await store.deleteLinks(db, email);
  await insertPersonMail(db, {
    mailId: ids.next("pml_"),
    purpose: "password_changed",
    email,
    now: clock.now(),
  });
  for (const membership of memberships) {
    const { accountId, memberId: subject } = membership;
    const about = { accountId, action, subject, before: null, at: clock.now(accountId) };
    await writeAudit(db, byMember(membership, from), { ...about, after: { sessionsEnded: ended } });
  }
}
