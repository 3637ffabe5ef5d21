import type { AccountId } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";

/** What a batch adds to one day (UTC) of one meter; for a level the sum of its changes, which may be negative. */
export interface UsageDay {
  readonly accountId: AccountId;
  readonly meterId: string;
  /** `2026-03-01`. */
  readonly day: string;
  readonly quantity: number;
}

/** The UTC day that holds `at`. */
export function dayOf(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}
