/**
 * The price for the rest of a period, computed here and not asked of Stripe: the oracle that previews and charges are
 * held against (N4). It follows Stripe's flexible billing mode: a credit gives back what was really debited for the
 * time that is left, a charge is the new price for the same time; each line is rounded by itself, to the nearest cent,
 * halves away from zero (Stripe, /billing/subscriptions/prorations and /billing/subscriptions/billing-mode/compare).
 */
import { invariant } from "../kernel/invariant.ts";
import { SECOND_MS, type Instant, type Span } from "../kernel/time.ts";

/** What was charged for a span, and is not given back yet. */
export interface Debit {
  /** Minor units, before tax. */
  readonly cents: number;
  readonly span: Span;
}

export interface ProratedChange {
  /** Zero or less: what was debited for the time after the change. */
  readonly creditCents: number;
  /** What the new price costs for that time, or for a whole new period. */
  readonly chargeCents: number;
  /** What is debited from now on in place of the old debit. */
  readonly debit: Debit;
}

/**
 * @param change.at whole seconds, as Stripe counts them
 * @param change.subtotalCents one whole period of what is wanted, all seats, before tax
 * @param change.period the period that the new price is for: the running one, or the one that begins now
 */
export function prorate(
  debit: Debit,
  change: { readonly at: Instant; readonly subtotalCents: number; readonly period: Span },
): ProratedChange {
  const { at, subtotalCents, period } = change;
  invariant(
    debit.span.startsAt <= at && at <= debit.span.endsAt,
    "what is given back was paid for this time",
  );
  const rest: Span = { startsAt: at, endsAt: period.endsAt };
  const chargeCents = share(subtotalCents, rest, period);
  const creditCents = -share(debit.cents, { startsAt: at, endsAt: debit.span.endsAt }, debit.span);
  return { creditCents: creditCents + 0, chargeCents, debit: { cents: chargeCents, span: rest } };
}

/** Tax of one line, in a country that adds it: credits are taxed like charges, each line rounded by itself. */
export function exclusiveTax(cents: number, percent: number): number {
  // Percents have three decimals at most (8.1, 25.5), so the fraction is one of integers.
  return divideHalfAway(BigInt(cents) * BigInt(Math.round(percent * 1_000)), 100_000n);
}

function share(cents: number, part: Span, whole: Span): number {
  return divideHalfAway(BigInt(cents) * seconds(part), seconds(whole));
}

function seconds({ startsAt, endsAt }: Span): bigint {
  return BigInt(Math.floor(endsAt / SECOND_MS) - Math.floor(startsAt / SECOND_MS));
}

/** The nearest whole number; a half goes away from zero, for credits and charges alike. */
function divideHalfAway(dividend: bigint, divisor: bigint): number {
  invariant(divisor > 0n, "a period has a length");
  const magnitude = dividend < 0n ? -dividend : dividend;
  const rounded = Number((2n * magnitude + divisor) / (2n * divisor));
  return dividend < 0n ? -rounded + 0 : rounded;
}
