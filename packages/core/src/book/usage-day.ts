import type { AccountId } from "../kernel/ids.ts";
import { remembersLast } from "../kernel/memo.ts";
import { DAY_MS, type Instant } from "../kernel/time.ts";

/** What a batch adds to one day (UTC) of one meter; for a level the sum of its changes, which may be negative. */
export interface UsageDay {
  readonly accountId: AccountId;
  readonly meterId: string;
  /** `2026-03-01`. */
  readonly day: string;
  readonly quantity: number;
  /** Of it, what belongs to groups; the rest said none. */
  readonly grouped: number;
}

/** What a batch adds to one group (a project, a member) on such a day. */
export interface UsageGroup {
  readonly accountId: AccountId;
  readonly meterId: string;
  readonly day: string;
  readonly group: string;
  readonly quantity: number;
}

/** The UTC day that holds `at`. */
export function dayOf(at: Instant): string {
  return textOfDay(Math.floor(at / DAY_MS));
}

/** @param day counted from 1970-01-01 */
const textOfDay = remembersLast((day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10));
