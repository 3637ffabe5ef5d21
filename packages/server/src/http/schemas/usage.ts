import { z } from "@hono/zod-openapi";
import { QUANTITY_MAX } from "@bursar/core";
import { EVENT_ID_CHARACTERS_MAX, propertiesMistake, QUANTITY_MAX_TEXT } from "../../usage/event-bounds.ts";
import { instant, storableText, tokens } from "./common.ts";

const EVENT_SOURCE_CHARACTERS_MAX = 500;

export const EVENTS_PER_REQUEST_MAX = 1_000;

function refuseBad(properties: Record<string, unknown>, context: z.RefinementCtx): void {
  const mistake = propertiesMistake(properties);
  if (mistake !== null) context.addIssue(mistake);
}
const properties = z.record(z.string(), z.unknown()).superRefine(refuseBad);

const AT_MOST = `is a whole number, at most ${QUANTITY_MAX_TEXT}`;
const quantity = z.int(AT_MOST).default(1);

/** Strict: a misspelt `quantity` that was dropped would count 1, and the id would be used up. */
export const usageEvent = z
  .strictObject({
    id: storableText(EVENT_ID_CHARACTERS_MAX),
    meter: z.string().min(1).max(40),
    quantity,
    time: z.iso.datetime({ offset: true }).optional(),
    properties: properties.optional(),
    enforce: z.boolean().default(false),
    account: storableText(200).optional(),
  })
  .openapi("UsageEvent");

export type UsageEvent = z.output<typeof usageEvent>;

/** CloudEvents 1.0, as far as it says what we count: `type` is the meter, `subject` the account. */
export const cloudEvent = z
  .object({
    specversion: z.literal("1.0"),
    id: storableText(EVENT_ID_CHARACTERS_MAX),
    source: storableText(EVENT_SOURCE_CHARACTERS_MAX).regex(/^\S+$/, "is a URI and holds no space"),
    type: z.string().min(1).max(40),
    subject: storableText(200).optional(),
    time: z.iso.datetime({ offset: true }).optional(),
    data: z
      .object({ quantity, enforce: z.boolean().default(false) })
      .catchall(z.unknown())
      .superRefine(refuseBad)
      .default({ quantity: 1, enforce: false }),
    // Dropped, it would count 1 whatever it holds.
    data_base64: z
      .undefined("is not read here: send data as a JSON object")
      .optional()
      .openapi({ type: "null", description: "Not read here: send data as a JSON object." }),
  })
  .openapi("CloudEvent");

/** Each row is judged by itself, by the same rules as a row of a file. */
export const backfillRequest = z.array(z.record(z.string(), z.unknown())).max(EVENTS_PER_REQUEST_MAX);

const eventResult = z
  .object({
    id: z.string().nullable(),
    status: z.enum(["accepted", "duplicate", "refused"]),
    late: z.literal(true).optional(),
    code: z.string().optional(),
    detail: z.string().optional(),
  })
  .openapi("EventResult");

export const ingestAnswer = z
  .object({ accepted: z.int(), duplicates: z.int(), refused: z.int(), results: z.array(eventResult) })
  .openapi("IngestAnswer");

export const checkRequest = z.object({
  meter: z.string().min(1).max(40),
  quantity: z.int(AT_MOST).positive().default(1),
});

export const checkAnswer = z
  .object({
    allowed: z.boolean(),
    code: z.string().optional(),
    detail: z.string().optional(),
    wouldAllow: z.array(z.string()).optional(),
    used: z.int(),
    limit: z.int().nullable(),
    remaining: z.int().nullable(),
    credits: z.object({ available: tokens }),
    resetsAt: instant.nullable(),
  })
  .openapi("CheckAnswer");

/** A reservation waits for the work a day at most. */
export const holdRequest = z.object({
  tokens: z.int(AT_MOST).positive().max(QUANTITY_MAX, AT_MOST),
  ttlSeconds: z.int().min(1).max(86_400).default(600),
  resource: storableText(200).optional(),
  description: storableText(200).optional(),
});
export const hold = z.object({ id: z.string(), tokens, expiresAt: instant }).openapi("Hold");
export const settleRequest = z.object({ tokens: z.int(AT_MOST).nonnegative().max(QUANTITY_MAX, AT_MOST) });
export const settlement = z
  .object({ fromAllocation: tokens, fromCredits: tokens, balance: tokens })
  .openapi("Settlement");

export const usageDailyQuery = z.object({
  meter: z.string().min(1).max(40),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  groupBy: z.string().min(1).max(100).optional().openapi({
    description: "The property that the meter is grouped by in the catalogue: asks for `groups` as well.",
  }),
});

export const usageDaily = z
  .object({
    data: z.array(z.object({ date: z.iso.date(), quantity: z.int() })),
    groups: z
      .object({
        /** The 20 largest of the span, the largest first. */
        data: z.array(z.object({ group: z.string(), quantity: z.int() })),
        /** The rest of them; how many is `null` where more came on one day than are kept apart. */
        others: z.object({ groups: z.int().nullable(), quantity: z.int() }),
        /** What said no group. */
        none: z.int(),
        /** What all parts add up to, as the days do. */
        total: z.int(),
      })
      .optional(),
    projection: z
      .object({ low: z.int(), mid: z.int(), high: z.int(), limitReachedAt: instant.nullable() })
      .nullable(),
  })
  .openapi("UsageDaily");
