/**
 * Events: what happened, with a snapshot of the object as it then was. Recorded in the same transaction as the change,
 * together with one delivery for each webhook endpoint that wants it.
 */
import type { EventRequest, EventType } from "../entities/event.ts";
import type { WebhookEndpoint } from "../entities/webhook-endpoint.ts";
import { newId } from "../store/ids.ts";
import type { Store } from "../store/store.ts";
import type { WireObject } from "../wire/shape.ts";

/** Where events are written, and the time that they carry. */
export interface EventBook {
  store: Store;
  eventNow: (customer: string | null) => number;
}

export interface RaisedEvent {
  type: EventType;
  object: WireObject;
  previous: Record<string, unknown> | null;
}

/** Stores raised events, those named in `order` first and in that order, the others after them as they came. */
export function recordEvents(
  book: EventBook,
  raised: RaisedEvent[],
  options: { order: readonly EventType[]; request: EventRequest | null },
): void {
  const rank = (event: RaisedEvent) => {
    const index = options.order.indexOf(event.type);
    return index < 0 ? options.order.length : index;
  };
  const arranged = options.order.length === 0 ? raised : raised.toSorted((a, b) => rank(a) - rank(b));
  for (const event of arranged) record(book, event, options.request ?? { id: null, idempotency_key: null });
}

function record(book: EventBook, raised: RaisedEvent, request: EventRequest): void {
  const event = book.store.events.put({
    id: newId("evt"),
    created: book.eventNow(customerOf(book.store, raised.object)),
    type: raised.type,
    data: { object: raised.object, ...(raised.previous && { previous_attributes: raised.previous }) },
    request,
  });
  for (const endpoint of book.store.webhookEndpoints.values()) {
    if (!wants(endpoint, event.type)) continue;
    const delivery = {
      id: newId("whd"),
      event: event.id,
      endpoint: endpoint.id,
      attempts: 0,
      not_before_ms: 0,
    };
    book.store.deliveries.put(delivery);
  }
}

function wants(endpoint: WebhookEndpoint, type: string): boolean {
  if (endpoint.status !== "enabled") return false;
  return endpoint.enabled_events.some((pattern) => pattern === "*" || pattern === type);
}

/** Objects that name no customer, by the field through which theirs is found. */
const VIA = ["invoice", "charge", "payment_intent"] as const;

/** Whose time an event happens in. */
function customerOf(store: Store, object: WireObject): string | null {
  if (object.object === "customer") return String(object["id"]);
  if (typeof object["customer"] === "string") return object["customer"];
  for (const field of VIA) {
    const id = String(object[field]);
    const through = store.invoices.get(id) ?? store.charges.get(id) ?? store.paymentIntents.get(id);
    if (through) return through.customer;
  }
  return null;
}
