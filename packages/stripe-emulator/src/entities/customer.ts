/** Who pays. Fields that go over the wire as they are bear Stripe's names. */
import type { Address } from "./address.ts";
import type { Metadata } from "../wire/metadata.ts";

export interface Shipping {
  address: Address | null;
  name: string | null;
  phone: string | null;
}

export interface Customer {
  id: string;
  created: number;
  name: string | null;
  email: string | null;
  phone: string | null;
  description: string | null;
  address: Address | null;
  shipping: Shipping | null;
  /** Minor units; negative is credit that the next invoices use up. */
  balance: number;
  currency: string | null;
  default_payment_method: string | null;
  invoice_prefix: string;
  next_invoice_sequence: number;
  preferred_locales: string[];
  tax_exempt: "none" | "exempt" | "reverse";
  metadata: Metadata;
  test_clock: string | null;
}
