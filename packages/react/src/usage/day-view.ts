import type { MeterUsage, UsageDaily } from "@bursar/client";

/** A day of the chart, the table and the readout, which all say the same. */
export interface DayView {
  date: string;
  quantity: number;
  /** All of the window up to this day; `null` where there is no window to add up, and for a level. */
  total: number | null;
  isToday: boolean;
}

/**
 * Totals are worked back from what the server says is used now, so that the last one is that figure: the first day of a
 * window may hold use of the window before it, which the sum of days would count.
 */
export function dayViews(
  { data }: UsageDaily,
  { usage, now, isWindow }: { usage: MeterUsage; now: string; isWindow: boolean },
): DayView[] {
  const today = now.slice(0, 10);
  const hasTotal = isWindow && usage.kind !== "level";
  let total = usage.used;
  return data
    .toReversed()
    .map(({ date, quantity }) => {
      const day = { date, quantity, total: hasTotal ? Math.max(0, total) : null, isToday: date === today };
      total -= quantity;
      return day;
    })
    .reverse();
}

/** Use on the window's first day from before it began, which that day shows and the window does not count; 0: none. */
export function useBefore(days: DayView[], windowStart: string): number {
  const [first] = days;
  if (first === undefined || first.total === null || first.date !== windowStart.slice(0, 10)) return 0;
  return Math.max(0, first.quantity - first.total);
}

export interface Scale {
  max: number;
  ticks: number[];
}

const TICKS_MAX = 4;

/** Round marks from zero to at least `top`: steps of 1, 2 and 5, and of powers of two for bytes. */
export function scaleTo(top: number, format: MeterUsage["format"]): Scale {
  const raw = Math.max(1, top) / TICKS_MAX;
  const step = Math.max(1, format === "bytes" ? 2 ** Math.ceil(Math.log2(raw)) : roundStep(raw));
  const count = Math.max(1, Math.ceil(top / step));
  return { max: count * step, ticks: Array.from({ length: count + 1 }, (_, index) => index * step) };
}

function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  return ([1, 2, 5].find((step) => step * power >= raw) ?? 10) * power;
}

/** A limit far above everything would press the figures to the floor; then it is said in words alone. */
const LIMIT_SHARE_MIN = 5;

export function showsLimit(limit: number | null, top: number): limit is number {
  return limit !== null && limit <= Math.max(1, top) * LIMIT_SHARE_MIN;
}
