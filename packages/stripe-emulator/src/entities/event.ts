/** What happened, and its way to those who want to know. */
import type { Stripe } from "../wire/stripe-types.ts";
import type { WireObject } from "../wire/shape.ts";

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

/** One event on its way to one endpoint. */
export interface Delivery {
  id: string;
  event: string;
  endpoint: string;
  /** What was tried, oldest first. */
  attempts: DeliveryAttempt[];
  /** Unix milliseconds before which it is not tried again. */
  not_before_ms: number;
  /** So many of its tries are lost by a fault; null loses all. */
  lost: number | null;
}

export interface DeliveryAttempt {
  at_ms: number;
  /** The status that came back, null when none did. */
  status: number | null;
  note: string | null;
}

/** A delivery that is over: it arrived, or it was given up. */
export interface FinishedDelivery extends Delivery {
  outcome: "delivered" | "failed";
}
