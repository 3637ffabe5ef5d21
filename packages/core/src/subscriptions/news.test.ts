import { describe, expect, it } from "vitest";
import { subscriptionNews } from "./news.ts";
import type { Subscription } from "./subscription.ts";

const START = Date.parse("2027-03-10T09:00:00Z");
const END = Date.parse("2027-04-10T09:00:00Z");
const NEXT = Date.parse("2027-05-10T09:00:00Z");
const team: Subscription = {
  subscriptionId: "sub_1",
  status: "active",
  planId: "team",
  interval: "month",
  seats: 3,
  priceId: "price_team_month",
  anchorAt: START,
  periodStartsAt: START,
  periodEndsAt: END,
  startedAt: START,
  cancelAt: null,
  endedAt: null,
  pending: null,
  isOwnPrice: false,
  nextPrice: null,
};
const cut = { target: { planId: "team", interval: "month", seats: 2 }, effectiveAt: END } as const;
const cutLater = { ...cut, effectiveAt: NEXT };
const ended = { status: "canceled", endedAt: END };

describe("what a customer hears of when our copy follows Stripe", () => {
  it.each<[string, Partial<Subscription> | null, Partial<Subscription>, string[]]>([
    ["the same facts again", {}, {}, []],
    ["a first plan", null, {}, ["started"]],
    ["one that waited for its payment", { status: "incomplete" }, {}, ["started"]],
    ["a first plan that is cancelled already", null, { cancelAt: END }, ["started", "cancelled"]],
    ["a first plan with a cut to come", null, { pending: cut }, ["started", "change_scheduled"]],
    ["one whose payment never came", null, { status: "incomplete" }, []],
    ["one that ended before we saw it", null, ended, []],
    ["the same end again", ended, ended, []],
    ["more seats", {}, { seats: 5 }, ["changed"]],
    ["a renewal", {}, { periodStartsAt: END, periodEndsAt: NEXT }, ["renewed"]],
    ["a cut that is scheduled", {}, { pending: cut }, ["change_scheduled"]],
    ["the same cut again", { pending: cut }, { pending: cut }, []],
    ["the cut at another time", { pending: cut }, { pending: cutLater }, ["change_scheduled"]],
    ["the cut given up", { pending: cut }, {}, ["change_undone"]],
    [
      "the cut come about at the renewal",
      { pending: cut },
      { seats: 2, periodStartsAt: END, periodEndsAt: NEXT },
      ["changed", "renewed"],
    ],
    ["a cancellation", {}, { cancelAt: END }, ["cancelled"]],
    ["in place of the cut", { pending: cut }, { cancelAt: END }, ["cancelled", "change_undone"]],
    ["the cancellation taken back", { cancelAt: END }, {}, ["resumed"]],
    ["its end", { cancelAt: END }, ended, ["ended"]],
    ["a payment that fails: told by its invoice", {}, { status: "past_due" }, []],
  ])("%s", (_name, had, has, codes) => {
    const stored = had === null ? [] : [{ ...team, ...had }];
    expect(subscriptionNews(stored, [{ ...team, ...has }]).map(({ code }) => code)).toEqual(codes);
  });

  it.each<[Partial<Subscription>, string]>([
    [{ status: "past_due" }, "unpaid"],
    [{ status: "past_due", cancelAt: END }, "unpaid"],
    [{ cancelAt: END }, "cancelled"],
    [{}, "other"],
  ])("S5 S6 ended after %o it is %s", (had, reason) => {
    expect(subscriptionNews([{ ...team, ...had }], [{ ...team, ...ended }])).toMatchObject([{ reason }]);
  });
});
