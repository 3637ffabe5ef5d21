/*
 * Who may do what: one rule for every operation. The matrix test walks the routes of the running service and fails for
 * one that has no rule here, so a new route cannot be without an answer to "who may, and what does it answer then?".
 */

export type Who =
  /** Without any credential. */
  | "everybody"
  /** Every credential of the account, whatever its role: reading. */
  | "reading"
  /** Owner, admin and billing (B2). */
  | "billing"
  /** A person for themselves: a credential of a member. */
  | "persons"
  /** Whoever is signed in by cookie, a person or not. */
  | "signed in"
  /** Owner and admin. */
  | "managing"
  /** Platform and account keys, of any role. */
  | "keys"
  /** Owner and admin, but no account key: a key makes no keys. */
  | "making keys"
  | "platform";

/** What a rule's request may name of the account that asks, or, for the strangers' part, of another. */
export interface Named {
  readonly accountId: string;
  readonly holdId: string;
  readonly otherHoldId: string;
  /** An open invitation, or a member where there is no seat for one. */
  readonly personId: string;
  /** Its only owner. */
  readonly memberId: string;
  readonly keyId: string;
  readonly endpointId: string;
  readonly sessionId: string;
}

export interface Rule {
  readonly who: Who;
  /** Statuses and problem codes that whoever may do it can be answered; the first is success. */
  readonly answers: readonly [success: number, ...others: string[]];
  readonly query?: string;
  readonly body?: (named: Named, turn: number) => unknown;
  /** The values of `{id}` in the path. */
  readonly id?: (named: Named) => string;
  /** Another account's `{id}` is not found; the platform may name every account's. */
  readonly isGlobal?: true;
  /**
   * Of an operation that is no GET: what the audit log then has of the request, or why it has nothing. A story of
   * audit.test.ts covers what the matrix does not bring about.
   */
  readonly audits?: string | { readonly none: string } | { readonly inStory: string };
  /** A platform key that names no account speaks of the installation's own. */
  readonly hasPlatformScope?: true;
  /** The session that asks is over after it, so each credential is one made for this. */
  readonly endsSession?: true;
}

const none = () => ({});
const READS = { none: "reads" };
const SENDS = { none: "sends what was told already" };
const changes = ["no_change", "change_in_progress", "conflict", "quote_changed"] as const;

export const RULES: Readonly<Record<string, Rule>> = {
  "GET /api/billing": { who: "reading", answers: [200] },
  "GET /api/billing/plans": { who: "reading", answers: [200] },
  "POST /api/billing/preview": {
    audits: { none: "a quote changes nothing" },
    who: "reading",
    answers: [200],
    body: (_named, turn) => ({ seats: 3 + turn }),
  },
  "POST /api/billing/checkout": {
    audits: { none: "opens a page of Stripe's; what is done there has Stripe's rows" },
    who: "billing",
    answers: [200, ...changes],
    body: () => ({ planId: "business", seats: 50 }),
  },
  "POST /api/billing/reconcile": {
    audits: { none: "what Stripe then shows has Stripe's rows" },
    who: "reading",
    answers: [200],
    body: ({ sessionId }) => ({ sessionId }),
  },
  "POST /api/billing/change": {
    audits: "plan_change.opened",
    who: "billing",
    answers: [200, ...changes],
    body: (_named, turn) => ({ seats: 3 + turn }),
  },
  "DELETE /api/billing/pending-change": {
    audits: { inStory: "plan_change.opened" },
    who: "billing",
    answers: [204, ...changes],
  },
  "POST /api/billing/cancel": {
    audits: "plan_change.opened",
    who: "billing",
    answers: [200, ...changes],
    body: none,
  },
  "POST /api/billing/withdraw": {
    audits: { inStory: "withdrawal.declared" },
    who: "billing",
    // Not offered by the usual catalogue.
    answers: [404],
    body: () => ({ name: "Ann Lindt", email: "ann@home.test" }),
  },
  "POST /api/billing/resume": { audits: "plan_change.opened", who: "billing", answers: [200, ...changes] },
  "POST /api/billing/portal": {
    audits: { none: "opens a page of Stripe's; what is done there has Stripe's rows" },
    who: "billing",
    answers: [200],
    body: none,
  },
  "GET /api/billing/invoices": { who: "reading", answers: [200] },
  "GET /api/billing/usage": { who: "reading", answers: [200] },
  "GET /api/billing/usage/daily": {
    who: "reading",
    answers: [200],
    query: "?meter=sessions&groupBy=project",
  },
  "GET /api/billing/credits": { who: "reading", answers: [200] },
  "GET /api/billing/credits/packs": { who: "reading", answers: [200] },
  "GET /api/billing/credits/transactions": { who: "reading", answers: [200] },
  "POST /api/billing/credits/checkout": {
    audits: { none: "opens a page of Stripe's; what is done there has Stripe's rows" },
    who: "billing",
    answers: [200],
    body: () => ({ packId: "credits_1m" }),
  },
  "POST /api/billing/credits/purchase": {
    audits: "pack_charge.opened",
    who: "billing",
    answers: [200, "conflict"],
    body: () => ({ packId: "credits_1m" }),
  },
  "PUT /api/billing/credits/auto-recharge": {
    audits: "auto_recharge.changed",
    who: "billing",
    answers: [200],
    body: () => ({ enabled: true, threshold: 1_000, packId: "credits_1m", spendingLimit: 5_000 }),
  },
  "GET /api/billing/credits/auto-recharge/attempts": { who: "reading", answers: [200] },
  "GET /api/billing/stream": { who: "reading", answers: [200] },
  "POST /api/check": { audits: READS, who: "reading", answers: [200], body: () => ({ meter: "sessions" }) },
  "POST /api/events": {
    audits: { none: "reported use is in the ledger and the events" },
    who: "keys",
    answers: [200],
    body: (_named, turn) => ({ id: `matrix-${turn}`, meter: "sessions" }),
  },
  "POST /api/events/backfill": {
    audits: { none: "reported use is in the ledger and the events" },
    who: "platform",
    answers: [200],
    body: ({ accountId }) => [
      { id: "past", account: accountId, meter: "sessions", quantity: 1, time: "2026-01-01T00:00:00Z" },
    ],
  },
  "POST /api/holds": {
    audits: { none: "reported use is in the ledger and the events" },
    who: "keys",
    answers: [200],
    body: () => ({ tokens: 1 }),
  },
  "POST /api/holds/{id}/settle": {
    audits: { none: "reported use is in the ledger and the events" },
    who: "keys",
    answers: [200],
    body: () => ({ tokens: 7 }),
    id: ({ holdId }) => holdId,
  },
  "POST /api/holds/{id}/release": {
    audits: { none: "reported use is in the ledger and the events" },
    who: "keys",
    answers: [204, "hold_closed"],
    id: ({ otherHoldId }) => otherHoldId,
  },
  "GET /api/members": { who: "reading", answers: [200] },
  "POST /api/members": {
    audits: "member.invited",
    who: "managing",
    answers: [200, "seats_in_use", "conflict"],
    body: (_named, turn) => ({ invitations: [{ email: `p${turn}@acme.test`, role: "member" }] }),
  },
  "PATCH /api/members/{id}": {
    audits: { inStory: "member.changed" },
    who: "managing",
    answers: [204, "not_found", "conflict", "forbidden"],
    id: ({ memberId }) => memberId,
    body: () => ({ role: "owner" }),
  },
  "POST /api/members/{id}/resend": {
    audits: "member.invitation_resent",
    who: "managing",
    answers: [200, "not_found"],
    id: ({ personId }) => personId,
  },
  "DELETE /api/members/{id}": {
    audits: "member.invitation_withdrawn",
    who: "managing",
    answers: [204, "not_found"],
    id: ({ personId }) => personId,
  },
  "POST /api/invitations/accept": {
    audits: { inStory: "member.joined" },
    who: "everybody",
    answers: [200, "not_found"],
    body: () => ({ token: "bsi_unknown_to_everybody", name: "Nobody" }),
  },
  "GET /api/auth/options": { who: "everybody", answers: [200] },
  "POST /api/auth/sign-in": door("unauthenticated", { email: "nobody@acme.test", password: "wrong" }),
  "POST /api/auth/forgot-password": door("rate_limited", { email: "nobody@acme.test" }),
  "POST /api/auth/reset-password": door("not_found", { token: "bsp_unknown", password: "no link opens it" }),
  "POST /api/auth/invitation": door("not_found", { token: "bsi_unknown" }),
  "POST /api/auth/accept-invitation": door("not_found", { token: "bsi_unknown", name: "Nobody" }),
  "POST /api/auth/confirm-email": door("not_found", { token: "bsp_unknown" }),
  "GET /api/auth/me": { who: "signed in", answers: [200] },
  "PATCH /api/auth/me": {
    audits: "member.changed",
    who: "persons",
    answers: [204],
    body: (_named, turn) => ({ name: `Ann Lindt ${turn}` }),
  },
  "GET /api/auth/sessions": { who: "persons", answers: [200] },
  "DELETE /api/auth/sessions/{id}": {
    audits: { inStory: "session.ended" },
    who: "persons",
    answers: [404],
    id: () => "key_of_nobody",
  },
  "POST /api/auth/email": {
    audits: { none: "nothing is changed before the mail's link was opened" },
    who: "persons",
    answers: [409, "conflict"],
    body: () => ({ email: "other@acme.test", password: "there is none yet" }),
  },
  "POST /api/auth/switch": {
    audits: "session.started",
    who: "persons",
    answers: [204],
    body: ({ accountId }) => ({ accountId }),
    endsSession: true,
  },
  "POST /api/auth/password": {
    audits: { inStory: "password.changed" },
    who: "persons",
    // Nobody of the matrix has a password: the story is in people.test.ts.
    answers: [409],
    body: () => ({ currentPassword: "no such password", password: "a password of the matrix" }),
  },
  "POST /api/auth/sign-out": {
    audits: "session.ended",
    who: "signed in",
    answers: [204],
    endsSession: true,
  },
  "GET /api/keys": { who: "reading", answers: [200] },
  "POST /api/keys": {
    audits: "key.created",
    who: "making keys",
    answers: [200],
    body: () => ({ name: "robot", role: "member" }),
  },
  "DELETE /api/keys/{id}": {
    audits: "key.revoked",
    who: "managing",
    answers: [204, "not_found"],
    id: ({ keyId }) => keyId,
  },
  "GET /api/audit": { who: "managing", answers: [200], hasPlatformScope: true },
  "POST /api/accounts": {
    audits: "account.created",
    who: "platform",
    answers: [200],
    body: () => ({ name: "New", email: "new@acme.test" }),
  },
  "GET /api/accounts/{id}": {
    who: "platform",
    answers: [200],
    id: ({ accountId }) => accountId,
    isGlobal: true,
  },
  "PATCH /api/accounts/{id}": {
    audits: "account.overrides_changed",
    who: "platform",
    answers: [200],
    id: ({ accountId }) => accountId,
    body: () => ({ overrides: { limits: { events: 123 } } }),
    isGlobal: true,
  },
  "POST /api/accounts/{id}/adjustments": {
    audits: "credits.adjusted",
    who: "platform",
    answers: [200],
    id: ({ accountId }) => accountId,
    isGlobal: true,
    body: () => ({ tokens: 5, reason: "goodwill", id: "adjust-1" }),
  },
  "POST /api/session-tokens": {
    audits: { none: "it ends within the hour, and its id stands beside what it changes" },
    who: "platform",
    answers: [200],
    body: ({ accountId }) => ({ account: accountId, role: "member" }),
  },
  "GET /api/verification": { who: "platform", answers: [200] },
  "POST /api/reconciliation": {
    audits: { none: "what Stripe then shows has Stripe's rows" },
    who: "platform",
    answers: [200],
    body: ({ accountId }) => ({ account: accountId }),
  },
  "GET /api/notifications": { who: "persons", answers: [200] },
  "PUT /api/notifications": {
    audits: { none: "which mails a person gets" },
    who: "persons",
    answers: [200],
    body: () => ({ meters: { sessions: true } }),
  },
  "GET /api/notifications/mails": { who: "persons", answers: [200] },
  // The service under test has no mail server.
  "POST /api/notifications/test": {
    audits: { none: "a mail to oneself" },
    who: "persons",
    answers: [409],
  },
  "GET /api/webhook-endpoints": { who: "reading", answers: [200], hasPlatformScope: true },
  "POST /api/webhook-endpoints": {
    audits: "webhook_endpoint.created",
    who: "managing",
    answers: [200],
    body: () => ({ url: "http://127.0.0.1:9/bursar" }),
    hasPlatformScope: true,
  },
  "PATCH /api/webhook-endpoints/{id}": endpoint(200, "webhook_endpoint.changed", () => ({
    description: "ours",
  })),
  "GET /api/webhook-endpoints/{id}/deliveries": { ...endpoint(200, READS), who: "reading" },
  "POST /api/webhook-endpoints/{id}/rotate": endpoint(200, "webhook_endpoint.secret_rotated"),
  "POST /api/webhook-endpoints/{id}/replay": endpoint(200, SENDS, () => ({ from: "2026-01-01T00:00:00Z" })),
  "POST /api/webhook-endpoints/{id}/test": endpoint(200, SENDS),
  "POST /api/webhook-endpoints/{id}/deliveries/{delivery}/replay": endpoint(404, SENDS),
  "DELETE /api/webhook-endpoints/{id}": endpoint(204, "webhook_endpoint.removed"),
};

/** A webhook endpoint of the account; the platform's own are others. */
function endpoint(success: number, audits: Rule["audits"] & {}, body?: () => unknown): Rule {
  const common = { who: "managing", answers: [success, "not_found"], id: idOfEndpoint, audits } as const;
  return { ...common, hasPlatformScope: true, ...(body === undefined ? {} : { body }) };
}

/** Without a caller; what is sent opens nothing, however often, and a form of another site is refused. */
function door(refusal: string, body: object): Rule {
  return {
    audits: { none: "nobody was let in" },

    who: "everybody",
    answers: [200, refusal, "rate_limited", "origin_not_allowed"],
    body: () => body,
  };
}

function idOfEndpoint({ endpointId }: Named): string {
  return endpointId;
}
