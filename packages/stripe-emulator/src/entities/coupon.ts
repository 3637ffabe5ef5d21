/** A reduction that can be given: a percentage or a fixed amount, once, for some months or for good. */
import type { Metadata } from "../wire/metadata.ts";

export interface Coupon {
  id: string;
  created: number;
  name: string | null;
  /** More than 0, at most 100, with up to two decimals; null when an amount is given. */
  percent_off: number | null;
  /** Minor units of `currency`; null when a percentage is given. */
  amount_off: number | null;
  currency: string | null;
  duration: "forever" | "once" | "repeating";
  duration_in_months: number | null;
  max_redemptions: number | null;
  /** From this second on it cannot be redeemed; what was redeemed before goes on. */
  redeem_by: number | null;
  times_redeemed: number;
  /** Products it is limited to; null is all of them. */
  products: string[] | null;
  metadata: Metadata;
  /** Deleted coupons give no new discounts; those given before still need their figures. */
  is_deleted: boolean;
}
