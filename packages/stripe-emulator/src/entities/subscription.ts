/** An agreement to pay for items, and the items, which own their periods. */
import type { Metadata } from "../wire/metadata.ts";

type SubscriptionStatus =
  "incomplete" | "incomplete_expired" | "trialing" | "active" | "past_due" | "unpaid" | "canceled" | "paused";

export interface CancellationDetails {
  comment: string | null;
  feedback: string | null;
  reason: string | null;
}

export interface Subscription {
  id: string;
  created: number;
  customer: string;
  status: SubscriptionStatus;
  currency: string;
  billing_cycle_anchor: number;
  start_date: number;
  cancel_at: number | null;
  cancel_at_period_end: boolean;
  canceled_at: number | null;
  ended_at: number | null;
  cancellation_details: CancellationDetails;
  default_payment_method: string | null;
  latest_invoice: string | null;
  description: string | null;
  /** Discounts on the subscription as a whole, in the order in which they work. */
  discounts: string[];
  automatic_tax: boolean;
  metadata: Metadata;
}

export interface SubscriptionItem {
  id: string;
  created: number;
  subscription: string;
  price: string;
  quantity: number;
  metadata: Metadata;
  current_period_start: number;
  current_period_end: number;
}
