const DAY_MS = 86_400_000;

/** Instants as words. Billing dates are UTC, the zone of the contract: every viewer sees one renewal date. */
export interface DateFormat {
  /** 12 Dec 2026 */
  date(instant: string): string;
  /** 12 Dec, where the year goes without saying. */
  day(instant: string): string;
  /** 22 Nov 2026, 09:14:07 UTC */
  moment(instant: string): string;
  /** 09:14:07 UTC */
  time(instant: string): string;
  /** 12 Nov – 12 Dec 2026 */
  range(start: string, end: string): string;
  /** "in 20 days" or "tomorrow", from the server's `now`. */
  until(now: string, instant: string): string;
  /** 9:41 of 581 seconds. */
  clock(seconds: number): string;
}

export function createDateFormat(locale: string): DateFormat {
  // English is written day first whatever the browser's region: 12/11 must not be read as a day in December.
  const language = /^en\b/.test(locale) ? "en-GB" : locale;
  const day = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" } as const;
  const date = new Intl.DateTimeFormat(language, day);
  const short = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
  const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
  const moment = new Intl.DateTimeFormat(language, { ...day, ...clock });
  const time = new Intl.DateTimeFormat(language, { ...clock, timeZone: "UTC" });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  return {
    date: (instant) => date.format(new Date(instant)),
    day: (instant) => short.format(new Date(instant)),
    moment: (instant) => `${moment.format(new Date(instant))} UTC`,
    time: (instant) => `${time.format(new Date(instant))} UTC`,
    range: (start, end) => date.formatRange(new Date(start), new Date(end)),
    until: (now, instant) => relative.format(utcDay(instant) - utcDay(now), "day"),
    clock: (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`,
  };
}

function utcDay(instant: string): number {
  return Math.floor(Date.parse(instant) / DAY_MS);
}
