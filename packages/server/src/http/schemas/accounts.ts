import { z } from "@hono/zod-openapi";
import { role, storableText } from "./common.ts";

/** Accounts as the product's backend makes and reads them. */

/** Minor units before tax, per seat where the plan's price is; Stripe takes no payment below 50. */
const unitPrice = z.int().min(50).max(99_999_999);
const ownPrice = z.strictObject({ month: unitPrice.optional(), year: unitPrice.optional() });
const hasPrice = ({ month, year }: z.output<typeof ownPrice>) => month !== undefined || year !== undefined;

export const account = z
  .object({
    id: z.string(),
    externalId: z.string().nullable(),
    name: z.string(),
    email: z.string(),
    createdAt: z.iso.datetime(),
    overrides: z.object({
      plan: z.string().optional(),
      seats: z.int().optional(),
      limits: z.record(z.string(), z.int().nullable()).optional(),
      prices: z.record(z.string(), ownPrice).optional(),
    }),
  })
  .openapi("Account");
/** `warnings`: what was set and has no effect, or less than one may think. */
export const changedAccount = account
  .extend({ warnings: z.array(z.object({ path: z.string(), message: z.string() })) })
  .openapi("ChangedAccount");
const limit = z.int().min(0).nullable();
export const accountPatch = z.strictObject({
  overrides: z.strictObject({
    plan: z.string().max(40).nullish(),
    seats: z.int().min(1).max(100_000).nullish(),
    limits: z.record(z.string().max(40), limit).nullish(),
    prices: z
      .record(z.string().max(40), ownPrice)
      .refine((prices) => Object.values(prices).every(hasPrice), "has a price for month, year or both")
      .nullish(),
  }),
});
/** The longest that mail carries (RFC 5321); it also has its place in an index. */
const email = z.email().max(254);
export const newAccount = z.object({
  id: storableText(200)
    .refine((id) => !id.startsWith("acc_"), "is your own id; acc_ is how ours begin")
    .optional(),
  name: storableText(200),
  email,
  ownerEmail: email.optional(),
  /** Mails the owner a link that sets a password and signs them in. */
  inviteOwner: z.boolean().default(false),
});
export const tokenRequest = z.object({
  account: z.string().max(200),
  role,
  ttlSeconds: z.int().min(60).max(3_600).default(900),
  /** The product's own site, to which a hosted page may lead back the browser that has the token. */
  returnOrigin: z
    .url({ protocol: /^https?$/ })
    .max(300)
    .refine(
      (text) => URL.canParse(text) && new URL(text).origin === text,
      "is an origin, as https://app.example.com",
    )
    .optional(),
});
export const sessionToken = z
  .object({ token: z.string(), expiresAt: z.iso.datetime() })
  .openapi("SessionToken");
