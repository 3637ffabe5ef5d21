/* OV1: each notice leads to what solves it, and to nothing that the account cannot do. */
import { DAY_MS, type PauseReason, type RechargeState } from "@bursar/core";
import { expect, it } from "vitest";
import { noticesOf } from "./notices.ts";
import type { Overview } from "./overview.ts";

const now = Date.parse("2027-03-10T09:00:00Z");
const periodEndsAt = now + 20 * DAY_MS;
const invoicePage = "https://stripe.test/invoice";

interface Situation {
  plan?: "free" | "paid" | "custom";
  balance?: number;
  status?: "active" | "past_due";
  cancelAt?: number | null;
  cardExpires?: { expYear: number; expMonth: number };
  endedUnpaid?: boolean;
  unpaid?: { hostedUrl: string | null };
  openChange?: { state: string; invoiceUrl: string | null };
  meter?: { pastLimit: "refused" | "recorded" | "credits"; state: "warning" | "reached" | "over" };
  recharge?: {
    state: RechargeState;
    isOften?: boolean;
    pausedReason?: PauseReason;
    open?: { invoiceUrl: string | null };
  };
}

function overviewOf(given: Situation): Overview {
  const { plan = "paid", balance = 0, status = "active", cancelAt = null, unpaid, meter, recharge } = given;
  return {
    now,
    plan: { kind: plan, name: "Team" },
    catalog: { packs: [{}], plans: [], freePlanId: "free" },
    view: {
      available: { balance, credits: balance >= 0 ? 5 : 0 },
      entitlement: { window: { endsAt: periodEndsAt } },
    },
    subscription: plan === "paid" ? { status, cancelAt, periodEndsAt } : null,
    card: given.cardExpires === undefined ? null : { last4: "4242", ...given.cardExpires },
    openChange: given.openChange ?? null,
    endedUnpaid: given.endedUnpaid === true ? { planName: "Team", endedAt: now } : null,
    unpaid:
      unpaid === undefined
        ? null
        : {
            invoice: { amountDueCents: 4_522, currency: "eur", nextAttemptAt: null, ...unpaid },
            failedAt: now,
            endsAt: now,
          },
    meters:
      meter === undefined
        ? []
        : [
            {
              meter: {
                id: "m",
                name: "M",
                format: "count",
                pastLimit: meter.pastLimit,
                limitSentence: "No more",
              },
              used: meter.state === "over" ? 12 : 9,
              limit: 10,
              standing: { state: meter.state },
            },
          ],
    recharge: {
      isOften: false,
      pausedReason: null,
      open: null,
      chargeCents: 1_900,
      currency: "eur",
      spentCents: 0,
      limitCents: 5_000,
      window: { startsAt: now, endsAt: periodEndsAt },
      state: "off",
      ...recharge,
    },
  } as unknown as Overview;
}

const billing = (path: string) => `/settings/billing/${path}`;
const cases: [Situation, id: string, label: string | null, href: string | null][] = [
  [
    { status: "past_due", unpaid: { hostedUrl: invoicePage } },
    "past_due",
    "Pay \u20ac45.22 now",
    invoicePage,
  ],
  [{ status: "past_due", unpaid: { hostedUrl: null } }, "past_due", null, null],
  [{ plan: "free", endedUnpaid: true }, "ended_unpaid", "See plans", billing("plans")],
  [
    { openChange: { state: "awaiting_bank", invoiceUrl: invoicePage } },
    "bank_check",
    "Confirm with your bank",
    invoicePage,
  ],
  [{ cancelAt: now + 7 * DAY_MS }, "ends_soon", "Keep the plan", billing("cancel")],
  [{ cardExpires: { expYear: 2027, expMonth: 2 } }, "card_expires", "Update card", billing("invoices")],
  [{ plan: "free", balance: -1 }, "credits_owed", "See plans", billing("plans")],
  [{ balance: -1 }, "credits_owed", "Buy credits", billing("credits")],
  [{ meter: { pastLimit: "refused", state: "reached" } }, "limit:m", "See plans", billing("plans")],
  [{ meter: { pastLimit: "refused", state: "warning" } }, "limit:m", "See plans", billing("plans")],
  [{ meter: { pastLimit: "credits", state: "reached" } }, "limit:m", "Buy credits", billing("credits")],
  [
    { plan: "free", meter: { pastLimit: "credits", state: "reached" } },
    "limit:m",
    "See plans",
    billing("plans"),
  ],
  [{ plan: "custom", meter: { pastLimit: "refused", state: "reached" } }, "limit:m", null, null],
  [
    { recharge: { state: "paused", pausedReason: "declined" } },
    "recharge_paused",
    "Turn on again",
    billing("credits/auto-recharge"),
  ],
  [
    { recharge: { state: "needs_authentication", open: { invoiceUrl: invoicePage } } },
    "recharge_bank_check",
    "Confirm with your bank",
    invoicePage,
  ],
  [
    { recharge: { state: "declined" } },
    "recharge_declined",
    "See auto-recharge",
    billing("credits/auto-recharge"),
  ],
  [
    { recharge: { state: "limit_reached" } },
    "recharge_limit",
    "Raise limit",
    billing("credits/auto-recharge#limit"),
  ],
  [
    { recharge: { state: "idle", isOften: true } },
    "recharged_often",
    "See auto-recharge",
    billing("credits/auto-recharge"),
  ],
];

it.each(cases)("OV1 %j: %s, with [%s] to %s", (situation, id, label, href) => {
  const notices = noticesOf(overviewOf(situation));
  expect(
    notices.map((each) => [each.id, each.action && { label: each.action.label, href: each.action.href }]),
  ).toEqual([[id, label === null ? null : { label, href }]]);
});

it.each([
  {},
  { cancelAt: now + 8 * DAY_MS },
  { cardExpires: { expYear: 2027, expMonth: 4 } },
  { openChange: { state: "charging", invoiceUrl: invoicePage } },
  { recharge: { state: "idle" } },
] satisfies Situation[])("OV1 nothing is told that needs nobody: %j", (situation) => {
  expect(noticesOf(overviewOf(situation))).toEqual([]);
});

it("OV1 the most urgent stands first, whatever they are about", () => {
  const all = noticesOf(
    overviewOf({
      status: "past_due",
      unpaid: { hostedUrl: invoicePage },
      openChange: { state: "awaiting_bank", invoiceUrl: invoicePage },
      balance: -1,
      meter: { pastLimit: "refused", state: "over" },
      recharge: { state: "paused", pausedReason: "declined" },
      cardExpires: { expYear: 2027, expMonth: 2 },
    }),
  ).map(({ id }) => id);
  expect(all).toEqual([
    "past_due",
    "bank_check",
    "credits_owed",
    "limit:m",
    "recharge_paused",
    "card_expires",
  ]);
  const others = {
    meter: { pastLimit: "refused", state: "warning" },
    recharge: { state: "paused" },
  } as const;
  const rest = noticesOf(overviewOf({ ...others, cancelAt: now + DAY_MS })).map(({ id }) => id);
  expect(rest).toEqual(["ends_soon", "recharge_paused", "limit:m"]);
  const bank = {
    recharge: { state: "needs_authentication" },
    meter: { pastLimit: "refused", state: "over" },
  };
  expect(noticesOf(overviewOf(bank as Situation)).map(({ id }) => id)).toEqual([
    "recharge_bank_check",
    "limit:m",
  ]);
});

it.each([
  ["refused", "warning", "M: Approaching limit"],
  ["refused", "reached", "M: Limit reached"],
  ["refused", "over", "M: Over limit by 2"],
  ["credits", "over", "M: 2 over, on credits"],
] as const)(
  "M1 a meter that is %s at its limit and %s says %s, as beside its bar",
  (pastLimit, state, title) => {
    const [notice] = noticesOf(overviewOf({ meter: { pastLimit, state } }));
    expect(notice?.title).toBe(title);
  },
);
