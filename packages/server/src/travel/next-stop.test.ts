import { DAY_MS, HOUR_MS } from "@bursar/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextStop } from "./next-stop.ts";

const from = Date.parse("2026-01-31T12:00:00Z");
const at = (days: number, hours = 0) => from + days * DAY_MS + hours * HOUR_MS;
const ending = (periodEndsAt: number, status = "active") => ({ status, periodEndsAt });

describe("N2 an advance stops", () => {
  it.each([
    ["nowhere on the way on Free", null, 31, at(31)],
    ["after a year on Free, and goes on from there", null, 400, at(365)],
    ["at a target before the renewal", ending(at(28)), 10, at(10)],
    ["two hours after a renewal, when it is charged", ending(at(28)), 31, at(28, 2)],
    ["at a target within those two hours", ending(at(31)), 31, at(31)],
    ["each day while a bill is unpaid", ending(at(28), "past_due"), 31, at(1)],
    ["after a day where a renewal was not heard of", ending(at(-1)), 31, at(1)],
    ["in the very hour in which the last stop was", ending(at(0, -2)), 31, at(1)],
  ])("%s", (_where, subscription, days, expected) => {
    expect(nextStop({ from, target: at(days), subscription })).toBe(expected);
  });

  it("always further on, and never past the target", () => {
    const days = fc.integer({ min: -800, max: 800 });
    fc.assert(
      fc.property(
        days,
        fc.integer({ min: 1, max: 800 }),
        fc.constantFrom("active", "past_due"),
        (end, ahead, status) => {
          const stop = nextStop({ from, target: at(ahead), subscription: ending(at(end), status) });
          expect(stop).toBeGreaterThan(from);
          expect(stop).toBeLessThanOrEqual(at(ahead));
        },
      ),
    );
  });
});
