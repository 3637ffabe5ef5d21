/** A word that customers type to get a coupon. */
import type { Metadata } from "../wire/metadata.ts";

export interface PromotionCode {
  id: string;
  created: number;
  /** As it was given; looked up without regard to case. */
  code: string;
  coupon: string;
  active: boolean;
  /** Whose alone it is; null is everybody's. */
  customer: string | null;
  expires_at: number | null;
  max_redemptions: number | null;
  times_redeemed: number;
  restrictions: {
    first_time_transaction: boolean;
    minimum_amount: number | null;
    minimum_amount_currency: string | null;
  };
  metadata: Metadata;
}
