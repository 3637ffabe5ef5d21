import { describe, expect, it } from "vitest";
import type { EntitlementSlice } from "../entitlements/entitlement.ts";
import { liveSubscription, missingSlices, type Subscription } from "./subscription.ts";

const at = (text: string) => Date.parse(text);
const free: EntitlementSlice = {
  startsAt: at("2026-01-01T00:00:00Z"),
  anchorAt: at("2026-01-01T00:00:00Z"),
  planId: "free",
  interval: null,
  seats: 1,
};
const team: Subscription = {
  subscriptionId: "sub_1",
  status: "active",
  planId: "team",
  interval: "month",
  seats: 3,
  priceId: "price_1",
  anchorAt: at("2026-02-10T12:00:00Z"),
  periodStartsAt: at("2026-02-10T12:00:00Z"),
  periodEndsAt: at("2026-03-10T12:00:00Z"),
  startedAt: at("2026-02-10T12:00:00Z"),
  cancelAt: null,
  endedAt: null,
};
const now = at("2026-02-10T12:00:05Z");
const teamSlice: EntitlementSlice = {
  startsAt: team.startedAt,
  anchorAt: team.anchorAt,
  planId: "team",
  interval: "month",
  seats: 3,
};
const missing = (slices: EntitlementSlice[], subscriptions: Subscription[], at = now) =>
  missingSlices({ slices, subscriptions, freePlanId: "free", now: at });

describe("S7 entitlements follow Stripe", () => {
  it("P1 a first subscription starts a new window at its own start, however late it is heard of", () => {
    expect(missing([free], [team], at("2026-02-12T00:00:00Z"))).toEqual([teamSlice]);
  });

  it("hearing of it again adds nothing", () => {
    expect(missing([free, teamSlice], [team])).toEqual([]);
  });

  it("P1 an upgrade within the period keeps the anchor and starts now", () => {
    const upgraded = { ...team, planId: "business", seats: 5 };
    expect(missing([free, teamSlice], [upgraded])).toEqual([
      { startsAt: now, anchorAt: team.anchorAt, planId: "business", interval: "month", seats: 5 },
    ]);
  });

  it("past due keeps the plan", () => {
    expect(missing([free, teamSlice], [{ ...team, status: "past_due" }])).toEqual([]);
  });

  it("P1 the end of a subscription is the free plan's start and anchor", () => {
    const endedAt = at("2026-03-10T12:00:00Z");
    expect(missing([free, teamSlice], [{ ...team, status: "canceled", endedAt }], endedAt + 9_000)).toEqual([
      { startsAt: endedAt, anchorAt: endedAt, planId: "free", interval: null, seats: 1 },
    ]);
  });

  it.each(["incomplete", "incomplete_expired", "unpaid", "paused", "canceled"])(
    "%s gives no plan",
    (status) => {
      expect(missing([free], [{ ...team, status }])).toEqual([]);
    },
  );

  it("of two live subscriptions the older counts", () => {
    const second = { ...team, subscriptionId: "sub_2", startedAt: team.startedAt + 1_000 };
    expect(liveSubscription([second, team])?.subscriptionId).toBe("sub_1");
  });
});
