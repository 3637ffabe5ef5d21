/** What is done with endpoints: made, changed, rotated, tried, played to again. */
import { HOUR_MS, type Clock, type IdSource } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import { reachOf, urlMistake, type WebhookTargets } from "./address.ts";
import { messageBody } from "./message.ts";
import { LEASE_MS, sendTaken, type SendContext } from "./send-due.ts";
import { newSecret } from "./signature.ts";
import {
  changeEndpoint,
  deleteEndpoint,
  findEndpoint,
  insertEndpoint,
  rotateSecret,
  type EndpointRow,
} from "./store.ts";
import { insertDeliveries, takeDelivery, type Try } from "./store-deliveries.ts";

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
  | { readonly code: "not_found" };

/** @returns the endpoint with its secret, which is told this once */
export async function createEndpoint(
  { database, clock, ids, targets }: Context,
  scope: string,
  wish: EndpointWish,
): Promise<{ code: "created"; endpoint: EndpointRow; secret: string } | EndpointRefusal> {
  const mistake = urlMistake(wish.url, reachOf(targets, scope));
  if (mistake !== null) return { code: "bad_url", mistake };
  const secret = newSecret(ids);
  const row = { ...wish, scope, endpointId: ids.next("whe_"), secret, createdAt: clock.now() };
  const isMade = await database.kysely
    .transaction()
    .execute((db) => insertEndpoint(db, row, { max: ENDPOINTS_MAX }));
  if (!isMade) return { code: "too_many" };
  const endpoint = await findEndpoint(database.kysely, scope, row.endpointId);
  return endpoint === null ? { code: "not_found" } : { code: "created", endpoint, secret };
}

/** What is left out stays as it is. */
export async function updateEndpoint(
  { database, targets }: Context,
  { scope, endpointId }: { scope: string; endpointId: string },
  wish: { [Part in keyof EndpointWish]?: EndpointWish[Part] | undefined } & { enabled?: boolean | undefined },
): Promise<{ code: "changed"; endpoint: EndpointRow } | EndpointRefusal> {
  const found = await findEndpoint(database.kysely, scope, endpointId);
  if (found === null) return { code: "not_found" };
  const mistake = wish.url === undefined ? null : urlMistake(wish.url, reachOf(targets, scope));
  if (mistake !== null) return { code: "bad_url", mistake };
  const isChanged = await changeEndpoint(database.kysely, found, {
    url: wish.url ?? found.url,
    description: wish.description ?? found.description,
    eventTypes: wish.eventTypes === undefined ? found.eventTypes : wish.eventTypes,
    state: wish.enabled === undefined ? found.state : wish.enabled ? "enabled" : "disabled",
  });
  const endpoint = isChanged ? await findEndpoint(database.kysely, scope, endpointId) : null;
  return endpoint === null ? { code: "not_found" } : { code: "changed", endpoint };
}

/** Its deliveries go with the others that are old. */
export function removeEndpoint({ database }: Context, scope: string, endpointId: string): Promise<boolean> {
  return deleteEndpoint(database.kysely, scope, endpointId);
}

export async function rotateEndpoint(
  { database, clock, ids }: Context,
  scope: string,
  endpointId: string,
): Promise<{ code: "rotated"; secret: string; previousUntil: number } | { code: "not_found" }> {
  const secret = newSecret(ids);
  const previousUntil = clock.now() + ROTATION_MS;
  const isRotated = await rotateSecret(database.kysely, { scope, endpointId }, { secret, previousUntil });
  return isRotated ? { code: "rotated", secret, previousUntil } : { code: "not_found" };
}

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
  const type = "webhook_endpoint.test";
  const body = messageBody({ type, at: now, account: null, data: { endpointId } });
  const key = { scope, endpointId, noticeId };
  await database.kysely.transaction().execute(async (db) => {
    await insertDeliveries(db, [{ ...key, type, body, state: "due", createdAt: now }], now);
    await takeDelivery(db, key, now + LEASE_MS);
  });
  const outcome = await sendTaken(context, { ...key, type, body, url: found.url, attempts: 1 });
  return { code: "tried", noticeId, outcome };
}
