import { describe, expect, it } from "vitest";
import type { Meter } from "@bursar/core";
import { isRefusedAtLimit, limitSentenceNow } from "./limit-sentence.ts";

const meter: Meter = {
  id: "enrichments",
  name: "Enrichments",
  unit: "enrichment",
  kind: "counter",
  format: "count",
  pastLimit: "credits",
  limitSentence: "Credits are used",
  groupBy: null,
};

describe("what a meter says about its limit", () => {
  it.each([
    [meter, 1, false, "Credits are used"],
    [meter, 0, true, "New use is refused without credits"],
    [meter, -12_000, true, "New use is refused without credits"],
    [
      { ...meter, pastLimit: "refused" as const, limitSentence: "New runs are refused" },
      5,
      true,
      "New runs are refused",
    ],
  ])("with %o and %i credits", (each, credits, isRefused, sentence) => {
    expect(isRefusedAtLimit(each, credits)).toBe(isRefused);
    expect(limitSentenceNow(each, credits)).toBe(sentence);
  });
});
