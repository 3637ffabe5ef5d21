import { randomBytes } from "node:crypto";
import type { Clock, IdSource } from "@bursar/core";

/** The machine's clock; the only one that a running service has. */
export const systemClock: Clock = { now: () => Date.now() };

const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";

/** Ids of 9 characters of time and 14 of chance (72 bits): unguessable, short, and close together in an index. */
export const systemIds: IdSource = {
  next(prefix) {
    const time = Date.now().toString(36).padStart(9, "0");
    const chance = Array.from(randomBytes(14), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
    return prefix + time + chance;
  },
  secret: () => randomBytes(32).toString("base64url"),
};
