/** Bounds of amounts and instants: what is within them stays exact in all sums, and has a date. */
import { invalidRequest } from "./errors.ts";

/** Eight digits, the most that Stripe charges at once. */
export const MAX_AMOUNT = 99_999_999;

/** The end of the year 9999, the last that dates are written for. */
const LAST_INSTANT = 253_402_300_799;

/** An amount of either sign. */
export function checkAmount(amount: number, param: string): number {
  if (Math.abs(amount) <= MAX_AMOUNT) return amount;
  throw invalidRequest(`Amount must be no more than ${MAX_AMOUNT}.`, { code: "amount_too_large", param });
}

/** Unix seconds, not before 1970. */
export function checkInstant(at: number, param: string): number {
  if (at >= 0 && at <= LAST_INSTANT) return at;
  throw invalidRequest(`Invalid timestamp: must be an integer Unix timestamp [in seconds]: ${at}`, { param });
}
