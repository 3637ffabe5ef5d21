import type { AccountId, Catalog, Clock } from "@bursar/core";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import { authenticate, credentialsIn, type Caller } from "../accounts/credentials.ts";
import { directoryOf } from "../accounts/directory.ts";
import type { CredentialKind, Role } from "../accounts/roles.ts";
import type { Database } from "../db/open-database.ts";
import { findMemberStanding } from "../seats/active-members.ts";
import { ProblemError } from "./problem.ts";

export const SESSION_COOKIE = "bursar_session";
const BEARER_KINDS: readonly CredentialKind[] = ["platform_key", "account_key", "session_token"];

export interface Variables {
  requestId: string;
  caller: Caller;
}
export type AppContext = Context<{ Variables: Variables }>;

/** Finds who calls, by key, session token or cookie. A write by cookie must come from our own page (CSRF). */
export function callerMiddleware(services: {
  database: Database;
  clock: Clock;
  catalog: Catalog;
}): MiddlewareHandler<{ Variables: Variables }> {
  const { database, clock } = services;
  const credentials = credentialsIn(database);

  return async (c, next) => {
    const now = clock.now();
    const bearer = /^Bearer\s+(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    if (bearer !== undefined) {
      const caller = await authenticate(credentials, bearer, { kinds: BEARER_KINDS, now });
      if (caller === null)
        throw new ProblemError(
          "unauthenticated",
          "This key or token is unknown or has expired. Use a current one.",
        );
      c.set("caller", await asPerson(c, caller, services));
      return next();
    }
    const cookie = getCookie(c, SESSION_COOKIE);
    const caller =
      cookie === undefined
        ? null
        : await authenticate(credentials, cookie, { kinds: ["dashboard_session"], now });
    if (caller === null) {
      throw new ProblemError(
        "unauthenticated",
        "Nobody is signed in. Sign in, or send a key as Authorization: Bearer.",
      );
    }
    if (!isRead(c)) requireOwnOrigin(c);
    c.set("caller", await asPerson(c, caller, services));
    return next();
  };
}

const isRead = (c: Context): boolean => c.req.method === "GET" || c.req.method === "HEAD";

/**
 * A credential of a person opens what the person may do at this moment, whatever it was made for: with another role by
 * then, nothing once removed, and reading alone while the plan has one seat and it is the owner's (S4, B2).
 */
async function asPerson(
  c: Context,
  caller: Caller,
  { database, clock, catalog }: { database: Database; clock: Clock; catalog: Catalog },
): Promise<Caller> {
  const { accountId, memberId } = caller;
  if (accountId === null || memberId === null) return caller;
  const now = clock.now(accountId);
  const standing = await findMemberStanding(database.kysely, catalog, { accountId, memberId, now });
  if (standing === null) {
    throw new ProblemError(
      "unauthenticated",
      "You are no member of this account any more. Ask for an invitation.",
    );
  }
  if (!standing.isActive && !isRead(c)) {
    throw new ProblemError(
      "forbidden",
      `${standing.plan.name} has one seat, the owner's. You can read billing; to act again the account needs a plan with seats. Nothing was changed.`,
    );
  }
  return { ...caller, role: standing.role };
}

function requireOwnOrigin(c: Context): void {
  const origin = c.req.header("origin");
  const host = c.req.header("host");
  if (origin !== undefined && URL.canParse(origin) && new URL(origin).host === host) return;
  throw new ProblemError(
    "origin_not_allowed",
    "This request did not come from the billing page itself, so it was not carried out.",
  );
}

/** The account that a request is about. A platform key names one by our id or by the product's own. */
export async function accountOf(c: AppContext, database: Database, named?: string): Promise<AccountId> {
  const caller = c.get("caller");
  const wanted = named ?? c.req.header("bursar-account");
  if (caller.accountId !== null) {
    if (wanted !== undefined && wanted !== caller.accountId) throw noSuchAccount(wanted);
    return caller.accountId;
  }
  if (wanted === undefined) {
    throw new ProblemError(
      "invalid_request",
      "A platform key acts for any account: name one in the Bursar-Account header.",
      {
        errors: [{ path: "Bursar-Account", message: "is missing" }],
      },
    );
  }
  return resolveAccount(database, wanted);
}

/** @param named `acc_...` or the product's own id of the account */
export async function resolveAccount(database: Database, named: string): Promise<AccountId> {
  const found = await directoryOf(database).find(named);
  if (found === null) throw noSuchAccount(named);
  return found;
}

function noSuchAccount(named: string): ProblemError {
  return new ProblemError(
    "not_found",
    `There is no account ${named} here. Create it first with POST /api/accounts.`,
  );
}

/** A platform key acts as owner. Reading is everybody's; changing billing is not a member's (B2). */
const BILLING_ROLES: readonly Role[] = ["owner", "admin", "billing"];

function mayChangeBilling(caller: Caller): boolean {
  return BILLING_ROLES.includes(caller.role);
}

export function requireBilling(c: AppContext): void {
  if (mayChangeBilling(c.get("caller"))) return;
  throw new ProblemError(
    "forbidden",
    "Your role can read billing but not change it. Ask an owner, admin or billing member.",
  );
}

/** Members are the owners' and admins' to change (B2). */
const MEMBER_MANAGERS: readonly Role[] = ["owner", "admin"];

export function mayChangeMembers({ role }: { role: Role }): boolean {
  return MEMBER_MANAGERS.includes(role);
}

export function requireMemberManager(c: AppContext): void {
  if (mayChangeMembers(c.get("caller"))) return;
  throw new ProblemError(
    "forbidden",
    "Your role can see who is a member but not change it. Ask an owner or admin. Nothing was changed.",
  );
}

/** What only the product's backend or a customer's own automation may do: reporting use, holding tokens. */
export function requireKey(c: AppContext): void {
  const { kind } = c.get("caller");
  if (kind === "platform_key" || kind === "account_key") return;
  throw new ProblemError("forbidden", "This call takes a platform or account key, not a person's sign-in.");
}

export function requirePlatformKey(c: AppContext): void {
  if (c.get("caller").kind === "platform_key") return;
  throw new ProblemError("forbidden", "This call takes a platform key (bsk_...), the product's own.");
}
