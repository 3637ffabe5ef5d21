/** One visit to the hosted payment page. */
import type { Address } from "./address.ts";
import type { FutureUsage } from "./payment-intent.ts";
import type { Buyer } from "../money/tax.ts";
import type { MissingPaymentMethod } from "./subscription.ts";
import type { TaxIdType } from "./tax-id.ts";
import type { Metadata } from "../wire/metadata.ts";

export interface SessionLine {
  id: string;
  price: string;
  quantity: number;
  adjustable: { enabled: boolean; minimum: number; maximum: number } | null;
  metadata: Metadata;
  /** Ids of tax rates of this line alone. */
  tax_rates: string[];
}

/** What the buyer entered, without the card's secrets. */
export interface Submission {
  email: string;
  name: string;
  address: Address;
  /** The name of a business that gave its tax id; the customer is called so then. */
  business_name?: string | null;
  /** Null when nothing is to be paid and no card was asked for. */
  payment_method: string | null;
  /** The buyer wants to find the card again at the next checkout. */
  saves_card?: boolean;
  /** The sum on the pay button. */
  shown_total: number;
}

export interface CheckoutSession {
  id: string;
  created: number;
  expires_at: number;
  mode: "payment" | "setup" | "subscription";
  status: "open" | "complete" | "expired";
  payment_status: "paid" | "unpaid" | "no_payment_required";
  currency: string;
  lines: SessionLine[];
  customer: string | null;
  customer_email: string | null;
  customer_creation: "always" | "if_required" | null;
  customer_update: { address: "auto" | "never"; name: "auto" | "never" };
  client_reference_id: string | null;
  success_url: string | null;
  cancel_url: string | null;
  automatic_tax: boolean;
  billing_address_collection: "auto" | "required" | null;
  invoice_creation: { enabled: boolean; metadata: Metadata; description: string | null } | null;
  payment_method_collection: "always" | "if_required" | null;
  payment_intent_data: {
    description: string | null;
    metadata: Metadata;
    receipt_email: string | null;
    setup_future_usage: FutureUsage | null;
  };
  subscription_data: {
    description: string | null;
    metadata: Metadata;
    /** A trial by its days, counted from completion, or by its end. */
    trial_period_days?: number | null;
    trial_end?: number | null;
    missing_payment_method?: MissingPaymentMethod;
    /** Ids of tax rates of the subscription, and so of all lines without their own. */
    default_tax_rates: string[];
  };
  setup_intent_data: { description: string | null; metadata: Metadata };
  tax_id_collection: boolean;
  /** Which saved cards the page offers, and whether it asks to save a new one. */
  saved_payment_methods: { filters: string[]; save: "enabled" | "disabled" | null } | null;
  submit_type: string | null;
  /** A promotion code may be typed on the page; null when the caller said nothing. */
  allow_promotion_codes: boolean | null;
  /** Given by the caller or by a code that was typed; redeemed at completion. */
  discounts: { coupon: string | null; promotion_code: string | null }[];
  locale: string | null;
  metadata: Metadata;
  payment_intent: string | null;
  subscription: string | null;
  invoice: string | null;
  setup_intent: string | null;
  submission: Submission | null;
  /** A well-formed tax id that was typed on the page. */
  entered_tax_id: { type: TaxIdType; value: string } | null;
  /** Whom automatic tax taxed when it was paid; what the customer becomes later changes no old sum. */
  taxed_as: Buyer | null;
  /** The customer and intent of tries that failed, used again by the next try. */
  tried_customer: string | null;
  tried_intent: string | null;
}
