/** A card saved for later charges without a payment. */
import type { Metadata } from "../wire/metadata.ts";

export interface SetupIntent {
  id: string;
  created: number;
  client_secret: string;
  customer: string | null;
  description: string | null;
  metadata: Metadata;
  payment_method: string | null;
  status: "requires_payment_method" | "requires_confirmation" | "requires_action" | "succeeded" | "canceled";
  usage: "off_session" | "on_session";
}
