import fc from "fast-check";
import { expect, test } from "vitest";
import { discountsOn, sumByDiscount, type DiscountableLine, type DiscountRule } from "./discounts.ts";

function percent(percentOff: number, products: string[] | null = null): DiscountRule {
  return { id: `percent_${percentOff}`, percentOff, amountOff: null, products };
}

function amount(amountOff: number, products: string[] | null = null): DiscountRule {
  return { id: `amount_${amountOff}`, percentOff: null, amountOff, products };
}

function line(cents: number, product = "team", discountable = true): DiscountableLine {
  return { amount: cents, product, discountable };
}

const taken = (lines: DiscountableLine[], rules: DiscountRule[], rounding: "each_line" | "whole_sum") =>
  discountsOn(lines, rules, rounding).map((ofLine) => ofLine.map((one) => one.amount));

test.each([
  [
    "an amount is shared in proportion, the last line carries the rest",
    [1000, 2000],
    [amount(500)],
    [[166], [334]],
  ],
  ["an amount above the sum takes all of it and no more", [300, 200], [amount(900)], [[300], [200]]],
  ["shares never exceed a small last line", [1, 1, 1], [amount(2)], [[], [1], [1]]],
  [
    "a percentage is taken from each line, halves away from zero",
    [1050, 1050],
    [percent(33.33)],
    [[350], [350]],
  ],
  ["a half of a cent counts as a whole one", [50], [percent(25)], [[13]]],
  ["everything off leaves nothing", [1900, 500], [percent(100)], [[1900], [500]]],
  ["a percentage works on what an amount has left", [1000], [amount(200), percent(50)], [[200, 400]]],
  ["an amount works on what a percentage has left", [1000], [percent(50), amount(200)], [[500, 200]]],
  ["nothing is left for a discount after everything is off", [1000], [percent(100), amount(200)], [[1000]]],
  ["a free line takes no share", [0, 700], [amount(100)], [[], [100]]],
] as const)("%s", (_, amounts, rules, expected) => {
  expect(
    taken(
      amounts.map((cents) => line(cents)),
      [...rules],
      "each_line",
    ),
  ).toEqual(expected);
});

test("a coupon of one product leaves the others alone, and so do prorations and credits", () => {
  const lines = [line(1000, "team"), line(1000, "pack"), line(1000, "team", false), line(-400, "team")];
  expect(taken(lines, [percent(10, ["team"])], "each_line")).toEqual([[100], [], [], []]);
  expect(taken(lines, [amount(300, ["team"])], "each_line")).toEqual([[300], [], [], []]);
});

test("where a percentage is rounded can be chosen: on each line, or once on the sum", () => {
  const lines = [line(333), line(333), line(333)];
  const rules = [percent(50)];
  expect(taken(lines, rules, "each_line")).toEqual([[167], [167], [167]]);
  expect(taken(lines, rules, "whole_sum")).toEqual([[166], [166], [168]]);
});

const lines = fc.array(
  fc.record({
    amount: fc.integer({ min: -10_000, max: 99_999_999 }),
    product: fc.constantFrom("team", "pack"),
    discountable: fc.boolean(),
  }),
  { maxLength: 8 },
);
const rule = fc.oneof(
  fc.integer({ min: 1, max: 10_000 }).map((hundredths) => percent(hundredths / 100)),
  fc.integer({ min: 1, max: 99_999_999 }).map((cents) => amount(cents)),
  fc.integer({ min: 1, max: 5000 }).map((cents) => amount(cents, ["team"])),
);

test("no line falls below nothing, and what lines lose is what discounts take", () => {
  fc.assert(
    fc.property(
      lines,
      fc.array(rule, { maxLength: 3 }),
      fc.constantFrom("each_line", "whole_sum"),
      (of, by, how) => {
        const named = by.map((one, index) => ({ ...one, id: `di_${index}` }));
        const result = discountsOn(of, named, how);
        const lost = result.map((ofLine) => ofLine.reduce((sum, one) => sum + one.amount, 0));
        for (const [index, { amount: cents, discountable }] of of.entries()) {
          const most = discountable ? Math.max(0, cents) : 0;
          expect(lost[index]).toBeGreaterThanOrEqual(0);
          expect(lost[index]).toBeLessThanOrEqual(most);
        }
        const sums = sumByDiscount(result.flat());
        expect(sums.reduce((sum, one) => sum + one.amount, 0)).toBe(lost.reduce((sum, one) => sum + one, 0));
      },
    ),
  );
});

test("an amount off is taken to the cent whenever there is enough to take it from", () => {
  const some = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(some, fc.integer({ min: 1, max: 2_000_000 }), (amounts, off) => {
      const whole = amounts.reduce((sum, cents) => sum + cents, 0);
      const result = discountsOn(
        amounts.map((cents) => line(cents)),
        [amount(off)],
        "each_line",
      );
      expect(result.flat().reduce((sum, one) => sum + one.amount, 0)).toBe(Math.min(off, whole));
    }),
  );
});
