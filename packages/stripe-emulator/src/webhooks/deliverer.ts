/**
 * Sends events to webhook endpoints, after the answers that caused them. Each endpoint has its own line, so that a slow
 * one keeps nobody else waiting; within a line, events go one at a time in the order they happened, and one that failed
 * is tried again later, after growing pauses, while the others go on. What is not delivered is in the store, and so
 * survives a restart.
 *
 * Success is any 2xx. A redirect, an error, no answer in time: tried again, and in the end given up.
 */
import type { Delivery } from "../entities/event.ts";
import type { WebhookEndpoint } from "../entities/webhook-endpoint.ts";
import type { Sandbox } from "../sandbox.ts";
import { API_VERSION } from "../wire/params.ts";
import { showEvent } from "../resources/events.ts";
import { signatureHeader } from "./signature.ts";

export interface DelivererOptions {
  sandbox: Sandbox;
  /** The wall clock, in milliseconds. */
  now: () => number;
}

export class Deliverer {
  readonly #sandbox: Sandbox;
  readonly #now: () => number;
  readonly #busy = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DelivererOptions) {
    this.#sandbox = options.sandbox;
    this.#now = options.now;
  }

  /** Starts whatever is due. Cheap when nothing is. */
  wake(): void {
    if (this.#stop.signal.aborted) return;
    const { deliveries } = this.#sandbox.store;
    let nextAt = Infinity;
    for (const delivery of deliveries.values()) {
      if (this.#busy.has(delivery.endpoint)) continue;
      if (delivery.not_before_ms > this.#now()) {
        nextAt = Math.min(nextAt, delivery.not_before_ms);
        continue;
      }
      this.#start(delivery);
    }
    clearTimeout(this.#timer);
    if (nextAt < Infinity) this.#timer = setTimeout(() => this.wake(), Math.max(1, nextAt - this.#now()));
    this.#timer?.unref();
  }

  /** Breaks off what is on its way; it stays in the store, to be sent again after the next start. */
  async close(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await Promise.allSettled(this.#running);
  }

  #start(delivery: Delivery): void {
    this.#busy.add(delivery.endpoint);
    const running = this.#attempt(delivery).finally(() => {
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
    if (endpoint === undefined || event === undefined || endpoint.status !== "enabled") {
      this.#sandbox.transaction(() => store.deliveries.delete(delivery.id));
      return;
    }
    const body = JSON.stringify(
      showEvent(this.#sandbox, event, endpoint.api_version ?? API_VERSION),
      null,
      2,
    );
    const isDelivered = await this.#post(endpoint, body);
    if (this.#stop.signal.aborted && !isDelivered) return;
    this.#sandbox.transaction(() => this.#record(delivery, isDelivered));
  }

  async #post(endpoint: WebhookEndpoint, body: string): Promise<boolean> {
    const signature = signatureHeader(endpoint.secret, body, Math.floor(this.#now() / 1000));
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
      return response.ok;
    } catch {
      return false;
    }
  }

  #record(delivery: Delivery, isDelivered: boolean): void {
    const { deliveries } = this.#sandbox.store;
    const pauseMs = this.#sandbox.account.settings.webhookRetryMs[delivery.attempts];
    if (isDelivered || pauseMs === undefined) {
      deliveries.delete(delivery.id);
      return;
    }
    deliveries.patch(delivery.id, { attempts: delivery.attempts + 1, not_before_ms: this.#now() + pauseMs });
  }
}
