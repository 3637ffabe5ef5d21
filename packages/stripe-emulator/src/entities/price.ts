/** What one of a product costs. A price never changes its amount. */
import type { Metadata } from "../wire/metadata.ts";

export type Interval = "day" | "week" | "month" | "year";

export type TaxBehavior = "exclusive" | "inclusive" | "unspecified";

export interface Recurring {
  interval: Interval;
  interval_count: number;
  meter: string | null;
  trial_period_days: number | null;
  usage_type: "licensed" | "metered";
}

export interface Price {
  id: string;
  created: number;
  active: boolean;
  currency: string;
  product: string;
  unit_amount: number | null;
  unit_amount_decimal: string | null;
  recurring: Recurring | null;
  lookup_key: string | null;
  nickname: string | null;
  tax_behavior: TaxBehavior;
  metadata: Metadata;
}
