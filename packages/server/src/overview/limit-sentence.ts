import type { Meter } from "@bursar/core";
import type { AtLimit } from "./notice.ts";

/** Whether new use is refused at the meter's limit: credits pay for it only while there are any (C2). */
export function isRefusedAtLimit({ pastLimit }: Meter, availableCredits: number): boolean {
  return pastLimit === "refused" || availableCredits <= 0;
}

/** The same as a code, for a page that says it in another language. */
export function atLimitOf({ pastLimit }: Meter, availableCredits: number): AtLimit {
  if (pastLimit !== "credits") return pastLimit;
  return availableCredits <= 0 ? "without_credits" : "credits";
}

/** What happens at the meter's limit as things stand now, for the page; no full stop. */
export function limitSentenceNow(meter: Meter, availableCredits: number): string {
  const lacksCredits = meter.pastLimit === "credits" && availableCredits <= 0;
  return lacksCredits ? "New use is refused without credits" : meter.limitSentence;
}
