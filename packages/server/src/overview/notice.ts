import type { Instant, PauseReason } from "@bursar/core";

/** Something that needs attention, with the one action that solves it. */
export interface Notice {
  readonly id: string;
  readonly severity: "info" | "warning" | "critical";
  readonly title: string;
  readonly detail: string;
  /** What title and detail say, for a page that says it in another language. */
  readonly facts: NoticeFacts;
  readonly action: { readonly kind: NoticeAction; readonly label: string; readonly href: string } | null;
}

type NoticeAction =
  | "pay"
  | "confirm"
  | "see_plans"
  | "buy_credits"
  | "keep_plan"
  | "update_card"
  | "turn_on_again"
  | "see_recharge"
  | "raise_limit";

/** Instants are ISO 8601, as the API tells them. */
type NoticeFacts =
  | {
      readonly code: "past_due";
      readonly amount: number;
      readonly currency: string;
      readonly failedAt: string;
      readonly nextAttemptAt: string | null;
      readonly endsAt: string;
    }
  | { readonly code: "ended_unpaid"; readonly plan: string; readonly free: string; readonly endedAt: string }
  | { readonly code: "bank_check" }
  | { readonly code: "recharge_bank_check"; readonly amount: number; readonly currency: string }
  | { readonly code: "credits_owed"; readonly tokens: number; readonly resetsAt: string }
  | {
      readonly code: "limit";
      readonly meter: string;
      readonly name: string;
      readonly format: "count" | "bytes";
      readonly used: number;
      readonly limit: number;
      readonly state: "warning" | "reached" | "over";
      readonly atLimit: AtLimit;
    }
  | { readonly code: "ends_soon"; readonly plan: string; readonly endsAt: string }
  | { readonly code: "card_expires"; readonly last4: string; readonly dueAt: string }
  | { readonly code: "recharge_paused"; readonly reason: PauseReason | null }
  | { readonly code: "recharge_declined"; readonly retryAt: string | null }
  | {
      readonly code: "recharge_limit" | "recharged_often";
      readonly spent: number;
      readonly limit: number;
      readonly currency: string;
      readonly endsAt: string;
    };

/** What becomes of use at a limit: refused, refused for want of credits, paid by credits, or recorded as before. */
export type AtLimit = "refused" | "without_credits" | "credits" | "recorded";

export const isoOf = (at: Instant): string => new Date(at).toISOString();
