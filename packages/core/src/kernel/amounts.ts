import { invariant } from "./invariant.ts";

/** ISO 4217 in lower case, as Stripe writes it. */
export type Currency = string;

/** Divides and rounds towards minus infinity. For usage and percentages: never says more than there is. */
export function floorDiv(dividend: number, divisor: number): number {
  invariant(divisor > 0, "a divisor is positive");
  return Math.floor(dividend / divisor);
}

/**
 * Used of limit as whole per cent, rounded down, so that 99.9 % never reads as reached (M1 of the page).
 * A limit of zero counts as reached.
 */
export function percentOf(used: number, limit: number): number {
  if (limit === 0) return 100;
  return Number((BigInt(Math.max(0, used)) * 100n) / BigInt(limit));
}

/** The part of a quantity that belongs to a part of an amount, rounded down: for what is taken from a customer. */
export function floorShare(quantity: number, { part, whole }: { part: number; whole: number }): number {
  invariant(part >= 0 && whole > 0 && part <= whole, "a part is within its whole");
  return Number((BigInt(quantity) * BigInt(part)) / BigInt(whole));
}
