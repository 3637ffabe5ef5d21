import type { CallOptions, TokenSource } from "./call.ts";
import type { RetryOptions } from "./retry.ts";
import type { EventSourceLike } from "./stream.ts";

export interface ClientOptions {
  /** Where Bursar answers, without a slash at its end; the page's own origin when left out. */
  baseUrl?: string;
  /**
   * A session token, or what gives a current one and is asked before every request; without one the browser's cookie
   * says who is calling.
   */
  token?: TokenSource;
  fetch?: typeof fetch;
  /** Reads, and calls with an idempotency key, are sent again after a lost answer. */
  retry?: RetryOptions;
  openEventSource?: (url: string) => EventSourceLike;
}

/** @param path where the calls begin, on the server */
export function callOptionsOf(options: ClientOptions, path: string): CallOptions {
  return {
    token: options.token,
    // Called through an arrow: a browser's fetch refuses to run detached from its window.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    ...(options.retry === undefined ? {} : { retry: options.retry }),
    baseUrl: `${options.baseUrl ?? ""}${path}`,
  };
}
