import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@bursar/core";

/**
 * Pauses after each failed try: soon at first, since most failures are short, then rarer, three days in all (B4). They
 * sum up to 72 hours and 4 minutes, so the last try comes after three days.
 */
const PAUSES_MS = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  3 * MINUTE_MS,
  20 * MINUTE_MS,
  40 * MINUTE_MS,
  ...[1, 2, 4, 8, 8, 12, 12, 12, 12].map((hours) => hours * HOUR_MS),
];

/** So long an endpoint may take nothing before it is disabled. */
export const FAILING_MAX_MS = 72 * HOUR_MS;

/**
 * Spreads tries that failed together, by up to a tenth later; the same message always by the same.
 * @param attempts tries so far; @returns `null`: it was the last
 */
export function pauseAfter(attempts: number, messageId: string): number | null {
  const pause = PAUSES_MS[attempts - 1];
  if (pause === undefined) return null;
  const spread = [...messageId].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000, 7);
  return pause + Math.floor((pause * spread) / 10_000);
}
