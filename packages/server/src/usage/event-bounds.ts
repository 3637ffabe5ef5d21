import { isStorable } from "../db/storable.ts";

/** What an event may hold at most, whichever way it comes. */

/** An id longer than this is a mistake of the sender; the index over ids stays small. */
export const EVENT_ID_CHARACTERS_MAX = 255;

/** Properties are kept with the raw event; 8 KiB is more than a label or two, and less than a document. */
export const PROPERTIES_BYTES_MAX = 8_192;

export function isSmallEnough(properties: Record<string, unknown>): boolean {
  return Buffer.byteLength(JSON.stringify(properties)) <= PROPERTIES_BYTES_MAX;
}

export function holdsOnlyStorable(properties: Record<string, unknown>): boolean {
  let isGood = true;
  JSON.stringify(properties, (key, value: unknown) => {
    isGood &&= isStorable(key) && (typeof value !== "string" || isStorable(value));
    return value;
  });
  return isGood;
}
