import type {
  NewWebhookEndpoint,
  NotificationCategory,
  Notifications,
  RotatedWebhookSecret,
  SentMail,
  TestMail,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookEndpointList,
  WebhookTest,
} from "./outgoing-types.ts";
import type { Requester } from "./requester.ts";
import type { List } from "./types.ts";

export interface WebhookEndpointRequest {
  /** An HTTPS address in the open. */
  url: string;
  description?: string;
  /** All, if left out or `null`. */
  eventTypes?: string[] | null;
}

export interface ReplayRequest {
  from: string;
  /** Now, if left out. */
  to?: string;
  /** What was taken too; else only what was given up. */
  includeSent?: boolean;
}

/** Webhook endpoints: everybody of the account sees them, owners and admins change them. */
export interface WebhooksClient {
  list: () => Promise<WebhookEndpointList>;
  /** The answer has the secret, this once. */
  create: (request: WebhookEndpointRequest, idempotencyKey: string) => Promise<NewWebhookEndpoint>;
  /** What is left out stays as it is. */
  change: (
    id: string,
    change: Partial<WebhookEndpointRequest> & { enabled?: boolean },
  ) => Promise<WebhookEndpoint>;
  remove: (id: string) => Promise<void>;
  /** A new secret; the old one signs beside it for 24 hours. */
  rotate: (id: string, idempotencyKey: string) => Promise<RotatedWebhookSecret>;
  /** Sends a message now and answers what came of it. */
  test: (id: string) => Promise<WebhookTest>;
  deliveries: (id: string, query?: { cursor?: string; limit?: number }) => Promise<List<WebhookDelivery>>;
  replay: (id: string, request: ReplayRequest) => Promise<{ replayed: number }>;
  replayOne: (id: string, deliveryId: string) => Promise<{ replayed: number }>;
}

export function createWebhooksClient({ get, post, patch, remove }: Requester): WebhooksClient {
  const at = (id: string, more = "") => `/webhook-endpoints/${encodeURIComponent(id)}${more}`;
  return {
    list: () => get("/webhook-endpoints"),
    create: (request, idempotencyKey) => post("/webhook-endpoints", request, idempotencyKey),
    change: (id, change) => patch(at(id), change),
    remove: (id) => remove(at(id)),
    rotate: (id, idempotencyKey) => post(at(id, "/rotate"), {}, idempotencyKey),
    test: (id) => post(at(id, "/test"), {}),
    deliveries: (id, query) =>
      get(at(id, "/deliveries"), { cursor: query?.cursor, limit: query?.limit?.toString() }),
    replay: (id, request) => post(at(id, "/replay"), request),
    replayOne: (id, deliveryId) => post(at(id, `/deliveries/${encodeURIComponent(deliveryId)}/replay`), {}),
  };
}

/** What the signed-in person is mailed about. */
export interface NotificationsClient {
  read: () => Promise<Notifications>;
  /** What is not named stays as it is. */
  save: (wishes: {
    mail?: Partial<Record<NotificationCategory, boolean>>;
    meters?: Record<string, boolean>;
  }) => Promise<Notifications>;
  /** What this person was mailed, the newest first. */
  mails: (query?: { cursor?: string; limit?: number }) => Promise<List<SentMail>>;
  /** One a minute. */
  sendTest: () => Promise<TestMail>;
}

export function createNotificationsClient({ get, put, post }: Requester): NotificationsClient {
  return {
    read: () => get("/notifications"),
    save: (wishes) => put("/notifications", wishes),
    mails: (query) => get("/notifications/mails", { cursor: query?.cursor, limit: query?.limit?.toString() }),
    sendTest: () => post("/notifications/test", {}),
  };
}
