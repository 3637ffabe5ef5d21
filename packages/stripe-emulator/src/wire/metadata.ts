/** Metadata: at most 50 keys of 40 characters with values of 500; an update merges, an empty value deletes its key. */
import { invalidRequest } from "./errors.ts";

export type Metadata = Record<string, string>;

const MAX_KEYS = 50;
const MAX_KEY_LENGTH = 40;
const MAX_VALUE_LENGTH = 500;

/** `given` undefined changes nothing, null clears everything. */
export function mergeMetadata(
  current: Metadata,
  given: Record<string, string | null> | null | undefined,
): Metadata {
  if (given === undefined) return current;
  if (given === null) return {};
  const merged = new Map(Object.entries(current));
  for (const [key, value] of Object.entries(given)) {
    if (value === "" || value === null) {
      merged.delete(key);
      continue;
    }
    checkPair(key, value);
    merged.set(key, value);
  }
  if (merged.size > MAX_KEYS) {
    throw invalidRequest(
      `You can have up to ${MAX_KEYS} metadata keys; this request leaves ${merged.size}.`,
      {
        param: "metadata",
      },
    );
  }
  return Object.fromEntries(merged);
}

function checkPair(key: string, value: string): void {
  if (key.length > MAX_KEY_LENGTH) {
    throw invalidRequest(
      `Metadata keys may have up to ${MAX_KEY_LENGTH} characters: '${key}' has ${key.length}.`,
      {
        param: "metadata",
      },
    );
  }
  if (value.length > MAX_VALUE_LENGTH) {
    const message = `Metadata values may have up to ${MAX_VALUE_LENGTH} characters: '${key}' has ${value.length}.`;
    throw invalidRequest(message, { param: `metadata[${key}]` });
  }
}
