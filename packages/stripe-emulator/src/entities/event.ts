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

/** One event on its way to one endpoint. Deleted once delivered or given up. */
export interface Delivery {
  id: string;
  event: string;
  endpoint: string;
  attempts: number;
  /** Unix milliseconds before which it is not tried again. */
  not_before_ms: number;
}
