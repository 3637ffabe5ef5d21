import { hash } from "node:crypto";
import {
  asAccountId,
  asMemberId,
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
  readonly kind: CredentialKind;
  readonly accountId: AccountId | null;
  readonly memberId: MemberId | null;
  readonly role: Role;
}

/** The prefix tells people, and scanners of leaked secrets, what they have found. */
const PREFIXES: Record<CredentialKind, string> = {
  platform_key: "bsk_",
  account_key: "bak_",
  session_token: "bst_",
  dashboard_session: "bss_",
  sign_in_link: "bsl_",
};

/** A person at the page signs in again after a week. */
export const DASHBOARD_SESSION_MS = 7 * 24 * HOUR_MS;
export const SIGN_IN_LINK_MS = 24 * HOUR_MS;

/** Makes a credential and returns its secret, which is told once and kept only as its hash. */
export async function issueCredential(
  context: { db: Queryable; clock: Clock; ids: IdSource },
  request: {
    kind: CredentialKind;
    accountId: AccountId | null;
    memberId: MemberId | null;
    role: Role;
    lifetimeMs: number | null;
  },
): Promise<string> {
  const secret = PREFIXES[request.kind] + context.ids.secret();
  const now = context.clock.now();
  await store.insertCredential(context.db, {
    ...request,
    secretHash: hashSecret(secret),
    credentialId: context.ids.next("key_"),
    createdAt: now,
    expiresAt: request.lifetimeMs === null ? null : now + request.lifetimeMs,
  });
  return secret;
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
    kind: row.kind,
    accountId: row.accountId === null ? null : asAccountId(row.accountId),
    memberId: row.memberId === null ? null : asMemberId(row.memberId),
    role: row.role,
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
