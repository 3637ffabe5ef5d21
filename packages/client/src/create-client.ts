import { createDemoClient, type DemoClient } from "./demo.ts";
import { createRequester } from "./requester.ts";
import { listenTo, type EventSourceLike, type StreamListener } from "./stream.ts";
import type {
  Credits,
  CreditTransaction,
  Interval,
  Invoice,
  List,
  Overview,
  Pack,
  PlanChange,
  PlanOffer,
  Preview,
  UsageDaily,
} from "./types.ts";

export interface ClientOptions {
  /** Where Bursar answers, without a slash at its end; the page's own origin when left out. */
  baseUrl?: string;
  /** A session token; without one the browser's cookie says who is calling. */
  token?: string;
  fetch?: typeof fetch;
  openEventSource?: (url: string) => EventSourceLike;
}

/** What is left out stays as it is; from Free it is monthly, with the plan's fewest seats. */
export interface PlanChoice {
  planId?: string;
  interval?: Interval;
  seats?: number;
}

export interface ChangeRequest extends PlanChoice {
  /** Of the preview that the person saw: nothing else is charged. */
  quoteId?: string;
}

/** Where the hosted page sends the browser afterwards. */
export interface ReturnUrls {
  successUrl?: string;
  cancelUrl?: string;
}

export interface CheckoutRequest extends PlanChoice, ReturnUrls {
  quoteId?: string;
}

export interface PackCheckoutRequest extends ReturnUrls {
  packId: string;
}

export interface Cancellation {
  status: "cancelled";
  cancelAt: string;
}

/** The address of a page of Stripe's. */
export interface HostedPage {
  url: string;
}

/**
 * The Billing API, typed. Every call rejects with a `ProblemError` when the server refuses. An idempotency key names
 * one intention: sent again with the same body, it gets the first answer and does nothing twice.
 */
export interface Client {
  overview: () => Promise<Overview>;
  plans: () => Promise<List<PlanOffer>>;
  preview: (choice: PlanChoice) => Promise<Preview>;
  checkout: (request: CheckoutRequest, idempotencyKey: string) => Promise<HostedPage>;
  /** Changes plan, interval or seats; what rises is charged to the saved card. */
  change: (request: ChangeRequest, idempotencyKey: string) => Promise<PlanChange>;
  /** Undoes what is scheduled, or gives up a change that waits for the bank. */
  undoPendingChange: () => Promise<void>;
  /** `now` only while past due. */
  cancel: (request: { reason?: string; now?: boolean }, idempotencyKey: string) => Promise<Cancellation>;
  resume: (idempotencyKey: string) => Promise<{ status: "active" }>;
  /** Asks Stripe how things stand, and answers the overview after that. */
  reconcile: (request: { sessionId?: string }) => Promise<Overview>;
  portal: (request: { returnUrl?: string }) => Promise<HostedPage>;
  invoices: (query?: { cursor?: string }) => Promise<List<Invoice>>;
  credits: () => Promise<Credits>;
  packs: () => Promise<List<Pack>>;
  creditsCheckout: (request: PackCheckoutRequest, idempotencyKey: string) => Promise<HostedPage>;
  /** Of the running window up to today, unless days are given (both inclusive, UTC). */
  usageDaily: (query: { meter: string; from?: string; to?: string }) => Promise<UsageDaily>;
  /** A day in `to` is in it as a whole; an instant is not. */
  transactions: (query?: {
    cursor?: string;
    type?: CreditTransaction["type"];
    from?: string;
    to?: string;
  }) => Promise<List<CreditTransaction>>;
  /**
   * Tells of changes as they happen, by server-sent events. They are signed in by cookie only: with a token, or where
   * there is no EventSource, nothing is told and the caller polls.
   *
   * @returns ends the stream
   */
  stream: (listener: StreamListener) => () => void;
  demo: DemoClient;
}

export function createClient(options: ClientOptions = {}): Client {
  const { baseUrl = "", token } = options;
  // Called through an arrow: a browser's fetch refuses to run detached from its window.
  const send = options.fetch ?? ((input, init) => fetch(input, init));
  const requester = createRequester({ baseUrl: `${baseUrl}/api/billing`, token, fetch: send });
  const { get, post, remove } = requester;
  return {
    demo: createDemoClient(createRequester({ baseUrl: `${baseUrl}/api/demo`, token, fetch: send })),
    overview: () => get(""),
    plans: () => get("/plans"),
    preview: (choice) => post("/preview", choice),
    checkout: (request, idempotencyKey) => post("/checkout", request, idempotencyKey),
    change: (request, idempotencyKey) => post("/change", request, idempotencyKey),
    undoPendingChange: () => remove("/pending-change"),
    cancel: (request, idempotencyKey) => post("/cancel", request, idempotencyKey),
    resume: (idempotencyKey) => post("/resume", {}, idempotencyKey),
    reconcile: (request) => post("/reconcile", request),
    portal: (request) => post("/portal", request),
    invoices: (query) => get("/invoices", { cursor: query?.cursor }),
    credits: () => get("/credits"),
    packs: () => get("/credits/packs"),
    creditsCheckout: (request, idempotencyKey) => post("/credits/checkout", request, idempotencyKey),
    usageDaily: (query) => get("/usage/daily", { ...query }),
    transactions: (query) => get("/credits/transactions", { ...query }),
    stream(listener) {
      const open = options.openEventSource ?? browserEventSource();
      if (token !== undefined || open === undefined) return () => undefined;
      return listenTo(open(`${baseUrl}/api/billing/stream`), listener);
    },
  };
}

function browserEventSource(): ((url: string) => EventSourceLike) | undefined {
  return typeof EventSource === "undefined" ? undefined : (url) => new EventSource(url);
}
