import type { Overview, UsageDaily } from "@bursar/client";

/** A week has each weekday once. */
export const PACE_DAYS = 7;
/** Further away it is no forecast but a guess. */
const DAYS_MAX = 365;

/**
 * For how many whole days allocation and credits last at the pace of the given days; `null`: not to be said. `today`
 * is not over, so it counts only where it has brought more than a usual day already.
 */
export function daysLeft(
  { available, allocationLeft }: Pick<Overview["credits"], "available" | "allocationLeft">,
  { data }: Pick<UsageDaily, "data">,
  today: string,
): number | null {
  const full = data.filter(({ date }) => date !== today);
  const usedBefore = full.reduce((sum, { quantity }) => sum + quantity, 0);
  const usedToday = data.find(({ date }) => date === today)?.quantity ?? 0;
  const isMore = usedToday * full.length > usedBefore;
  const used = isMore ? usedBefore + usedToday : usedBefore;
  if (full.length < PACE_DAYS || used === 0 || allocationLeft === null) return null;
  const days = Math.floor(((available + allocationLeft) * (isMore ? data.length : full.length)) / used);
  return days < 1 || days > DAYS_MAX ? null : days;
}
