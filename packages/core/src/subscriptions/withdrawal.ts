import { DAY_MS, HOUR_MS, type Instant } from "../kernel/time.ts";
import type { Subscription } from "./subscription.ts";

/**
 * The EU's clocks go from UTC-4 (Guadeloupe, Martinique) to UTC+4 (Réunion). A time limit in days ends with its last day,
 * and nobody's day may end too early.
 */
const EAST_MS = 4 * HOUR_MS;
const WEST_MS = 4 * HOUR_MS;

/**
 * When the right to withdraw is over everywhere in the EU: the day of the conclusion does not count, the last of `days`
 * counts whole.
 */
export function withdrawalEndsAt(concludedAt: Instant, days: number): Instant {
  const firstDay = Math.floor((concludedAt + EAST_MS) / DAY_MS) * DAY_MS;
  return firstDay + (days + 1) * DAY_MS + WEST_MS;
}

/** What may be withdrawn from, until when; or why nothing. */
export type WithdrawalRight =
  | { readonly code: "may_withdraw"; readonly subscription: Subscription; readonly until: Instant }
  | { readonly code: "not_offered" | "nothing_to_withdraw" | "withdrawal_over" };

/**
 * The contract is the live subscription, concluded when it was paid, which is when it started; changes of its plan are
 * part of it and begin no new time. A plan that was bought anew, after an earlier one ended, is a new contract.
 *
 * @param days `null` where the catalogue does not offer it
 */
export function decideWithdrawal(
  live: Subscription | undefined,
  { days, now }: { days: number | null; now: Instant },
): WithdrawalRight {
  if (days === null) return { code: "not_offered" };
  if (live === undefined) return { code: "nothing_to_withdraw" };
  const until = withdrawalEndsAt(live.startedAt, days);
  return now < until ? { code: "may_withdraw", subscription: live, until } : { code: "withdrawal_over" };
}

/** What was paid on one bill of the contract. */
export interface ContractBill {
  readonly subscriptionId: string | null;
  readonly status: string;
  readonly totalCents: number;
  /** Below zero: the bill brought credit, or collected a debt. */
  readonly creditUsedCents: number;
  /** What went back of it before. */
  readonly refundedCents: number;
}

/** What is owed: what cards paid goes back to them, what credit at Stripe paid becomes credit again. */
export function owedForWithdrawal(
  bills: readonly ContractBill[],
  subscriptionId: string,
): { refundCents: number; creditCents: number } {
  const paid = bills.filter((bill) => bill.subscriptionId === subscriptionId && bill.status === "paid");
  const ofCards = paid.map(({ totalCents, creditUsedCents, refundedCents }) =>
    Math.max(0, totalCents - creditUsedCents - refundedCents),
  );
  const sum = (amounts: readonly number[]) => amounts.reduce((total, each) => total + each, 0);
  return {
    refundCents: sum(ofCards),
    creditCents: Math.max(0, sum(paid.map(({ creditUsedCents }) => creditUsedCents))),
  };
}
