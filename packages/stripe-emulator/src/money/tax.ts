/**
 * Automatic tax from a table country -> percent. Tax is computed for each line by itself, on credits too, and rounded to
 * the smallest unit, halves away from zero. An exclusive price has the tax added; an inclusive one contains it, so that
 * the buyer pays the same whatever the tax comes to.
 */
import type { TaxBehavior } from "../entities/price.ts";
import type { Account } from "../account.ts";
import { roundHalfAway } from "./amounts.ts";

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
  /** As the prices state it: with the tax of inclusive prices, without that of exclusive ones. */
  subtotal: number;
  tax: number;
  total: number;
  total_excluding_tax: number;
}

export function totalsOf(lines: { amount: number; tax: Tax | null }[]): Totals {
  const sum = (pick: (line: { amount: number; tax: Tax | null }) => number) =>
    lines.reduce((total, line) => total + pick(line), 0);
  const subtotal = sum((line) => line.amount);
  const tax = sum((line) => line.tax?.amount ?? 0);
  const exclusive = sum((line) => (line.tax?.behavior === "exclusive" ? line.tax.amount : 0));
  const total = subtotal + exclusive;
  return { subtotal, tax, total, total_excluding_tax: total - tax };
}
