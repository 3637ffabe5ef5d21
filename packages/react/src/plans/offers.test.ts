import { describe, expect, it } from "vitest";
import { offers as sample } from "../sample-answers.test-data.ts";
import { annualSavingOf, trendOf } from "./offers.ts";

const [sold] = sample.filter(({ prices }) => prices.month !== null && prices.year !== null);
const selling = (...prices: [month: number | null, year: number | null][]) =>
  prices.map(([month, year]) => ({ ...sold!, prices: { month, year } }));

describe("section 4 what a year saves", () => {
  it.each([
    ["months, where all plans agree", selling([900, 9_000], [1_900, 19_000]), { months: 2 }],
    ["one month", selling([900, 9_900]), { months: 1 }],
    [
      "percent that hold for each, where they differ",
      selling([900, 9_000], [1_900, 20_520]),
      { percent: 10 },
    ],
    ["percent, rounded down, where it is no whole month", selling([900, 9_500]), { percent: 12 }],
    ["nothing, where a plan saves nothing", selling([900, 9_000], [1_900, 22_800]), null],
    ["nothing, where a year costs more", selling([900, 12_000]), null],
    ["nothing, where no plan is sold both ways", selling([900, null], [null, 9_000], [null, null]), null],
    ["what the others save beside a free plan", selling([0, 0], [900, 9_000]), { months: 2 }],
  ])("is %s", (_what, offers, saving) => {
    expect(annualSavingOf(offers)).toEqual(saving);
  });
});

describe("section 4 a limit against that of now", () => {
  it.each([
    [200, 100, "more"],
    [100, 200, "less"],
    [100, 100, null],
    [null, 100, "more"],
    [100, null, "less"],
    [null, null, null],
    [100, undefined, null],
  ] as const)("%s against %s is %s", (limit, now, trend) => {
    expect(trendOf(limit, now)).toBe(trend);
  });
});
