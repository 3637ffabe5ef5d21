/** A coupon given to somebody: to a subscription, one of its items, an invoice or one of its items. */
export interface Discount {
  id: string;
  coupon: string;
  promotion_code: string | null;
  customer: string | null;
  subscription: string | null;
  subscription_item: string | null;
  invoice: string | null;
  invoice_item: string | null;
  checkout_session: string | null;
  start: number;
  /** When a coupon of some months ends; null for coupons that are used once or for good. */
  end: number | null;
}
