/** One movement of the seller's own money at Stripe: what a charge brought, or a refund or a dispute took. */
export interface AccountTransaction {
  id: string;
  created: number;
  /** Minor units; negative is money that left. */
  amount: number;
  /** What Stripe keeps of it; negative when it gives a fee back. */
  fee: number;
  currency: string;
  type: "adjustment" | "charge" | "refund" | "refund_failure";
  reporting_category: "charge" | "dispute" | "dispute_reversal" | "refund" | "refund_failure";
  description: string | null;
  /** The charge, refund or dispute behind it. */
  source: string;
}
