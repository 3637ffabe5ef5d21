/** What customers may do in the portal. */
import type { Metadata } from "../wire/metadata.ts";

export interface PortalConfiguration {
  id: string;
  created: number;
  updated: number;
  active: boolean;
  is_default: boolean;
  name: string | null;
  default_return_url: string | null;
  business_profile: {
    headline: string | null;
    privacy_policy_url: string | null;
    terms_of_service_url: string | null;
  };
  features: PortalFeatures;
  metadata: Metadata;
}

/** What a customer may do in the portal. */
export interface PortalFeatures {
  customer_update: { allowed_updates: string[]; enabled: boolean };
  invoice_history: { enabled: boolean };
  payment_method_update: { enabled: boolean; payment_method_configuration: null };
  subscription_cancel: {
    cancellation_reason: { enabled: boolean; options: string[] };
    enabled: boolean;
    mode: "at_period_end" | "immediately";
    proration_behavior: "always_invoice" | "create_prorations" | "none";
  };
  subscription_pause: { enabled: boolean };
  subscription_update: {
    billing_cycle_anchor: "now" | "unchanged";
    default_allowed_updates: ("price" | "promotion_code" | "quantity")[];
    enabled: boolean;
    products: PortalProduct[] | null;
    proration_behavior: "always_invoice" | "create_prorations" | "none";
    schedule_at_period_end: { conditions: { type: "decreasing_item_amount" | "shortening_interval" }[] };
    trial_update_behavior: "continue_trial" | "end_trial";
  };
}

/** A product that customers may switch to, with the prices offered. */
export interface PortalProduct {
  product: string;
  prices: string[];
  adjustable_quantity: { enabled: boolean; minimum: number; maximum: number | null };
}
