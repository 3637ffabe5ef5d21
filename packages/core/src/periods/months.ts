import type { Instant } from "../kernel/time.ts";

/**
 * The anchor plus whole months in UTC, clamped to the month's last day, time of day kept.
 * Source of the rule: Stripe's billing cycle anchor (31 Jan -> 28 or 29 Feb -> 31 Mar).
 */
export function addMonths(anchorAt: Instant, months: number): Instant {
  const anchor = new Date(anchorAt);
  const year = anchor.getUTCFullYear();
  const month = anchor.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const midnight = Date.UTC(year, month, Math.min(anchor.getUTCDate(), lastDay));
  return midnight + (anchorAt - Date.UTC(year, anchor.getUTCMonth(), anchor.getUTCDate()));
}

/** The number of the month-long slice, counted from the anchor, that holds `at`; negative before the anchor. */
export function monthIndex(anchorAt: Instant, at: Instant): number {
  const anchor = new Date(anchorAt);
  const then = new Date(at);
  const guess =
    (then.getUTCFullYear() - anchor.getUTCFullYear()) * 12 + then.getUTCMonth() - anchor.getUTCMonth();
  return addMonths(anchorAt, guess) <= at ? guess : guess - 1;
}
