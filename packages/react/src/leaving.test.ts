import { describe, expect, it } from "vitest";
import { hasArrived } from "./leaving.ts";
import { freeOverview, teamOverview } from "./sample-answers.test-data.ts";

describe("what was bought has arrived", () => {
  it("when the plan and its interval are in force", () => {
    const leaving = { bought: "plan", planId: "team", interval: "month" } as const;
    expect([freeOverview, teamOverview].map((overview) => hasArrived(leaving, overview))).toEqual([
      false,
      true,
    ]);
    expect(hasArrived({ ...leaving, interval: "year" }, teamOverview)).toBe(false);
  });

  it("when the balance is above that of before, and not while it is the same", () => {
    const before = (balanceBefore: number) => hasArrived({ bought: "credits", balanceBefore }, teamOverview);
    expect([2_800_000, 3_800_000].map(before)).toEqual([true, false]);
  });

  it("without memory as the server says it", () => {
    expect(hasArrived(null, teamOverview)).toBe(true);
  });
});
