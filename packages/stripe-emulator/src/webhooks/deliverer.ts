/**
 * Sends events to webhook endpoints, after the answers that caused them. Each endpoint has its own line, so that a slow
 * one keeps nobody else waiting; within a line, events go one at a time in the order they happened, and one that failed
 * is tried again later, after growing pauses, while the others go on. What is not delivered is in the store, and so
 * survives a restart.
 *
 * Success is any 2xx. A redirect, an error, no answer in time: tried again, and in the end given up.
 */
import type { Delivery, DeliveryAttempt } from "../entities/event.ts";
import type { WebhookEndpoint } from "../entities/webhook-endpoint.ts";
import type { Sandbox } from "../sandbox.ts";
import { API_VERSION } from "../wire/params.ts";
import { showEvent } from "../resources/events.ts";
import { signatureHeader, signingSecrets } from "./signature.ts";

export interface DelivererOptions {
  sandbox: Sandbox;
  /** The wall clock, in milliseconds. */
  now: () => number;
  /** Told of faults of the deliverer itself. */
  onFailure: (error: unknown) => void;
}

export class Deliverer {
  readonly #sandbox: Sandbox;
  readonly #now: () => number;
  readonly #onFailure: (error: unknown) => void;
  readonly #busy = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DelivererOptions) {
    this.#sandbox = options.sandbox;
    this.#now = options.now;
    this.#onFailure = options.onFailure;
  }

  /** Starts whatever is due, one delivery an endpoint. Cheap when nothing is. */
  wake(): void {
    if (this.#stop.signal.aborted) return;
    const { deliveries, webhookEndpoints } = this.#sandbox.store;
    let nextAt = Infinity;
    const isDue = (delivery: Delivery) => {
      if (delivery.not_before_ms <= this.#now()) return true;
      nextAt = Math.min(nextAt, delivery.not_before_ms);
      return false;
    };
    for (const { id } of webhookEndpoints.values()) {
      if (this.#busy.has(id)) continue;
      const due = deliveries.firstWhere("endpoint", id, isDue);
      if (due !== undefined) this.#start(due);
    }
    clearTimeout(this.#timer);
    if (nextAt === Infinity) return;
    this.#timer = setTimeout(
      () => this.wake(),
      Math.min(LONGEST_TIMER_MS, Math.max(1, nextAt - this.#now())),
    );
    this.#timer.unref();
  }

  /** Sends what is due by the clock, and is done when it has been tried: for who moves the clock by hand. */
  async deliverDue(): Promise<void> {
    this.wake();
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Breaks off what is on its way; it stays in the store, to be sent again after the next start. */
  async close(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await Promise.allSettled(this.#running);
  }

  #start(delivery: Delivery): void {
    this.#busy.add(delivery.endpoint);
    const running = this.#attempt(delivery)
      .catch((error: unknown) => this.#giveUp(delivery, error))
      .finally(() => {
        this.#running.delete(running);
        this.#busy.delete(delivery.endpoint);
        this.wake();
      });
    this.#running.add(running);
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const { store } = this.#sandbox;
    const endpoint = store.webhookEndpoints.get(delivery.endpoint);
    const event = store.events.get(delivery.event);
    if (endpoint === undefined || event === undefined) {
      this.#sandbox.transaction(() => store.deliveries.delete(delivery.id));
      return;
    }
    if (endpoint.status !== "enabled") {
      const attempt = { at_ms: this.#now(), status: null, note: "The endpoint is disabled." };
      this.#sandbox.transaction(() => this.#finish(delivery, attempt, "failed"));
      return;
    }
    const version = endpoint.api_version ?? API_VERSION;
    const body = JSON.stringify(showEvent(this.#sandbox, event, version), null, 2);
    const isLost = delivery.lost === null || delivery.attempts.length < delivery.lost;
    const attempt = isLost ? this.#lose() : await this.#post(endpoint, body);
    if (this.#stop.signal.aborted && !isSuccess(attempt)) return;
    this.#sandbox.transaction(() => this.#record(delivery, attempt));
  }

  /** A delivery that breaks the deliverer is told of and left, or it would break it for ever. */
  #giveUp(delivery: Delivery, error: unknown): void {
    this.#onFailure(error);
    this.#sandbox.transaction(() => this.#sandbox.store.deliveries.delete(delivery.id));
  }

  #lose(): DeliveryAttempt {
    return { at_ms: this.#now(), status: null, note: "Lost on the way, as ordered by a fault." };
  }

  async #post(endpoint: WebhookEndpoint, body: string): Promise<DeliveryAttempt> {
    const at_ms = this.#now();
    const signature = signatureHeader(signingSecrets(endpoint, at_ms), body, Math.floor(at_ms / 1000));
    const timeout = AbortSignal.timeout(this.#sandbox.account.settings.webhookTimeoutMs);
    try {
      const response = await fetch(endpoint.url, {
        method: "POST",
        redirect: "manual",
        headers: {
          "Content-Type": "application/json; charset=utf-8",
          "Stripe-Signature": signature,
          "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        },
        body,
        signal: AbortSignal.any([timeout, this.#stop.signal]),
      });
      await response.body?.cancel();
      return { at_ms, status: response.status, note: null };
    } catch {
      return { at_ms, status: null, note: timeout.aborted ? "No answer in time." : "No connection." };
    }
  }

  #record(delivery: Delivery, attempt: DeliveryAttempt): void {
    const { deliveries } = this.#sandbox.store;
    const pauseMs = this.#sandbox.account.settings.webhookRetryMs[delivery.attempts.length];
    if (isSuccess(attempt)) this.#finish(delivery, attempt, "delivered");
    else if (pauseMs === undefined) this.#finish(delivery, attempt, "failed");
    else {
      const attempts = [...delivery.attempts, attempt];
      deliveries.patch(delivery.id, { attempts, not_before_ms: this.#now() + pauseMs });
    }
  }

  #finish(delivery: Delivery, attempt: DeliveryAttempt, outcome: "delivered" | "failed"): void {
    const { deliveries, finishedDeliveries } = this.#sandbox.store;
    deliveries.delete(delivery.id);
    finishedDeliveries.put({ ...delivery, attempts: [...delivery.attempts, attempt], outcome });
  }
}

/** Node's timers hold 31 bits of milliseconds; a longer wait is one more look. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function isSuccess({ status }: DeliveryAttempt): boolean {
  return status !== null && status >= 200 && status < 300;
}
