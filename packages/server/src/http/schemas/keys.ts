import { z } from "@hono/zod-openapi";
import { instant, listOf, role, storableText } from "./common.ts";

const key = {
  id: z.string(),
  name: z.string().nullable(),
  role,
  /** Its beginning and end, to tell keys apart. */
  hint: z.string().nullable(),
  /** A member's id, a key's id, or `operator`. */
  createdBy: z.string().nullable(),
  createdAt: instant,
};

export const keyList = listOf(
  z.object({
    ...key,
    /** To the minute; `null`: never, or before it was kept. */
    lastUsedAt: instant.nullable(),
  }),
).openapi("KeyList");

export const newKeyRequest = z.strictObject({ name: storableText(100), role });

/** The one answer that holds the key itself. */
export const newKey = z.object({ ...key, key: z.string() }).openapi("NewKey");
