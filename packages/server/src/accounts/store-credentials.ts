import type { AccountId, MemberId } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import { Texts, type Statement } from "../db/session.ts";
import type { CredentialKind, Role } from "./roles.ts";

/** The SQL on `credentials`. */

export interface CredentialRow {
  secretHash: string;
  credentialId: string;
  kind: CredentialKind;
  accountId: string | null;
  memberId: string | null;
  role: Role;
  expiresAt: Date | null;
  returnOrigin: string | null;
}

/** By the hashes of secrets, as hexadecimal text. */
export function findCredentials(secretHashes: readonly string[]): Statement {
  return {
    name: "find_credentials",
    text: `
    select w.secret_hash as "secretHash", c.credential_id as "credentialId", c.kind, c.account_id as "accountId", c.member_id as "memberId", c.role,
           c.expires_at as "expiresAt", c.return_origin as "returnOrigin"
    from   unnest($1::text[]) as w (secret_hash)
    join   credentials c on c.secret_hash = decode(w.secret_hash, 'hex')`,
    values: [new Texts(secretHashes)],
  };
}

export async function insertCredential(
  db: Queryable,
  row: {
    secretHash: Buffer;
    credentialId: string;
    kind: CredentialKind;
    accountId: string | null;
    memberId: string | null;
    role: Role;
    createdAt: number;
    expiresAt: number | null;
    name: string | null;
    hint: string;
    createdBy: string | null;
    usesLeft: number | null;
    returnOrigin: string | null;
  },
): Promise<void> {
  const expiresAt = row.expiresAt === null ? null : new Date(row.expiresAt);
  await sql`
    insert into credentials (secret_hash, credential_id, kind, account_id, member_id, role, created_at, expires_at,
                             name, hint, created_by, uses_left, return_origin)
    values (${row.secretHash}, ${row.credentialId}, ${row.kind}, ${row.accountId}, ${row.memberId}, ${row.role},
            ${new Date(row.createdAt)}, ${expiresAt}, ${row.name}, ${row.hint}, ${row.createdBy}, ${row.usesLeft},
            ${row.returnOrigin})`.execute(db);
}

/** Takes one use of a sign-in link. Two who open it at once: one gets in. @returns false when none is left */
export async function takeUse(db: Queryable, credentialId: string): Promise<boolean> {
  const { rows } = await sql`
    update credentials set uses_left = uses_left - 1
    where  credential_id = ${credentialId} and (uses_left is null or uses_left > 0)
    returning 1`.execute(db);
  return rows.length === 1;
}

/** A member's or a credential's id, or what `createdBy` said else. `null`: nobody was named. */
export async function findCreator(db: Queryable, credentialId: string): Promise<string | null> {
  const { rows } = await sql<{ createdBy: string | null }>`
    select created_by as "createdBy" from credentials where credential_id = ${credentialId}`.execute(db);
  return rows[0]?.createdBy ?? null;
}

/** Never moves back, whichever server writes last. */
export async function markUsed(
  db: Queryable,
  used: readonly { credentialId: string; at: number }[],
): Promise<void> {
  await sql`
    update credentials c set last_used_at = greatest(c.last_used_at, u.at)
    from   unnest(${used.map(({ credentialId }) => credentialId)}::text[],
                  ${used.map(({ at }) => new Date(at).toISOString())}::timestamptz[]) as u (credential_id, at)
    where  c.credential_id = u.credential_id`.execute(db);
}

export interface KeyRow {
  credentialId: string;
  name: string | null;
  role: Role;
  hint: string | null;
  createdBy: string | null;
  /** `null` when it was no member, or one who has left. */
  createdByName: string | null;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** The newest first. @param accountId `null` lists the platform's own keys. Index: credentials_by_account. */
export async function listKeys(
  db: Queryable,
  accountId: AccountId | null,
  { after, limit }: { after: string | null; limit: number },
): Promise<KeyRow[]> {
  const kind: CredentialKind = accountId === null ? "platform_key" : "account_key";
  const { rows } = await sql<KeyRow>`
    select c.credential_id as "credentialId", c.name, c.role, c.hint, c.created_by as "createdBy",
           m.name as "createdByName", c.created_at as "createdAt", c.last_used_at as "lastUsedAt"
    from   credentials c
    left   join members m on m.account_id = c.account_id and m.member_id = c.created_by
    where  c.kind = ${kind} and c.account_id is not distinct from ${accountId}
      and  (${after}::text is null or c.credential_id < ${after})
    order by c.credential_id desc
    limit  ${limit}`.execute(db);
  return rows;
}

export interface RevokedKeyRow extends KeyRow {
  revokedBy: string;
  revokedByName: string | null;
  revokedAt: Date;
}

/** The newest first. Index: revoked_keys_newest. */
export async function listRevokedKeys(
  db: Queryable,
  accountId: AccountId,
  limit: number,
): Promise<RevokedKeyRow[]> {
  const { rows } = await sql<RevokedKeyRow>`
    select r.credential_id as "credentialId", r.name, r.role, r.hint, r.created_by as "createdBy",
           m.name as "createdByName", r.created_at as "createdAt", r.last_used_at as "lastUsedAt",
           r.revoked_by as "revokedBy", w.name as "revokedByName", r.revoked_at as "revokedAt"
    from   revoked_keys r
    left   join members m on m.account_id = r.account_id and m.member_id = r.created_by
    left   join members w on w.account_id = r.account_id and w.member_id = r.revoked_by
    where  r.account_id = ${accountId}
    order by r.revoked_at desc, r.credential_id desc
    limit  ${limit}`.execute(db);
  return rows;
}

/** Those revoked before then are told no more. A small delete. Index: revoked_keys_by_time. */
export async function trimRevokedKeys(
  db: Queryable,
  { before, limit }: { before: number; limit: number },
): Promise<void> {
  await sql`
    delete from revoked_keys
    where  ctid in (select ctid from revoked_keys where revoked_at < ${new Date(before)}
                    order by revoked_at limit ${limit})`.execute(db);
}

/** What it was is kept of an account's key, its hash is not. @returns `null` when the account has no such key */
export async function deleteKey(
  db: Queryable,
  accountId: AccountId | null,
  { credentialId, revokedBy, at }: { credentialId: string; revokedBy: string; at: number },
): Promise<{ name: string | null; role: Role } | null> {
  const kind: CredentialKind = accountId === null ? "platform_key" : "account_key";
  const { rows } = await sql<{ name: string | null; role: Role }>`
    with gone as (
      delete from credentials
      where  credential_id = ${credentialId} and kind = ${kind} and account_id is not distinct from ${accountId}
      returning *
    ), kept as (
      insert into revoked_keys (account_id, credential_id, name, role, hint, created_by, created_at, last_used_at,
                                revoked_by, revoked_at)
      select account_id, credential_id, name, role, hint, created_by, created_at, last_used_at,
             ${revokedBy}, ${new Date(at)}
      from   gone
      where  account_id is not null)
    select name, role from gone`.execute(db);
  return rows[0] ?? null;
}

export async function findKeyRole(
  db: Queryable,
  accountId: AccountId | null,
  credentialId: string,
): Promise<Role | null> {
  const kind: CredentialKind = accountId === null ? "platform_key" : "account_key";
  const { rows } = await sql<{ role: Role }>`
    select role from credentials
    where  credential_id = ${credentialId} and kind = ${kind} and account_id is not distinct from ${accountId}`.execute(
    db,
  );
  return rows[0]?.role ?? null;
}

/**
 * Of a credential that acts for this account, kept from whoever revokes it until the transaction ends.
 * @param accountId `null`: for the installation, as platform keys alone do
 */
export async function lockCredentialRole(
  db: Queryable,
  accountId: AccountId | null,
  credentialId: string,
): Promise<Role | null> {
  const { rows } = await sql<{ role: Role }>`
    select role from credentials
    where  credential_id = ${credentialId} and (account_id is null or account_id = ${accountId})
    for share`.execute(db);
  return rows[0]?.role ?? null;
}

export async function countKeys(db: Queryable, accountId: AccountId | null): Promise<number> {
  const kind: CredentialKind = accountId === null ? "platform_key" : "account_key";
  const { rows } = await sql<{ keys: number }>`
    select count(*)::int as keys from credentials
    where  kind = ${kind} and account_id is not distinct from ${accountId}`.execute(db);
  return rows[0]?.keys ?? 0;
}

/** What let somebody in until it expired. A small delete. @returns how many went */
export async function trimCredentials(
  db: Queryable,
  { before, limit }: { before: number; limit: number },
): Promise<number> {
  const { rows } = await sql`
    delete from credentials
    where  secret_hash in (select secret_hash from credentials where expires_at < ${new Date(before)} limit ${limit})
    returning 1`.execute(db);
  return rows.length;
}

/** Every secret of a member, so that none lets them in any more. Index: credentials_by_account. */
export async function deleteCredentialsOf(
  db: Queryable,
  accountId: AccountId,
  memberId: MemberId,
): Promise<void> {
  await sql`delete from credentials where account_id = ${accountId} and member_id = ${memberId}`.execute(db);
}

/** @returns false when it was gone already */
export async function deleteCredential(db: Queryable, credentialId: string): Promise<boolean> {
  const { rows } =
    await sql`delete from credentials where credential_id = ${credentialId} returning 1`.execute(db);
  return rows.length === 1;
}
