import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addMonths, monthIndex } from "./months.ts";
import { usageWindowAt, type Anchoring } from "./usage-window.ts";

const utc = (text: string) => Date.parse(text);
const iso = (at: number) => new Date(at).toISOString();

describe("P1 month ends clamp as Stripe's do", () => {
  const cases: [anchor: string, months: number, expected: string][] = [
    ["2026-01-31T10:00:00.000Z", 1, "2026-02-28T10:00:00.000Z"],
    ["2026-01-31T10:00:00.000Z", 2, "2026-03-31T10:00:00.000Z"],
    ["2026-01-31T10:00:00.000Z", 3, "2026-04-30T10:00:00.000Z"],
    ["2026-01-31T10:00:00.000Z", 13, "2027-02-28T10:00:00.000Z"],
    ["2024-01-30T23:59:59.999Z", 1, "2024-02-29T23:59:59.999Z"],
    ["2024-02-29T00:00:00.000Z", 12, "2025-02-28T00:00:00.000Z"],
    ["2024-02-29T00:00:00.000Z", 48, "2028-02-29T00:00:00.000Z"],
    ["2026-03-31T10:00:00.000Z", -1, "2026-02-28T10:00:00.000Z"],
    ["2026-12-15T10:00:00.000Z", 1, "2027-01-15T10:00:00.000Z"],
  ];
  it.each(cases)("%s plus %i months is %s", (anchor, months, expected) => {
    expect(iso(addMonths(utc(anchor), months))).toBe(expected);
  });

  it("every instant is in exactly the slice that its index names", () => {
    const instants = fc.integer({ min: utc("2000-01-01"), max: utc("2100-01-01") });
    fc.assert(
      fc.property(instants, instants, (anchor, at) => {
        const month = monthIndex(anchor, at);
        expect(addMonths(anchor, month)).toBeLessThanOrEqual(at);
        expect(addMonths(anchor, month + 1)).toBeGreaterThan(at);
      }),
    );
  });
});

describe("P1 usage windows", () => {
  const free = utc("2026-01-15T08:00:00Z");
  const team = utc("2026-02-20T09:30:00Z");
  const anchorings: Anchoring[] = [
    { startsAt: free, anchorAt: free },
    { startsAt: team, anchorAt: team },
    { startsAt: utc("2026-03-01T00:00:00Z"), anchorAt: team },
  ];
  const cases: [name: string, at: string, startsAt: string, endsAt: string][] = [
    [
      "the first window begins with the account",
      "2026-01-15T08:00:00Z",
      "2026-01-15T08:00:00Z",
      "2026-02-15T08:00:00Z",
    ],
    [
      "the last millisecond is still in it",
      "2026-02-15T07:59:59.999Z",
      "2026-01-15T08:00:00Z",
      "2026-02-15T08:00:00Z",
    ],
    [
      "a first subscription cuts the window",
      "2026-02-20T09:29:59.999Z",
      "2026-02-15T08:00:00Z",
      "2026-02-20T09:30:00Z",
    ],
    ["and starts one at zero", "2026-02-20T09:30:00Z", "2026-02-20T09:30:00Z", "2026-03-20T09:30:00Z"],
    [
      "an upgrade with the same anchor keeps it",
      "2026-03-02T00:00:00Z",
      "2026-02-20T09:30:00Z",
      "2026-03-20T09:30:00Z",
    ],
    [
      "later windows follow the anchor",
      "2027-02-21T00:00:00Z",
      "2027-02-20T09:30:00Z",
      "2027-03-20T09:30:00Z",
    ],
    [
      "before the account, slices of its anchor",
      "2026-01-01T00:00:00Z",
      "2025-12-15T08:00:00Z",
      "2026-01-15T08:00:00Z",
    ],
  ];
  it.each(cases)("%s", (_name, at, startsAt, endsAt) => {
    expect(usageWindowAt(anchorings, utc(at))).toEqual({ startsAt: utc(startsAt), endsAt: utc(endsAt) });
  });

  it("P1 a first subscription starts at zero though its anchor is the very instant that Free began", () => {
    const withinTheSecond: Anchoring[] = [
      { startsAt: free, anchorAt: free, interval: null },
      { startsAt: free + 400, anchorAt: free, interval: "month" },
    ];
    expect(usageWindowAt(withinTheSecond, free + 399).endsAt).toBe(free + 400);
    expect(usageWindowAt(withinTheSecond, free + 400).startsAt).toBe(free + 400);
  });

  it("tile time: the instant before a window is in the window before it", () => {
    const day = fc.integer({ min: 0, max: 1500 }).map((days) => utc("2024-01-01") + days * 86_400_000);
    const history = fc
      .uniqueArray(day, { minLength: 1, maxLength: 5 })
      .chain((starts) =>
        fc.tuple(
          ...starts
            .sort((a, b) => a - b)
            .map((startsAt) => day.map((anchorAt): Anchoring => ({ startsAt, anchorAt }))),
        ),
      );
    fc.assert(
      fc.property(history, day, (anchored, at) => {
        const window = usageWindowAt(anchored, at);
        expect(window.startsAt).toBeLessThanOrEqual(at);
        expect(window.endsAt).toBeGreaterThan(at);
        expect(usageWindowAt(anchored, window.endsAt).startsAt).toBe(window.endsAt);
        expect(usageWindowAt(anchored, window.endsAt - 1)).toEqual(window);
      }),
    );
  });
});
