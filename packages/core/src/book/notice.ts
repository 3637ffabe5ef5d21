import type { AccountId } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";

/** Something that the customer is told once (U5); leaves through the outbox of the same transaction. */
export interface ThresholdNotice {
  readonly topic: "usage.threshold_reached";
  readonly accountId: AccountId;
  readonly meterId: string;
  readonly percent: 80 | 100;
  readonly used: number;
  readonly limit: number;
  readonly windowStartsAt: Instant;
  readonly windowEndsAt: Instant;
  readonly at: Instant;
}
