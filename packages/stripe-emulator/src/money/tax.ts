/**
 * Automatic tax from a table country -> percent. Tax is computed for each line by itself, on credits too, and rounded to
 * the smallest unit, halves away from zero. An exclusive price has the tax added; an inclusive one contains it, so that
 * the buyer pays the same whatever the tax comes to.
 */
import type { TaxBehavior } from "../entities/price.ts";
import type { Account } from "../account.ts";
import { roundHalfAway } from "./amounts.ts";
import type { DiscountAmount } from "./discounts.ts";

type TaxabilityReason = "standard_rated" | "not_collecting" | "reverse_charge" | "customer_exempt";

/** The tax on one amount. `amount` is contained in the taxed amount when the behaviour is inclusive. */
export interface Tax {
  amount: number;
  behavior: "exclusive" | "inclusive";
  country: string;
  percent: number;
  reason: TaxabilityReason;
  taxable_amount: number;
}

export interface Buyer {
  country: string;
  exempt: "none" | "exempt" | "reverse";
}

/** Percents have up to three decimals (25.5, 8.875); scaled so, all that is multiplied is an integer. */
const PERCENT_SCALE = 1_000;

export function taxOn(amount: number, behavior: TaxBehavior, buyer: Buyer, account: Account): Tax {
  const { percent, reason } = rateFor(buyer, account);
  const scaled = Math.round(percent * PERCENT_SCALE);
  const whole = 100 * PERCENT_SCALE;
  const isInclusive = behavior === "inclusive";
  const tax = roundHalfAway((amount * scaled) / (isInclusive ? whole + scaled : whole));
  return {
    amount: tax,
    behavior: isInclusive ? "inclusive" : "exclusive",
    country: buyer.country,
    percent,
    reason,
    taxable_amount: isInclusive ? amount - tax : amount,
  };
}

function rateFor(buyer: Buyer, account: Account): { percent: number; reason: TaxabilityReason } {
  const percent = account.taxRates[buyer.country];
  if (percent === undefined) return { percent: 0, reason: "not_collecting" };
  if (buyer.exempt === "exempt") return { percent: 0, reason: "customer_exempt" };
  if (buyer.exempt === "reverse" && buyer.country !== account.country)
    return { percent: 0, reason: "reverse_charge" };
  return { percent, reason: "standard_rated" };
}

/** What several lines come to. */
export interface Totals {
  /** As the prices state it: with the tax of inclusive prices, without that of exclusive ones; before discounts. */
  subtotal: number;
  subtotal_excluding_tax: number;
  /** What discounts take off, a positive number. */
  discount: number;
  tax: number;
  total: number;
  total_excluding_tax: number;
}

/** A line's `amount` is before its discounts, its tax is on what they leave. */
export interface TotalledLine {
  amount: number;
  tax: Tax | null;
  discount_amounts?: readonly DiscountAmount[];
}

export function totalsOf(lines: readonly TotalledLine[]): Totals {
  const sum = (pick: (line: TotalledLine) => number) => lines.reduce((total, line) => total + pick(line), 0);
  const subtotal = sum((line) => line.amount);
  const discount = sum((line) => discountOf(line.discount_amounts));
  const tax = sum((line) => line.tax?.amount ?? 0);
  const exclusive = sum((line) => (line.tax?.behavior === "exclusive" ? line.tax.amount : 0));
  const total = subtotal - discount + exclusive;
  const subtotal_excluding_tax = subtotal - sum(taxWithin);
  return { subtotal, subtotal_excluding_tax, discount, tax, total, total_excluding_tax: total - tax };
}

export function discountOf(amounts: readonly DiscountAmount[] | undefined): number {
  return (amounts ?? []).reduce((total, { amount }) => total + amount, 0);
}

/** The tax that the undiscounted amount of an inclusive line contains. */
function taxWithin({ amount, tax }: TotalledLine): number {
  if (tax?.behavior !== "inclusive" || tax.percent === 0) return 0;
  const scaled = Math.round(tax.percent * PERCENT_SCALE);
  return roundHalfAway((amount * scaled) / (100 * PERCENT_SCALE + scaled));
}
