import { z } from "@hono/zod-openapi";
import { problem } from "./schemas/common.ts";

const csvText = z.string().openapi("Csv");

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

/** The same, as JSON or, for `Accept: text/csv`, as a table for a spreadsheet. */
export function answersWithCsv<Schema extends z.ZodType>(schema: Schema) {
  const { default: refused } = answers(schema);
  const content = { "application/json": { schema }, "text/csv": { schema: csvText } };
  return { 200: { description: "Done", content }, default: refused } as const;
}
