/** An invoice, its amounts as they were computed when its lines were written. */
import type { Address } from "./address.ts";
import type { Customer } from "./customer.ts";
import type { TaxIdType } from "./tax-id.ts";
import type { Metadata } from "../wire/metadata.ts";

export type BillingReason =
  "manual" | "subscription_create" | "subscription_cycle" | "subscription_update" | "upcoming";

export type CollectionMethod = "charge_automatically" | "send_invoice";

export type UncollectibleReason =
  "max_payment_attempts" | "payment_not_received" | "subscription_canceled" | "user_forgiven";

export interface Invoice {
  id: string;
  created: number;
  customer: string;
  customer_name: string | null;
  customer_email: string | null;
  customer_phone: string | null;
  customer_address: Address | null;
  customer_tax_exempt: Customer["tax_exempt"];
  customer_tax_ids: { type: TaxIdType; value: string }[];
  subscription: string | null;
  subscription_metadata: Metadata;
  /** The instant from which the prorations on it were computed. */
  subscription_proration_date: number | null;
  billing_reason: BillingReason;
  status: "draft" | "open" | "paid" | "uncollectible" | "void";
  number: string | null;
  currency: string;
  auto_advance: boolean;
  /** When a draft that advances by itself is finalized. */
  automatically_finalizes_at: number | null;
  collection_method: CollectionMethod;
  /** When an invoice that is sent is to be paid; null when it is charged. */
  due_date: number | null;
  automatic_tax: boolean;
  /** Tax rates of the seller's own for lines that have none. */
  default_tax_rates: string[];
  /** Discounts on the invoice as a whole, in the order in which they work. */
  discounts: string[];
  subtotal: number;
  subtotal_excluding_tax: number;
  discount: number;
  tax: number;
  total: number;
  total_excluding_tax: number;
  amount_due: number;
  amount_paid: number;
  /** What credit notes took off before it was paid, and what they gave back after. */
  pre_payment_credit_notes_amount: number;
  post_payment_credit_notes_amount: number;
  /** Of `amount_paid`, what was marked as paid outside Stripe. */
  amount_paid_off_stripe: number;
  /** The customer's balance before and after finalization; a draft shows the present one. */
  starting_balance: number;
  ending_balance: number | null;
  attempt_count: number;
  attempted: boolean;
  next_payment_attempt: number | null;
  default_payment_method: string | null;
  description: string | null;
  footer: string | null;
  effective_at: number | null;
  period_start: number;
  period_end: number;
  metadata: Metadata;
  status_transitions: {
    finalized_at: number | null;
    marked_uncollectible_at: number | null;
    paid_at: number | null;
    voided_at: number | null;
  };
  uncollectible_reason: UncollectibleReason | null;
  /** The unguessable part of the address of its page. */
  token: string;
}
