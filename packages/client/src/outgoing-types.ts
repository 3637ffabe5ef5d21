/** Webhooks and mails as the API tells of them; instants are ISO 8601 in UTC. */
import type { Permission } from "./told.ts";

export interface WebhookEndpoint {
  id: string;
  url: string;
  description: string;
  /** `null`: all. */
  eventTypes: string[] | null;
  enabled: boolean;
  failingSince: string | null;
  createdAt: string;
}

export interface WebhookEndpointList {
  data: WebhookEndpoint[];
  nextCursor: null;
  /** What an endpoint can ask for. */
  eventTypes: { type: string; description: string }[];
  can: { change: Permission };
}

/** Told once: the secret verifies the signatures. */
export interface NewWebhookEndpoint extends WebhookEndpoint {
  secret: string;
}

export interface WebhookTry {
  at: string;
  status: number | null;
  error: string | null;
  /** How the endpoint's answer begins. */
  answer: string | null;
  durationMs: number;
}

export interface WebhookDelivery {
  /** The `webhook-id` of each of its tries. */
  id: string;
  type: string;
  state: "due" | "sent" | "failed";
  createdAt: string;
  sentAt: string | null;
  nextTryAt: string | null;
  tries: WebhookTry[];
  body: string;
}

export interface RotatedWebhookSecret {
  secret: string;
  previousValidUntil: string;
}

export interface WebhookTest {
  id: string;
  delivered: boolean;
  try: WebhookTry;
}

export type NotificationCategory = "usage" | "plan" | "credits" | "payments" | "security";

export interface Notifications {
  data: {
    category: NotificationCategory;
    name: string;
    description: string;
    mail: boolean;
    /** It cannot be turned off. */
    required: boolean;
  }[];
  meters: { meter: string; name: string; mail: boolean }[];
  /** Where mails to this person go. */
  email: string;
  /** `letter_box`: the demo keeps them; `none`: no mail server is set. */
  sending: "smtp" | "letter_box" | "none";
}

export interface SentMail {
  id: string;
  subject: string;
  to: string;
  /** `due`: it waits, or is tried again; `sent`: the mail server took it. */
  state: "due" | "sent" | "failed";
  createdAt: string;
  sentAt: string | null;
  nextTryAt: string | null;
  error: string | null;
}

export interface TestMail {
  sent: boolean;
  to: string;
  error: string | null;
}
