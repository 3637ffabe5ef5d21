/** One try at a card. */
import type { BillingDetails, CardDetails } from "./payment-method.ts";
import type { Metadata } from "../wire/metadata.ts";

export interface Failure {
  code: string;
  decline_code: string;
  message: string;
}

export interface Charge {
  id: string;
  created: number;
  amount: number;
  /** False while the money is only set aside. */
  captured: boolean;
  amount_captured: number;
  amount_refunded: number;
  currency: string;
  customer: string | null;
  /** What it brought the seller; booked a moment after the charge, null until then and on failed ones. */
  balance_transaction: string | null;
  payment_intent: string;
  payment_method: string;
  billing_details: BillingDetails;
  card: CardDetails;
  description: string | null;
  disputed: boolean;
  failure: Failure | null;
  metadata: Metadata;
  receipt_email: string | null;
}
