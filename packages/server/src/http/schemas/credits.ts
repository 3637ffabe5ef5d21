import { z } from "@hono/zod-openapi";
import { QUANTITY_MAX } from "@bursar/core";
import { cents, currency, dayOrInstant, instant, pageQuery, storableText, tokens } from "./common.ts";

export const pack = z
  .object({
    id: z.string(),
    name: z.string(),
    tokens,
    price: cents,
    currency,
    pricePerMillion: cents,
    popular: z.boolean(),
    savesPercent: z.int(),
  })
  .openapi("Pack");

const transactionType = z.enum([
  "purchase",
  "auto_recharge",
  "usage",
  "refund",
  "adjustment",
  "allocation",
  "allocation_usage",
  "lapse",
]);

/** What a movement did to one balance; `after` is that balance, after it. */
const balanceChange = z.object({ change: tokens, after: tokens });

export const creditTransaction = z
  .object({
    id: z.string(),
    type: transactionType,
    amount: tokens,
    balanceAfter: tokens.nullable(),
    credits: balanceChange.nullable(),
    allocation: balanceChange.nullable(),
    price: cents.nullable(),
    currency: currency.nullable(),
    description: z.string(),
    resource: z.string().nullable(),
    actor: z.string().nullable(),
    receiptUrl: z.string().nullable(),
    entries: z.int(),
    createdAt: instant,
  })
  .openapi("CreditTransaction");

export const autoRecharge = z
  .object({
    enabled: z.boolean(),
    threshold: tokens,
    packId: z.string(),
    spendingLimit: cents,
    currency,
    /** What the card pays in this usage window, tax and charges under way included. */
    spentThisPeriod: cents,
    chargesThisPeriod: z.int(),
    /** How many more the limit allows in this window. */
    chargesLeft: z.int(),
    /** What one recharge costs, tax included. */
    chargeTotal: cents,
    periodStartsAt: instant,
    periodEndsAt: instant,
    state: z.enum([
      "off",
      "idle",
      "due",
      "charging",
      "declined",
      "needs_authentication",
      "limit_reached",
      "paused",
    ]),
    pausedReason: z
      .enum(["declined", "authentication", "refund", "dispute", "no_payment_method", "pack_withdrawn"])
      .nullable(),
    /** Why it is off, when nobody turned it off. */
    endedReason: z.literal("plan_ended").nullable(),
    startsAfterPurchase: z.boolean(),
    /** Three or more were bought within the last 24 hours. */
    often: z.boolean(),
    /** Where the bank's question is answered. */
    url: z.string().nullable(),
    /** Why the last try was declined. */
    reason: z.string().nullable(),
    retryAt: instant.nullable(),
    updatedBy: z.string().nullable(),
    updatedAt: instant.nullable(),
  })
  .openapi("AutoRecharge");

export const credits = z
  .object({
    balance: tokens,
    held: tokens,
    available: tokens,
    autoRecharge,
    transactions: z.array(creditTransaction),
    nextCursor: z.string().nullable(),
  })
  .openapi("Credits");

const group = z.enum(["day"]).optional();

export const creditsQuery = z.object({ group });

export const transactionsQuery = pageQuery.extend({
  group,
  type: transactionType.optional(),
  from: dayOrInstant.optional(),
  to: dayOrInstant.optional(),
});

export const purchaseRequest = z.object({
  packId: z.string().min(1).max(40),
  /** What the person was shown, tax included: nothing else is charged. */
  expectedTotal: cents.optional(),
});
export const purchase = z.object({ status: z.literal("granted"), balance: tokens }).openapi("PackPurchase");

export const adjustmentRequest = z.strictObject({
  tokens: z
    .int()
    .min(-QUANTITY_MAX)
    .max(QUANTITY_MAX)
    .refine((value) => value !== 0, "moves nothing: give a number above or below zero"),
  reason: storableText(500).refine((text) => text.trim() !== "", "is empty"),
  id: storableText(200)
    .refine((id) => !id.includes("/"), "holds a slash")
    .optional(),
  /** Who it is, for the history: a name or an address. */
  operator: storableText(200).optional(),
});

export const adjustment = z
  .object({
    id: z.string(),
    accountId: z.string(),
    tokens,
    reason: z.string(),
    operator: z.string().nullable(),
    balance: tokens,
    createdAt: instant,
  })
  .openapi("Adjustment");

/** What is left out stays as it is; at first the popular pack, a fifth of it as threshold, and a limit of 50.00. */
export const autoRechargeRequest = z.object({
  enabled: z.boolean(),
  threshold: z.int().min(1).max(QUANTITY_MAX).optional(),
  packId: z.string().min(1).max(40).optional(),
  spendingLimit: z.int().min(1).max(100_000_000).optional(),
  start: z.enum(["now", "after_next_purchase"]).optional(),
});

export const rechargeAttempt = z
  .object({
    id: z.string(),
    state: z.enum(["charging", "needs_authentication", "declined", "succeeded", "failed"]),
    packId: z.string(),
    tokens,
    amount: cents,
    currency,
    try: z.int(),
    /** Why it was declined or given up. */
    reason: z.string().nullable(),
    url: z.string().nullable(),
    invoiceId: z.string().nullable(),
    retryAt: instant.nullable(),
    createdAt: instant,
    finishedAt: instant.nullable(),
  })
  .openapi("RechargeAttempt");
