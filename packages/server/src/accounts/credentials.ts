import { hash } from "node:crypto";
import {
  asAccountId,
  asMemberId,
  DAY_MS,
  HOUR_MS,
  type AccountId,
  type Clock,
  type IdSource,
  type MemberId,
} from "@bursar/core";
import { Gather } from "../db/gather.ts";
import type { Database, Queryable } from "../db/open-database.ts";
import type { CredentialKind, Role } from "./roles.ts";
import * as store from "./store-credentials.ts";

/** Who calls. A platform key is of no account: the request names one. */
export interface Caller {
  readonly credentialId: string;
  readonly kind: CredentialKind;
  readonly accountId: AccountId | null;
  readonly memberId: MemberId | null;
  readonly role: Role;
  /** Of a session token: the host's own site, to which the browser may return from a hosted page. */
  readonly returnOrigin: string | null;
  readonly expiresAt: number | null;
}

/** The prefix tells people, and scanners of leaked secrets, what they have found. */
const PREFIXES: Record<CredentialKind, string> = {
  platform_key: "bsk_",
  account_key: "bak_",
  session_token: "bst_",
  dashboard_session: "bss_",
  sign_in_link: "bsl_",
};

/** Enough to tell keys apart, of 43 that nobody can guess. */
const HINT_CHARACTERS = 4;

/** A person at the page signs in again after a week. */
export const DASHBOARD_SESSION_MS = 7 * 24 * HOUR_MS;
export const SIGN_IN_LINK_MS = 24 * HOUR_MS;

/** Who made a session that came of a sign-in link. */
export const BY_LINK = "sign_in_link";

/** Makes a credential and returns its secret, which is told once and kept only as its hash. */
export async function issueCredential(
  context: { db: Queryable; clock: Clock; ids: IdSource },
  request: {
    kind: CredentialKind;
    accountId: AccountId | null;
    memberId: MemberId | null;
    role: Role;
    lifetimeMs: number | null;
    /** What a key is called by who made it. */
    name?: string;
    createdBy?: string;
    /** Of a sign-in link; any number unless given. */
    uses?: number;
    returnOrigin?: string;
  },
): Promise<string> {
  return (await issueNamed(context, request)).secret;
}

/** The same, with the id by which the credential is listed and revoked. */
export async function issueNamed(
  context: { db: Queryable; clock: Clock; ids: IdSource },
  request: Parameters<typeof issueCredential>[1],
): Promise<{ credentialId: string; secret: string; hint: string; createdAt: number }> {
  const secret = PREFIXES[request.kind] + context.ids.secret();
  const createdAt = context.clock.now();
  const credentialId = context.ids.next("key_");
  const hint = `${PREFIXES[request.kind]}...${secret.slice(-HINT_CHARACTERS)}`;
  const { lifetimeMs, name = null, createdBy = null, uses = null, returnOrigin = null } = request;
  await store.insertCredential(context.db, {
    ...request,
    secretHash: hashSecret(secret),
    credentialId,
    createdAt,
    expiresAt: lifetimeMs === null ? null : createdAt + lifetimeMs,
    name,
    hint,
    createdBy,
    usesLeft: uses,
    returnOrigin,
  });
  return { credentialId, secret, hint, createdAt };
}

/** Looks credentials up by the hash of their secret, those of many requests by one statement. */
export type Credentials = Gather<string, store.CredentialRow>;

/**
 * Every request reads its credential anew, from the database: one that was revoked opens nothing from then on, on
 * whichever server.
 */
export function credentialsIn({ lookUps }: Database): Credentials {
  return new Gather(async (secretHashes) => {
    const rows = await lookUps.read(store.findCredentials(secretHashes));
    return new Map((rows as store.CredentialRow[]).map((row) => [row.secretHash, row]));
  });
}

/**
 * Who this secret belongs to, or `null`. It is looked up by its hash, so how long that takes tells nothing about the
 * secret; and a kind is asked for, so that a sign-in link is never taken for a key.
 */
export async function authenticate(
  credentials: Credentials,
  secret: string,
  { kinds, now }: { kinds: readonly CredentialKind[]; now: number },
): Promise<Caller | null> {
  const row = await credentials.get(hashOf(secret));
  if (row === null || !kinds.includes(row.kind)) return null;
  if (row.expiresAt !== null && row.expiresAt.getTime() <= now) return null;
  return {
    credentialId: row.credentialId,
    kind: row.kind,
    accountId: row.accountId === null ? null : asAccountId(row.accountId),
    memberId: row.memberId === null ? null : asMemberId(row.memberId),
    role: row.role,
    returnOrigin: row.returnOrigin,
    expiresAt: row.expiresAt?.getTime() ?? null,
  };
}

/** How a secret is kept: as its SHA-256. The secrets are random and long, so that nothing is won by guessing. */
export function hashSecret(secret: string): Buffer {
  return Buffer.from(hashOf(secret), "hex");
}

/** SHA-256, as hexadecimal text. */
function hashOf(secret: string): string {
  return hash("sha256", secret);
}

/** An expired one is answered as such for a day; then nobody needs the row. */
const EXPIRED_KEPT_MS = 24 * HOUR_MS;
const TRIMMED_MAX = 1_000;

/** So long the settings tell of a revoked key; the audit log tells of it for good. */
const REVOKED_KEPT_MS = 90 * DAY_MS;

/** Removes credentials that have long expired, some at a time, until none is left, and what is told of revoked ones. */
export async function trimCredentials({ kysely }: Database, now: number): Promise<void> {
  const some = { before: now - EXPIRED_KEPT_MS, limit: TRIMMED_MAX };
  while ((await store.trimCredentials(kysely, some)) === TRIMMED_MAX);
  await store.trimRevokedKeys(kysely, { before: now - REVOKED_KEPT_MS, limit: TRIMMED_MAX });
}
