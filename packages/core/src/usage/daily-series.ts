import { dayOf } from "../book/usage-day.ts";
import { DAY_MS } from "../kernel/time.ts";

/** A day (UTC, `2026-03-01`) and what it has. */
export interface DayQuantity {
  readonly day: string;
  readonly quantity: number;
}

/** Every day from `from` to `to`, both inclusive, with what `counted` has for it, else zero. */
export function fillDays(
  counted: readonly DayQuantity[],
  { from, to }: { readonly from: string; readonly to: string },
): DayQuantity[] {
  const byDay = new Map(counted.map(({ day, quantity }) => [day, quantity]));
  const days: DayQuantity[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY_MS) {
    const day = dayOf(at);
    days.push({ day, quantity: byDay.get(day) ?? 0 });
  }
  return days;
}

/**
 * The level at the end of every day from `from` to `to`, both inclusive, worked back from the level now.
 * @param changes the changes of all days from `from` up to now, in any order
 */
export function levelDays(
  levelNow: number,
  changes: readonly DayQuantity[],
  span: { readonly from: string; readonly to: string },
): DayQuantity[] {
  const changeAfter = (day: string) =>
    changes.reduce((sum, change) => (change.day > day ? sum + change.quantity : sum), 0);
  const byDay = new Map(changes.map(({ day, quantity }) => [day, quantity]));
  const days = fillDays([], span).reverse();
  let level = levelNow - changeAfter(span.to);
  return days
    .map(({ day }) => {
      const endOfDay = { day, quantity: level };
      level -= byDay.get(day) ?? 0;
      return endOfDay;
    })
    .reverse();
}
