/* What the gallery shows: each screen in the states that are worth seeing, with made-up answers of a made-up account. */
import type { Page } from "@playwright/test";
import type { CreditTransaction, DemoState, Overview, PlanOffer } from "../packages/client/src/index.ts";
import {
  freeOverview,
  teamOverview,
  teamPreview,
  transactions,
} from "../packages/react/src/sample-answers.test-data.ts";
import { accountStates, usualAnswers } from "../test/browser/answered/account-states.ts";
import {
  daysInProjects,
  lost,
  never,
  overviewInProjects,
  refusal,
  type Answers,
} from "../test/browser/answered/answered-page.ts";
import { offersWithdrawal, withdrew } from "../test/browser/answered/withdrawal-answers.ts";
import catalog from "../bursar.config.ts";

export interface Scene {
  /** Of its files. */
  name: string;
  title: string;
  path: string;
  answers?: Answers;
  /** What a person did to come to it. */
  does?: (page: Page) => Promise<void>;
  /** What it waits for. */
  shows?: RegExp;
  isWaiting?: boolean;
  locale?: string;
}

const BILLING = "/settings/billing";
const OVERVIEW = "GET /api/billing";
const MiB = 1_048_576;
const END = "2026-12-12T00:00:00Z";

const ORDER = Object.keys(catalog.plans);

/** What the catalogue sells, to somebody who is on this plan. */
function offersTo(current: string): PlanOffer[] {
  return Object.entries(catalog.plans).map(([id, plan]) => {
    const prices = "priceCents" in plan ? plan.priceCents : { month: null, year: null };
    const isHigher = ORDER.indexOf(id) > ORDER.indexOf(current);
    const change = plan.kind === "custom" ? "contact" : isHigher ? "upgrade" : "downgrade";
    return {
      id,
      name: plan.name,
      ownPrices: [],
      currency: catalog.currency,
      perSeat: "seats" in plan,
      minSeats: "seats" in plan ? plan.seats.min : 1,
      maxSeats: "seats" in plan ? 1_000 : 1,
      prices: { month: prices.month, year: prices.year },
      limits: Object.entries(catalog.meters).map(([meter, { name, ...more }]) => {
        const limit = plan.limits[meter as keyof typeof plan.limits];
        const format = "format" in more ? more.format : "count";
        return { meter, name, format, limit: limit === "unlimited" ? null : limit };
      }),
      withdrawn: false,
      change: id === current ? "current" : change,
    };
  });
}

const [standard] = [catalog.packs.credits_1m];
const packs = Object.entries(catalog.packs).map(([id, { name, tokens, priceCents: price, ...more }]) => {
  const pricePerMillion = Math.round((price * 1_000_000) / tokens);
  const dearest = (standard.priceCents * 1_000_000) / standard.tokens;
  const savesPercent = Math.floor(((dearest - pricePerMillion) * 100) / dearest);
  return {
    id,
    name,
    tokens,
    price,
    currency: "eur",
    pricePerMillion,
    popular: "popular" in more,
    savesPercent,
  };
});

const [used, bought] = transactions as [CreditTransaction, CreditTransaction];
/** Newest first; each with the balance after it. */
const history: CreditTransaction[] = [
  { ...used, id: "txn_5", amount: -200_000, balanceAfter: 3_800_000, createdAt: "2026-11-22T09:14:07Z" },
  {
    ...bought,
    id: "txn_4",
    amount: 2_500_000,
    balanceAfter: 4_000_000,
    price: 1_000,
    description: "Standard",
    createdAt: "2026-11-21T18:02:51Z",
  },
  {
    ...used,
    id: "txn_3",
    amount: -500_000,
    balanceAfter: 1_500_000,
    description: "session ses_7c2",
    createdAt: "2026-11-21T11:47:30Z",
  },
  { ...bought, id: "txn_2", amount: 1_000_000, balanceAfter: 2_000_000, createdAt: "2026-11-20T07:40:10Z" },
  { ...bought, id: "txn_1", amount: 1_000_000, balanceAfter: 1_000_000, createdAt: "2026-11-14T15:21:44Z" },
].map((entry) => ({ ...entry, credits: { change: entry.amount, after: entry.balanceAfter } }));

/** What every picture answers where it says nothing else. */
export const galleryAnswers: Answers = {
  ...usualAnswers,
  "GET /api/billing/plans": { data: offersTo("team"), nextCursor: null },
  "GET /api/billing/credits/packs": { data: packs, nextCursor: null },
  "GET /api/billing/credits/transactions": { data: history, nextCursor: null },
  "GET /api/billing/usage/daily": daysInProjects,
};

const { autoRecharge } = teamOverview.credits;
/** Of its log, newest first. */
const attempts = ["2026-11-20T07:40:10Z", "2026-11-15T16:02:33Z"].map((createdAt, index) => ({
  id: `rch_${2 - index}`,
  state: "succeeded",
  packId: "credits_2_5m",
  tokens: 2_500_000,
  amount: 1_000,
  currency: "eur",
  try: 1,
  reason: null,
  url: null,
  invoiceId: "in_1",
  retryAt: null,
  createdAt,
  finishedAt: createdAt,
}));
const recharge = (change: object): Answers => ({
  "GET /api/billing/credits/auto-recharge/attempts": { data: attempts, nextCursor: null },
  [OVERVIEW]: {
    ...teamOverview,
    notices: [],
    credits: {
      ...teamOverview.credits,
      autoRecharge: {
        ...autoRecharge,
        enabled: true,
        state: "idle",
        updatedBy: "Ann Lee",
        updatedAt: "2026-11-14T15:21:44Z",
        ...change,
      },
    },
  } satisfies Overview,
});

const downgrade = {
  ...teamPreview,
  kind: "downgrade",
  effectiveAt: END,
  dueToday: { ...teamPreview.dueToday, lines: [], subtotal: 0, tax: 0, total: 0, amountDue: 0 },
  later: {
    effectiveAt: END,
    description: "Personal, monthly",
    planId: "personal",
    planName: "Personal",
    perSeat: false,
    interval: "month",
    seats: 1,
  },
  nextInvoice: { at: END, total: 1_071, currency: "eur", taxIncluded: true },
  loses: [
    "Sessions: 100 instead of 200",
    "Events: 5,000 instead of 10,000",
    "Storage: 256 MiB instead of 512 MiB",
    "2 fewer seats",
  ],
  losses: {
    seats: 2,
    limits: [
      { meter: "sessions", name: "Sessions", format: "count", from: 200, to: 100 },
      { meter: "events", name: "Events", format: "count", from: 10_000, to: 5_000 },
      { meter: "storage", name: "Storage", format: "bytes", from: 512 * MiB, to: 256 * MiB },
    ],
  },
};

const demo: DemoState = {
  now: freeOverview.now,
  aheadSeconds: 0,
  advancingTo: null,
  webhooks: [
    {
      id: "evt_1",
      type: "invoice.paid",
      receivedAt: "2026-11-22T09:10:00Z",
      handledAt: "2026-11-22T09:10:00Z",
      error: null,
    },
  ],
};

/** Of the free plan's own limits, in its own month. */
const freeUsage = Object.fromEntries(
  Object.entries(freeOverview.usage).map(([meter, usage]) => {
    const limit = catalog.plans.free.limits[usage.meter as keyof typeof catalog.plans.free.limits];
    const used = Math.floor(limit * 0.3);
    const resetsAt = usage.resetsAt === null ? null : freeOverview.usageWindow.end;
    return [meter, { ...usage, used, limit, percent: 30, state: "ok" as const, resetsAt }];
  }),
);

const press = (name: RegExp) => (page: Page) => page.getByRole("button", { name }).first().click();
const more = `${BILLING}/plans?plan=team&interval=month&seats=5`;

export const scenes: readonly Scene[] = [
  { name: "overview-team", title: "Overview on Team", path: BILLING },
  {
    name: "overview-free",
    title: "Overview on Free",
    path: BILLING,
    answers: {
      [OVERVIEW]: { ...freeOverview, usage: freeUsage },
      "GET /api/billing/plans": { data: offersTo("free"), nextCursor: null },
    },
  },
  {
    name: "overview-past-due",
    title: "A payment failed",
    path: BILLING,
    answers: accountStates["past due"]!,
  },
  {
    name: "overview-pending",
    title: "A change is scheduled",
    path: BILLING,
    answers: accountStates["pending change"]!,
  },
  {
    name: "overview-cancelled",
    title: "The plan is cancelled",
    path: BILLING,
    answers: accountStates["cancelled"]!,
  },
  {
    name: "overview-member",
    title: "A member reads",
    path: BILLING,
    answers: accountStates["member, read-only"]!,
  },
  { name: "overview-german", title: "In German", path: BILLING, locale: "de-DE" },
  {
    name: "overview-loading",
    title: "Loading",
    path: BILLING,
    isWaiting: true,
    answers: accountStates["loading"]!,
  },
  {
    name: "overview-failed",
    title: "A section failed",
    path: `${BILLING}/credits`,
    answers: {
      "GET /api/billing/credits/packs": refusal(
        429,
        "rate_limited",
        "Too many requests. Try again in a moment.",
      ),
    },
  },
  { name: "plans-upgrade", title: "More seats, with the saved card", path: more, shows: /^Pay €/ },
  {
    name: "plans-downgrade",
    title: "A lower plan at the period's end",
    path: `${BILLING}/plans?plan=personal&interval=month`,
    shows: /^Schedule for/,
    answers: { "POST /api/billing/preview": downgrade },
  },
  {
    name: "plans-declined",
    title: "The card was declined",
    path: more,
    shows: /was declined/,
    answers: {
      "POST /api/billing/change": refusal(
        402,
        "payment_failed",
        "Your card was declined. Nothing was changed. Try another card.",
      ),
    },
    does: press(/^Pay €/),
  },
  {
    name: "plans-in-doubt",
    title: "Nobody knows yet whether it was paid",
    path: more,
    shows: /^We do not know yet if/,
    answers: { "POST /api/billing/change": lost },
    does: press(/^Pay €/),
  },
  {
    name: "plans-bank-check",
    title: "The bank asks",
    path: more,
    shows: /^Your bank asks/,
    answers: accountStates["bank check"]!,
  },
  {
    name: "seats",
    title: "Seats and who has them",
    path: `${BILLING}/seats`,
    shows: /^Pay €/,
    does: (page) => page.getByLabel("New number").fill("5"),
  },
  {
    name: "usage",
    title: "Usage, day by day and by project",
    path: `${BILLING}/usage?meter=events`,
    answers: { "GET /api/billing": overviewInProjects },
  },
  {
    name: "usage-table",
    title: "Usage as a table",
    path: `${BILLING}/usage?meter=events`,
    does: (page) => page.getByRole("radio", { name: "Table" }).check(),
  },
  { name: "credits", title: "Credits", path: `${BILLING}/credits` },
  {
    name: "credits-below-zero",
    title: "Credits below zero",
    path: `${BILLING}/credits`,
    answers: accountStates["debt"]!,
  },
  { name: "auto-recharge", title: "Auto-recharge, off", path: `${BILLING}/credits/auto-recharge` },
  {
    name: "auto-recharge-on",
    title: "Auto-recharge, on",
    path: `${BILLING}/credits/auto-recharge`,
    answers: recharge({ spentThisPeriod: 2_000, chargesThisPeriod: 2, chargesLeft: 3 }),
  },
  {
    name: "auto-recharge-limit",
    title: "Auto-recharge, its limit reached",
    path: `${BILLING}/credits/auto-recharge`,
    answers: recharge({
      state: "limit_reached",
      spentThisPeriod: 5_000,
      chargesThisPeriod: 5,
      chargesLeft: 0,
    }),
  },
  {
    name: "invoices",
    title: "Invoices, one opened",
    path: `${BILLING}/invoices`,
    shows: /^Subtotal$/,
    does: press(/^Details of invoice A-0001/),
  },
  { name: "cancel", title: "Cancelling", path: `${BILLING}/cancel` },
  {
    name: "cancelled",
    title: "Cancelled",
    path: `${BILLING}/cancel`,
    answers: {
      ...accountStates["cancelled"]!,
      "POST /api/billing/preview": { ...teamPreview, nextInvoice: teamOverview.nextInvoice },
    },
  },
  {
    name: "withdraw",
    title: "Withdrawing, as a consumer",
    path: `${BILLING}/withdraw`,
    answers: { [OVERVIEW]: offersWithdrawal },
  },
  {
    name: "withdrew",
    title: "The receipt of a withdrawal",
    path: `${BILLING}/withdraw`,
    answers: withdrew("sent"),
  },
  {
    name: "return",
    title: "Back from Stripe, the payment on its way",
    path: `${BILLING}/return?session_id=cs_1`,
    isWaiting: true,
    answers: { "POST /api/billing/reconcile": never },
  },
  { name: "members", title: "Members", path: "/settings/members" },
  { name: "account", title: "Account", path: "/settings/account" },
  { name: "notifications", title: "Notifications", path: "/settings/notifications" },
  { name: "keys", title: "Keys", path: "/settings/keys" },
  { name: "webhooks", title: "Webhooks", path: "/settings/webhooks" },
  { name: "sign-in", title: "Sign-in", path: BILLING, answers: accountStates["signed out"]! },
  {
    name: "sign-in-ended",
    title: "A session that has ended",
    path: BILLING,
    answers: accountStates["no member any more"]!,
  },
  { name: "demo", title: "The demo, with its bar", path: BILLING, answers: { "GET /api/demo": demo } },
];
