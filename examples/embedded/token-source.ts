/** A new token is asked for this long before the old one ends. */
const SPARE_MS = 60_000;

/** Asks the product's own backend for a session token, and keeps it while it is good. */
export function createTokenSource(path: string): () => Promise<string> {
  let current: { token: string; expiresAt: string } | null = null;
  let asking: Promise<string> | null = null;
  const ask = async (): Promise<string> => {
    const response = await fetch(path, { method: "POST" });
    if (!response.ok) throw new Error(`No token: ${response.status}`);
    current = (await response.json()) as { token: string; expiresAt: string };
    return current.token;
  };
  return () => {
    const isGood = current !== null && Date.parse(current.expiresAt) - Date.now() > SPARE_MS;
    if (isGood && current !== null) return Promise.resolve(current.token);
    asking ??= ask().finally(() => (asking = null));
    return asking;
  };
}
