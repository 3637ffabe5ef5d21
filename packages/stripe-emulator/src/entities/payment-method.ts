/** A card, by the test card behind it; no other number is ever stored. */
import type { Address } from "./address.ts";
import type { Metadata } from "../wire/metadata.ts";

export interface BillingDetails {
  address: Address | null;
  email: string | null;
  name: string | null;
  phone: string | null;
}

export interface PaymentMethod {
  id: string;
  created: number;
  customer: string | null;
  billing_details: BillingDetails;
  exp_month: number;
  exp_year: number;
  allow_redisplay: "always" | "limited" | "unspecified";
  metadata: Metadata;
  /** The test card behind it, which decides what its charges come to. */
  test_number: string;
  /** Authenticated once for later charges without the holder. */
  is_set_up: boolean;
  is_spent: boolean;
}

/** What a payment method and the charges made with it both tell of the card. */
export interface CardDetails {
  brand: string;
  checks: {
    address_line1_check: string | null;
    address_postal_code_check: string | null;
    cvc_check: string | null;
  };
  country: string;
  exp_month: number;
  exp_year: number;
  fingerprint: string;
  funding: string;
  last4: string;
}
