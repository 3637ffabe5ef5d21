import type { AccountId, MemberId } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import type { Statement } from "../db/session.ts";
import type { CredentialKind, Role } from "./roles.ts";

/** The SQL on `credentials`. */

export interface CredentialRow {
  secretHash: string;
  kind: CredentialKind;
  accountId: string | null;
  memberId: string | null;
  role: Role;
  expiresAt: Date | null;
}

/** By the hashes of secrets, as hexadecimal text. */
export function findCredentials(secretHashes: readonly string[]): Statement {
  return {
    name: "find_credentials",
    text: `
    select w.secret_hash as "secretHash", c.kind, c.account_id as "accountId", c.member_id as "memberId", c.role,
           c.expires_at as "expiresAt"
    from   unnest($1::text[]) as w (secret_hash)
    join   credentials c on c.secret_hash = decode(w.secret_hash, 'hex')`,
    values: [secretHashes],
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
  },
): Promise<void> {
  await sql`
    insert into credentials (secret_hash, credential_id, kind, account_id, member_id, role, created_at, expires_at)
    values (${row.secretHash}, ${row.credentialId}, ${row.kind}, ${row.accountId}, ${row.memberId}, ${row.role},
            ${new Date(row.createdAt)}, ${row.expiresAt === null ? null : new Date(row.expiresAt)})`.execute(
    db,
  );
}

/** Every secret of a member, so that none lets them in any more. Index: credentials_by_account. */
export async function deleteCredentialsOf(
  db: Queryable,
  accountId: AccountId,
  memberId: MemberId,
): Promise<void> {
  await sql`delete from credentials where account_id = ${accountId} and member_id = ${memberId}`.execute(db);
}
