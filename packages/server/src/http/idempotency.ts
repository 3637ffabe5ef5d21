import { createHash } from "node:crypto";
import { HOUR_MS, MINUTE_MS, type Clock, type Instant } from "@bursar/core";
import type { MiddlewareHandler } from "hono";
import { directoryOf } from "../accounts/directory.ts";
import type { Database } from "../db/open-database.ts";
import { presentedSecret, type AppContext, type Variables } from "./caller.ts";
import { ProblemError } from "./problem.ts";
import { holdsSecret, sealFor, type Seal } from "./seal.ts";
import * as store from "./store-idempotency.ts";

const KEY_CHARACTERS_MAX = 255;

/** A request that has no answer after this long died with its server; its key may be used again. */
const ABANDONED_AFTER_MS = 2 * MINUTE_MS;

/**
 * `Idempotency-Key` on every POST: the first answer is kept 24 hours and replayed. Answers of 500 and above are not
 * kept: whether the work was done is told by the operation's own keys, and the caller is meant to try again. An operation
 * that has no key of its own for it takes `intention`.
 */
export function idempotencyMiddleware({
  database,
  clock,
}: {
  database: Database;
  clock: Clock;
}): MiddlewareHandler<{ Variables: Variables }> {
  return async (c, next) => {
    const key = c.req.header("idempotency-key");
    if (c.req.method !== "POST" || key === undefined) return next();
    if (key === "" || key.length > KEY_CHARACTERS_MAX) {
      throw new ProblemError(
        "invalid_request",
        `An Idempotency-Key has 1 to ${KEY_CHARACTERS_MAX} characters.`,
      );
    }
    const scope = await scopeOf(c, database);
    c.set("intention", createHash("sha256").update(`${scope}\n${key}`).digest("hex").slice(0, 32));
    const requestHash = createHash("sha256")
      .update(`${c.req.path}\n${await c.req.text()}`)
      .digest();
    const now = clock.now();
    const claim = { scope, key, requestHash, now, abandonedBefore: now - ABANDONED_AFTER_MS };
    const first = await store.claimKey(database.kysely, claim);
    const seal = sealFor(presentedSecret(c)?.secret ?? "", `${scope}\n${key}`);
    if (first === null) throw inProgress();
    if (first !== "taken") return replay(first, requestHash, seal);

    await next();
    const { status } = c.res;
    if (status >= 500) return store.releaseKey(database.kysely, claim);
    const answered = await c.res.clone().text();
    const isSealed = holdsSecret(answered);
    const body = isSealed ? seal.close(answered) : answered;
    const contentType = c.res.headers.get("content-type");
    await store.keepAnswer(database.kysely, claim, { status, contentType, body, isSealed });
  };
}

/**
 * Whose keys these are: an account's by the kind of credential and the role (or the person), so that nobody is handed
 * an answer that was made for more rights than theirs. Both names of an account are one.
 */
async function scopeOf(c: AppContext, database: Database): Promise<string> {
  const { kind, accountId, memberId, role } = c.get("caller");
  const named = c.req.header("bursar-account");
  const found = accountId ?? (named === undefined ? null : await directoryOf(database).find(named));
  return `${found ?? `platform:${named ?? ""}`}:${kind}:${memberId ?? role}`;
}

const KEPT_MS = 24 * HOUR_MS;
const TRIMMED_MAX = 1_000;

/** Removes answers that were kept for their 24 hours, some at a time, until none is left. */
export async function trimAnswers({ kysely }: Database, now: Instant): Promise<void> {
  const some = { before: now - KEPT_MS, limit: TRIMMED_MAX };
  while ((await store.trimKeys(kysely, some)) === TRIMMED_MAX);
}

function inProgress(): ProblemError {
  return new ProblemError(
    "idempotency_in_progress",
    "The first request with this Idempotency-Key is still running. Send it again in a moment.",
    { headers: { "retry-after": "1" } },
  );
}

function replay(first: store.IdempotencyRow, requestHash: Buffer, seal: Seal): Response {
  if (!requestHash.equals(first.requestHash)) {
    throw new ProblemError(
      "idempotency_mismatch",
      "This Idempotency-Key was used for another request. Use a new key for a new intention.",
    );
  }
  if (first.status === null) throw inProgress();
  const headers = new Headers({ "idempotency-replayed": "true" });
  if (first.contentType !== null) headers.set("content-type", first.contentType);
  const body = first.isSealed && first.body !== null ? seal.open(first.body) : first.body;
  if (first.isSealed && body === null) {
    throw new ProblemError(
      "conflict",
      "This was done before, with another credential than this one, and its answer holds a secret that only that one is told again. Revoke what was made and make a new one, with a new Idempotency-Key.",
    );
  }
  return new Response(first.status === 204 ? null : body, { status: first.status, headers });
}
