/**
 * The troubles that can be ordered. Each strikes what it matches: after letting `skip` matches pass, in a `fraction` of
 * them, at most `times` times. Its choices come from its own `seed` and from nothing else, so the same fault against
 * the same calls strikes the same ones, whatever other faults there are.
 */
import type { Decline } from "../resources/test-cards.ts";

interface When {
  /** At most so many times; without it, until it is cleared. */
  times?: number;
  /** So many matches are let pass first. */
  skip?: number;
  /** The part of the matches that is struck, 0 to 1 (the default). */
  fraction?: number;
  /** 1 unless given. */
  seed?: number;
}

/** Requests under /v1. `*` in the path stands for anything. */
interface OfRequests extends When {
  method?: "GET" | "POST" | "DELETE";
  path?: string;
}

/** Deliveries of events, all of them unless narrowed. `*` in a type stands for anything. */
interface OfWebhooks extends When {
  type?: string;
  endpoint?: string;
}

/** 429 before any work. The header `stripe-should-retry` is sent only when it is given here. */
export interface RateLimitFault extends OfRequests {
  kind: "rate_limit";
  code?: "rate_limit" | "lock_timeout";
  should_retry?: boolean;
}

/**
 * 500. Before the work nothing has happened and nothing is remembered; after it the change is there, and the 500 is
 * what a repeat with the same idempotency key gets, as with Stripe.
 */
export interface ServerErrorFault extends OfRequests {
  kind: "server_error";
  stage?: "before" | "after";
  should_retry?: boolean;
}

/**
 * The connection is held for `hold_ms` (0) and closed without an answer. After the work the change is there, and a
 * repeat with the same idempotency key gets the answer that was lost.
 */
export interface TimeoutFault extends OfRequests {
  kind: "timeout";
  stage?: "before" | "after";
  hold_ms?: number;
}

/** Cards that stop paying. Saving them goes on; at least one of the first four must be given. */
export interface CardDeclineFault extends When {
  kind: "card_decline";
  payment_method?: string;
  fingerprint?: string;
  last4?: string;
  customer?: string;
  decline_code?: Decline;
}

/** Sent later: by `delay_ms`, or by something between that and `up_to_ms`, on the wall clock. */
interface WebhookDelayFault extends OfWebhooks {
  kind: "webhook_delay";
  delay_ms: number;
  up_to_ms?: number;
}

/** Lost on the way: the first `attempts` tries, or every one. */
interface WebhookDropFault extends OfWebhooks {
  kind: "webhook_drop";
  attempts?: number;
}

/** Sent `copies` (1) more times. */
interface WebhookRepeatFault extends OfWebhooks {
  kind: "webhook_repeat";
  copies?: number;
}

/** The events of one request reach an endpoint in another order. */
interface WebhookShuffleFault extends When {
  kind: "webhook_shuffle";
  endpoint?: string;
}

export type FaultSpec =
  | RateLimitFault
  | ServerErrorFault
  | TimeoutFault
  | CardDeclineFault
  | WebhookDelayFault
  | WebhookDropFault
  | WebhookRepeatFault
  | WebhookShuffleFault;

/** A fault that is on, with what it met so far. */
export type Fault = FaultSpec & { id: string; matched: number; struck: number };
