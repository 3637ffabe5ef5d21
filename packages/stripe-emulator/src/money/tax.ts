/**
 * Automatic tax from a table country -> percent. Tax is computed for each line by itself, on credits too, and rounded to
 * the smallest unit, halves away from zero. An exclusive price has the tax added; an inclusive one contains it, so that
 * the buyer pays the same whatever the tax comes to.
 */
import type { TaxBehavior } from "../entities/price.ts";
import type { Account } from "../account.ts";
import type { TaxRate } from "../entities/tax-rate.ts";
import { own } from "../wire/own.ts";
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
  /** Tax that was in the price and is not paid: see the assumption `inclusiveReverseCharge`. */
  taken_out?: number;
  /** The tax rate of the seller's own choice; automatic tax has rates of its own. */
  rate?: string;
}

export interface Buyer {
  country: string;
  exempt: "none" | "exempt" | "reverse";
  /** Countries of the EU VAT numbers that the buyer has; verified or not, the format decides. */
  vatCountries?: readonly string[];
}

/** Percents have up to three decimals (25.5, 8.875); scaled so, all that is multiplied is an integer. */
const PERCENT_SCALE = 1_000;

const MEMBER_STATES = new Set(
  "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" "),
);

export function taxOn(amount: number, behavior: TaxBehavior, buyer: Buyer, account: Account): Tax {
  const { percent, reason, forgone } = rateFor(buyer, account);
  const isInclusive = behavior === "inclusive";
  const takesOut = isInclusive && account.assumptions.inclusiveReverseCharge === "net_price";
  const taken_out = takesOut ? taxAt(amount, forgone, true) : 0;
  const tax = taxAt(amount, percent, isInclusive);
  return {
    amount: tax,
    behavior: isInclusive ? "inclusive" : "exclusive",
    country: buyer.country,
    percent,
    reason,
    taxable_amount: (isInclusive ? amount - tax : amount) - taken_out,
    ...(taken_out !== 0 && { taken_out }),
  };
}

/** The tax on an amount at a percentage, or the tax in it. */
function taxAt(amount: number, percent: number, isInclusive: boolean): number {
  const scaled = Math.round(percent * PERCENT_SCALE);
  const whole = 100 * PERCENT_SCALE;
  return roundHalfAway((amount * scaled) / (isInclusive ? whole + scaled : whole));
}

interface Rate {
  percent: number;
  reason: TaxabilityReason;
  /** The percentage that the buyer need not pay here, being a business that accounts for it elsewhere. */
  forgone: number;
}

function rateFor(buyer: Buyer, account: Account): Rate {
  const percent = own(account.taxRates, buyer.country);
  if (percent === undefined) return { percent: 0, reason: "not_collecting", forgone: 0 };
  if (buyer.exempt === "exempt") return { percent: 0, reason: "customer_exempt", forgone: 0 };
  if (isReversed(buyer, account)) return { percent: 0, reason: "reverse_charge", forgone: percent };
  return { percent, reason: "standard_rated", forgone: 0 };
}

/** Not at home. Elsewhere for whom the seller says so, and between member states for who has a VAT number of another. */
function isReversed(buyer: Buyer, account: Account): boolean {
  if (buyer.country === account.country) return false;
  if (buyer.exempt === "reverse") return true;
  const isWithinTheUnion = MEMBER_STATES.has(account.country) && MEMBER_STATES.has(buyer.country);
  const vatCountries = buyer.vatCountries ?? [];
  return isWithinTheUnion && vatCountries.some((country) => country !== account.country);
}

/** Tax at a rate of the seller's own, whoever buys. */
export function taxAtRate(amount: number, rate: TaxRate): Tax {
  const tax = taxAt(amount, rate.percentage, rate.inclusive);
  return {
    amount: tax,
    behavior: rate.inclusive ? "inclusive" : "exclusive",
    country: rate.country ?? "",
    percent: rate.percentage,
    reason: "standard_rated",
    taxable_amount: rate.inclusive ? amount - tax : amount,
    rate: rate.id,
  };
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
  const total = sum(lineTotal);
  const subtotal_excluding_tax = subtotal - sum(taxWithin);
  return { subtotal, subtotal_excluding_tax, discount, tax, total, total_excluding_tax: total - tax };
}

/** What a line comes to, discounts and tax included. */
export function lineTotal({ amount, tax, discount_amounts }: TotalledLine): number {
  const exclusive = tax?.behavior === "exclusive" ? tax.amount : 0;
  return amount - discountOf(discount_amounts) + exclusive - (tax?.taken_out ?? 0);
}

export function discountOf(amounts: readonly DiscountAmount[] | undefined): number {
  return (amounts ?? []).reduce((total, { amount }) => total + amount, 0);
}

/** The tax that the undiscounted amount of an inclusive line contains. */
function taxWithin({ amount, tax }: TotalledLine): number {
  return tax?.behavior === "inclusive" ? taxAt(amount, tax.percent, true) : 0;
}
