import type { Permission } from "./told.ts";

/** What the operator's catalogue says of the page. */
export interface PageOptions {
  /** Where to ask about a plan that is arranged. */
  contactUrl: string | null;
  /** Whether the page says where use is going. */
  projection: boolean;
  /** By language what a button says that charges the saved card, with `{sum}` in it. */
  labels: { pay: Record<string, string> };
  withdrawal: WithdrawalTexts | null;
}

/** From the contract, as a consumer; while it is possible until when, and what would be given back. */
export interface WithdrawalOffer extends Permission {
  until: string | null;
  refund: { amount: number; credit: number; currency: string } | null;
}

/** Consumers may withdraw for so many days; what the two steps say instead of the page's own words, by language. */
export interface WithdrawalTexts {
  days: number;
  labels: { start: Record<string, string>; confirm: Record<string, string> };
}

/** The receipt of a withdrawal. */
export interface Withdrawal {
  id: string;
  planId: string;
  planName: string;
  name: string;
  email: string;
  concludedAt: string;
  declaredAt: string;
  /** When the plan ended; `null`: it is being ended. */
  endsAt: string | null;
  refund: {
    /** `pending`: it is still on its way; `held_up`: Stripe or a bank refused it so far. */
    state: "pending" | "sent" | "held_up";
    /** To the cards that paid. */
    amount: number;
    /** What credit had paid, which is credit again. */
    credit: number;
    currency: string;
  };
}
