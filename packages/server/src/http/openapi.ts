import type { z } from "@hono/zod-openapi";
import { problem } from "./schemas/common.ts";

/** The parts that every documented route repeats. */

export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { body: { content: { "application/json": { schema } }, required: true } } as const;
}

/** One good answer, and a problem for all others. */
export function answers<Schema extends z.ZodType>(schema: Schema) {
  return {
    200: { description: "Done", content: { "application/json": { schema } } },
    default: {
      description: "Refused, and why",
      content: { "application/problem+json": { schema: problem } },
    },
  } as const;
}
