import { QUANTITY_MAX } from "@bursar/core";
import { isStorable } from "../db/storable.ts";

/** What an event may hold at most, whichever way it comes. */

/** An id longer than this is a mistake of the sender; the index over ids stays small. */
export const EVENT_ID_CHARACTERS_MAX = 255;

/** With commas, for a sentence: so many digits in a row are struck out of answers, as a card's number. */
export const QUANTITY_MAX_TEXT = QUANTITY_MAX.toLocaleString("en");

/** Properties are kept with the raw event; 8 KiB is more than a label or two, and less than a document. */
export const PROPERTIES_BYTES_MAX = 8_192;

/** Whoever writes JSON calls itself once a level, and the stack has an end; labels need two or three. */
const PROPERTIES_LEVELS_MAX = 32;

/** @returns what is wrong with an event's properties, or `null` */
export function propertiesMistake(properties: Record<string, unknown>): string | null {
  if (isDeeperThan(PROPERTIES_LEVELS_MAX, properties)) return `has ${PROPERTIES_LEVELS_MAX} levels at most`;
  let isGood = true;
  const text = JSON.stringify(properties, (key, value: unknown) => {
    isGood &&= isStorable(key) && (typeof value !== "string" || isStorable(value));
    return value;
  });
  if (Buffer.byteLength(text) > PROPERTIES_BYTES_MAX) return `has ${PROPERTIES_BYTES_MAX} bytes at most`;
  return isGood ? null : "holds a character that cannot be stored";
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeperThan(levels - 1, each));
}
