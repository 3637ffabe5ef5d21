/** A line of an invoice. */
import type { Tax } from "../money/tax.ts";
import type { DiscountAmount } from "../money/discounts.ts";
import type { TaxBehavior } from "./price.ts";
import type { Metadata } from "../wire/metadata.ts";

export interface Period {
  start: number;
  end: number;
}

/** What a credit gives back: a line that was invoiced, or a pending item that was not yet. */
export type CreditedDebit = { invoice: string; line: string } | { invoice_item: string };

export interface InvoiceLine {
  id: string;
  invoice: string;
  amount: number;
  currency: string;
  description: string | null;
  quantity: number;
  /** Null for items stated as a bare amount. */
  price: string | null;
  product: string | null;
  unit_amount_decimal: string | null;
  period: Period;
  subscription: string | null;
  subscription_item: string | null;
  /** The pending item it came from. */
  invoice_item: string | null;
  proration: boolean;
  /** Discounts of this line alone; those of the whole invoice are in `discount_amounts` only. */
  discounts: string[];
  /** What all discounts take off `amount`; the tax is on what they leave. */
  discount_amounts: DiscountAmount[];
  /** Set on a proration that gives money back: for what. */
  credits: CreditedDebit | null;
  discountable: boolean;
  /** Tax rates of this line alone, in place of the invoice's. */
  tax_rates: string[];
  tax_behavior: TaxBehavior;
  tax: Tax | null;
  metadata: Metadata;
}
