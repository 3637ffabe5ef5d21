/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Half-open: `startsAt` belongs to it, `endsAt` is the first instant of the next. */
export interface Span {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

export function contains(span: Span, at: Instant): boolean {
  return span.startsAt <= at && at < span.endsAt;
}
