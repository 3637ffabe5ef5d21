import { createAuthClient, type AuthClient } from "./auth.ts";
import { callOptionsOf, type ClientOptions } from "./client-options.ts";
import { createDemoClient, type DemoClient } from "./demo.ts";
import { createKeysClient, type KeysClient } from "./keys.ts";
import {
  createNotificationsClient,
  createWebhooksClient,
  type NotificationsClient,
  type WebhooksClient,
} from "./outgoing.ts";
import { createRequester, type CsvFile } from "./requester.ts";
import { listen } from "./listen.ts";
import type { StreamListener } from "./stream.ts";
import type {
  AutoRecharge,
  AcceptedInvitation,
  Credits,
  CreditTransaction,
  Interval,
  Invitation,
  InvoiceList,
  List,
  MemberList,
  Overview,
  Pack,
  RechargeAttempt,
  PackPurchase,
  PlanChange,
  PlanOffer,
  Preview,
  Role,
} from "./types.ts";
import type { Withdrawal } from "./page-types.ts";
import type { UsageDaily } from "./usage-types.ts";

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

/** Where the hosted page sends the browser afterwards, and the language that it has: English when left out. */
export interface ReturnUrls {
  locale?: string;
  successUrl?: string;
  cancelUrl?: string;
}

export interface CheckoutRequest extends PlanChoice, ReturnUrls {
  quoteId?: string;
}

export interface PortalRequest {
  returnUrl?: string;
  /** Stripe's form for a card, in place of its overview. */
  flow?: "payment_method";
  /** The language of the page; English when left out. */
  locale?: string;
}

export interface PackCheckoutRequest extends ReturnUrls {
  packId: string;
}

export interface PurchaseRequest {
  packId: string;
  /** What the person was shown, tax included: another total is refused as `quote_changed`, with the new `total`. */
  expectedTotal?: number;
}

export interface TransactionsQuery {
  type?: CreditTransaction["type"];
  from?: string;
  to?: string;
  /** Uses of one day that follow each other are one row; not in the CSV, which has every entry. */
  group?: "day";
}

export interface PageQuery {
  cursor?: string;
  limit?: number;
}

export interface UsageDailyQuery {
  meter: string;
  from?: string;
  to?: string;
  /** The property that the meter is grouped by (`usage.<meter>.groupBy`): asks for `groups` as well. */
  groupBy?: string;
}

/** What is left out stays as it is. */
export interface AutoRechargeRequest {
  enabled: boolean;
  threshold?: number;
  packId?: string;
  spendingLimit?: number;
  /** Where the balance is below the threshold already: buy now, or only after the next purchase. */
  start?: "now" | "after_next_purchase";
}

export interface InvitationRequest {
  email: string;
  name?: string;
  role: Role;
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
  /** From the contract, as a consumer, where it is offered: the plan ends at once, what was paid is given back. */
  withdraw: (request: { name: string; email: string }, idempotencyKey: string) => Promise<Withdrawal>;
  resume: (idempotencyKey: string) => Promise<{ status: "active" }>;
  /** Asks Stripe how things stand, and answers the overview after that, with the id of this request. */
  reconcile: (request: { sessionId?: string }) => Promise<Overview & { requestId: string }>;
  /** `payment_method` opens the form for a card at once. */
  portal: (request: PortalRequest) => Promise<HostedPage>;
  /** @param query.year of the invoices' dates, UTC */
  invoices: (query?: { cursor?: string; year?: number }) => Promise<InvoiceList>;
  invoicesCsv: (query?: { year?: number }) => Promise<CsvFile>;
  /** With `group: "day"` uses of one day that follow each other are one row. */
  credits: (query?: { group?: "day" }) => Promise<Credits>;
  packs: () => Promise<List<Pack>>;
  creditsCheckout: (request: PackCheckoutRequest, idempotencyKey: string) => Promise<HostedPage>;
  /** Charges the saved card; the credits are in when it answers. */
  purchasePack: (request: PurchaseRequest, idempotencyKey: string) => Promise<PackPurchase>;
  /** Turning on, and raising threshold, limit or pack, is kept as a consent; turning off takes effect at once. */
  saveAutoRecharge: (request: AutoRechargeRequest) => Promise<AutoRecharge>;
  rechargeAttempts: (query?: { cursor?: string }) => Promise<List<RechargeAttempt>>;
  /** Of the running window up to today, unless days are given (both inclusive, UTC). */
  usageDaily: (query: UsageDailyQuery) => Promise<UsageDaily>;
  usageDailyCsv: (query: UsageDailyQuery) => Promise<CsvFile>;
  /** A day in `to` is in it as a whole; an instant is not. */
  transactions: (query?: TransactionsQuery & PageQuery) => Promise<List<CreditTransaction>>;
  transactionsCsv: (query?: TransactionsQuery) => Promise<CsvFile>;
  /** Members and open invitations: who holds which seat. */
  members: (query?: { cursor?: string; limit?: number }) => Promise<MemberList>;
  /** All or none, 50 at most. Without seats for all of them it is refused as `seats_in_use`, with `neededSeats`. */
  invite: (people: InvitationRequest[], idempotencyKey: string) => Promise<{ data: Invitation[] }>;
  /** A member, or an open invitation. */
  removePerson: (id: string) => Promise<void>;
  /** The invitation's token is the credential; it makes the member and signs nobody in. */
  acceptInvitation: (request: { token: string; name: string }) => Promise<AcceptedInvitation>;
  /**
   * Tells of changes as they happen, by server-sent events: with a token over `fetch`, because the browser's EventSource
   * sends none; else by EventSource, and where there is neither nothing is told and the caller polls.
   *
   * @returns ends the stream
   */
  stream: (listener: StreamListener) => () => void;
  keys: KeysClient;
  /** A member, from their next request on; the last owner stays one. */
  changeRole: (id: string, role: Role) => Promise<void>;
  /** The mail of an open invitation once more; its time begins anew. */
  resendInvitation: (id: string) => Promise<{ expiresAt: string }>;
  auth: AuthClient;
  webhooks: WebhooksClient;
  notifications: NotificationsClient;
  demo: DemoClient;
}

export function createClient(options: ClientOptions = {}): Client {
  const from = (path: string) => createRequester(callOptionsOf(options, path));
  const { get, getCsv, post, postAsked, put, remove } = from("/api/billing");
  const account = from("/api");
  return {
    auth: createAuthClient(from("/api/auth")),
    demo: createDemoClient(from("/api/demo")),
    keys: createKeysClient(account),
    webhooks: createWebhooksClient(account),
    notifications: createNotificationsClient(account),
    overview: () => get(""),
    plans: () => get("/plans"),
    preview: (choice) => post("/preview", choice),
    checkout: (request, idempotencyKey) => post("/checkout", request, idempotencyKey),
    change: (request, idempotencyKey) => post("/change", request, idempotencyKey),
    undoPendingChange: () => remove("/pending-change"),
    cancel: (request, idempotencyKey) => post("/cancel", request, idempotencyKey),
    withdraw: (request, idempotencyKey) => post("/withdraw", request, idempotencyKey),
    resume: (idempotencyKey) => post("/resume", {}, idempotencyKey),
    reconcile: (request) => postAsked("/reconcile", request),
    portal: (request) => post("/portal", request),
    invoices: (query) => get("/invoices", { cursor: query?.cursor, year: query?.year?.toString() }),
    invoicesCsv: (query) => getCsv("/invoices", { year: query?.year?.toString() }),
    credits: (query) => get("/credits", { group: query?.group }),
    packs: () => get("/credits/packs"),
    creditsCheckout: (request, idempotencyKey) => post("/credits/checkout", request, idempotencyKey),
    purchasePack: (request, idempotencyKey) => post("/credits/purchase", request, idempotencyKey),
    saveAutoRecharge: (request) => put("/credits/auto-recharge", request),
    rechargeAttempts: (query) => get("/credits/auto-recharge/attempts", { cursor: query?.cursor }),
    usageDaily: (query) => get("/usage/daily", { ...query }),
    usageDailyCsv: (query) => getCsv("/usage/daily", { ...query }),
    transactions: ({ limit, ...query } = {}) =>
      get("/credits/transactions", { ...query, limit: limit?.toString() }),
    transactionsCsv: (query) => getCsv("/credits/transactions", { ...query }),
    members: (query) => account.get("/members", { cursor: query?.cursor, limit: query?.limit?.toString() }),
    invite: (people, idempotencyKey) => account.post("/members", { invitations: people }, idempotencyKey),
    removePerson: (id) => account.remove(`/members/${encodeURIComponent(id)}`),
    changeRole: (id, role) => account.patch(`/members/${encodeURIComponent(id)}`, { role }),
    resendInvitation: (id) => account.post(`/members/${encodeURIComponent(id)}/resend`, {}),
    acceptInvitation: (request) => account.post("/invitations/accept", request),
    stream: (listener) => listen(options, listener),
  };
}
