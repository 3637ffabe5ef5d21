import { DAY_MS, HOUR_MS, type Clock, type IdSource } from "@bursar/core";
import { hashSecret } from "../accounts/credentials.ts";
import type { Database } from "../db/open-database.ts";
import { insertLink } from "./store.ts";

/** The prefix tells people, and scanners of leaked secrets, what they have found. */
const LINK_PREFIX = "bsp_";

export const RESET_LINK_MS = HOUR_MS;
export const EMAIL_LINK_MS = DAY_MS;
/** As long as an invitation: who is given an account may be on holiday. */
export const WELCOME_LINK_MS = 14 * DAY_MS;

/** The secret of a link that proves whose address it was sent to, made as its mail is sent and kept as its hash. */
export async function issueLink(
  { database, clock, ids }: { database: Database; clock: Clock; ids: IdSource },
  request: { purpose: "password" | "email"; email: string; newEmail: string | null; lifetimeMs: number },
): Promise<string> {
  const { lifetimeMs, ...rest } = request;
  const secret = LINK_PREFIX + ids.secret();
  await insertLink(database.kysely, {
    ...rest,
    secretHash: hashSecret(secret),
    expiresAt: clock.now() + lifetimeMs,
  });
  return secret;
}
