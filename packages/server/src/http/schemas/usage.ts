import { z } from "@hono/zod-openapi";
import { instant, isStorable, storableText, tokens } from "./common.ts";

/** An id longer than this is a mistake of the sender; the index over ids stays small. */
const EVENT_ID_CHARACTERS_MAX = 255;

const EVENT_SOURCE_CHARACTERS_MAX = 500;

export const EVENTS_PER_REQUEST_MAX = 1_000;

/** Properties are kept with the raw event; 8 KiB is more than a label or two, and less than a document. */
const PROPERTIES_BYTES_MAX = 8_192;

function holdsOnlyStorable(properties: Record<string, unknown>): boolean {
  let isGood = true;
  JSON.stringify(properties, (key, value: unknown) => {
    isGood &&= isStorable(key) && (typeof value !== "string" || isStorable(value));
    return value;
  });
  return isGood;
}

const properties = z
  .record(z.string(), z.unknown())
  .refine(
    (value) => JSON.stringify(value).length <= PROPERTIES_BYTES_MAX,
    `has ${PROPERTIES_BYTES_MAX} bytes at most`,
  )
  .refine(holdsOnlyStorable, "holds a character that cannot be stored");

/** Strict: a misspelt `quantity` that was dropped would count 1, and the id would be used up. */
export const usageEvent = z
  .strictObject({
    id: storableText(EVENT_ID_CHARACTERS_MAX),
    meter: z.string().min(1).max(40),
    quantity: z.int().default(1),
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
      .object({ quantity: z.int().default(1), enforce: z.boolean().default(false) })
      .catchall(z.unknown())
      .refine((value) => properties.safeParse(value).success, "is too large or cannot be stored")
      .default({ quantity: 1, enforce: false }),
  })
  .openapi("CloudEvent");

const eventResult = z
  .object({
    id: z.string().nullable(),
    status: z.enum(["accepted", "duplicate", "refused"]),
    code: z.string().optional(),
    detail: z.string().optional(),
  })
  .openapi("EventResult");

export const ingestAnswer = z
  .object({ accepted: z.int(), duplicates: z.int(), refused: z.int(), results: z.array(eventResult) })
  .openapi("IngestAnswer");

export const checkRequest = z.object({
  meter: z.string().min(1).max(40),
  quantity: z.int().positive().default(1),
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
  tokens: z.int().positive(),
  ttlSeconds: z.int().min(1).max(86_400).default(600),
  resource: storableText(200).optional(),
  description: storableText(200).optional(),
});
export const hold = z.object({ id: z.string(), tokens, expiresAt: instant }).openapi("Hold");
export const settleRequest = z.object({ tokens: z.int().nonnegative() });
export const settlement = z
  .object({ fromAllocation: tokens, fromCredits: tokens, balance: tokens })
  .openapi("Settlement");
