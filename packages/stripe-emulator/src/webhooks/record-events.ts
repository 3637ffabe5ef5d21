/**
 * Events: what happened, with a snapshot of the object as it then was. Recorded in the same transaction as the change,
 * together with one delivery for each webhook endpoint that wants it. What faults do to a delivery is decided here, in
 * the order of the events, so that it does not depend on how fast anybody answers.
 */
import type { EventRequest, EventType, StripeEvent } from "../entities/event.ts";
import type { WebhookEndpoint } from "../entities/webhook-endpoint.ts";
import type { Faults } from "../faults/faults.ts";
import { newId } from "../store/ids.ts";
import type { Store } from "../store/store.ts";
import type { WireObject } from "../wire/shape.ts";

/** Where events are written, and the time that they carry. */
export interface EventBook {
  store: Store;
  faults: Faults;
  eventNow: (customer: string | null) => number;
  wallNowMs: () => number;
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
  if (raised.length === 0) return;
  const rank = (event: RaisedEvent) => {
    const index = options.order.indexOf(event.type);
    return index < 0 ? options.order.length : index;
  };
  const arranged = options.order.length === 0 ? raised : raised.toSorted((a, b) => rank(a) - rank(b));
  const request = options.request ?? { id: null, idempotency_key: null };
  const events = arranged.map((event) => record(book, event, request));
  for (const endpoint of book.store.webhookEndpoints.values()) {
    const wanted = events.filter(({ type }) => wants(endpoint, type));
    for (const event of book.faults.orderFor(endpoint.id, wanted)) send(book, event, endpoint);
  }
}

function record(book: EventBook, raised: RaisedEvent, request: EventRequest): StripeEvent {
  return book.store.events.put({
    id: newId("evt"),
    created: book.eventNow(customerOf(book.store, raised.object)),
    type: raised.type,
    data: { object: raised.object, ...(raised.previous && { previous_attributes: raised.previous }) },
    request,
  });
}

/** Puts an event on its way to an endpoint, as the faults would have it. */
function send(book: EventBook, event: StripeEvent, endpoint: WebhookEndpoint): void {
  const { delay_ms, lost, copies } = book.faults.forDelivery(endpoint.id, event.type);
  const not_before_ms = delay_ms === 0 ? 0 : book.wallNowMs() + delay_ms;
  for (let copy = 0; copy <= copies; copy += 1) {
    const id = newId("whd");
    book.store.deliveries.put({
      id,
      event: event.id,
      endpoint: endpoint.id,
      attempts: [],
      not_before_ms,
      lost,
    });
  }
}

/** Puts an event on its way once more, whatever became of it before; no fault meddles with what a person asked for. */
export function resendEvent(store: Store, event: string, endpoint: string): void {
  store.deliveries.put({ id: newId("whd"), event, endpoint, attempts: [], not_before_ms: 0, lost: 0 });
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
