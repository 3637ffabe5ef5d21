import type { MeterUsage, Overview, UsageDailyQuery } from "@bursar/client";

/** Which days of which meter are shown. It lives in the address: `?meter=events&from=2026-11-01&to=2026-11-22`. */
export interface SpanChoice {
  meter: string;
  /** `null`: the running window. */
  from: string | null;
  /** `null`: up to today. */
  to: string | null;
}

/** What the list of periods offers besides the running window and days of one's own. */
export const dayCounts = [30, 90] as const;
export type SpanName = "window" | "own" | (typeof dayCounts)[number];

const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** The server answers 400 days at most. */
const SPAN_DAYS_MAX = 400;

const isDate = (text: string | null): text is string =>
  text !== null && DATE.test(text) && !Number.isNaN(Date.parse(text)) && dateOf(Date.parse(text)) === text;

/** An address may come from anywhere: what is not known or no date is left out. */
export function spanOf(search: string, meters: readonly string[]): SpanChoice {
  const query = new URLSearchParams(search);
  const meter = query.get("meter");
  const [from, to] = [query.get("from"), query.get("to")];
  return {
    meter: meter !== null && meters.includes(meter) ? meter : (meters[0] ?? ""),
    from: isDate(from) ? from : null,
    to: isDate(to) ? to : null,
  };
}

export function searchOf({ meter, from, to }: SpanChoice): string {
  const query = new URLSearchParams({ meter });
  if (from !== null) query.set("from", from);
  if (to !== null) query.set("to", to);
  return `?${query}`;
}

export function nameOf({ from, to }: SpanChoice, now: string): SpanName {
  if (from === null && to === null) return "window";
  return dayCounts.find((count) => to === null && from === firstOf(count, now)) ?? "own";
}

/** The first of the last `count` days, today among them. */
export function firstOf(count: number, now: string): string {
  return dateOf(Date.parse(dateOf(Date.parse(now))) - (count - 1) * DAY_MS);
}

/** A meter that has groups is asked for them too, so that they are of the same instant as the days. */
export function queryOf({ meter, from, to }: SpanChoice, groupBy: MeterUsage["groupBy"]): UsageDailyQuery {
  return {
    meter,
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
    ...(groupBy === null ? {} : { groupBy: groupBy.property }),
  };
}

/** Both ends of days of one's own, in order and no longer than the server answers; `null` is not a span yet. */
export function ownSpan(from: string, to: string): { from: string; to: string } | null {
  if (!isDate(from) || !isDate(to) || from > to) return null;
  const earliest = dateOf(Date.parse(to) - (SPAN_DAYS_MAX - 1) * DAY_MS);
  return { from: from < earliest ? earliest : from, to };
}

export function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The running window has an end to look forward to; other days are only the past. */
export function windowDays({ usageWindow }: Overview): number {
  const first = Date.parse(dateOf(Date.parse(usageWindow.start)));
  return Math.max(1, Math.ceil((Date.parse(usageWindow.end) - first) / DAY_MS));
}
