/** The portal's address for one customer. */
export interface PortalSession {
  id: string;
  created: number;
  customer: string;
  configuration: string;
  return_url: string | null;
  locale: string | null;
  /** The page a deep link opens; null is the portal's front page. */
  flow: "payment_method_update" | null;
  flow_return_url: string | null;
  token: string;
}
