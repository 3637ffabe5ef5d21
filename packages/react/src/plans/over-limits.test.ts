import { describe, expect, it } from "vitest";
import { offers, teamOverview } from "../sample-answers.test-data.ts";
import { overLimitsOf } from "./over-limits.ts";

const over = (planId: string) => {
  const offer = offers.find(({ id }) => id === planId);
  return offer === undefined ? null : overLimitsOf(offer, teamOverview).map(({ meter }) => meter.meter);
};

describe("PL4 what is used above a plan's limits", () => {
  it.each([
    ["free", ["sessions", "storage"]],
    ["personal", ["storage"]],
    ["enterprise", []],
  ])("%s", (planId, meters) => {
    expect(over(planId)).toEqual(meters);
  });

  it("exactly at a limit is not above it", () => {
    const [free] = offers;
    const { sessions } = teamOverview.usage;
    const usage = { sessions: { ...sessions!, used: 20 } };
    expect(overLimitsOf(free!, { ...teamOverview, usage })).toEqual([]);
  });
});
