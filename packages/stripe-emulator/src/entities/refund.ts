/** Money on its way back to a card. */
import type { Metadata } from "../wire/metadata.ts";

export interface Refund {
  id: string;
  created: number;
  amount: number;
  currency: string;
  charge: string;
  payment_intent: string;
  customer: string | null;
  balance_transaction: string;
  failure_balance_transaction: string | null;
  failure_reason: string | null;
  reason: "duplicate" | "fraudulent" | "requested_by_customer" | null;
  status: "pending" | "succeeded" | "failed";
  /** What the card's bank calls it, once it has told. */
  reference: string | null;
  /** What becomes of it later and when, on cards whose refunds take time or fail; null once it is final. */
  later: { status: "succeeded" | "failed"; at: number } | null;
  metadata: Metadata;
}
