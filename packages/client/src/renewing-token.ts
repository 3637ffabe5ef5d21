import type { SessionToken } from "./backend-types.ts";

/** A new token is asked for this long before the old one ends. */
const SPARE_MS = 60_000;

/**
 * A session token for `createClient` in a page, kept while it is good and asked for anew a minute before it ends.
 * @param ask gets one from the product's own backend, which has the platform key
 */
export function renewingToken(ask: () => Promise<SessionToken>): () => Promise<string> {
  let current: SessionToken | null = null;
  let asking: Promise<string> | null = null;
  const renew = async (): Promise<string> => {
    current = await ask();
    return current.token;
  };
  return () => {
    const isGood = current !== null && Date.parse(current.expiresAt) - Date.now() > SPARE_MS;
    if (isGood && current !== null) return Promise.resolve(current.token);
    // Who asks meanwhile waits for the same one; after a failure the next call asks again.
    asking ??= renew().finally(() => (asking = null));
    return asking;
  };
}
