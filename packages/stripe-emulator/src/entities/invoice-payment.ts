/** Which payment pays which invoice. */
export interface InvoicePayment {
  id: string;
  created: number;
  invoice: string;
  payment_intent: string;
  amount_paid: number | null;
  amount_requested: number;
  currency: string;
  is_default: boolean;
  status: "open" | "paid" | "canceled";
  status_transitions: { canceled_at: number | null; paid_at: number | null };
}
