/**
 * Sends what is due. A delivery is taken (a lease), sent, and its outcome written: three steps, and nothing external
 * inside a transaction. A crash between sending and writing sends it once more after the lease, with the same
 * `webhook-id`: at least once, and the id tells.
 */
import { asAccountId, HOUR_MS, SECOND_MS, type AccountId, type Clock, type Instant } from "@bursar/core";
import { BURSAR } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import type { Database, Queryable } from "../db/open-database.ts";
import { writeNotice } from "../outbox/store.ts";
import { PLATFORM_SCOPE, reachOf, type WebhookTargets } from "./address.ts";
import type { Post, PostOutcome } from "./post.ts";
import { FAILING_MAX_MS, pauseAfter } from "./retry.ts";
import { signedHeaders } from "./signature.ts";
import { disableEndpoint, markFailing, markWell, readTarget } from "./store.ts";
import { failDue, finishTry, takeDueDeliveries, type TakenDelivery, type Try } from "./store-deliveries.ts";

export interface SendContext {
  readonly database: Database;
  readonly clock: Clock;
  readonly post: Post;
  readonly targets: WebhookTargets;
  /** Tells an operator of an endpoint of the installation that was disabled. */
  readonly warn: (sentence: string) => void;
}

/** Longer than the slowest try, so that no other server takes what is under way. */
export const LEASE_MS = 60 * SECOND_MS;
/** Open connections at once, of them to one endpoint. */
const BATCH_MAX = 40;
const OF_EACH_ENDPOINT_MAX = 8;
/** More than a whole round of retries, so that the log shows all of it. */
const TRIES_KEPT = 20;
/** The endpoint says that it is gone for good, as the specification has it. */
const GONE = 410;

/** @returns how many were tried */
export async function sendDueWebhooks(context: SendContext): Promise<number> {
  const { database, clock } = context;
  const now = clock.now();
  const taken = await takeDueDeliveries(database.kysely, {
    now,
    leaseUntil: now + LEASE_MS,
    limit: BATCH_MAX,
    ofEach: OF_EACH_ENDPOINT_MAX,
  });
  await Promise.all(taken.map((delivery) => sendTaken(context, delivery)));
  return taken.length;
}

/** Sends one that this server has taken, and writes what came of it. */
export async function sendTaken(context: SendContext, delivery: TakenDelivery): Promise<Try> {
  const { database, clock, post, targets } = context;
  const { scope, endpointId, noticeId, body } = delivery;
  const startedAt = clock.now();
  const target = await readTarget(database.kysely, { scope, endpointId, now: startedAt });
  // Since it was taken: nothing goes out, least of all to an address that is no longer meant.
  if (target === null) return tryOf(REMOVED, { startedAt, now: startedAt });
  const { url, secrets } = target;
  const signed = signedHeaders({ id: noticeId, at: startedAt, body, secrets });
  const headers = { ...signed, "content-type": "application/json", "user-agent": "Bursar-Webhooks/1" };
  const outcome = await post({ url, reach: reachOf(targets, scope), headers, body });
  const now = clock.now();
  const last = tryOf(outcome, { startedAt, now });
  const isGone = outcome.code === "answered" && outcome.status === GONE;
  await database.kysely.transaction().execute(async (db) => {
    if (last.error === null) {
      await finishTry(db, delivery, { to: "sent", last, triesKept: TRIES_KEPT, now });
      return markWell(db, scope, endpointId);
    }
    const pause = isGone ? null : pauseAfter(delivery.attempts, noticeId);
    const to = pause === null ? "failed" : { dueAt: now + pause };
    await finishTry(db, delivery, { to, last, triesKept: TRIES_KEPT, now });
    await noteFailure(context, db, { delivery, now, isGone, error: last.error });
  });
  return last;
}

const REMOVED: PostOutcome = {
  code: "failed",
  error: "The endpoint was removed or disabled. Nothing was sent.",
};

function tryOf(outcome: PostOutcome, { startedAt, now }: { startedAt: Instant; now: Instant }): Try {
  const at = new Date(startedAt).toISOString();
  const durationMs = now - startedAt;
  if (outcome.code === "failed") {
    return { at, status: null, error: outcome.error.slice(0, 300), answer: null, durationMs };
  }
  const { status, excerpt: answer = null } = outcome;
  if (status >= 200 && status < 300) return { at, status, error: null, answer, durationMs };
  const why = status >= 300 && status < 400 ? "redirects, which is not followed" : `answered ${status}`;
  return { at, status, error: `The endpoint ${why}.`, answer, durationMs };
}

/** An endpoint that takes nothing for three days is disabled, and its account is told once. */
async function noteFailure(
  { warn }: SendContext,
  db: Queryable,
  failure: { delivery: TakenDelivery; now: Instant; isGone: boolean; error: string },
): Promise<void> {
  const { delivery, now, isGone, error } = failure;
  const { scope, endpointId } = delivery;
  const failing = await markFailing(db, { scope, endpointId, now });
  if (failing === null) return;
  if (!isGone && now - failing.failingSince < FAILING_MAX_MS) return;
  if (!(await disableEndpoint(db, scope, endpointId))) return;
  await failDue(db, scope, endpointId);
  const { url } = failing;
  const about = { action: "webhook_endpoint.disabled", subject: endpointId, before: null } as const;
  const owner = scope === PLATFORM_SCOPE ? null : asAccountId(scope);
  await writeAudit(db, BURSAR, { accountId: owner, ...about, after: { url, error }, at: now });
  if (scope === PLATFORM_SCOPE) return warn(`Webhooks to ${url} are disabled. ${error}`);
  const accountId: AccountId = asAccountId(scope);
  const data = { endpointId, url, lastError: error };
  const hour = Math.floor(now / HOUR_MS);
  const key = `webhook_endpoint.disabled:${endpointId}:${hour}`;
  await writeNotice(db, { accountId, type: "webhook_endpoint.disabled", data, at: now, key });
}
