/**
 * What a credit note comes to. A line credited in part takes its discounts and its tax along in proportion; one that is
 * credited to the end takes what is left of them, so that the parts add up to the line.
 */
import { roundHalfAway } from "./amounts.ts";
import type { DiscountAmount } from "./discounts.ts";
import type { Tax } from "./tax.ts";

/** A line of an invoice, or of an earlier credit note of it. */
export interface CreditableLine {
  amount: number;
  discount_amounts: readonly DiscountAmount[];
  tax: Tax | null;
}

export interface CreditedPart {
  amount: number;
  discount_amounts: DiscountAmount[];
  tax: Tax | null;
}

/** `amount` of a line that was `whole` and of which `before` has been credited. At most what is left. */
export function creditPart(
  whole: CreditableLine,
  before: readonly CreditableLine[],
  amount: number,
): CreditedPart {
  const credited = before.reduce((sum, part) => sum + part.amount, 0);
  const isRest = credited + amount === whole.amount;
  const share = (of: number, gone: number) => {
    if (isRest) return of - gone;
    return whole.amount === 0 ? 0 : roundHalfAway((of * amount) / whole.amount);
  };
  const discount_amounts = whole.discount_amounts.map(({ discount, amount: of }) => ({
    discount,
    amount: share(
      of,
      sumOf(before, (part) => discountIn(part, discount)),
    ),
  }));
  const { tax } = whole;
  if (tax === null) return { amount, discount_amounts, tax };
  return {
    amount,
    discount_amounts,
    tax: {
      ...tax,
      amount: share(
        tax.amount,
        sumOf(before, (part) => part.tax?.amount ?? 0),
      ),
      taxable_amount: share(
        tax.taxable_amount,
        sumOf(before, (part) => part.tax?.taxable_amount ?? 0),
      ),
      ...(tax.taken_out !== undefined && {
        taken_out: share(
          tax.taken_out,
          sumOf(before, (part) => part.tax?.taken_out ?? 0),
        ),
      }),
    },
  };
}

function sumOf<T>(parts: readonly T[], pick: (part: T) => number): number {
  return parts.reduce((sum, part) => sum + pick(part), 0);
}

function discountIn({ discount_amounts }: CreditableLine, discount: string): number {
  return sumOf(
    discount_amounts.filter((one) => one.discount === discount),
    (one) => one.amount,
  );
}

export interface Settlement {
  prePayment: number;
  postPayment: number;
}

/** What a note takes off what is owed, and what is to be given back because it was paid. */
export function settleCredit(total: number, amountRemaining: number): Settlement {
  const prePayment = Math.min(total, amountRemaining);
  return { prePayment, postPayment: total - prePayment };
}
