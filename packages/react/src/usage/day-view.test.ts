import { describe, expect, it } from "vitest";
import { createFormat } from "../format/create-format.ts";
import { english } from "../messages/english.ts";
import { teamOverview } from "../sample-answers.test-data.ts";
import { dayViews, scaleTo, showsLimit, useBefore } from "./day-view.ts";
import { projectionWords } from "./projection-words.ts";

const events = teamOverview.usage["events"]!;
const storage = teamOverview.usage["storage"]!;
const data = [
  { date: "2026-11-20", quantity: 9_000 },
  { date: "2026-11-21", quantity: 400 },
  { date: "2026-11-22", quantity: 12 },
];
const now = "2026-11-22T09:14:00Z";

describe("US1 the days of a meter", () => {
  it("add up to what the server says is used, though the first day holds use of the window before", () => {
    const days = dayViews({ data, projection: null }, { usage: events, now, isWindow: true });
    expect(days.map(({ total }) => total)).toEqual([8_000, 8_400, 8_412]);
    expect(days.map(({ isToday }) => isToday)).toEqual([false, false, true]);
  });

  it("say how much of the first day is from before the window, and only of a day that is the first", () => {
    const days = dayViews({ data, projection: null }, { usage: events, now, isWindow: true });
    expect(useBefore(days, "2026-11-20T12:30:00Z")).toBe(1_000);
    expect(useBefore(days, "2026-11-19T12:30:00Z")).toBe(0);
    const whole = dayViews(
      { data, projection: null },
      { usage: { ...events, used: 9_412 }, now, isWindow: true },
    );
    expect(useBefore(whole, "2026-11-20T12:30:00Z")).toBe(0);
    expect(useBefore([], "2026-11-20T12:30:00Z")).toBe(0);
  });

  it.each([
    ["a level", storage, true],
    ["days beyond the window", events, false],
  ])("have no total for %s", (_what, usage, isWindow) => {
    const days = dayViews({ data, projection: null }, { usage, now, isWindow });
    expect(days.map(({ total }) => total)).toEqual([null, null, null]);
  });

  it.each([
    [0, "count", [0, 1]],
    [3, "count", [0, 1, 2, 3]],
    [10_000, "count", [0, 5_000, 10_000]],
    [1_602, "count", [0, 500, 1_000, 1_500, 2_000]],
    [640 * 1_048_576, "bytes", [0, 256, 512, 768].map((mib) => mib * 1_048_576)],
  ] as const)("have round marks up to %i as %s", (top, format, ticks) => {
    expect(scaleTo(top, format)).toEqual({ max: ticks.at(-1), ticks });
  });

  it("show the limit unless it lies far above", () => {
    expect([showsLimit(500, 100), showsLimit(501, 100), showsLimit(null, 100)]).toEqual([true, false, false]);
  });
});

describe("US2 the projection in words", () => {
  const say = (projection: Parameters<typeof projectionWords>[0], usage = events) =>
    projectionWords(
      projection,
      { usage, windowEndsAt: "2026-12-12T00:00:00Z" },
      { format: createFormat("en-US"), messages: english },
    ).join(" ");

  it("has a range, the likeliest figure, and when the limit is reached", () => {
    const limitReachedAt = "2026-11-24T10:00:00Z";
    const words = say({ low: 22_000, mid: 24_000, high: 27_000, limitReachedAt });
    expect(words).toContain("At this pace 22,000 to 27,000 by 12 Dec 2026. Most likely about 24,000.");
    expect(words).toContain("You reach 10,000 around 24 Nov 2026.");
    expect(words).not.toContain("stop");
  });

  it("says where use would stop, when the server caps it there", () => {
    expect(say({ low: 9_100, mid: 10_000, high: 10_000, limitReachedAt: null })).toContain(
      "At this pace 9,100 to 10,000 by 12 Dec 2026. Use would stop at 10,000.",
    );
  });

  it("is one figure where the days were even, and bytes for storage", () => {
    const size = 600 * 1_048_576;
    expect(say({ low: size, mid: size, high: size, limitReachedAt: null }, storage)).toMatch(
      /^At this pace 600 MiB by 12 Dec 2026\. From/,
    );
  });

  it("says what is missing when there is none", () => {
    expect(say(null)).toBe("A projection needs three full days of recent use.");
  });
});
