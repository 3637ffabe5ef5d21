import fc from "fast-check";
import { expect, test } from "vitest";
import { creditPart, settleCredit, type CreditedPart } from "./credit-notes.ts";

test.each([
  ["nothing is owed: all goes back", 1000, 0, 0, 1000],
  ["all is owed: nothing goes back", 1000, 1000, 1000, 0],
  ["more is owed", 1000, 3000, 1000, 0],
  ["a part is owed", 1000, 400, 400, 600],
])("%s", (_, total, remaining, prePayment, postPayment) => {
  expect(settleCredit(total, remaining)).toEqual({ prePayment, postPayment });
});

test("parts of a line add up to the line, its discounts and its tax, whatever the parts", () => {
  const parts = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(parts, fc.nat(400), fc.nat(4_000), (amounts, discount, taxAmount) => {
      const whole = {
        amount: amounts.reduce((sum, amount) => sum + amount, 0),
        discount_amounts: [{ discount: "di_1", amount: discount }],
        tax: {
          amount: taxAmount,
          behavior: "exclusive" as const,
          country: "DE",
          percent: 19,
          reason: "standard_rated" as const,
          taxable_amount: 1_000,
        },
      };
      const credited: CreditedPart[] = [];
      for (const amount of amounts) credited.push(creditPart(whole, credited, amount));
      const sum = (pick: (part: CreditedPart) => number) =>
        credited.reduce((all, part) => all + pick(part), 0);
      expect(sum((part) => part.amount)).toBe(whole.amount);
      expect(sum((part) => part.discount_amounts[0]?.amount ?? 0)).toBe(discount);
      expect(sum((part) => part.tax?.amount ?? 0)).toBe(taxAmount);
      expect(sum((part) => part.tax?.taxable_amount ?? 0)).toBe(1_000);
    }),
  );
});
