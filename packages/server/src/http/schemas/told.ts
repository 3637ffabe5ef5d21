import { z } from "@hono/zod-openapi";
import { cents, currency, instant, tokens } from "./common.ts";

/**
 * What the server says in words, once more as codes and facts: a page in another language writes its own sentence from
 * them. The English words beside them stay, for codes that a page does not know.
 */

export const permission = z.object({
  allowed: z.boolean(),
  reason: z.string().optional(),
  /** The reason as a code: `role`, `payment_due` and so on. More may come. */
  code: z.string().optional(),
  /** Of `role`: who may; of `last_owner`: who that is. */
  names: z.array(z.string()).optional(),
});

export const atLimit = z.enum(["refused", "without_credits", "credits", "recorded"]);

const spending = { spent: cents, limit: cents, currency, endsAt: instant };

export const noticeFacts = z
  .discriminatedUnion("code", [
    z.object({
      code: z.literal("past_due"),
      amount: cents,
      currency,
      failedAt: instant,
      nextAttemptAt: instant.nullable(),
      endsAt: instant,
    }),
    z.object({ code: z.literal("ended_unpaid"), plan: z.string(), free: z.string(), endedAt: instant }),
    z.object({ code: z.literal("bank_check") }),
    z.object({ code: z.literal("recharge_bank_check"), amount: cents, currency }),
    z.object({ code: z.literal("credits_owed"), tokens, resetsAt: instant }),
    z.object({
      code: z.literal("limit"),
      meter: z.string(),
      name: z.string(),
      format: z.enum(["count", "bytes"]),
      used: z.int(),
      limit: z.int(),
      state: z.enum(["warning", "reached", "over"]),
      atLimit,
    }),
    z.object({ code: z.literal("ends_soon"), plan: z.string(), endsAt: instant }),
    z.object({ code: z.literal("card_expires"), last4: z.string(), dueAt: instant }),
    z.object({
      code: z.literal("recharge_paused"),
      reason: z
        .enum(["declined", "authentication", "refund", "dispute", "no_payment_method", "pack_withdrawn"])
        .nullable(),
    }),
    z.object({ code: z.literal("recharge_declined"), retryAt: instant.nullable() }),
    z.object({ code: z.enum(["recharge_limit", "recharged_often"]), ...spending }),
  ])
  .openapi("NoticeFacts");

export const noticeAction = z.enum([
  "pay",
  "confirm",
  "see_plans",
  "buy_credits",
  "keep_plan",
  "update_card",
  "turn_on_again",
  "see_recharge",
  "raise_limit",
]);
