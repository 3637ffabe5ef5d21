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
    select credential_id as "credentialId", name, role, hint, created_by as "createdBy", created_at as "createdAt",
           last_used_at as "lastUsedAt"
    from   credentials
    where  kind = ${kind} and account_id is not distinct from ${accountId}
      and  (${after}::text is null or credential_id < ${after})
    order by credential_id desc
    limit  ${limit}`.execute(db);
  return rows;
}

/** @returns what it was, or `null` when the account has no such key */
export async function deleteKey(
  db: Queryable,
  accountId: AccountId | null,
  credentialId: string,
): Promise<{ name: string | null; role: Role } | null> {
  const kind: CredentialKind = accountId === null ? "platform_key" : "account_key";
  const { rows } = await sql<{ name: string | null; role: Role }>`
    delete from credentials
    where  credential_id = ${credentialId} and kind = ${kind} and account_id is not distinct from ${accountId}
    returning name, role`.execute(db);
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
