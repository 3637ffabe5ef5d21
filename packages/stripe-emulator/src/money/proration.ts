/**
 * Proration as the flexible billing mode has it: a change at `at` gives back, for the rest of a period, what was actually
 * debited for it, one credit for each debit, and charges the new price and quantity for the rest of its own period.
 *
 *   ratio = (end - at) / (end - start), in seconds
 *
 * A line is its whole amount (unit amount times quantity) times the ratio, rounded once to the smallest unit: never the
 * unit amount first. Sums are exact up to that rounding, which `ties` decides for halves.
 */
import type { Assumptions } from "../assumptions.ts";

export interface Span {
  start: number;
  end: number;
}

/** An amount in the smallest unit, as prices state it: an integer, or a decimal of up to twelve places. */
interface UnitPrice {
  unit_amount: number | null;
  unit_amount_decimal: string | null;
}

type Ties = Assumptions["prorationTies"];

/** The part of a price for the rest of a period. A change before the period's start pays for all of it. */
export function chargeForRest(
  of: { price: UnitPrice; quantity: number; period: Span; discount?: number },
  at: number,
  ties: Ties,
): number {
  const { numerator, denominator } = decimal(of.price);
  const amount = numerator * BigInt(of.quantity) - BigInt(of.discount ?? 0) * denominator;
  return partOf(amount, denominator, { period: of.period, at, ties });
}

/** What a debit gives back for the rest of its period: never more than the debit, and negative. */
export function creditForRest(debit: { amount: number; period: Span }, at: number, ties: Ties): number {
  return 0 - partOf(BigInt(debit.amount), 1n, { period: debit.period, at, ties });
}

function partOf(amount: bigint, scale: bigint, of: { period: Span; at: number; ties: Ties }): number {
  const { start, end } = of.period;
  const rest = end - Math.min(end, Math.max(start, of.at));
  if (end <= start) return 0;
  return Number(divide(amount * BigInt(rest), scale * BigInt(end - start), of.ties));
}

const DECIMAL_PLACES = 12;

function decimal({ unit_amount, unit_amount_decimal }: UnitPrice): {
  numerator: bigint;
  denominator: bigint;
} {
  if (unit_amount !== null) return { numerator: BigInt(unit_amount), denominator: 1n };
  const [whole = "0", fraction = ""] = (unit_amount_decimal ?? "0").split(".");
  const digits = fraction.padEnd(DECIMAL_PLACES, "0").slice(0, DECIMAL_PLACES);
  return { numerator: BigInt(whole + digits), denominator: 10n ** BigInt(DECIMAL_PLACES) };
}

/** The nearest integer; a half goes away from zero, or to the even neighbour. */
function divide(numerator: bigint, denominator: bigint, ties: Ties): bigint {
  const sign = numerator < 0n ? -1n : 1n;
  const positive = numerator * sign;
  const floor = positive / denominator;
  const twice = (positive - floor * denominator) * 2n;
  const isUp =
    twice > denominator || (twice === denominator && (ties === "away_from_zero" || floor % 2n === 1n));
  return sign * (isUp ? floor + 1n : floor);
}
