/** A card saved for later charges without a payment; its states are told in resources/payments/setup-intents.ts. */
import type { Failure } from "./charge.ts";
import type { FutureUsage } from "./payment-intent.ts";
import type { Metadata } from "../wire/metadata.ts";

export interface SetupIntent {
  id: string;
  created: number;
  client_secret: string;
  customer: string | null;
  description: string | null;
  last_failure:
    (Omit<Failure, "decline_code"> & { decline_code: string | null; payment_method: string }) | null;
  metadata: Metadata;
  payment_method: string | null;
  return_url: string | null;
  status: "requires_payment_method" | "requires_confirmation" | "requires_action" | "succeeded" | "canceled";
  cancellation_reason: "abandoned" | "duplicate" | "requested_by_customer" | null;
  usage: FutureUsage;
}
