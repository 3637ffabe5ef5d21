import { z } from "@hono/zod-openapi";
import { role } from "./common.ts";

/** Accounts as the product's backend makes and reads them. */

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
    }),
  })
  .openapi("Account");
const limit = z.int().min(0).nullable();
export const accountPatch = z.strictObject({
  overrides: z.strictObject({
    plan: z.string().max(40).nullish(),
    seats: z.int().min(1).max(100_000).nullish(),
    limits: z.record(z.string().max(40), limit).nullish(),
    prices: z
      .never("are not taken here: docs/catalogue.md says how to give an account its own price")
      .optional(),
  }),
});
export const newAccount = z.object({
  id: z
    .string()
    .min(1)
    .max(200)
    .refine((id) => !id.startsWith("acc_"), "is your own id; acc_ is how ours begin")
    .optional(),
  name: z.string().min(1).max(200),
  email: z.email(),
  ownerEmail: z.email().optional(),
});
export const tokenRequest = z.object({
  account: z.string(),
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
