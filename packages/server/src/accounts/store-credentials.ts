import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import type { CredentialKind, Role } from "./roles.ts";

/** The SQL on `credentials`. */

export interface CredentialRow {
  kind: CredentialKind;
  accountId: string | null;
  memberId: string | null;
  role: Role;
  expiresAt: Date | null;
}

export async function findCredential(db: Queryable, secretHash: Buffer): Promise<CredentialRow | null> {
  const { rows } = await sql<CredentialRow>`
    select kind, account_id as "accountId", member_id as "memberId", role, expires_at as "expiresAt"
    from   credentials
    where  secret_hash = ${secretHash}`.execute(db);
  return rows[0] ?? null;
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
