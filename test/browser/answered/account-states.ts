/* How an account can stand, as answers of the server. Each screen is looked at in each of them. */
import type { Invoice, MemberList, Overview, Permission } from "../../../packages/client/src/index.ts";
import {
  freeOverview,
  invoices,
  offers,
  people,
  teamOverview,
  teamPreview,
} from "../../../packages/react/src/sample-answers.test-data.ts";
import { settingsAnswers } from "./settings-answers.ts";
import { never, refusal, type Answers } from "./answered-page.ts";

const OVERVIEW = "GET /api/billing";
const END = "2026-12-12T00:00:00Z";

const refused = (reason: string): Permission => ({ allowed: false, reason });
const allRefused = (reason: string): Overview["can"] =>
  Object.fromEntries(
    Object.keys(teamOverview.can).map((action) => [action, refused(reason)]),
  ) as unknown as Overview["can"];

const team: Overview = { ...teamOverview, seats: { purchased: 3, used: 3 } };

const enterprise: Overview = {
  ...team,
  plan: { id: "enterprise", name: "Enterprise", kind: "custom", perSeat: false },
  usage: Object.fromEntries(
    Object.entries(team.usage).map(([key, meter]) => [
      key,
      { ...meter, limit: null, percent: null, state: "unlimited" as const },
    ]),
  ),
  notices: [],
  can: {
    ...allRefused("This plan is arranged with us personally. Contact us to change it."),
    managePayment: { allowed: true },
    buyCredits: { allowed: true },
  },
};

const cancelled: Overview = {
  ...team,
  cancelAt: END,
  renewsAt: null,
  nextInvoice: null,
  can: { ...team.can, cancel: refused("The plan is cancelled already."), resume: { allowed: true } },
};

const pending: Overview = {
  ...team,
  pendingChange: { planId: "team", planName: "Team", interval: "month", seats: 2, effectiveAt: END },
};

const pastDue: Overview = {
  ...team,
  status: "past_due",
  notices: [
    {
      id: "past_due",
      severity: "critical",
      title: "Payment of €67.83 failed on 12 Nov 2026",
      detail:
        "We try again on 24 Nov 2026. Your plan stays until 26 Nov 2026. A new card is charged €67.83 at once.",
      facts: {
        code: "past_due",
        amount: 6_783,
        currency: "eur",
        failedAt: "2026-11-12T00:00:00Z",
        nextAttemptAt: "2026-11-24T00:00:00Z",
        endsAt: "2026-11-26T00:00:00Z",
      },
      action: { kind: "pay", label: "Pay €67.83 now", href: "https://stripe.example/in_1" },
    },
    ...team.notices,
  ],
  can: { ...team.can, upgrade: refused("A payment is due. Pay it first.") },
};

const debt: Overview = {
  ...team,
  credits: { ...team.credits, balance: -12_000, held: 0, available: 0, allocationLeft: 0 },
};

const bankCheck: Overview = {
  ...team,
  notices: [
    {
      id: "bank_check",
      severity: "critical",
      title: "Your bank asks you to confirm a payment",
      detail: "Your plan has not changed yet. Confirm within an hour, or the change is given up.",
      facts: { code: "bank_check" },
      action: { kind: "confirm", label: "Confirm with your bank", href: "https://stripe.example/in_2" },
    },
  ],
  can: {
    ...allRefused("Your bank has to confirm the last change first, or give that change up."),
    managePayment: { allowed: true },
  },
};

const unused: Overview = {
  ...team,
  seats: { purchased: 3, used: 1 },
  usage: Object.fromEntries(
    Object.entries(team.usage).map(([key, meter]) => [
      key,
      { ...meter, used: 0, percent: 0, state: "ok" as const, asOf: null },
    ]),
  ),
  credits: { ...team.credits, balance: 0, held: 0, available: 0 },
  notices: [],
};

const reader = refused("Ann Lee can change billing.");
const member: Overview = {
  ...team,
  viewer: { name: "Mo", email: "mo@acme.example", role: "member" },
  can: allRefused("Ann Lee can change billing."),
};
const readPeople: MemberList = {
  ...people,
  data: people.data.map((person) => ({ ...person, can: { remove: reader, becomes: [], resend: reader } })),
  can: { changeMembers: reader, inviteAs: [] },
};

const [paid] = invoices as [Invoice];
const overdue: Invoice = {
  ...paid,
  id: "in_2",
  number: "A-0002",
  status: "open",
  attempts: 1,
  amountDue: 6_783,
  nextAttemptAt: "2026-11-24T08:00:00Z",
  failure: "Your card was declined.",
};

const none = { data: [], nextCursor: null };
/** Quicker than a fault, which the page asks for again; what stands there then is the same. */
const busy = refusal(429, "rate_limited", "Too many requests. Try again in a moment; nothing was changed.");
const READS = [
  "GET /api/billing/plans",
  "GET /api/billing/credits/packs",
  "GET /api/billing/credits/transactions",
  "GET /api/billing/credits/auto-recharge/attempts",
  "GET /api/billing/usage/daily",
  "GET /api/billing/invoices",
  "GET /api/members",
  "GET /api/notifications",
  "GET /api/notifications/mails",
  "GET /api/webhook-endpoints",
  "GET /api/keys",
  "GET /api/auth/me",
  "GET /api/auth/sessions",
  "POST /api/billing/preview",
  "POST /api/billing/reconcile",
];
const all = (answer: Answers[string], ...more: string[]): Answers =>
  Object.fromEntries([...READS, ...more].map((read) => [read, answer]));

const onTeam = offers.map((offer) => ({
  ...offer,
  change: { free: "downgrade", personal: "downgrade", team: "current", enterprise: "contact" }[offer.id],
}));

/** What every state answers where it says nothing else. */
export const usualAnswers: Answers = {
  ...settingsAnswers,
  [OVERVIEW]: team,
  "GET /api/billing/plans": { data: onTeam, nextCursor: null },
  "GET /api/members": people,
  "GET /api/billing/credits/auto-recharge/attempts": none,
  "POST /api/billing/preview": teamPreview,
  "POST /api/billing/reconcile": team,
};

export const accountStates: Readonly<Record<string, Answers>> = {
  normal: {},
  Free: { [OVERVIEW]: freeOverview, "GET /api/billing/plans": { data: offers, nextCursor: null } },
  Enterprise: { [OVERVIEW]: enterprise },
  cancelled: { [OVERVIEW]: cancelled },
  "pending change": { [OVERVIEW]: pending },
  "past due": {
    [OVERVIEW]: pastDue,
    "GET /api/billing/invoices": { data: [overdue, paid], nextCursor: null, years: [2026] },
  },
  debt: { [OVERVIEW]: debt },
  "bank check": { [OVERVIEW]: bankCheck },
  empty: {
    ...all(none),
    [OVERVIEW]: unused,
    "GET /api/billing/invoices": { ...none, years: [] },
    "GET /api/members": { ...people, data: people.data.slice(0, 1) },
    "GET /api/notifications": settingsAnswers["GET /api/notifications"]!,
    "GET /api/webhook-endpoints": { ...none, eventTypes: [], can: { change: { allowed: true } } },
    "GET /api/auth/me": settingsAnswers["GET /api/auth/me"]!,
    "GET /api/keys": { ...none, revoked: [], can: { make: { allowed: true }, makeAs: ["member"] } },
    "GET /api/billing/usage/daily": { data: [], projection: null },
    "POST /api/billing/preview": teamPreview,
    "POST /api/billing/reconcile": unused,
  },
  loading: all(never, OVERVIEW),
  "sections fail": all(busy),
  "all fails": all(busy, OVERVIEW),
  "member, read-only": { [OVERVIEW]: member, "GET /api/members": readPeople },
  "no access": all(
    refusal(403, "forbidden", "Billing is managed by Ann Lee. Ask for a role that may see it."),
    OVERVIEW,
  ),
  "signed out": all(refusal(401, "unauthenticated", "Nobody is signed in."), OVERVIEW),
  "no member any more": all(
    refusal(401, "unauthenticated", "This session has ended.", { reason: "session_ended" }),
    OVERVIEW,
  ),
};
