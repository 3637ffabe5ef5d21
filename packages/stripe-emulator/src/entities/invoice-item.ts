/** Something to be billed: waiting for the customer's next invoice, or already a line of one. */
import type { CreditedDebit, Period } from "./invoice-line.ts";
import type { TaxBehavior } from "./price.ts";
import type { Metadata } from "../wire/metadata.ts";

export interface InvoiceItem {
  id: string;
  created: number;
  customer: string;
  /** Null while it is pending. */
  invoice: string | null;
  subscription: string | null;
  subscription_item: string | null;
  amount: number;
  currency: string;
  description: string | null;
  discountable: boolean;
  quantity: number;
  /** Null when it was stated as a bare amount. */
  price: string | null;
  product: string | null;
  unit_amount_decimal: string | null;
  period: Period;
  proration: boolean;
  /** Set on a proration that gives money back: for what. */
  credits: CreditedDebit | null;
  tax_behavior: TaxBehavior;
  /** Ids of tax rates of this item alone. */
  tax_rates: string[];
  metadata: Metadata;
}
