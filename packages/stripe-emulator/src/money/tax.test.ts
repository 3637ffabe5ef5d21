import fc from "fast-check";
import { expect, test } from "vitest";
import { accountFrom } from "../account.ts";
import { formatAmount, roundHalfAway } from "./amounts.ts";
import { taxOn, totalsOf } from "./tax.ts";

const account = accountFrom();
const germany = { country: "DE", exempt: "none" as const };

test.each([
  [5700, "exclusive", germany, 1083, "standard_rated"],
  [500, "inclusive", germany, 80, "standard_rated"],
  [-1000, "exclusive", germany, -190, "standard_rated"],
  [50, "exclusive", { country: "CH", exempt: "none" }, 4, "standard_rated"],
  [1000, "exclusive", { country: "US", exempt: "none" }, 0, "not_collecting"],
  [1000, "inclusive", { country: "FR", exempt: "reverse" }, 0, "reverse_charge"],
  [1000, "exclusive", { country: "DE", exempt: "reverse" }, 190, "standard_rated"],
  [1000, "exclusive", { country: "FR", exempt: "exempt" }, 0, "customer_exempt"],
] as const)("tax on %i %s for %o is %i, %s", (amount, behavior, buyer, tax, reason) => {
  expect(taxOn(amount, behavior, buyer, account)).toMatchObject({ amount: tax, reason });
});

test("an inclusive price costs the same whatever the tax; an exclusive one costs the tax more", () => {
  const country = fc.constantFrom("DE", "FR", "FI", "CH", "US");
  fc.assert(
    fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), country, (amount, where) => {
      const buyer = { country: where, exempt: "none" as const };
      const inclusive = totalsOf([{ amount, tax: taxOn(amount, "inclusive", buyer, account) }]);
      expect(inclusive.total).toBe(amount);
      expect(inclusive.total_excluding_tax + inclusive.tax).toBe(amount);
      const exclusive = totalsOf([{ amount, tax: taxOn(amount, "exclusive", buyer, account) }]);
      expect(exclusive.total).toBe(amount + exclusive.tax);
    }),
  );
});

test("halves round away from zero, and amounts read as people write them", () => {
  expect([2.5, -2.5, 2.4, -0.4].map(roundHalfAway)).toEqual([3, -3, 2, 0]);
  expect(formatAmount(6783, "eur")).toBe("€67.83");
  expect(formatAmount(-500, "eur")).toBe("-€5.00");
  expect(formatAmount(500, "jpy")).toBe("¥500");
});
