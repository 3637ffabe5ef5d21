/*
 * Every screen of the settings with the states that are its own. Those of the account, which all screens have, stand in
 * account-states.ts.
 */
import type { Page } from "@playwright/test";
import { billingRoutes } from "../../../packages/react/src/billing-routes.ts";
import { teamOverview, teamPreview } from "../../../packages/react/src/sample-answers.test-data.ts";
import { expect } from "../fixtures.ts";
import {
  daysInProjects,
  lost,
  never,
  overviewInProjects,
  refusal,
  usageDaysOf,
  type Answers,
} from "./answered-page.ts";
import { offersWithdrawal, withdrew } from "./withdrawal-answers.ts";

/** What this state answers otherwise than the account in its normal one, and what a person did to come to it. */
export interface ScreenState {
  /** Of the address, after its path. */
  search?: string;
  answers?: Answers;
  does?: (page: Page) => Promise<void>;
}

export interface Screen {
  path: string;
  states: Readonly<Record<string, ScreenState>>;
}

const BILLING = "/settings/billing";
const PREVIEW = "POST /api/billing/preview";
const CHANGE = "POST /api/billing/change";
const RECONCILE = "POST /api/billing/reconcile";
const OVERVIEW = "GET /api/billing";

const press = (name: RegExp, then: RegExp) => async (page: Page) => {
  await page.getByRole("button", { name }).first().click();
  await expect(page.getByRole("main").getByText(then).first()).toBeVisible();
};
const DOUBT = /^We do not know yet/;

const inMore = "?plan=team&interval=month&seats=5";
const downgrade = {
  ...teamPreview,
  kind: "downgrade",
  effectiveAt: "2026-12-12T00:00:00Z",
  dueToday: { ...teamPreview.dueToday, lines: [], subtotal: 0, tax: 0, total: 0, amountDue: 0 },
  later: { effectiveAt: "2026-12-12T00:00:00Z", description: "Personal, monthly" },
  loses: ["Sessions: 100 instead of 200", "Storage: 256 MiB instead of 512 MiB", "2 fewer seats"],
};

const { autoRecharge } = teamOverview.credits;
const recharge = (change: object, balance = teamOverview.credits.balance): Answers => ({
  [OVERVIEW]: {
    ...teamOverview,
    credits: { ...teamOverview.credits, balance, autoRecharge: { ...autoRecharge, ...change } },
  },
});
const on = {
  enabled: true,
  state: "idle",
  updatedBy: "Ann Lee",
  updatedAt: teamOverview.now,
  spentThisPeriod: 4_000,
  chargesThisPeriod: 4,
  chargesLeft: 1,
};

const inProjects = (daily: object): Answers => ({
  [OVERVIEW]: overviewInProjects,
  "GET /api/billing/usage/daily": daily,
});

const ownStates: Readonly<Record<(typeof billingRoutes)[number], Screen["states"]>> = {
  "": {
    "withdrawal offered": { answers: { [OVERVIEW]: offersWithdrawal } },
    "has withdrawn": { answers: withdrew("sent") },
  },
  plans: {
    "an upgrade": { search: inMore },
    "a downgrade": { search: "?plan=personal&interval=month&seats=1", answers: { [PREVIEW]: downgrade } },
    "no price": { search: inMore, answers: { [PREVIEW]: refusal(429, "rate_limited", "Try in a moment.") } },
    "asking for the price": { search: inMore, answers: { [PREVIEW]: never } },
    declined: {
      search: inMore,
      answers: { [CHANGE]: refusal(402, "payment_failed", "Your card was declined. Nothing was changed.") },
      does: press(/^Pay €/, /was declined/),
    },
    "in doubt": { search: inMore, answers: { [CHANGE]: lost }, does: press(/^Pay €/, DOUBT) },
    "back from checkout": { search: `${inMore}&left=checkout` },
  },
  seats: {
    more: { does: press(/^One seat more$/, /^New number/) },
    "too many": {
      does: async (page) => {
        await page.getByLabel("New number").fill("5000");
        await expect(page.getByText(/from 2 to 1,000/)).toBeVisible();
      },
    },
    "an address that is none": {
      does: async (page) => {
        await page.getByLabel("Invite by e-mail").fill("bo@acme.example, cy");
        await press(/^(Invite|Review)/, /is no e-mail address/)(page);
      },
    },
    "asked whether to remove": { does: press(/^Remove Bo/, /loses access at once/) },
  },
  usage: {
    projection: {
      search: "?meter=events",
      answers: {
        "GET /api/billing/usage/daily": {
          data: usageDaysOf([700, 640, 180, 120, 980, 1_100, 1_010, 930, 890, 260, 1_602]),
          projection: { low: 9_800, mid: 10_000, high: 10_000, limitReachedAt: "2026-11-24T10:00:00Z" },
        },
      },
    },
    table: {
      search: "?meter=events",
      does: async (page) => {
        await page.getByRole("radio", { name: "Table" }).check();
        await expect(page.getByRole("table")).toBeVisible();
      },
    },
    "by project": { search: "?meter=events", answers: inProjects(daysInProjects) },
    "by projects with names of all kinds": {
      search: "?meter=events",
      answers: inProjects({
        ...daysInProjects,
        groups: {
          data: [
            {
              group: "Hauptstadtflughafenbaustellenkoordinationsbesprechungsprotokolle"
                .repeat(2)
                .slice(0, 100),
              quantity: 8_000,
            },
            { group: "مشروع الأطلس (٢)", quantity: 300 },
            { group: "<b>Atlas</b> & \u202eslaeD", quantity: 12 },
          ],
          others: { groups: null, quantity: 100 },
          none: 0,
          total: 8_412,
        },
      }),
    },
    "days of one's own": { search: "?meter=events&from=2026-10-24&to=2026-11-20" },
  },
  credits: {
    declined: {
      answers: {
        "POST /api/billing/credits/purchase": refusal(402, "payment_failed", "Your card was declined."),
      },
      does: press(/^Purchase/, /was declined/),
    },
    "in doubt": {
      answers: { "POST /api/billing/credits/purchase": lost },
      does: press(/^Purchase/, DOUBT),
    },
  },
  "credits/auto-recharge": {
    on: { answers: recharge(on) },
    "limit reached": { answers: recharge({ ...on, state: "limit_reached", spentThisPeriod: 5_000 }) },
    paused: { answers: recharge({ ...on, state: "paused", pausedReason: "declined" }) },
    "the bank asks": {
      answers: recharge({ ...on, state: "needs_authentication", url: "https://stripe.example/in_1" }),
    },
    "below already": { answers: recharge({}, 100) },
    mistakes: {
      does: async (page) => {
        await page.getByLabel("Spend at most").fill("5");
        await page.getByLabel("When the balance falls below").fill("2500000");
        await expect(page.getByText(/would never allow it/)).toBeVisible();
      },
    },
    "in doubt": {
      answers: { "PUT /api/billing/credits/auto-recharge": lost },
      does: press(/^Save and turn on$/, DOUBT),
    },
  },
  invoices: {
    details: { does: press(/^Details of invoice A-0001/, /^Subtotal$/) },
  },
  withdraw: {
    offered: { answers: { [OVERVIEW]: offersWithdrawal } },
    "in doubt": {
      answers: { [OVERVIEW]: offersWithdrawal, "POST /api/billing/withdraw": lost },
      does: press(/^Confirm withdrawal$/, DOUBT),
    },
    "a receipt": { answers: withdrew("sent") },
    "a receipt on its way": { answers: withdrew("pending") },
    "a refund held up": { answers: withdrew("held_up") },
  },
  cancel: {
    "withdrawal offered": { answers: { [OVERVIEW]: offersWithdrawal } },
    "in doubt": { answers: { "POST /api/billing/cancel": lost }, does: press(/^Cancel on/, DOUBT) },
  },
};

const offline: ScreenState = {
  does: async (page) => {
    await page.context().setOffline(true);
    await expect(page.getByRole("main").getByText(/^Offline\. Data from/)).toBeVisible();
  },
};

/** Back from Stripe. It replaces its address as soon as the server has answered. */
const coming: Screen["states"] = {
  checking: { answers: { [RECONCILE]: never } },
  there: {},
  failed: { answers: { [RECONCILE]: refusal(429, "rate_limited", "Stripe is asked too often. Try again.") } },
};

export const screens: readonly Screen[] = [
  ...billingRoutes.map((route) => ({
    path: route === "" ? BILLING : `${BILLING}/${route}`,
    states: { offline, ...ownStates[route] },
  })),
  { path: `${BILLING}/return?session_id=cs_test_1`, states: coming },
  { path: "/settings/members", states: { offline } },
  { path: "/settings/account", states: { offline } },
  { path: "/settings/notifications", states: { offline } },
  {
    path: "/settings/keys",
    states: {
      offline,
      "no name": { does: press(/^Make key$/, /^Enter a name\.$/) },
      "asked whether to revoke": { does: press(/^Revoke Import$/, /opens nothing from that moment on/) },
    },
  },
  {
    path: "/settings/webhooks",
    states: {
      offline,
      "an endpoint is edited": {
        does: press(/^Edit https:\/\/chat\.acme\.example\/hook$/, /What waits goes to the new address too/),
      },
    },
  },
];
