/** The portal's address for one customer. */
export interface PortalSession {
  id: string;
  created: number;
  customer: string;
  configuration: string;
  return_url: string | null;
  locale: string | null;
  /** The page a deep link opens; null is the portal's front page. */
  flow: PortalFlow | null;
  token: string;
  /** When the address was first opened. */
  opened_at?: number;
}

type PortalFlowType =
  | "customer_update"
  | "payment_method_update"
  | "subscription_cancel"
  | "subscription_pause"
  | "subscription_update"
  | "subscription_update_confirm";

export interface PortalFlow {
  type: PortalFlowType;
  subscription: string | null;
  /** What is to be confirmed; empty in other flows. */
  items: { id: string; price: string | null; quantity: number | null }[];
  discounts: { coupon: string | null; promotion_code: string | null }[];
  after:
    | { type: "redirect"; return_url: string }
    | { type: "hosted_confirmation"; custom_message: string | null }
    | { type: "portal_homepage" };
}
