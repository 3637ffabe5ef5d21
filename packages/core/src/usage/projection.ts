import type { Meter } from "../catalog/catalog.ts";
import { dayOf } from "../book/usage-day.ts";
import { DAY_MS, type Instant } from "../kernel/time.ts";
import type { DayQuantity } from "./daily-series.ts";

/** What a meter will have counted when its window ends, if it goes on as in the last days. Whole numbers. */
export interface Projection {
  /** With 90 % likelihood more than this, and with 90 % less than `high`. */
  readonly low: number;
  readonly mid: number;
  readonly high: number;
  /** When `mid` comes to the limit; `null`: not within this window, or it is reached already. */
  readonly limitReachedAt: Instant | null;
}

export interface ProjectionFacts {
  readonly meter: Pick<Meter, "kind" | "pastLimit">;
  /** Counted so far; of a level what there is. */
  readonly used: number;
  /** `null` is unlimited. */
  readonly limit: number | null;
  readonly now: Instant;
  readonly windowEndsAt: Instant;
  /** From when on the account counts: days that began before it are not full. */
  readonly countsSince: Instant;
  /** When the newest event of the meter was received; `null`: none yet. */
  readonly newestReceivedAt: Instant | null;
  /** What the days before today added (of a level: changed by); days without anything may be left out. */
  readonly days: readonly DayQuantity[];
}

/** A week has each weekday once; older days say less about the coming ones. */
const DAYS_MAX = 7;
const DAYS_MIN = 3;

/** Figures are fresh when something was received within this: after it, silence may be a sender that broke. */
const FRESH_MS = 2 * DAY_MS;

/**
 * The 90th percentile of Student's t for 2 to 6 degrees of freedom (3 to 7 days): with so few days the spread itself
 * is only guessed, and the normal distribution's 1.28 would promise too much.
 */
const T_90 = [1.886, 1.638, 1.533, 1.476, 1.44];

/** The first day that a projection looks at. */
export function firstProjectionDay(now: Instant): string {
  return dayOf(now - DAYS_MAX * DAY_MS);
}

/**
 * Takes the last full days (UTC; 7 at most, 3 at least) as a sample and adds what the rest of the window, `r` days,
 * would bring: `r` times their mean, give or take t times their standard deviation times the root of (r + r²/n): the
 * spread of the days to come, and that of the mean. A level goes on by its growth.
 *
 * It is never below what is used, and where use past the limit is refused never above the limit.
 * @returns `null` without 3 full, fresh days (US2)
 */
export function projectUsage(facts: ProjectionFacts): Projection | null {
  const { used, limit, now, windowEndsAt, newestReceivedAt } = facts;
  const sample = fullDays(facts);
  if (sample.length < DAYS_MIN || newestReceivedAt === null || now - newestReceivedAt > FRESH_MS) return null;

  const count = sample.length;
  const perDay = sample.reduce((sum, quantity) => sum + quantity, 0) / count;
  const variance = sample.reduce((sum, quantity) => sum + (quantity - perDay) ** 2, 0) / (count - 1);
  const rest = Math.max(0, windowEndsAt - now) / DAY_MS;
  const spread = T_90[count - DAYS_MIN]! * Math.sqrt(variance * (rest + rest ** 2 / count));
  const expected = used + perDay * rest;

  const isRefused = facts.meter.pastLimit === "refused" && limit !== null;
  const most = isRefused ? Math.max(limit, used) : Number.MAX_SAFE_INTEGER;
  const within = (value: number) => Math.min(most, Math.max(used, value));
  return {
    low: within(Math.floor(expected - spread)),
    mid: within(Math.round(expected)),
    high: within(Math.ceil(expected + spread)),
    limitReachedAt: limitReachedAt(facts, perDay),
  };
}

/** Of the last days, those that were counted from their beginning to their end; history that was filled in counts. */
function fullDays({ now, countsSince, days }: ProjectionFacts): number[] {
  const byDay = new Map(days.map(({ day, quantity }) => [day, quantity]));
  const before = Array.from({ length: DAYS_MAX }, (_, index) => now - (DAYS_MAX - index) * DAY_MS);
  const first = before.findIndex((at) => byDay.has(dayOf(at)) || Date.parse(dayOf(at)) >= countsSince);
  // The day on which counting began has something mostly, and is no full one.
  const isFull = (at: Instant, index: number) =>
    first !== -1 && index >= first && dayOf(at) !== dayOf(countsSince - 1);
  return before.filter(isFull).map((at) => byDay.get(dayOf(at)) ?? 0);
}

function limitReachedAt({ used, limit, now, windowEndsAt }: ProjectionFacts, perDay: number): Instant | null {
  if (limit === null || used >= limit || perDay <= 0) return null;
  const at = Math.round(now + ((limit - used) / perDay) * DAY_MS);
  return at < windowEndsAt ? at : null;
}
