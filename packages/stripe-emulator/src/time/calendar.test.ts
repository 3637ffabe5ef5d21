import fc from "fast-check";
import { expect, test } from "vitest";
import { fromAnchor, periodAround, type Cycle } from "./calendar.ts";

const seconds = (text: string) => Date.parse(text) / 1000;
const iso = (unix: number) => new Date(unix * 1000).toISOString().slice(0, 19);
const monthly: Cycle = { interval: "month", interval_count: 1 };

test.each([
  ["2026-01-31T09:30:00Z", monthly, 1, "2026-02-28T09:30:00"],
  ["2026-01-31T09:30:00Z", monthly, 2, "2026-03-31T09:30:00"],
  ["2026-01-31T09:30:00Z", monthly, 3, "2026-04-30T09:30:00"],
  ["2028-01-31T00:00:00Z", monthly, 1, "2028-02-29T00:00:00"],
  ["2028-02-29T00:00:00Z", { interval: "year", interval_count: 1 }, 1, "2029-02-28T00:00:00"],
  ["2028-02-29T00:00:00Z", { interval: "year", interval_count: 1 }, 4, "2032-02-29T00:00:00"],
  ["2026-11-24T23:59:59Z", { interval: "week", interval_count: 2 }, 1, "2026-12-08T23:59:59"],
  ["2026-12-15T00:00:00Z", { interval: "month", interval_count: 3 }, -1, "2026-09-15T00:00:00"],
] as [string, Cycle, number, string][])("%s, %o, %i later is %s", (anchor, cycle, periods, expected) => {
  expect(iso(fromAnchor(seconds(anchor), cycle, periods))).toBe(expected);
});

test("periods tile time: each instant is in exactly one, and one ends where the next begins", () => {
  const cycle = fc.record({
    interval: fc.constantFrom("day", "week", "month", "year"),
    interval_count: fc.integer({ min: 1, max: 3 }),
  });
  const instant = fc.integer({ min: seconds("2020-01-01T00:00:00Z"), max: seconds("2040-01-01T00:00:00Z") });
  fc.assert(
    fc.property(instant, instant, cycle, (anchor, now, every) => {
      const period = periodAround(now, anchor, every);
      expect(period.start).toBeLessThanOrEqual(now);
      expect(period.end).toBeGreaterThan(now);
      expect(periodAround(period.end, anchor, every).start).toBe(period.end);
    }),
  );
});
