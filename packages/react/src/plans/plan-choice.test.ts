import { describe, expect, it } from "vitest";
import { freeOverview, offers, teamOverview } from "../sample-answers.test-data.ts";
import { completeChoice, readChoice, seatsAreValid, writeChoice } from "./plan-choice.ts";

describe("a choice in the address", () => {
  it("is read as it was written", () => {
    const choice = { planId: "team", interval: "year", seats: 3 } as const;
    expect(writeChoice(choice)).toBe("?plan=team&interval=year&seats=3");
    expect(readChoice(writeChoice(choice))).toEqual(choice);
  });

  it.each(["", "?plan=&interval=week&seats=x", "?seats=-1", "?seats=2.5", "?seats=0"])(
    "leaves out what makes no sense in %j",
    (search) => {
      expect(readChoice(search)).toEqual({});
    },
  );

  it("without an address is the next higher plan, monthly, with its fewest seats", () => {
    expect(completeChoice({}, offers, freeOverview)).toEqual({
      planId: "personal",
      interval: "month",
      seats: 1,
    });
    expect(completeChoice({ planId: "team" }, offers, freeOverview)).toMatchObject({
      planId: "team",
      seats: 2,
    });
  });

  it("keeps the seats of today on today's plan", () => {
    expect(completeChoice({ planId: "team" }, offers, teamOverview)).toMatchObject({ seats: 3 });
  });

  it("never chooses a plan that is sold by talking", () => {
    expect(completeChoice({ planId: "enterprise" }, offers, freeOverview)?.planId).toBe("personal");
  });

  it("has whole seats within the plan's bounds", () => {
    const team = offers.find(({ id }) => id === "team")!;
    const valid = [1, 2, 2.5, 1_000, 1_001, Number.NaN].filter((seats) => seatsAreValid(seats, team));
    expect(valid).toEqual([2, 1_000]);
  });
});
