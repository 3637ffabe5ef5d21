/**
 * What the server says in words, as codes and facts: a page in another language writes its own sentences from them. Instants
 * are ISO 8601 in UTC, money is integer minor units.
 */

/** Whether the caller may do it now; when not, `reason` says why in a full sentence. */
export interface Permission {
  allowed: boolean;
  reason?: string | undefined;
  /** The reason as a code: `role`, `payment_due` and so on. More may come. */
  code?: string | undefined;
  /** Of `role`: who may; of `last_owner`: who that is. */
  names?: string[] | undefined;
}

/** What becomes of use at a limit: refused, refused for want of credits, paid by credits, or recorded as before. */
export type AtLimit = "refused" | "without_credits" | "credits" | "recorded";

export type NoticeActionKind =
  | "pay"
  | "confirm"
  | "see_plans"
  | "buy_credits"
  | "keep_plan"
  | "update_card"
  | "turn_on_again"
  | "see_recharge"
  | "raise_limit";

export type NoticeFacts =
  | {
      code: "past_due";
      amount: number;
      currency: string;
      failedAt: string;
      nextAttemptAt: string | null;
      endsAt: string;
    }
  | { code: "ended_unpaid"; plan: string; free: string; endedAt: string }
  | { code: "bank_check" }
  | { code: "recharge_bank_check"; amount: number; currency: string }
  | { code: "credits_owed"; tokens: number; resetsAt: string }
  | {
      code: "limit";
      meter: string;
      name: string;
      format: "count" | "bytes";
      used: number;
      limit: number;
      state: "warning" | "reached" | "over";
      atLimit: AtLimit;
    }
  | { code: "ends_soon"; plan: string; endsAt: string }
  | { code: "card_expires"; last4: string; dueAt: string }
  | {
      code: "recharge_paused";
      reason:
        "declined" | "authentication" | "refund" | "dispute" | "no_payment_method" | "pack_withdrawn" | null;
    }
  | { code: "recharge_declined"; retryAt: string | null }
  | {
      code: "recharge_limit" | "recharged_often";
      spent: number;
      limit: number;
      currency: string;
      endsAt: string;
    };
