import { describe, expect, it } from "vitest";
import { subscriptionDrifts } from "./drift.ts";
import type { Subscription } from "./subscription.ts";

const END = Date.parse("2027-04-10T09:00:00Z");
const team: Subscription = {
  subscriptionId: "sub_1",
  status: "active",
  planId: "team",
  interval: "month",
  seats: 3,
  priceId: "price_team_month",
  anchorAt: Date.parse("2027-03-10T09:00:00Z"),
  periodStartsAt: Date.parse("2027-03-10T09:00:00Z"),
  periodEndsAt: END,
  startedAt: Date.parse("2027-03-10T09:00:00Z"),
  cancelAt: null,
  endedAt: null,
  pending: null,
  nextPrice: null,
  isOwnPrice: false,
};
const cut = { target: { planId: "team", interval: "month", seats: 2 }, effectiveAt: END } as const;

describe("what Stripe has otherwise than our copy", () => {
  it.each<[string, Partial<Subscription>, string[], string]>([
    ["seats", { seats: 5 }, ["seats"], "The seats of sub_1: we had 3, Stripe has 5."],
    ["the status", { status: "past_due" }, ["status"], "we had active, Stripe has past_due."],
    [
      "the plan, whose other price is no news of its own",
      { planId: "business", priceId: "price_business" },
      ["plan"],
      "we had team, Stripe has business.",
    ],
    [
      "the interval",
      { interval: "year", priceId: "price_y" },
      ["interval"],
      "we had month, Stripe has year.",
    ],
    [
      "the price alone",
      { priceId: "price_own" },
      ["price"],
      "we had price_team_month, Stripe has price_own.",
    ],
    ["a renewal", { periodEndsAt: END + 1 }, ["period"], "we had 2027-04-10T09:00:00.000Z"],
    [
      "a cancellation",
      { cancelAt: END },
      ["cancellation"],
      "we had none, Stripe has 2027-04-10T09:00:00.000Z.",
    ],
    [
      "a scheduled change",
      { pending: cut },
      ["pending_change"],
      "Stripe has team by the month with 2 seats from 2027-04-10T09:00:00.000Z.",
    ],
    ["several things, each by itself", { seats: 4, status: "past_due" }, ["status", "seats"], "past_due"],
  ])("S7 %s", (_name, changed, kinds, sentence) => {
    const drifts = subscriptionDrifts([team], [{ ...team, ...changed }]);
    expect(drifts.map(({ what }) => what)).toEqual(kinds);
    expect(drifts[0]?.sentence).toContain(sentence);
  });

  it("S7 a subscription that we had not is one drift, and the same facts are none", () => {
    expect(subscriptionDrifts([], [team])).toMatchObject([
      { what: "subscription", stored: null, found: "active" },
    ]);
    const pending = { ...team, pending: cut };
    expect(subscriptionDrifts([pending], [{ ...pending, pending: structuredClone(cut) }])).toEqual([]);
    expect(subscriptionDrifts([team], [])).toEqual([]);
  });
});
