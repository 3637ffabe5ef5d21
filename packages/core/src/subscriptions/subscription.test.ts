import { describe, expect, it } from "vitest";
import type { EntitlementSlice } from "../entitlements/entitlement.ts";
import { followSlices, liveSubscription, type Subscription } from "./subscription.ts";

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
  pending: null,
  nextPrice: null,
  isOwnPrice: false,
};
const now = at("2026-02-10T12:00:05Z");
const teamSlice: EntitlementSlice = {
  startsAt: team.startedAt,
  anchorAt: team.anchorAt,
  planId: "team",
  interval: "month",
  seats: 3,
};
const follow = (slices: EntitlementSlice[], subscriptions: Subscription[], at = now) =>
  followSlices({ slices, subscriptions, freePlanId: "free", now: at });
const missing = (...given: Parameters<typeof follow>) => {
  const { add, remove } = follow(...given);
  expect(remove).toEqual([]);
  return add;
};

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

  const renewsAt = team.periodEndsAt;
  const fewer = { planId: "team", interval: "month" as const, seats: 2 };
  const cut: Subscription = { ...team, pending: { target: fewer, effectiveAt: renewsAt } };
  const cutSlice = { startsAt: renewsAt, anchorAt: team.anchorAt, ...fewer };

  it("S2 a scheduled change is known from its date on before Stripe carries it out", () => {
    expect(missing([free, teamSlice], [cut])).toEqual([cutSlice]);
    expect(missing([free, teamSlice, cutSlice], [cut])).toEqual([]);
  });

  it("P1 a scheduled change of interval starts a window at its date", () => {
    const annual = { planId: "personal", interval: "year" as const, seats: 1 };
    expect(
      missing([free, teamSlice], [{ ...team, pending: { target: annual, effectiveAt: renewsAt } }]),
    ).toEqual([{ startsAt: renewsAt, anchorAt: renewsAt, ...annual }]);
  });

  it("S3 an undone change is taken out, a replaced one replaced; what began stays", () => {
    expect(follow([free, teamSlice, cutSlice], [team])).toEqual({ remove: [renewsAt], add: [] });
    const replaced = { ...fewer, planId: "personal", seats: 1 };
    expect(
      follow(
        [free, teamSlice, cutSlice],
        [{ ...team, pending: { target: replaced, effectiveAt: renewsAt } }],
      ),
    ).toEqual({ remove: [renewsAt], add: [{ ...cutSlice, ...replaced }] });
  });

  it("S5 a cancelled subscription falls to Free at its end, on the second, and is lifted again", () => {
    const freeAgain = { startsAt: renewsAt, anchorAt: renewsAt, planId: "free", interval: null, seats: 1 };
    const cancelled = { ...team, cancelAt: renewsAt };
    expect(missing([free, teamSlice], [cancelled])).toEqual([freeAgain]);
    const slices = [free, teamSlice, freeAgain];
    expect(
      missing(slices, [{ ...cancelled, status: "canceled", endedAt: renewsAt }], renewsAt + 60_000),
    ).toEqual([]);
    expect(follow(slices, [team])).toEqual({ remove: [renewsAt], add: [] });
  });

  it("S7 facts fetched a second before the change do not take it back a second after it", () => {
    expect(missing([free, teamSlice, cutSlice], [cut], renewsAt + 1_000)).toEqual([]);
  });

  it("S7 a subscription that was kept at the last moment has its plan again as soon as that is heard", () => {
    const freeAgain = { startsAt: renewsAt, anchorAt: renewsAt, planId: "free", interval: null, seats: 1 };
    const at = renewsAt + 60_000;
    expect(missing([free, teamSlice, freeAgain], [{ ...team, periodEndsAt: at }], at)).toEqual([
      { ...teamSlice, startsAt: at },
    ]);
  });
});
