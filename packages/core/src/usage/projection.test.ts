import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayOf } from "../book/usage-day.ts";
import { DAY_MS, HOUR_MS } from "../kernel/time.ts";
import { firstProjectionDay, projectUsage, type ProjectionFacts } from "./projection.ts";

const NOW = Date.parse("2026-03-11T00:00:00Z");
const counter = { kind: "counter", pastLimit: "refused" } as const;

/** The days before now, the newest last. */
const daysBefore = (...quantities: number[]) =>
  quantities.map((quantity, index) => ({ day: dayOf(NOW - (quantities.length - index) * DAY_MS), quantity }));

function facts(fields: Partial<ProjectionFacts> = {}): ProjectionFacts {
  return {
    meter: counter,
    used: 100,
    limit: 1_000,
    now: NOW,
    windowEndsAt: NOW + 10 * DAY_MS,
    countsSince: NOW - 90 * DAY_MS,
    newestReceivedAt: NOW - HOUR_MS,
    days: daysBefore(10, 10, 10, 10, 10, 10, 10),
    ...fields,
  };
}

describe("U2 the projection of a meter", () => {
  it.each<[string, Partial<ProjectionFacts>, [low: number, mid: number, high: number]]>([
    ["even days go on evenly", {}, [200, 200, 200]],
    // Mean 10, deviation 10, t 1.440: 1.440 * 10 * sqrt(10 + 100/7) = 70.96.
    ["uneven days give a range", { days: daysBefore(0, 20, 10, 0, 20, 20, 0) }, [129, 200, 271]],
    ["days without anything count as zero", { days: daysBefore(70, 0, 0, 0, 0, 0, 0) }, [100, 200, 388]],
    ["only the last 7 days count", { days: daysBefore(9_999, 10, 10, 10, 10, 10, 10, 10) }, [200, 200, 200]],
    ["today does not count", { now: NOW + 23 * HOUR_MS, windowEndsAt: NOW + 23 * HOUR_MS }, [100, 100, 100]],
    ["at the window's end it is what was used", { windowEndsAt: NOW }, [100, 100, 100]],
    ["it stops at the limit where use is refused", { limit: 150 }, [150, 150, 150]],
    ["past the limit it stays where it is", { limit: 80 }, [100, 100, 100]],
    [
      "credits pay past the limit",
      { limit: 150, meter: { kind: "tokens", pastLimit: "credits" } },
      [200, 200, 200],
    ],
    ["without a limit nothing stops it", { limit: null }, [200, 200, 200]],
    [
      "a level goes on by its growth",
      { meter: { kind: "level", pastLimit: "refused" }, days: daysBefore(30, -10, 10, 30, -10, 10, 10) },
      [100, 200, 316],
    ],
    [
      "it is never below what is used",
      { days: daysBefore(-10, -10, -10, -10, -10, -10, -10) },
      [100, 100, 100],
    ],
  ])("%s", (_what, fields, [low, mid, high]) => {
    expect(projectUsage(facts(fields))).toMatchObject({ low, mid, high });
  });

  it("its range is t times the deviation times the root of r + r²/n, rounded outwards", () => {
    const days = daysBefore(4, 10, 16);
    const countsSince = NOW - 3 * DAY_MS;
    const spread = 1.886 * 6 * Math.sqrt(10 + 100 / 3);
    expect(projectUsage(facts({ days, countsSince }))).toEqual({
      low: Math.floor(200 - spread),
      mid: 200,
      high: Math.ceil(200 + spread),
      limitReachedAt: null,
    });
  });

  it.each<[string, Partial<ProjectionFacts>, boolean]>([
    ["3 full days", { countsSince: NOW - 3 * DAY_MS }, true],
    [
      "2 full days and a part of one",
      { countsSince: NOW - 3 * DAY_MS + 1, days: daysBefore(10, 10, 10) },
      false,
    ],
    [
      "a new account whose history was filled in",
      { countsSince: NOW - HOUR_MS, days: daysBefore(10, 10, 10, 10) },
      true,
    ],
    ["figures 2 days old", { newestReceivedAt: NOW - 2 * DAY_MS }, true],
    ["figures a millisecond older than that", { newestReceivedAt: NOW - 2 * DAY_MS - 1 }, false],
    ["no event yet", { newestReceivedAt: null, days: [] }, false],
  ])("US2 with %s there is one: %s", (_what, fields, isThere) => {
    expect(projectUsage(facts(fields)) !== null).toBe(isThere);
  });

  it.each<[string, Partial<ProjectionFacts>, number | null]>([
    ["before the window's end", { limit: 150 }, NOW + 5 * DAY_MS],
    ["exactly at the window's end", { limit: 200 }, null],
    ["reached already", { limit: 100 }, null],
    ["never, when nothing is used", { days: [] }, null],
    ["never, without a limit", { limit: null }, null],
  ])("the limit is reached: %s", (_what, fields, at) => {
    expect(projectUsage(facts(fields))?.limitReachedAt).toBe(at);
  });

  it("is in whole numbers, in order, never below used and never past a limit that refuses", () => {
    fc.assert(
      fc.property(
        fc.record({
          used: fc.nat(1_000_000),
          limit: fc.option(fc.integer({ min: 1, max: 1_000_000 })),
          windowEndsAt: fc.integer({ min: NOW - DAY_MS, max: NOW + 31 * DAY_MS }),
          days: fc
            .array(fc.integer({ min: -50_000, max: 50_000 }), { minLength: 3, maxLength: 9 })
            .map((each) => daysBefore(...each)),
          meter: fc.constantFrom(counter, { kind: "tokens", pastLimit: "credits" } as const),
        }),
        (fields) => {
          const { low, mid, high, limitReachedAt } = projectUsage(facts(fields))!;
          const { used, limit, meter, windowEndsAt } = fields;
          expect([low, mid, high].every(Number.isSafeInteger)).toBe(true);
          expect([low, mid, high]).toEqual([low, mid, high].sort((one, other) => one - other));
          expect(low).toBeGreaterThanOrEqual(used);
          if (limit !== null && meter.pastLimit === "refused") {
            expect(high).toBeLessThanOrEqual(Math.max(limit, used));
          }
          if (limitReachedAt !== null) expect(limitReachedAt).toBeLessThan(windowEndsAt);
        },
      ),
    );
  });

  it("looks at 7 days before today", () => {
    expect(firstProjectionDay(NOW + HOUR_MS)).toBe("2026-03-04");
  });
});
