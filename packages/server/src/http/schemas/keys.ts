import { z } from "@hono/zod-openapi";
import { instant, role, storableText } from "./common.ts";
import { permission } from "./told.ts";

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

const told = {
  ...key,
  /** A member's name; `null` when it was no member, or one who has left. */
  createdByName: z.string().nullable(),
  /** To the minute; `null`: never, or before it was kept. */
  lastUsedAt: instant.nullable(),
};

const listedKey = z.object({ ...told, can: z.object({ revoke: permission }) }).openapi("Key");

const revokedKey = z
  .object({ ...told, revokedBy: z.string(), revokedByName: z.string().nullable(), revokedAt: instant })
  .openapi("RevokedKey");

export const keyList = z
  .object({
    data: z.array(listedKey),
    nextCursor: z.string().nullable(),
    /** The newest 20 of the last 90 days; they open nothing. */
    revoked: z.array(revokedKey),
    can: z.object({
      make: permission,
      /** The roles that a key of the caller's may have, none above the caller's own. */
      makeAs: z.array(role),
    }),
  })
  .openapi("KeyList");

export const newKeyRequest = z.strictObject({ name: storableText(100), role });

/** The one answer that holds the key itself. */
export const newKey = z.object({ ...key, key: z.string() }).openapi("NewKey");
