/**
 * Sign-in by the product's own token: a JWT that it signs with its private key names person, account and role, and becomes
 * a session of this browser. It acts as a session token does: with the role that is named and no seat, because the
 * product knows its people and Bursar need not.
 */
import { MINUTE_MS, SECOND_MS, type AccountId, type Clock } from "@bursar/core";
import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from "jose";
import { z } from "zod";
import { DASHBOARD_SESSION_MS, issueNamed } from "../accounts/credentials.ts";
import { directoryOf } from "../accounts/directory.ts";
import { writeAudit } from "../audit/store.ts";
import { ROLES } from "../accounts/roles.ts";
import type { Queryable } from "../db/open-database.ts";
import { isStorable } from "../db/storable.ts";
import type { HostSettings } from "../settings.ts";
import { deviceOf } from "./device.ts";
import { endBrought, type From, type PeopleContext } from "./sessions.ts";
import { useHostToken } from "./store-attempts.ts";

/** Signatures by a private key alone: a secret that both sides know would let whoever reads one server sign for it. */
const ALGORITHMS = ["RS256", "ES256", "EdDSA"];
/** A token is for one redirect. What is good for longer may be in a log when it is used. */
const LIFETIME_MAX_MS = 5 * MINUTE_MS;
/** Clocks of two servers differ by some seconds. */
const TOLERANCE_SECONDS = 10;
const KEYS_KEPT_MS = 10 * MINUTE_MS;
/** An unknown key asks for the set again, but not more often: else a flood of made-up keys would flood the product. */
const ASK_AGAIN_MS = 30 * SECOND_MS;
const ANSWERS_WITHIN_MS = 5 * SECOND_MS;

const text = (min: number, max: number) =>
  z.string().min(min).max(max).refine(isStorable, "holds a character that cannot be stored");

const claims = z.object({
  sub: text(1, 200),
  jti: text(8, 200),
  exp: z.number(),
  iat: z.number(),
  account: text(1, 200),
  role: z.enum(ROLES as [string, ...string[]]),
  name: text(0, 200).optional(),
  email: text(0, 254).optional(),
});

export type HostSignInOutcome =
  | { readonly code: "signed_in"; readonly session: string }
  /** `reason` is for the product's engineer, and tells nothing that the token does not. */
  | { readonly code: "refused"; readonly reason: string }
  /** The product's keys cannot be fetched now. */
  | { readonly code: "unavailable" };

/** Keys as the product publishes them, fetched when they are first needed and kept for some minutes. */
export function hostKeys({ jwksUrl }: HostSettings, askAgainMs = ASK_AGAIN_MS): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(jwksUrl), {
    cacheMaxAge: KEYS_KEPT_MS,
    cooldownDuration: askAgainMs,
    timeoutDuration: ANSWERS_WITHIN_MS,
  });
}

export async function signInByHost(
  context: PeopleContext & { host: HostSettings; keys: JWTVerifyGetKey },
  { token, from }: { token: string; from: From },
): Promise<HostSignInOutcome> {
  const { database, clock, ids } = context;
  const read = await readToken(context, token);
  if ("code" in read) return read;
  const { claims: said } = read;
  const accountId = await directoryOf(database).find(said.account);
  if (accountId === null) return refused(`There is no account ${said.account} here.`);
  const tokenId = `${context.host.issuer}\n${said.jti}`;
  return database.kysely.transaction().execute(async (db): Promise<HostSignInOutcome> => {
    // Kept past the end by what clocks may differ.
    const expiresAt = said.exp * SECOND_MS + MINUTE_MS;
    if (!(await useHostToken(db, { tokenId, expiresAt }))) {
      return refused("This token was used. Each opens one session: make a new one, with a jti of its own.");
    }
    await endBrought({ db, clock }, from);
    const role = ROLES.find((each) => each === said.role)!;
    const { secret, credentialId } = await issueNamed(
      { db, clock, ids },
      {
        kind: "dashboard_session",
        accountId,
        memberId: null,
        role,
        lifetimeMs: DASHBOARD_SESSION_MS,
        name: deviceOf(from.userAgent),
        createdBy: `host:${said.sub}`,
      },
    );
    await tellLog({ db, accountId, clock }, { credentialId, said, requestId: from.requestId });
    return { code: "signed_in", session: secret };
  });
}

type Claims = z.output<typeof claims>;

async function readToken(
  { host, keys, clock }: { host: HostSettings; keys: JWTVerifyGetKey; clock: Clock },
  token: string,
): Promise<{ claims: Claims } | Exclude<HostSignInOutcome, { code: "signed_in" }>> {
  const now = clock.now();
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ALGORITHMS,
      issuer: host.issuer,
      audience: host.audience,
      currentDate: new Date(now),
      clockTolerance: TOLERANCE_SECONDS,
      requiredClaims: ["exp", "iat", "sub", "jti"],
    });
    const parsed = claims.safeParse(payload);
    if (!parsed.success) {
      const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
      return refused(`The token's claims are not what they should be: ${wrong.join("; ")}.`);
    }
    const { exp, iat } = parsed.data;
    if ((exp - iat) * SECOND_MS > LIFETIME_MAX_MS) {
      return refused(`The token is good for longer than ${LIFETIME_MAX_MS / MINUTE_MS} minutes.`);
    }
    if (iat > now / SECOND_MS + TOLERANCE_SECONDS) return refused("The token was made in the future.");
    return { claims: parsed.data };
  } catch (error) {
    if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) {
      return { code: "unavailable" };
    }
    if (error.code === "ERR_JOSE_GENERIC") return { code: "unavailable" };
    return refused(`The token is not accepted (${error.code}).`);
  }
}

const refused = (reason: string) => ({ code: "refused", reason }) as const;

/** The credential is the actor; whose it is, by the product's own id, stands beside it. */
async function tellLog(
  { db, accountId, clock }: { db: Queryable; accountId: AccountId; clock: Clock },
  { credentialId, said, requestId }: { credentialId: string; said: Claims; requestId: string },
): Promise<void> {
  const { sub: host, role, name = null, email = null } = said;
  const by = { actor: credentialId, actorKind: "session_token", requestId } as const;
  await writeAudit(db, by, {
    accountId,
    action: "session.started",
    subject: credentialId,
    before: null,
    after: { host, role, name, email },
    at: clock.now(accountId),
  });
}
