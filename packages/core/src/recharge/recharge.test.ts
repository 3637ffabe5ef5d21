import { describe, expect, it } from "vitest";
import type { Pack } from "../catalog/catalog.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../kernel/time.ts";
import {
  afterDecline,
  decideRecharge,
  rechargeState,
  type RechargeCharge,
  type RechargeFacts,
} from "./decide-recharge.ts";
import { asksForConsent, checkSettings } from "./settings.ts";

const now = Date.parse("2027-03-10T12:00:00Z");
const window = { startsAt: now - 10 * DAY_MS, endsAt: now + 20 * DAY_MS };

const facts = (change: Partial<RechargeFacts> = {}): RechargeFacts => ({
  settings: {
    isEnabled: true,
    pausedReason: null,
    thresholdTokens: 500,
    packId: "pack",
    limitCents: 5_000,
  },
  isArmed: true,
  hasPaidPlan: true,
  isPastDue: false,
  hasCard: true,
  chargeCents: 1_000,
  balanceTokens: 499,
  window,
  charges: [],
  now,
  ...change,
});

const settings = (change: Partial<RechargeFacts["settings"]>) => ({
  settings: { ...facts().settings, ...change },
});

const charge = (change: Partial<RechargeCharge> = {}): RechargeCharge => ({
  state: "succeeded",
  amountCents: 1_000,
  tryNumber: 1,
  triedAt: now - 2 * DAY_MS,
  retryAt: null,
  finishedAt: now - 2 * DAY_MS,
  ...change,
});

const open = (state: RechargeCharge["state"], change: Partial<RechargeCharge> = {}) =>
  charge({ state, triedAt: now - HOUR_MS, finishedAt: null, ...change });
const declined = (change: Partial<RechargeCharge> = {}) => open("declined", { retryAt: now, ...change });
const lately = (minutes: number) =>
  charge({ triedAt: now - minutes * MINUTE_MS, finishedAt: now - minutes * MINUTE_MS });
const before = window.startsAt - 1;

describe("A2 what auto-recharge does now", () => {
  it.each<[string, Partial<RechargeFacts>, object]>([
    ["below the threshold: charge", {}, { code: "charge", amountCents: 1_000, tryNumber: 1 }],
    ["at the threshold: nothing", { balanceTokens: 500 }, { code: "nothing", why: "enough" }],
    ["below zero: charge", { balanceTokens: -1_000_000 }, { code: "charge" }],
    ["off", settings({ isEnabled: false }), { code: "nothing", why: "off" }],
    ["paused", settings({ pausedReason: "refund" }), { code: "nothing", why: "paused" }],
    ["on Free", { hasPaidPlan: false }, { code: "nothing", why: "no_paid_plan" }],
    ["to start after the next purchase", { isArmed: false }, { code: "nothing", why: "after_purchase" }],
    ["past due: wait", { isPastDue: true }, { code: "wait", why: "past_due" }],
    ["no card: pause", { hasCard: false }, { code: "pause", reason: "no_payment_method" }],
    ["pack sold no more: pause", { chargeCents: null }, { code: "pause", reason: "pack_withdrawn" }],
    ["one at the card", { charges: [open("charging")] }, { code: "wait", why: "charge_open" }],
    ["one at the bank", { charges: [open("needs_authentication")] }, { code: "wait", why: "charge_open" }],
    ["one paid, its credits not in", { charges: [open("paid")] }, { code: "wait", why: "charge_open" }],
    [
      "one at the card, and turned off",
      { ...settings({ isEnabled: false }), charges: [open("charging")] },
      { code: "wait" },
    ],
    [
      "declined, a moment too early",
      { charges: [declined({ retryAt: now + 1 })] },
      { code: "wait", until: now + 1 },
    ],
    ["declined, its next try due", { charges: [declined()] }, { code: "charge", tryNumber: 2 }],
    [
      "declined, and bought otherwise",
      { charges: [declined()], balanceTokens: 500 },
      { code: "drop", why: "enough" },
    ],
    [
      "declined, and turned off",
      { ...settings({ isEnabled: false }), charges: [declined()] },
      { code: "drop", why: "off" },
    ],
  ])("%s", (_name, change, expected) => {
    expect(decideRecharge(facts(change))).toMatchObject(expected);
  });

  it.each<[string, Partial<RechargeFacts>, object]>([
    ["room for exactly one", { charges: Array<RechargeCharge>(4).fill(charge()) }, { code: "charge" }],
    [
      "a cent short",
      { ...settings({ limitCents: 4_999 }), charges: Array<RechargeCharge>(4).fill(charge()) },
      { code: "limit_reached", spentCents: 4_000, until: window.endsAt },
    ],
    [
      "full",
      { charges: Array<RechargeCharge>(5).fill(charge()) },
      { code: "limit_reached", spentCents: 5_000 },
    ],
    [
      "lowered below what is spent",
      { ...settings({ limitCents: 1_000 }), charges: [charge(), charge()] },
      { code: "limit_reached" },
    ],
    [
      "declined ones are free",
      { charges: Array<RechargeCharge>(9).fill(charge({ state: "failed" })) },
      { code: "charge" },
    ],
    [
      "those of the window before are free",
      { charges: Array<RechargeCharge>(9).fill(charge({ triedAt: before })) },
      { code: "charge" },
    ],
    [
      "reserved in the window before, paid in this one",
      { charges: Array<RechargeCharge>(9).fill(charge({ triedAt: before, finishedAt: now - 2 * DAY_MS })) },
      { code: "charge" },
    ],
    [
      "from the window's first instant on they count",
      { charges: Array<RechargeCharge>(5).fill(charge({ triedAt: window.startsAt })) },
      { code: "limit_reached" },
    ],
    [
      "a next try reserves anew",
      { ...settings({ limitCents: 1_000 }), charges: [charge(), declined()] },
      { code: "limit_reached" },
    ],
  ])("the limit: %s", (_name, change, expected) => {
    expect(decideRecharge(facts(change))).toMatchObject(expected);
  });

  it.each<[string, RechargeCharge[], object]>([
    ["two within a day", [lately(1), lately(2)], { code: "charge" }],
    [
      "three: ten minutes after the last",
      [lately(9), lately(20), lately(30)],
      { code: "wait", why: "too_often", until: now + MINUTE_MS },
    ],
    ["the ten minutes are over", [lately(10), lately(20), lately(30)], { code: "charge" }],
    ["the third is a day ago", [lately(1), lately(2), lately(24 * 60)], { code: "charge" }],
  ])("the gap: %s", (_name, charges, expected) => {
    expect(decideRecharge(facts({ charges }))).toMatchObject(expected);
  });

  it.each<[RechargeFacts, string]>([
    [facts(settings({ isEnabled: false })), "off"],
    [facts(settings({ pausedReason: "declined" })), "paused"],
    [facts({ balanceTokens: 500 }), "idle"],
    [facts({ isArmed: false }), "idle"],
    [facts(), "due"],
    [facts({ isPastDue: true }), "due"],
    [facts({ charges: [open("invoicing")] }), "charging"],
    [facts({ charges: [open("needs_authentication")] }), "needs_authentication"],
    [facts({ charges: [declined({ retryAt: now + 1 })] }), "declined"],
    [facts({ charges: Array<RechargeCharge>(5).fill(charge()) }), "limit_reached"],
    [facts({ hasCard: false }), "paused"],
  ])("is said in one word: %#", (given, state) => {
    expect(rechargeState(given)).toBe(state);
  });
});

it("A3 a card is tried three times, an hour and then six hours apart", () => {
  expect([1, 2, 3].map((tryNumber) => afterDecline(tryNumber, now))).toEqual([
    { code: "retry", at: now + HOUR_MS },
    { code: "retry", at: now + 6 * HOUR_MS },
    { code: "give_up" },
  ]);
});

describe("AR2, AR4 settings", () => {
  const pack: Pack = { id: "pack", name: "Starter", tokens: 1_000, priceCents: 500, popular: false };
  const sold = { pack, chargeCents: 500, currency: "eur" };
  it.each([
    [{ thresholdTokens: 999, limitCents: 500 }, []],
    [{ thresholdTokens: 1_000, limitCents: 500 }, ["threshold"]],
    [{ thresholdTokens: 999, limitCents: 499 }, ["spendingLimit"]],
    [{ thresholdTokens: 5_000, limitCents: 1 }, ["threshold", "spendingLimit"]],
  ])("%o lack %o", (values, paths) => {
    expect(checkSettings({ ...values, packId: "pack" }, sold).map(({ path }) => path)).toEqual(paths);
  });

  it("the limit that is too small is told with both sums", () => {
    const [mistake] = checkSettings({ thresholdTokens: 1, limitCents: 100, packId: "pack" }, sold);
    expect(mistake?.message).toBe(
      "A Starter pack costs €5.00; a limit of €1.00 would never allow it. Choose €5.00 or more.",
    );
  });

  const values = { thresholdTokens: 500, packId: "b", limitCents: 5_000 };
  const tokensOf = (packId: string) => ({ a: 1_000, b: 2_000, c: 3_000 })[packId] ?? 0;
  it.each([
    [{}, false],
    [{ thresholdTokens: 501 }, true],
    [{ thresholdTokens: 499 }, false],
    [{ limitCents: 5_001 }, true],
    [{ limitCents: 4_999 }, false],
    [{ packId: "c" }, true],
    [{ packId: "a" }, false],
    [{ packId: "a", limitCents: 9_000 }, true],
  ])("%o is agreed to anew: %s", (change, asks) => {
    expect(asksForConsent(values, { ...values, ...change }, tokensOf)).toBe(asks);
  });
});
