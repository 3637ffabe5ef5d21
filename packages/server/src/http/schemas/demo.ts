import { z } from "@hono/zod-openapi";
import { instant } from "./common.ts";

/** As far as one advance goes: a year with its renewal, and some weeks to see what follows. */
export const ADVANCE_DAYS_MAX = 400;

export const advanceRequest = z
  .object({ days: z.int().min(1).max(ADVANCE_DAYS_MAX).optional(), to: instant.optional() })
  .strict()
  .refine(({ days, to }) => (days === undefined) !== (to === undefined), "name either days or to")
  .openapi("AdvanceRequest");

export const cardRequest = z
  .object({ card: z.enum(["works", "declines"]) })
  .strict()
  .openapi("DemoCardRequest");

export const demoState = z
  .object({
    now: instant,
    aheadSeconds: z.int(),
    advancingTo: instant.nullable(),
    webhooks: z.array(
      z.object({
        id: z.string(),
        type: z.string(),
        receivedAt: instant,
        handledAt: instant.nullable(),
        error: z.string().nullable(),
      }),
    ),
  })
  .openapi("DemoState");
