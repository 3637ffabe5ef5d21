/** A number under which a business pays tax: a customer's, or the seller's own. */
import type { Stripe } from "../wire/stripe-types.ts";

export type TaxIdType = Stripe.TaxId["type"];

export interface TaxId {
  id: string;
  created: number;
  /** Null for the seller's own. */
  customer: string | null;
  type: TaxIdType;
  value: string;
  country: string | null;
  status: "pending" | "verified" | "unverified" | "unavailable";
  /** What the register says about it and when; null once it has, and for numbers that no register is asked about. */
  later: { status: "verified" | "unverified"; at: number } | null;
}
