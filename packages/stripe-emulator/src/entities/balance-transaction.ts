/** One change of a customer's balance. The sum of all of them is the balance. */
import type { Metadata } from "../wire/metadata.ts";

export type BalanceTransactionType =
  | "adjustment"
  | "applied_to_invoice"
  | "credit_note"
  | "initial"
  | "invoice_too_small"
  | "unapplied_from_invoice";

export interface BalanceTransaction {
  id: string;
  created: number;
  customer: string;
  type: BalanceTransactionType;
  /** Minor units: negative is credit to the customer, positive uses it up or is owed. */
  amount: number;
  /** The customer's balance after it. */
  ending_balance: number;
  currency: string;
  description: string | null;
  invoice: string | null;
  credit_note: string | null;
  metadata: Metadata;
}
