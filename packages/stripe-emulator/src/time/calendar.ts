/**
 * Billing dates. Everything is UTC and in seconds. A period is always counted from the anchor, never from the end of the
 * one before: so an anchor on the 31st falls on the last day of a short month and returns to the 31st afterwards.
 */
import type { Interval } from "../entities/price.ts";

const DAY = 86_400;

export interface Cycle {
  interval: Interval;
  interval_count: number;
}

/** The instant `periods` intervals after (or before) the anchor. */
export function fromAnchor(anchor: number, cycle: Cycle, periods: number): number {
  const count = cycle.interval_count * periods;
  switch (cycle.interval) {
    case "day":
      return anchor + count * DAY;
    case "week":
      return anchor + count * 7 * DAY;
    case "month":
      return addMonths(anchor, count);
    case "year":
      return addMonths(anchor, count * 12);
  }
}

function addMonths(anchor: number, months: number): number {
  const date = new Date(anchor * 1000);
  const first = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1));
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const timeOfDay = anchor - Math.floor(anchor / DAY) * DAY;
  first.setUTCDate(Math.min(date.getUTCDate(), lastDay));
  return first.getTime() / 1000 + timeOfDay;
}

/** The period `[start, end)` around an instant. An instant on a boundary belongs to the period that it begins. */
export function periodAround(instant: number, anchor: number, cycle: Cycle): { start: number; end: number } {
  const approximate = fromAnchor(anchor, cycle, 1) - anchor || DAY;
  let index = Math.floor((instant - anchor) / approximate);
  while (fromAnchor(anchor, cycle, index) > instant) index -= 1;
  while (fromAnchor(anchor, cycle, index + 1) <= instant) index += 1;
  return { start: fromAnchor(anchor, cycle, index), end: fromAnchor(anchor, cycle, index + 1) };
}
