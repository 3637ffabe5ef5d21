/** A charge that its card's holder denies; its states are told in resources/payments/disputes.ts. */
import type { Metadata } from "../wire/metadata.ts";

export type DisputeStatus =
  | "needs_response"
  | "under_review"
  | "won"
  | "lost"
  | "warning_needs_response"
  | "warning_under_review"
  | "warning_closed";

export interface Dispute {
  id: string;
  created: number;
  amount: number;
  currency: string;
  charge: string;
  payment_intent: string;
  customer: string | null;
  reason: "fraudulent" | "product_not_received";
  status: DisputeStatus;
  /** The withdrawal and, when it was won, the return; none while it is an inquiry. */
  transactions: string[];
  evidence: Record<string, string | null>;
  submission_count: number;
  due_by: number;
  metadata: Metadata;
}
