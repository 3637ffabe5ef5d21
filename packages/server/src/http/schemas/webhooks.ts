import { z } from "@hono/zod-openapi";
import { isStorable } from "../../db/storable.ts";
import { noticeKinds } from "../../outbox/kinds.ts";
import { instant, storableText } from "./common.ts";
import { permission } from "./told.ts";

const eventType = z.enum(noticeKinds.map(({ type }) => type) as [string, ...string[]]);

const wish = {
  url: storableText(2_000),
  description: z.string().max(200).refine(isStorable, "holds a character that cannot be stored"),
  /** `null` is all of them, those that come to be later too. */
  eventTypes: z.array(eventType).min(1).max(100).nullable(),
};

export const newEndpointRequest = z.strictObject({
  url: wish.url,
  description: wish.description.default(""),
  eventTypes: wish.eventTypes.default(null),
});

export const endpointPatch = z.strictObject({
  url: wish.url.optional(),
  description: wish.description.optional(),
  eventTypes: wish.eventTypes.optional(),
  /** Disabled ones are sent nothing; what they miss is kept for a replay. */
  enabled: z.boolean().optional(),
});

export const webhookEndpoint = z
  .object({
    id: z.string(),
    url: z.string(),
    description: z.string(),
    eventTypes: z.array(z.string()).nullable(),
    enabled: z.boolean(),
    /** The first failure since the last message that was taken. */
    failingSince: instant.nullable(),
    createdAt: instant,
  })
  .openapi("WebhookEndpoint");

export const endpointList = z
  .object({
    data: z.array(webhookEndpoint),
    nextCursor: z.null(),
    /** What an endpoint can ask for. */
    eventTypes: z.array(z.object({ type: z.string(), description: z.string() })),
    can: z.object({ change: permission }),
  })
  .openapi("WebhookEndpointList");

/** Told this once: it verifies the signatures. */
export const newEndpoint = webhookEndpoint.extend({ secret: z.string() }).openapi("NewWebhookEndpoint");

export const rotatedSecret = z
  .object({ secret: z.string(), previousValidUntil: instant })
  .openapi("RotatedWebhookSecret");

const deliveryTry = z.object({
  at: instant,
  status: z.int().nullable(),
  error: z.string().nullable(),
  /** How the endpoint's answer begins; `null` when it said nothing, or before this was kept. */
  answer: z.string().nullable(),
  durationMs: z.int(),
});

export const delivery = z
  .object({
    /** The message's id, the `webhook-id` of each of its tries. */
    id: z.string(),
    type: z.string(),
    state: z.enum(["due", "sent", "failed"]),
    createdAt: instant,
    sentAt: instant.nullable(),
    /** When it is tried next; `null` when it is not. */
    nextTryAt: instant.nullable(),
    tries: z.array(deliveryTry),
    body: z.string(),
  })
  .openapi("WebhookDelivery");

export const testAnswer = z
  .object({ id: z.string(), delivered: z.boolean(), try: deliveryTry })
  .openapi("WebhookTest");

export const replayRequest = z.strictObject({
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }).optional(),
  /** Those too that were taken; else only what was given up. */
  includeSent: z.boolean().default(false),
});
export const replayAnswer = z.object({ replayed: z.int() });
