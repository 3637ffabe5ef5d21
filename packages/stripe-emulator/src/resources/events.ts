/**
 * Events: what happened, with a snapshot of the object as it then was. Recorded in the same transaction as the change,
 * together with one delivery for each webhook endpoint that wants it.
 */
import type Stripe from "stripe";
import type { Sandbox } from "../sandbox.ts";
import { newId } from "../store/ids.ts";
import { noSuchObject } from "../wire/errors.ts";
import { listPage } from "../wire/lists.ts";
import { API_VERSION } from "../wire/params.ts";
import { route } from "../wire/route.ts";
import type { WireObject } from "../wire/shape.ts";
import { complete } from "../wire/shape.ts";
import { wants } from "./webhook-endpoints.ts";

export type EventType = Stripe.Event.Type;

export interface EventRequest {
  id: string | null;
  idempotency_key: string | null;
}

export interface StripeEvent {
  id: string;
  created: number;
  type: EventType;
  data: { object: WireObject; previous_attributes?: Record<string, unknown> };
  request: EventRequest;
}

/** One event on its way to one endpoint. Deleted once delivered or given up. */
export interface Delivery {
  id: string;
  event: string;
  endpoint: string;
  attempts: number;
  /** Unix milliseconds before which it is not tried again. */
  not_before_ms: number;
}

export interface RaisedEvent {
  type: EventType;
  object: WireObject;
  previous: Record<string, unknown> | null;
}

/** Stores raised events, those named in `order` first and in that order, the others after them as they came. */
export function recordEvents(
  sandbox: Sandbox,
  raised: RaisedEvent[],
  options: { order: readonly EventType[]; request: EventRequest | null },
): void {
  const rank = (event: RaisedEvent) => {
    const index = options.order.indexOf(event.type);
    return index < 0 ? options.order.length : index;
  };
  const arranged = options.order.length === 0 ? raised : raised.toSorted((a, b) => rank(a) - rank(b));
  for (const event of arranged)
    record(sandbox, event, options.request ?? { id: null, idempotency_key: null });
}

function record(sandbox: Sandbox, raised: RaisedEvent, request: EventRequest): void {
  const event = sandbox.store.events.put({
    id: newId("evt"),
    created: sandbox.now(customerOf(raised.object)),
    type: raised.type,
    data: { object: raised.object, ...(raised.previous && { previous_attributes: raised.previous }) },
    request,
  });
  for (const endpoint of sandbox.store.webhookEndpoints.values()) {
    if (!wants(endpoint, event.type)) continue;
    const delivery = {
      id: newId("whd"),
      event: event.id,
      endpoint: endpoint.id,
      attempts: 0,
      not_before_ms: 0,
    };
    sandbox.store.deliveries.put(delivery);
  }
}

function customerOf(object: WireObject): string | null {
  if (object.object === "customer") return String(object["id"]);
  return typeof object["customer"] === "string" ? object["customer"] : null;
}

/** `apiVersion` is the endpoint's when it is delivered, the account's when it is listed. */
export function showEvent(sandbox: Sandbox, event: StripeEvent, apiVersion = API_VERSION): WireObject {
  return complete({
    object: "event",
    ...event,
    api_version: apiVersion,
    pending_webhooks: sandbox.store.deliveries.where("event", event.id).length,
  });
}

/** What changed between two snapshots of one object: the old values, as `*.updated` events carry them. */
export function previousAttributes(before: WireObject, after: WireObject): Record<string, unknown> {
  const changed = Object.keys(after).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  return Object.fromEntries(changed.map((key) => [key, before[key] ?? null]));
}

function isOfType(type: string, pattern: string): boolean {
  return pattern === type || (pattern.endsWith(".*") && type.startsWith(pattern.slice(0, -1)));
}

export const eventRoutes = [
  route<Stripe.EventListParams>("GET /v1/events", ({ sandbox, params, url }) => {
    const patterns = params.types ?? (params.type ? [params.type] : []);
    const all = sandbox.store.events.newestFirst();
    const wanted = patterns.length === 0 ? all : all.filter((e) => patterns.some((p) => isOfType(e.type, p)));
    return listPage(wanted, { params, url, show: (event) => showEvent(sandbox, event) });
  }),
  route("GET /v1/events/{id}", ({ sandbox, id }) => {
    const event = sandbox.store.events.get(id);
    if (event === undefined) throw noSuchObject("event", id);
    return showEvent(sandbox, event);
  }),
];
