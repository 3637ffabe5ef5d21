/* What the screens beside Billing ask for, each list with something in it. */
import type {
  KeyList,
  List,
  Me,
  Notifications,
  SentMail,
  Session,
  SignInOptions,
  WebhookEndpointList,
} from "../../../packages/client/src/index.ts";
import type { Answers } from "./answered-page.ts";

const allowed = { allowed: true };

const notifications: Notifications = {
  data: [
    {
      category: "usage",
      name: "Usage",
      description: "A limit is near or reached.",
      mail: true,
      required: false,
    },
    { category: "payments", name: "Payments", description: "A payment failed.", mail: true, required: true },
  ],
  meters: [{ meter: "events", name: "Events", mail: false }],
  email: "ann@acme.example",
  sending: "smtp",
};

const mails: List<SentMail> = {
  data: (["sent", "due", "failed"] as const).map((state, index) => ({
    id: `mail_${index}`,
    subject: "Events: approaching limit",
    to: "ann@acme.example",
    state,
    createdAt: "2026-11-22T09:00:00Z",
    sentAt: state === "sent" ? "2026-11-22T09:00:02Z" : null,
    nextTryAt: state === "due" ? "2026-11-22T09:20:00Z" : null,
    error: state === "sent" ? null : "The mail server refused the address.",
  })),
  nextCursor: null,
};

const webhooks: WebhookEndpointList = {
  data: [
    {
      id: "whe_1",
      url: "https://hooks.acme.example/a/rather/long/address/for/what/happens/in/billing",
      description: "Data warehouse",
      eventTypes: null,
      enabled: true,
      failingSince: null,
      createdAt: "2026-11-02T09:00:00Z",
    },
    {
      id: "whe_2",
      url: "https://chat.acme.example/hook",
      description: "",
      eventTypes: ["limit.reached"],
      enabled: false,
      failingSince: "2026-11-20T09:00:00Z",
      createdAt: "2026-11-12T09:00:00Z",
    },
  ],
  nextCursor: null,
  eventTypes: [{ type: "limit.reached", description: "A meter has reached its limit." }],
  can: { change: allowed },
};

const key = {
  hint: "bak_...9f2a",
  role: "billing" as const,
  createdAt: "2026-11-02T09:00:00Z",
  createdBy: "mem_1",
  createdByName: "Ann Lee",
};
const keys: KeyList = {
  data: [
    {
      ...key,
      id: "key_1",
      name: "Nightly report",
      lastUsedAt: "2026-11-22T03:00:00Z",
      can: { revoke: allowed },
    },
    { ...key, id: "key_2", name: "Import", lastUsedAt: null, can: { revoke: allowed } },
  ],
  revoked: [
    {
      ...key,
      id: "key_0",
      name: "Old report",
      lastUsedAt: null,
      revokedAt: "2026-11-20T09:00:00Z",
      revokedByName: "Ann Lee",
    },
  ],
  nextCursor: null,
  can: { make: allowed, makeAs: ["member", "billing"] },
} as KeyList;

const me: Me = {
  person: { name: "Ann Lee", email: "ann@acme.example", hasPassword: true },
  accounts: [{ id: "acc_acme", name: "Acme GmbH", role: "owner", current: true }],
};
const session = {
  account: { name: "Acme GmbH" },
  createdAt: "2026-11-12T09:00:00Z",
  lastUsedAt: "2026-11-22T09:10:00Z",
  expiresAt: "2026-12-12T09:00:00Z",
};
const sessions: Session[] = [
  { ...session, id: "ses_1", device: "Firefox on Linux", current: true },
  { ...session, id: "ses_2", device: "Safari on iPhone", current: false },
];

const options: SignInOptions = { mail: true, demo: false };

export const settingsAnswers: Answers = {
  "GET /api/notifications": notifications,
  "GET /api/notifications/mails": mails,
  "GET /api/webhook-endpoints": webhooks,
  "GET /api/keys": keys,
  "GET /api/auth/me": me,
  "GET /api/auth/sessions": { data: sessions, nextCursor: null },
  "GET /api/auth/options": options,
};
