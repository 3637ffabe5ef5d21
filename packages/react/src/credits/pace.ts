import type { Overview, UsageDaily } from "@bursar/client";

/** A week has each weekday once. */
export const PACE_DAYS = 7;
/** Further away it is no forecast but a guess. */
const DAYS_MAX = 365;

/** For how many whole days allocation and credits last at the pace of the given days; `null`: not to be said. */
export function daysLeft(
  { available, allocationLeft }: Pick<Overview["credits"], "available" | "allocationLeft">,
  { data }: Pick<UsageDaily, "data">,
): number | null {
  const used = data.reduce((sum, { quantity }) => sum + quantity, 0);
  if (data.length < PACE_DAYS || used === 0 || allocationLeft === null) return null;
  const days = Math.floor(((available + allocationLeft) * data.length) / used);
  return days < 1 || days > DAYS_MAX ? null : days;
}
