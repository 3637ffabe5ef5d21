/**
 * A person's sessions. One is of a member, so it ends with them and has their role of the moment; another account means
 * another session. Each sign-in, change of password and switch makes a new secret, and ends the session that the browser
 * brought: what somebody planted before is worth nothing after, and what somebody copied neither.
 */
import type { AccountId, Clock, IdSource, MemberId } from "@bursar/core";
import { DASHBOARD_SESSION_MS, hashSecret, issueNamed } from "../accounts/credentials.ts";
import type { Actor } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import { deleteCredential } from "../accounts/store-credentials.ts";
import type { Database, Queryable } from "../db/open-database.ts";
import { deviceOf } from "./device.ts";
import * as store from "./store.ts";

export interface PeopleContext {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** Where a request of a person comes from, for the log and their list of sessions. */
export interface From {
  readonly requestId: string;
  readonly userAgent: string | undefined;
  /** The secret of the session that this browser had, be it anybody's. */
  readonly brought: string | undefined;
}

/** In a transaction that has locked the person. @returns the secret for the browser's cookie */
export async function startSession(
  context: { db: Queryable; clock: Clock; ids: IdSource },
  { email, membership, from }: { email: string; membership: store.Membership; from: From },
): Promise<string> {
  const { db, clock } = context;
  const { accountId, memberId, role } = membership;
  await endBrought(context, from);
  const { secret, credentialId } = await issueNamed(context, {
    kind: "dashboard_session",
    accountId,
    memberId,
    role,
    lifetimeMs: DASHBOARD_SESSION_MS,
    name: deviceOf(from.userAgent),
  });
  await store.rememberAccount(db, { email, accountId, now: clock.now() });
  const started = { accountId, action: "session.started", subject: credentialId, before: null } as const;
  await writeAudit(db, byMember(membership, from), { ...started, after: null, at: clock.now(accountId) });
  return secret;
}

/** The session that a new one takes the place of in this browser (OWASP, session management). */
export async function endBrought(
  { db, clock }: { db: Queryable; clock: Clock },
  { brought, requestId }: Pick<From, "brought" | "requestId">,
): Promise<void> {
  if (brought === undefined) return;
  const now = clock.now();
  const ended = await store.deleteSessionOf(db, { secretHash: hashSecret(brought), now });
  if (ended === null) return;
  const { accountId, credentialId: subject } = ended;
  const about = { accountId, action: "session.ended", subject, before: null, after: null } as const;
  await writeAudit(db, byHolder(ended, { requestId }), { ...about, at: clock.now(accountId) });
}

/** The account that they were in last, else the one they joined first. */
export function homeOf(
  memberships: readonly store.Membership[],
  lastAccountId: string | null,
): store.Membership | undefined {
  return memberships.find(({ accountId }) => accountId === lastAccountId) ?? memberships[0];
}

export async function signOut(
  { database, clock }: PeopleContext,
  { accountId, credentialId, actor }: { accountId: AccountId; credentialId: string; actor: Actor },
): Promise<void> {
  await database.kysely.transaction().execute(async (db) => {
    if (!(await deleteCredential(db, credentialId))) return;
    const ended = { accountId, action: "session.ended", subject: credentialId, before: null } as const;
    await writeAudit(db, actor, { ...ended, after: null, at: clock.now(accountId) });
  });
}

/** Ends one session of the person's, on whatever device. @returns false when it is not theirs */
export async function endSession(
  { database, clock }: PeopleContext,
  request: store.Reach & { credentialId: string; requestId: string },
): Promise<boolean> {
  const { requestId, ...which } = request;
  return database.kysely.transaction().execute(async (db) => {
    const of = await store.deleteSession(db, which);
    if (of === null) return false;
    const { accountId } = of;
    const subject = which.credentialId;
    const ended = { accountId, action: "session.ended", subject, before: null } as const;
    await writeAudit(db, byMember(of, { requestId }), { ...ended, after: null, at: clock.now(accountId) });
    return true;
  });
}

export type SwitchOutcome =
  | { readonly code: "switched"; readonly session: string }
  /** They are no member there. */
  | { readonly code: "not_found" }
  /** The session that asks was ended meanwhile, and opens no other. */
  | { readonly code: "signed_out" };

/** Goes to another account of the same person: a new session there, and the old one ends. */
export async function switchAccount(
  { database, clock, ids }: PeopleContext,
  request: { email: string; accountId: string; credentialId: string; from: From },
): Promise<SwitchOutcome> {
  const { email, accountId, credentialId, from } = request;
  return database.kysely.transaction().execute(async (db): Promise<SwitchOutcome> => {
    await store.lockPeople(db, [email]);
    const memberships = await store.listMemberships(db, email);
    const membership = memberships.find((each) => each.accountId === accountId);
    if (membership === undefined) return { code: "not_found" };
    if (!(await deleteCredential(db, credentialId))) return { code: "signed_out" };
    return { code: "switched", session: await startSession({ db, clock, ids }, { email, membership, from }) };
  });
}

/** How the log names a person, in each of their accounts. */
export function byMember(
  { memberId }: Pick<store.Membership, "memberId">,
  { requestId }: Pick<From, "requestId">,
): Actor {
  return { actor: memberId, actorKind: "member", requestId };
}

/** A member, or else the session itself: of nobody else is anything known here. */
export function byHolder(
  { memberId, credentialId }: { memberId: MemberId | null; credentialId: string },
  { requestId }: Pick<From, "requestId">,
): Actor {
  if (memberId !== null) return byMember({ memberId }, { requestId });
  return { actor: credentialId, actorKind: "session_token", requestId };
}
