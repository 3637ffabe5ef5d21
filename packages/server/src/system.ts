import { randomBytes, randomFillSync } from "node:crypto";
import type { Clock, IdSource } from "@bursar/core";

/** The machine's clock; the only one that a running service has. */
export const systemClock: Clock = { now: () => Date.now() };

/** Waits on the machine's clock. */
export const systemPause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";

const CHANCE_CHARACTERS = 14;

/** Chance is fetched for many ids at once: to ask the system for a few bytes costs as much as for some thousands. */
const chance = Buffer.alloc(CHANCE_CHARACTERS * 512);
let chanceUsed = chance.length;

function nextChance(): string {
  if (chanceUsed === chance.length) {
    randomFillSync(chance);
    chanceUsed = 0;
  }
  let text = "";
  for (const end = chanceUsed + CHANCE_CHARACTERS; chanceUsed < end; chanceUsed += 1) {
    text += ALPHABET[chance[chanceUsed]! % ALPHABET.length];
  }
  return text;
}

/** Ids of 9 characters of time and 14 of chance (72 bits): unguessable, short, and close together in an index. */
export const systemIds: IdSource = {
  next: (prefix) => prefix + Date.now().toString(36).padStart(9, "0") + nextChance(),
  secret: () => randomBytes(32).toString("base64url"),
};

/** @returns what tells the seconds since now */
export function stopwatch(): () => number {
  const startedAt = performance.now();
  return () => (performance.now() - startedAt) / 1_000;
}
