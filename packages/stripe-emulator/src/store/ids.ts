/** Ids as Stripe writes them: a prefix that tells the kind, and a random part that tells nothing. */
import { randomInt } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

export function randomText(length: number): string {
  let text = "";
  for (let index = 0; index < length; index += 1) text += ALPHABET[randomInt(ALPHABET.length)];
  return text;
}

/** `newId("cus")` -> `cus_` and 24 characters, about 143 bits: no collision in the life of any store. */
export function newId(prefix: string): string {
  return `${prefix}_${randomText(24)}`;
}
