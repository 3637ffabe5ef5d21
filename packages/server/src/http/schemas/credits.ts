import { z } from "@hono/zod-openapi";
import { cents, currency, dayOrInstant, instant, pageQuery, tokens } from "./common.ts";

export const pack = z
  .object({
    id: z.string(),
    name: z.string(),
    tokens,
    price: cents,
    currency,
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

export const creditTransaction = z
  .object({
    id: z.string(),
    type: transactionType,
    amount: tokens,
    balanceAfter: tokens,
    price: cents.nullable(),
    currency: currency.nullable(),
    description: z.string(),
    resource: z.string().nullable(),
    createdAt: instant,
  })
  .openapi("CreditTransaction");

export const credits = z
  .object({
    balance: tokens,
    held: tokens,
    available: tokens,
    transactions: z.array(creditTransaction),
    nextCursor: z.string().nullable(),
  })
  .openapi("Credits");

export const transactionsQuery = pageQuery.extend({
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
