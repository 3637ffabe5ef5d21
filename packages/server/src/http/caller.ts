import type { AccountId, Catalog, Clock } from "@bursar/core";
import type { Context, MiddlewareHandler } from "hono";
import { authenticate, credentialsIn, type Caller } from "../accounts/credentials.ts";
import { directoryOf } from "../accounts/directory.ts";
import type { LastUsed } from "../accounts/last-used.ts";
import type { CredentialKind, Role } from "../accounts/roles.ts";
import type { Actor } from "../audit/actor.ts";
import type { Database } from "../db/open-database.ts";
import { findMemberStanding } from "../seats/active-members.ts";
import { ProblemError } from "./problem.ts";
import { readSessionCookie } from "./session-cookie.ts";

const BEARER_KINDS: readonly CredentialKind[] = ["platform_key", "account_key", "session_token"];

export interface Variables {
  requestId: string;
  /** Where people reach the service; `null`: by the Host that they name. */
  publicUrl: string | null;
  caller: Caller;
  /** The account that the request turned out to be about, for the log. */
  accountId?: AccountId;
  /** Names what the caller wants with this `Idempotency-Key`, in letters and digits; the same one is never done twice. */
  intention?: string;
}
export type AppContext = Context<{ Variables: Variables }>;

interface CallerServices {
  readonly database: Database;
  readonly clock: Clock;
  readonly catalog: Catalog;
  readonly lastUsed: LastUsed;
}

/** Finds who calls, by key, session token or cookie. A write by cookie must come from our own page (CSRF). */
export function callerMiddleware(services: CallerServices): MiddlewareHandler<{ Variables: Variables }> {
  const credentials = credentialsIn(services.database);
  return async (c, next) => {
    const now = services.clock.now();
    const presented = presentedSecret(c);
    const caller =
      presented === null
        ? null
        : await authenticate(credentials, presented.secret, { kinds: presented.kinds, now });
    if (caller === null) throw unauthenticated(presented);
    if (!presented!.isBearer && !isRead(c)) requireOwnOrigin(c);
    services.lastUsed.note(caller.credentialId, now);
    c.set("caller", await asPerson(c, caller, services));
    return next();
  };
}

/** Whether the caller would be let in still: for an answer that goes on for long. */
export async function isStillLetIn(c: AppContext, services: CallerServices): Promise<boolean> {
  const presented = presentedSecret(c);
  if (presented === null) return false;
  const credentials = credentialsIn(services.database);
  const how = { kinds: presented.kinds, now: services.clock.now() };
  const caller = await authenticate(credentials, presented.secret, how);
  if (caller === null) return false;
  return asPerson(c, caller, services).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ProblemError) return false;
      throw error;
    },
  );
}

/** The secret that a request came with. */
export function presentedSecret(
  c: AppContext,
): { secret: string; kinds: readonly CredentialKind[]; isBearer: boolean } | null {
  const bearer = /^Bearer\s+(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (bearer !== undefined) return { secret: bearer, kinds: BEARER_KINDS, isBearer: true };
  const cookie = readSessionCookie(c, ownOrigin(c));
  return cookie === undefined ? null : { secret: cookie, kinds: ["dashboard_session"], isBearer: false };
}

/** Whoever came with something hears what became of it: a removed member's sessions are gone, as an old one is. */
function unauthenticated(presented: { isBearer: boolean } | null): ProblemError {
  if (presented === null) {
    return new ProblemError(
      "unauthenticated",
      "Nobody is signed in. Sign in, or send a key as Authorization: Bearer.",
    );
  }
  const detail = presented.isBearer
    ? "This key or token is unknown or has expired. Use a current one."
    : "This session has ended, or its member was removed. Sign in again; who is not let in asks an owner of the account for an invitation.";
  return new ProblemError("unauthenticated", detail, { extra: { reason: "session_ended" } });
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
      { extra: { reason: "session_ended" } },
    );
  }
  // What a person does about themselves is no billing of the account's.
  if (!standing.isActive && !isRead(c) && !c.req.path.startsWith(OF_PERSON)) {
    throw new ProblemError(
      "forbidden",
      `${standing.plan.name} has one seat, the owner's. You can read billing; to act again the account needs a plan with seats. Nothing was changed.`,
    );
  }
  return { ...caller, role: standing.role };
}

const OF_PERSON = "/api/auth/";

/** The site that the page is on, as the browser sees it: behind a proxy the Host of a request may be another. */
export function ownOrigin(c: AppContext): string {
  return c.get("publicUrl") ?? new URL(c.req.url).origin;
}

/**
 * Signing in by a form of another site would put this browser into a stranger's account. A program has no Origin and no
 * browser that could be put anywhere.
 */
export function refuseForeignOrigin(c: AppContext): void {
  if (c.req.header("origin") !== undefined) requireOwnOrigin(c);
}

function requireOwnOrigin(c: AppContext): void {
  const origin = c.req.header("origin");
  if (origin !== undefined && isOwnOrigin(c, origin)) return;
  throw new ProblemError(
    "origin_not_allowed",
    "This request did not come from the billing page itself, so it was not carried out.",
  );
}

/** Where the public address is not known, a proxy may have taken the TLS off, so that only the host can be compared. */
function isOwnOrigin(c: AppContext, origin: string): boolean {
  const publicUrl = c.get("publicUrl");
  if (publicUrl !== null) return origin === publicUrl;
  return URL.canParse(origin) && new URL(origin).host === c.req.header("host");
}

/** How the audit log names who calls. */
export function actorOf(c: AppContext): Actor {
  const { kind, memberId, credentialId } = c.get("caller");
  const requestId = c.get("requestId");
  if (memberId !== null) return { actor: memberId, actorKind: "member", requestId };
  const actorKind = kind === "platform_key" || kind === "account_key" ? kind : "session_token";
  return { actor: credentialId, actorKind, requestId };
}

/** The account that a request is about. A platform key names one by our id or by the product's own. */
export async function accountOf(c: AppContext, database: Database, named?: string): Promise<AccountId> {
  const accountId = await findNamed(c, database, named);
  c.set("accountId", accountId);
  return accountId;
}

async function findNamed(c: AppContext, database: Database, named?: string): Promise<AccountId> {
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
