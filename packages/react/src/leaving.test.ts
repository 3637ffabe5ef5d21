import { ProblemError } from "@bursar/client";
import { describe, expect, it } from "vitest";
import { isFinal } from "./intents.ts";
import { hasArrived } from "./leaving.ts";
import { freeOverview, teamOverview } from "./sample-answers.test-data.ts";

describe("what was bought has arrived", () => {
  it("when the plan and its interval are in force", () => {
    const leaving = { bought: "plan", planId: "team", planName: "Team", interval: "month" } as const;
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

describe("the key of an intention", () => {
  const problem = (status: number, code: string) =>
    new ProblemError({ type: "about:blank", title: "", status, detail: "", code, requestId: "" });

  it.each([
    ["goes after a refusal, which the server would only repeat", problem(409, "quote_changed"), true],
    ["stays when no answer came", new TypeError("fetch failed"), false],
    ["stays after a fault of the server", problem(503, "unavailable"), false],
    ["stays while the first press is still running", problem(409, "idempotency_in_progress"), false],
    ["stays after too many requests", problem(429, "rate_limited"), false],
  ])("%s", (_name, error, isOver) => {
    expect(isFinal(error)).toBe(isOver);
  });
});
