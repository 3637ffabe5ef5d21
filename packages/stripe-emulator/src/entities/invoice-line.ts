/** A line of an invoice. */
import type { Tax } from "../money/tax.ts";
import type { DiscountAmount } from "../money/discounts.ts";
import type { Metadata } from "../wire/metadata.ts";

export interface Period {
  start: number;
  end: number;
}

export interface InvoiceLine {
  id: string;
  invoice: string;
  amount: number;
  currency: string;
  description: string;
  quantity: number;
  price: string;
  product: string;
  unit_amount_decimal: string | null;
  period: Period;
  subscription: string | null;
  subscription_item: string | null;
  /** The pending item it came from, on invoices that are made by hand. */
  invoice_item: string | null;
  proration: boolean;
  /** Discounts of this line alone; those of the whole invoice are in `discount_amounts` only. */
  discounts: string[];
  /** What all discounts take off `amount`; the tax is on what they leave. */
  discount_amounts: DiscountAmount[];
  tax: Tax | null;
  metadata: Metadata;
}
