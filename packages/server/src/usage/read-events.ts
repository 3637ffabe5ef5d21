import {
  findMeter,
  groupOf,
  isQuantity,
  type AccountId,
  type Catalog,
  type EventCommand,
  type Instant,
} from "@bursar/core";
import { QUANTITY_MAX_TEXT } from "./event-bounds.ts";

/** One report of use as it was sent, its shape already checked. */
export interface ReportedEvent {
  readonly id: string;
  readonly meter: string;
  readonly quantity: number;
  readonly time?: string | undefined;
  readonly properties?: unknown;
  readonly enforce: boolean;
}

/** Why an event was not taken; `detail` says what to send instead. */
export interface EventRefusal {
  readonly code: string;
  readonly detail: string;
}

/** An event in the book's words, before the book has stamped it with the instant of its receipt. */
export interface ReadEvent {
  readonly command: Omit<EventCommand, "receivedAt">;
  /** JSON text. */
  readonly properties: string | null;
}

/** Turns a reported event into the book's command, or says why it cannot be counted. */
export function readEvent(
  catalog: Catalog,
  event: ReportedEvent,
  { accountId, now }: { accountId: AccountId; now: Instant },
): ReadEvent | EventRefusal {
  // A meter that there is not is the book's to refuse: it knows whether the event was recorded while there was one.
  const meter = findMeter(catalog, event.meter);
  if (!isQuantity(event.quantity)) {
    return {
      code: "invalid_quantity",
      detail: `The quantity of one event is at most ${QUANTITY_MAX_TEXT}. Send it in parts.`,
    };
  }
  const time = event.time === undefined ? now : Date.parse(event.time);
  if (time < 0) {
    return { code: "invalid_time", detail: `An event's time is 1970 or later, not ${event.time}.` };
  }
  if (meter !== undefined && (meter.kind === "level" ? event.quantity === 0 : event.quantity < 1)) {
    const wanted =
      meter.kind === "level" ? "a whole number, not 0 (the signed change)" : "a whole number from 1 on";
    return {
      code: "invalid_quantity",
      detail: `The quantity of ${meter.name} is ${wanted}, not ${event.quantity}.`,
    };
  }
  return {
    command: {
      type: "event",
      accountId,
      eventId: event.id,
      meterId: event.meter,
      quantity: event.quantity,
      time,
      mode: event.enforce ? "enforced" : "plain",
      resource: null,
      group: meter === undefined ? null : groupOf(meter, event.properties),
    },
    properties: event.properties === undefined ? null : JSON.stringify(event.properties),
  };
}
