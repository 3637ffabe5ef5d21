/** What is done with endpoints: made, changed, rotated, tried, played to again. */
import { asAccountId, HOUR_MS, type AccountId, type Clock, type IdSource } from "@bursar/core";
import { managerRole } from "../accounts/manager-role.ts";
import { lockAccount } from "../accounts/store.ts";
import type { AuditAction } from "../audit/actions.ts";
import type { Actor } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import type { Database, Queryable } from "../db/open-database.ts";
import { PLATFORM_SCOPE, reachOf, urlMistake, type WebhookTargets } from "./address.ts";
import { messageBody } from "./message.ts";
import { LEASE_MS, sendTaken, type SendContext } from "./send-due.ts";
import { newSecret } from "./signature.ts";
import {
  changeEndpoint,
  deleteEndpoint,
  findEndpoint,
  insertEndpoint,
  lockEndpoint,
  rotateSecret,
  type EndpointRow,
} from "./store.ts";
import { failDue, insertDeliveries, takeDelivery, type Try } from "./store-deliveries.ts";

interface Context {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly targets: WebhookTargets;
}

/** More would multiply each notice for no use; the largest platforms allow about as many. */
export const ENDPOINTS_MAX = 20;

/** Both secrets sign for a day: time to put the new one where it is needed. */
const ROTATION_MS = 24 * HOUR_MS;

export interface EndpointWish {
  readonly url: string;
  readonly description: string;
  readonly eventTypes: readonly string[] | null;
}

export type EndpointRefusal =
  | { readonly code: "bad_url"; readonly mistake: string }
  | { readonly code: "too_many" }
  | { readonly code: "rights_ended" }
  | { readonly code: "not_found" };

/** @returns the endpoint with its secret, which is told this once */
export async function createEndpoint(
  { database, clock, ids, targets }: Context,
  scope: string,
  { actor, ...wish }: EndpointWish & { actor: Actor },
): Promise<{ code: "created"; endpoint: EndpointRow; secret: string } | EndpointRefusal> {
  const mistake = urlMistake(wish.url, reachOf(targets, scope));
  if (mistake !== null) return { code: "bad_url", mistake };
  const secret = newSecret(ids);
  const row = { ...wish, scope, endpointId: ids.next("whe_"), secret, createdAt: clock.now() };
  const refusal = await database.kysely.transaction().execute(async (db) => {
    if (!(await mayStill(db, scope, actor))) return "rights_ended";
    if (!(await insertEndpoint(db, row, { max: ENDPOINTS_MAX }))) return "too_many";
    await note(db, actor, { ...row, verb: "created", before: null, after: wish, at: row.createdAt });
    return null;
  });
  if (refusal !== null) return { code: refusal };
  const endpoint = await findEndpoint(database.kysely, scope, row.endpointId);
  return endpoint === null ? { code: "not_found" } : { code: "created", endpoint, secret };
}

/** What is left out stays as it is. */
export async function updateEndpoint(
  { database, clock, targets }: Context,
  { scope, endpointId, actor }: { scope: string; endpointId: string; actor: Actor },
  wish: { [Part in keyof EndpointWish]?: EndpointWish[Part] | undefined } & { enabled?: boolean | undefined },
): Promise<{ code: "changed"; endpoint: EndpointRow } | EndpointRefusal> {
  const mistake = wish.url === undefined ? null : urlMistake(wish.url, reachOf(targets, scope));
  // Who may not know of it is told that it is not there, whatever they sent.
  if (mistake !== null && (await findEndpoint(database.kysely, scope, endpointId)) !== null) {
    return { code: "bad_url", mistake };
  }
  const refusal = await database.kysely.transaction().execute(async (db) => {
    if (!(await mayStill(db, scope, actor))) return "rights_ended";
    // Locked, so that of two changes at once neither writes back what the other has just changed.
    const found = await lockEndpoint(db, scope, endpointId);
    if (found === null) return "not_found";
    const after = {
      url: wish.url ?? found.url,
      description: wish.description ?? found.description,
      eventTypes: wish.eventTypes === undefined ? found.eventTypes : wish.eventTypes,
      state: wish.enabled === undefined ? found.state : wish.enabled ? "enabled" : "disabled",
    } as const;
    if (!(await changeEndpoint(db, found, after))) return "not_found";
    // As where one is disabled by itself: what waits would else come by surprise, days later, when it is enabled.
    if (after.state === "disabled") await failDue(db, scope, endpointId);
    await note(db, actor, { ...found, verb: "changed", before: shown(found), after, at: clock.now() });
    return null;
  });
  if (refusal !== null) return { code: refusal };
  const endpoint = await findEndpoint(database.kysely, scope, endpointId);
  return endpoint === null ? { code: "not_found" } : { code: "changed", endpoint };
}

/** What waits for it is sent to nobody; its deliveries go with the others that are old. */
export function removeEndpoint(
  { database, clock }: Context,
  { scope, endpointId, actor }: { scope: string; endpointId: string; actor: Actor },
): Promise<{ readonly code: "removed" } | EndpointRefusal> {
  return database.kysely.transaction().execute(async (db): Promise<{ code: "removed" } | EndpointRefusal> => {
    if (!(await mayStill(db, scope, actor))) return { code: "rights_ended" };
    const found = await findEndpoint(db, scope, endpointId);
    if (found === null || !(await deleteEndpoint(db, scope, endpointId))) return { code: "not_found" };
    await failDue(db, scope, endpointId);
    await note(db, actor, { ...found, verb: "removed", before: shown(found), after: null, at: clock.now() });
    return { code: "removed" };
  });
}

export async function rotateEndpoint(
  { database, clock, ids }: Context,
  { scope, endpointId, actor }: { scope: string; endpointId: string; actor: Actor },
): Promise<{ code: "rotated"; secret: string; previousUntil: number } | EndpointRefusal> {
  const secret = newSecret(ids);
  const at = clock.now();
  const previousUntil = at + ROTATION_MS;
  const refusal = await database.kysely.transaction().execute(async (db) => {
    if (!(await mayStill(db, scope, actor))) return "rights_ended";
    if (!(await rotateSecret(db, { scope, endpointId }, { secret, previousUntil }))) return "not_found";
    await note(db, actor, { scope, endpointId, verb: "secret_rotated", before: null, after: null, at });
    return null;
  });
  return refusal === null ? { code: "rotated", secret, previousUntil } : { code: refusal };
}

/** Whether who asks looks after endpoints at this moment; kept so until the transaction ends. */
async function mayStill(db: Queryable, scope: string, actor: Actor): Promise<boolean> {
  const accountId = accountOf(scope);
  if (accountId !== null) await lockAccount(db, accountId);
  return (await managerRole(db, accountId, actor)) !== null;
}

const accountOf = (scope: string): AccountId | null => (scope === PLATFORM_SCOPE ? null : asAccountId(scope));

/** For the audit log: never the secret. */
function note(
  db: Queryable,
  actor: Actor,
  given: {
    scope: string;
    endpointId: string;
    verb: "created" | "changed" | "removed" | "secret_rotated";
    before: object | null;
    after: object | null;
    at: number;
  },
): Promise<void> {
  const { scope, endpointId: subject, verb, before, after, at } = given;
  const accountId = accountOf(scope);
  const action: AuditAction = `webhook_endpoint.${verb}`;
  return writeAudit(db, actor, { accountId, action, subject, before, after, at });
}

function shown({ url, description, eventTypes, state }: EndpointRow) {
  return { url, description, eventTypes, state };
}

/** Of the message that the test route alone sends. */
export const TEST_TYPE = "webhook_endpoint.test";

export type TestOutcome =
  | { readonly code: "tried"; readonly noticeId: string; readonly outcome: Try }
  | { readonly code: "not_found" }
  | { readonly code: "disabled" };

/** Sends a message of its own at once, and says what came of it. It is retried like any other. */
export async function testEndpoint(
  context: Context & SendContext,
  scope: string,
  endpointId: string,
): Promise<TestOutcome> {
  const { database, clock, ids } = context;
  const found = await findEndpoint(database.kysely, scope, endpointId);
  if (found === null) return { code: "not_found" };
  if (found.state === "disabled") return { code: "disabled" };
  const noticeId = ids.next("ntc_test");
  const now = clock.now();
  const leaseUntil = now + LEASE_MS;
  const type = TEST_TYPE;
  const body = messageBody({ type, at: now, account: null, data: { endpointId } });
  const key = { scope, endpointId, noticeId };
  await database.kysely.transaction().execute(async (db) => {
    await insertDeliveries(db, [{ ...key, type, body, state: "due", createdAt: now }], now);
    await takeDelivery(db, key, leaseUntil);
  });
  const outcome = await sendTaken(context, { ...key, type, body, attempts: 1, leaseUntil });
  return { code: "tried", noticeId, outcome };
}
