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

/** What became of a pack's money and its tokens; told with the entry that moved them, so once. */
export type CreditsTopic =
  | "credits.purchased"
  | "credits.refunded"
  | "credits.refund_failed"
  | "credits.disputed"
  | "credits.dispute_won";

/** What a command wants told if it is booked. */
export interface CreditsNews {
  readonly topic: CreditsTopic;
  readonly paymentId: string;
  readonly amountCents: number;
  readonly currency: string;
}

export interface CreditsNotice extends CreditsNews {
  readonly accountId: AccountId;
  readonly tokens: number;
  /** Credits after it, and after what the allocation cleared of them. */
  readonly balance: number;
  readonly at: Instant;
}
