/** An agreement to pay for items, and the items, which own their periods. */
import type { CollectionMethod } from "./invoice.ts";
import type { Metadata } from "../wire/metadata.ts";

type SubscriptionStatus =
  "incomplete" | "incomplete_expired" | "trialing" | "active" | "past_due" | "unpaid" | "canceled" | "paused";

export interface CancellationDetails {
  comment: string | null;
  feedback: string | null;
  reason: string | null;
}

/** What happens at a trial's end when there is no card by then. */
export type MissingPaymentMethod = "cancel" | "create_invoice" | "pause";

/** Why no invoices are collected for now; `resumes_at` is the clock's to act on. */
interface PausedCollection {
  behavior: "keep_as_draft" | "mark_uncollectible" | "void";
  resumes_at: number | null;
}

export interface AnchorConfig {
  day_of_month: number;
  hour: number | null;
  minute: number | null;
  month: number | null;
  second: number | null;
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
  /** Whether an end within a period gives the rest of it back. */
  cancel_prorates: boolean;
  canceled_at: number | null;
  ended_at: number | null;
  cancellation_details: CancellationDetails;
  default_payment_method: string | null;
  latest_invoice: string | null;
  description: string | null;
  /** Discounts on the subscription as a whole, in the order in which they work. */
  discounts: string[];
  automatic_tax: boolean;
  billing_cycle_anchor_config: AnchorConfig | null;
  collection_method: CollectionMethod;
  /** For invoices that are sent; null when they are charged. */
  days_until_due: number | null;
  default_tax_rates: string[];
  invoice_description: string | null;
  invoice_footer: string | null;
  pause_collection: PausedCollection | null;
  /** Set while `status` is paused. */
  paused: { type: "pause_requested" | "trial_end_without_payment_method"; transitioned_at: number } | null;
  /** A change that is made once its invoice, the latest one, is paid. */
  pending_update: PendingUpdate | null;
  /** The schedule that rules it; cancellation is then the schedule's. */
  schedule: string | null;
  trial_start: number | null;
  trial_end: number | null;
  trial_missing_payment_method: MissingPaymentMethod;
  metadata: Metadata;
}

export interface SubscriptionItem {
  id: string;
  created: number;
  subscription: string;
  price: string;
  quantity: number;
  metadata: Metadata;
  discounts: string[];
  tax_rates: string[];
  current_period_start: number;
  current_period_end: number;
  /** Up to here the period is billed: its end, or less when the subscription was to end before that. */
  billed_until: number;
}

/** A change of a subscription, computed and not yet made: stored while its payment is pending. */
export interface PlannedChange {
  /** Items as they will be, new ones too. */
  items: SubscriptionItem[];
  /** Ids of items that will be gone. */
  removed: string[];
  subscription: Partial<Omit<Subscription, "id" | "customer" | "pending_update">>;
}

export interface PendingUpdate {
  /** From then on it is given up and its invoice voided; the clock sees to that. */
  expires_at: number;
  change: PlannedChange;
}
