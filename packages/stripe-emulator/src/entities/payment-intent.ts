/** One payment, from first try to success; its states are told in resources/payments/payment-intent.ts. */
import type { Failure } from "./charge.ts";
import type { Metadata } from "../wire/metadata.ts";

export type FutureUsage = "on_session" | "off_session";

export interface PaymentIntent {
  id: string;
  created: number;
  amount: number;
  amount_received: number;
  /** When the money is taken: with the payment, or by a call of its own. */
  capture_method: "automatic" | "automatic_async" | "manual";
  currency: string;
  customer: string | null;
  client_secret: string;
  description: string | null;
  payment_method: string | null;
  latest_charge: string | null;
  last_failure: (Failure & { charge: string | null; payment_method: string }) | null;
  metadata: Metadata;
  receipt_email: string | null;
  return_url: string | null;
  setup_future_usage: FutureUsage | null;
  status:
    | "requires_payment_method"
    | "requires_confirmation"
    | "requires_action"
    | "requires_capture"
    | "succeeded"
    | "canceled";
  canceled_at: number | null;
  cancellation_reason: string | null;
}
