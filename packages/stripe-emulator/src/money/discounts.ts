/**
 * What discounts take off lines. Discounts work one after the other, each on what the ones before have left, and never
 * take a line below nothing. A percentage is taken from each line; a fixed amount is shared among the lines in
 * proportion to what is left of them, to the exact sum: each share is rounded down and the last lines carry the rest
 * (5.00 off 10.00 and 20.00 is 1.66 and 3.34, as Stripe's comparison of billing modes shows). Tax comes afterwards.
 */
import type { Assumptions } from "../assumptions.ts";
import { roundHalfAway } from "./amounts.ts";

export interface DiscountRule {
  /** Id of the discount. */
  id: string;
  percentOff: number | null;
  amountOff: number | null;
  /** Products it is limited to; null is all of them. */
  products: readonly string[] | null;
}

export interface DiscountableLine {
  amount: number;
  product: string;
  /** Prorations and credits are not discounted. */
  discountable: boolean;
}

/** Money that one discount takes off, as lines and invoices carry it. */
export interface DiscountAmount {
  discount: string;
  amount: number;
}

/** Percents have up to two decimals. */
const PERCENT_SCALE = 100;

/** For each line, what each discount takes off it; discounts that take nothing are left out. */
export function discountsOn(
  lines: readonly DiscountableLine[],
  rules: readonly DiscountRule[],
  rounding: Assumptions["percentOffRounding"],
): DiscountAmount[][] {
  const left = lines.map((line) => line.amount);
  const taken: DiscountAmount[][] = lines.map(() => []);
  for (const rule of rules) {
    const bases = lines.map((line, index) => (applies(rule, line) ? Math.max(0, left[index] ?? 0) : 0));
    const shares = sharesOf(rule, bases, rounding);
    for (const [index, amount] of shares.entries()) {
      if (amount === 0) continue;
      left[index] = (left[index] ?? 0) - amount;
      taken[index]?.push({ discount: rule.id, amount });
    }
  }
  return taken;
}

function applies(rule: DiscountRule, line: DiscountableLine): boolean {
  return line.discountable && (rule.products === null || rule.products.includes(line.product));
}

function sharesOf(
  rule: DiscountRule,
  bases: number[],
  rounding: Assumptions["percentOffRounding"],
): number[] {
  const whole = bases.reduce((sum, base) => sum + base, 0);
  if (rule.percentOff === null) return spread(Math.min(rule.amountOff ?? 0, whole), bases);
  const percent = rule.percentOff;
  if (rounding === "whole_sum") return spread(percentOf(whole, percent), bases);
  return bases.map((base) => percentOf(base, percent));
}

function percentOf(amount: number, percent: number): number {
  return roundHalfAway((amount * Math.round(percent * PERCENT_SCALE)) / (100 * PERCENT_SCALE));
}

/** Shares a sum in proportion to weights, exactly, no share above its weight. The sum is at most that of the weights. */
function spread(sum: number, weights: number[]): number[] {
  const whole = weights.reduce((total, weight) => total + weight, 0);
  if (whole === 0) return weights.map(() => 0);
  const shares = weights.map((weight) => Number((BigInt(sum) * BigInt(weight)) / BigInt(whole)));
  let rest = sum - shares.reduce((total, share) => total + share, 0);
  for (let index = weights.length - 1; index >= 0 && rest > 0; index -= 1) {
    const extra = Math.min(rest, (weights[index] ?? 0) - (shares[index] ?? 0));
    shares[index] = (shares[index] ?? 0) + extra;
    rest -= extra;
  }
  return shares;
}

/** The same amounts as an invoice carries them, one sum for each discount. */
export function sumByDiscount(taken: readonly DiscountAmount[]): DiscountAmount[] {
  const sums = new Map<string, number>();
  for (const { discount, amount } of taken) sums.set(discount, (sums.get(discount) ?? 0) + amount);
  return [...sums].map(([discount, amount]) => ({ discount, amount }));
}
