import type { PlanOffer } from "@bursar/client";

const MONTHS = 12;

/** What a year costs less than twelve months, by every plan that is sold both ways. */
export type AnnualSaving = { months: number } | { percent: number };

/**
 * Months where the plans agree on a whole number of them; otherwise what the plan that saves least saves, in percent
 * rounded down. `null`: a year saves nothing, or not with each.
 */
export function annualSavingOf(offers: PlanOffer[]): AnnualSaving | null {
  const sold = offers.flatMap(({ prices: { month, year } }) =>
    month === null || year === null || month === 0 ? [] : [{ month, saved: MONTHS * month - year }],
  );
  const [first] = sold;
  if (first === undefined) return null;
  const months = first.saved / first.month;
  const isShared = sold.every(({ month, saved }) => saved === months * month);
  if (isShared && months >= 1 && Number.isInteger(months)) return { months };
  const percent = Math.min(...sold.map(({ month, saved }) => Math.floor((saved * 100) / (MONTHS * month))));
  return percent < 1 ? null : { percent };
}

/** A limit beside that of the plan the account has; `null` is unlimited. */
export function trendOf(limit: number | null, now: number | null | undefined): "more" | "less" | null {
  if (now === undefined || limit === now) return null;
  return now !== null && (limit === null || limit > now) ? "more" : "less";
}
