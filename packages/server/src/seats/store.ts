import { asAccountId, type AccountId, type Instant } from "@bursar/core";
import { sql } from "kysely";
import type { Role } from "../accounts/roles.ts";
import type { Queryable } from "../db/open-database.ts";

/** The SQL on `invitations`. */

type InvitationState = "open" | "accepted" | "revoked" | "expired";

export interface InvitationRow {
  readonly invitationId: string;
  readonly email: string;
  readonly name: string | null;
  readonly role: Role;
  readonly state: InvitationState;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** The member that it became. */
  readonly memberId: string | null;
}

const columns = sql`invitation_id as "invitationId", email, name, role, state, created_at as "createdAt",
  expires_at as "expiresAt", member_id as "memberId"`;

/** Those that hold a seat at `now`, the oldest first. Index: invitations_one_open. */
export async function listOpenInvitations(
  db: Queryable,
  accountId: AccountId,
  now: Instant,
): Promise<InvitationRow[]> {
  const { rows } = await sql<InvitationRow>`
    select ${columns}
    from   invitations
    where  account_id = ${accountId} and state = 'open' and expires_at > ${new Date(now)}
    order by created_at, invitation_id`.execute(db);
  return rows;
}

export async function findInvitation(
  db: Queryable,
  accountId: AccountId,
  invitationId: string,
): Promise<InvitationRow | null> {
  const { rows } = await sql<InvitationRow>`
    select ${columns}
    from   invitations
    where  account_id = ${accountId} and invitation_id = ${invitationId}`.execute(db);
  return rows[0] ?? null;
}

/** Which invitation a secret opens: the one that was told, or one of a mail. Index: invitations_by_secret, and a primary key. */
export async function findInvitationBySecret(
  db: Queryable,
  secretHash: Buffer,
): Promise<{ accountId: AccountId; invitationId: string; isMailed: boolean } | null> {
  const { rows } = await sql<{ accountId: string; invitationId: string; isMailed: boolean }>`
    select account_id as "accountId", invitation_id as "invitationId", false as "isMailed"
    from   invitations
    where  secret_hash = ${secretHash}
    union all
    select account_id, invitation_id, true
    from   invitation_secrets
    where  secret_hash = ${secretHash}
    limit  1`.execute(db);
  const row = rows[0];
  return row === undefined ? null : { ...row, accountId: asAccountId(row.accountId) };
}

export async function insertInvitation(
  db: Queryable,
  accountId: AccountId,
  row: {
    invitationId: string;
    email: string;
    name: string | null;
    role: Role;
    secretHash: Buffer;
    invitedBy: string;
    createdAt: Instant;
    expiresAt: Instant;
  },
): Promise<void> {
  await sql`
    insert into invitations (account_id, invitation_id, email, name, role, secret_hash, state, invited_by, created_at, expires_at)
    values (${accountId}, ${row.invitationId}, ${row.email}, ${row.name}, ${row.role}, ${row.secretHash}, 'open',
            ${row.invitedBy}, ${new Date(row.createdAt)}, ${new Date(row.expiresAt)})`.execute(db);
}

/** It opens what the invitation opens, and says what that says once it is accepted, withdrawn or over. */
export async function insertInvitationSecret(
  db: Queryable,
  accountId: AccountId,
  { invitationId, secretHash }: { invitationId: string; secretHash: Buffer },
): Promise<void> {
  await sql`
    insert into invitation_secrets (secret_hash, account_id, invitation_id)
    values (${secretHash}, ${accountId}, ${invitationId})`.execute(db);
}

/** Says of those whose time is over that it is, so that the same person can be invited again. */
export async function expireInvitations(db: Queryable, accountId: AccountId, now: Instant): Promise<void> {
  await sql`
    update invitations set state = 'expired'
    where  account_id = ${accountId} and state = 'open' and expires_at <= ${new Date(now)}`.execute(db);
}

/** An open one holds its seat until then. */
export async function extendInvitation(
  db: Queryable,
  accountId: AccountId,
  { invitationId, expiresAt }: { invitationId: string; expiresAt: Instant },
): Promise<void> {
  await sql`
    update invitations set expires_at = ${new Date(expiresAt)}
    where  account_id = ${accountId} and invitation_id = ${invitationId} and state = 'open'`.execute(db);
}

/** @returns false when it was not open any more */
export async function closeInvitation(
  db: Queryable,
  accountId: AccountId,
  invitationId: string,
  to: { state: "accepted"; memberId: string } | { state: "revoked" },
): Promise<boolean> {
  const { rows } = await sql`
    update invitations
    set    state = ${to.state}, member_id = ${to.state === "accepted" ? to.memberId : null}
    where  account_id = ${accountId} and invitation_id = ${invitationId} and state = 'open'
    returning 1`.execute(db);
  return rows.length === 1;
}
