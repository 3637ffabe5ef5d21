import { asAccountId, asMemberId, type AccountId, type Instant, type MemberId } from "@bursar/core";
import { sql } from "kysely";
import type { Role } from "../accounts/roles.ts";
import type { Queryable } from "../db/open-database.ts";

/** The SQL on `people` and `person_links`, and on the members and sessions of one person over all accounts. */

export interface PersonRow {
  readonly email: string;
  readonly passwordHash: string | null;
  readonly lastAccountId: string | null;
}

/** @param email in lower case, here and below */
export async function findPerson(db: Queryable, email: string): Promise<PersonRow | null> {
  const { rows } = await sql<PersonRow>`
    select email, password_hash as "passwordHash", last_account_id as "lastAccountId"
    from   people
    where  email = ${email}`.execute(db);
  return rows[0] ?? null;
}

/**
 * Keeps everybody else from what opens and closes doors to these people, until the transaction ends: of a sign-in and a
 * new password that come together one sees the other. Taken before any row, so that nobody waits in a circle.
 */
export async function lockPeople(db: Queryable, emails: readonly string[]): Promise<void> {
  for (const email of [...emails].sort()) {
    await sql`select pg_advisory_xact_lock(hashtextextended('person:' || ${email}::text, 0))`.execute(db);
  }
}

/** A person, in all of their accounts or within the one that they may reach. */
export interface Reach {
  /** In lower case. */
  readonly email: string;
  /** `null`: every account. */
  readonly within: AccountId | null;
}

export interface Membership {
  readonly accountId: AccountId;
  readonly accountName: string;
  readonly memberId: MemberId;
  readonly name: string;
  readonly role: Role;
}

/** Where this person is a member, the account they joined first at the head. Index: members_by_email. */
export async function listMemberships(db: Queryable, email: string): Promise<Membership[]> {
  const { rows } = await sql<Membership>`
    select m.account_id as "accountId", a.name as "accountName", m.member_id as "memberId", m.name, m.role
    from   members m
    join   accounts a on a.account_id = m.account_id
    where  lower(m.email) = ${email}
    order by m.created_at, m.member_id`.execute(db);
  return rows.map((row) => ({
    ...row,
    accountId: asAccountId(row.accountId),
    memberId: asMemberId(row.memberId),
  }));
}

/** By account, as the book's batches take several accounts' rows: whoever writes to more than one goes the same way. */
export function inLockOrder(memberships: readonly Membership[]): Membership[] {
  return memberships.toSorted((one, other) => (one.accountId < other.accountId ? -1 : 1));
}

export async function storePassword(
  db: Queryable,
  { email, passwordHash, now }: { email: string; passwordHash: string; now: Instant },
): Promise<void> {
  const at = new Date(now);
  await sql`
    insert into people (email, password_hash, password_changed_at, created_at)
    values (${email}, ${passwordHash}, ${at}, ${at})
    on conflict (email) do update set password_hash = excluded.password_hash, password_changed_at = excluded.password_changed_at`.execute(
    db,
  );
}

/** Only while the password is still the one that was checked: two changes at once make one. @returns whether it was */
export async function replacePassword(
  db: Queryable,
  request: { email: string; from: string; passwordHash: string; now: Instant },
): Promise<boolean> {
  const { rows } = await sql`
    update people set password_hash = ${request.passwordHash}, password_changed_at = ${new Date(request.now)}
    where  email = ${request.email} and password_hash = ${request.from}
    returning 1`.execute(db);
  return rows.length === 1;
}

export async function rememberAccount(
  db: Queryable,
  { email, accountId, now }: { email: string; accountId: AccountId; now: Instant },
): Promise<void> {
  await sql`
    insert into people (email, last_account_id, created_at)
    values (${email}, ${accountId}, ${new Date(now)})
    on conflict (email) do update set last_account_id = excluded.last_account_id`.execute(db);
}

export async function renameMember(
  db: Queryable,
  { accountId, memberId, name }: Pick<Membership, "accountId" | "memberId" | "name">,
): Promise<void> {
  await sql`
    update members set name = ${name}
    where  account_id = ${accountId} and member_id = ${memberId}`.execute(db);
}

/**
 * The person goes on under another address, in all accounts. Two people do not become one: not where the new address is
 * somebody's. @returns false then, and nothing is changed
 */
export async function moveAddress(
  db: Queryable,
  { email, newEmail }: { email: string; newEmail: string },
): Promise<boolean> {
  const { rows } = await sql`
    update people set email = ${newEmail}
    where  email = ${email}
      and  not exists (select 1 from people where email = ${newEmail})
      and  not exists (select 1 from members where lower(email) = ${newEmail})
    returning 1`.execute(db);
  if (rows.length === 0) return false;
  await sql`update members set email = ${newEmail} where lower(email) = ${email}`.execute(db);
  await sql`delete from person_links where email = ${email}`.execute(db);
  return true;
}

export interface SessionRow {
  readonly credentialId: string;
  readonly device: string | null;
  readonly accountName: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date;
}

const SESSIONS_SHOWN_MAX = 100;

/** The newest first. Indexes: members_by_email, credentials_by_account. @param request.within `null`: every account */
export async function listSessions(
  db: Queryable,
  { email, within, now }: Reach & { now: Instant },
): Promise<SessionRow[]> {
  const { rows } = await sql<SessionRow>`
    select c.credential_id as "credentialId", c.name as device, a.name as "accountName", c.created_at as "createdAt",
           c.last_used_at as "lastUsedAt", c.expires_at as "expiresAt"
    from   members m
    join   accounts a on a.account_id = m.account_id
    join   credentials c on c.account_id = m.account_id and c.member_id = m.member_id
    where  lower(m.email) = ${email} and c.kind = 'dashboard_session' and c.expires_at > ${new Date(now)}
      and  (${within}::text is null or m.account_id = ${within})
    order by c.created_at desc, c.credential_id desc
    limit  ${SESSIONS_SHOWN_MAX}`.execute(db);
  return rows;
}

/** Ends one session of the person. @returns whose it was; `null`: theirs is no such session */
export async function deleteSession(
  db: Queryable,
  { email, within, credentialId }: Reach & { credentialId: string },
): Promise<Pick<Membership, "accountId" | "memberId"> | null> {
  const { rows } = await sql<{ accountId: string; memberId: string }>`
    delete from credentials c
    using  members m
    where  c.credential_id = ${credentialId} and c.kind = 'dashboard_session'
      and  m.account_id = c.account_id and m.member_id = c.member_id and lower(m.email) = ${email}
      and  (${within}::text is null or m.account_id = ${within})
    returning c.account_id as "accountId", c.member_id as "memberId"`.execute(db);
  const [row] = rows;
  return row === undefined
    ? null
    : { accountId: asAccountId(row.accountId), memberId: asMemberId(row.memberId) };
}

/**
 * Ends what lets a browser in as this person: sessions, and sign-in links that were not used yet.
 * @returns how many sessions
 */
export async function deleteSessions(db: Queryable, email: string): Promise<number> {
  const { rows } = await sql<{ kind: string }>`
    delete from credentials c
    using  members m
    where  c.kind in ('dashboard_session', 'sign_in_link')
      and  m.account_id = c.account_id and m.member_id = c.member_id and lower(m.email) = ${email}
    returning c.kind`.execute(db);
  return rows.filter(({ kind }) => kind === "dashboard_session").length;
}

export interface EndedSession {
  readonly credentialId: string;
  readonly accountId: AccountId;
  /** `null`: of somebody whom the product signed in. */
  readonly memberId: MemberId | null;
}

/** Ends the session that has this secret. @returns `null` when none has, or it was over */
export async function deleteSessionOf(
  db: Queryable,
  { secretHash, now }: { secretHash: Buffer; now: Instant },
): Promise<EndedSession | null> {
  const { rows } = await sql<{ credentialId: string; accountId: string; memberId: string | null }>`
    delete from credentials
    where  secret_hash = ${secretHash} and kind = 'dashboard_session' and expires_at > ${new Date(now)}
    returning credential_id as "credentialId", account_id as "accountId", member_id as "memberId"`.execute(
    db,
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { credentialId, accountId, memberId } = row;
  return {
    credentialId,
    accountId: asAccountId(accountId),
    memberId: memberId === null ? null : asMemberId(memberId),
  };
}

export interface LinkRow {
  readonly email: string;
  readonly newEmail: string | null;
}

export async function insertLink(
  db: Queryable,
  row: {
    secretHash: Buffer;
    purpose: "password" | "email";
    email: string;
    newEmail: string | null;
    expiresAt: Instant;
  },
): Promise<void> {
  await sql`
    insert into person_links (secret_hash, purpose, email, new_email, expires_at)
    values (${row.secretHash}, ${row.purpose}, ${row.email}, ${row.newEmail}, ${new Date(row.expiresAt)})`.execute(
    db,
  );
}

/** Takes a link for good: of two who open it at once one gets it. */
export async function takeLink(
  db: Queryable,
  { secretHash, purpose, now }: { secretHash: Buffer; purpose: "password" | "email"; now: Instant },
): Promise<LinkRow | null> {
  const { rows } = await sql<LinkRow>`
    delete from person_links
    where  secret_hash = ${secretHash} and purpose = ${purpose} and expires_at > ${new Date(now)}
    returning email, new_email as "newEmail"`.execute(db);
  return rows[0] ?? null;
}

/** Looks without taking. */
export async function findLink(
  db: Queryable,
  { secretHash, purpose, now }: { secretHash: Buffer; purpose: "password" | "email"; now: Instant },
): Promise<LinkRow | null> {
  const { rows } = await sql<LinkRow>`
    select email, new_email as "newEmail" from person_links
    where  secret_hash = ${secretHash} and purpose = ${purpose} and expires_at > ${new Date(now)}`.execute(
    db,
  );
  return rows[0] ?? null;
}

export async function deleteLinks(db: Queryable, email: string): Promise<void> {
  await sql`delete from person_links where email = ${email}`.execute(db);
}
