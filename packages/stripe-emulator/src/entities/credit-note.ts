/** A correction of a finalized invoice: less is owed, or money goes back. */
import type { DiscountAmount } from "../money/discounts.ts";
import type { Tax } from "../money/tax.ts";
import type { Metadata } from "../wire/metadata.ts";

export interface CreditNoteLine {
  id: string;
  /** The line it credits; null for a line of its own words. */
  invoice_line_item: string | null;
  description: string | null;
  /** Before discounts and exclusive tax. */
  amount: number;
  quantity: number | null;
  unit_amount: number | null;
  discount_amounts: DiscountAmount[];
  tax: Tax | null;
  metadata: Metadata;
}

export interface CreditNote {
  id: string;
  created: number;
  customer: string;
  invoice: string;
  number: string;
  currency: string;
  status: "issued" | "void";
  lines: CreditNoteLine[];
  subtotal: number;
  subtotal_excluding_tax: number;
  discount: number;
  total: number;
  total_excluding_tax: number;
  /** What was still owed and no longer is. */
  pre_payment_amount: number;
  /** What had been paid and is given back: the sum of the three ways below. */
  post_payment_amount: number;
  refunds: { refund: string; amount_refunded: number }[];
  customer_balance_transaction: string | null;
  out_of_band_amount: number;
  memo: string | null;
  reason: "duplicate" | "fraudulent" | "order_change" | "product_unsatisfactory" | null;
  effective_at: number;
  voided_at: number | null;
  metadata: Metadata;
}
