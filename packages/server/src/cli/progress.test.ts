import { describe, expect, it } from "vitest";
import { progressOn, type Standing } from "./progress.ts";

/** What is written when it stands like this at these milliseconds. */
function written(
  isTTY: boolean,
  standings: readonly (readonly [ms: number, standing: Standing])[],
): string[] {
  const lines: string[] = [];
  let now = 0;
  const progress = progressOn({ isTTY, write: (text: string) => lines.push(text) }, () => now);
  for (const [ms, standing] of standings) {
    now = ms;
    progress(standing);
  }
  return lines;
}

describe("the progress of an import", () => {
  it("is a bar on a terminal, ten times a second at most, and is full when it is done", () => {
    const lines = written(true, [
      [50, { share: 0.05, events: 500 }],
      [100, { share: 0.1, events: 1_000 }],
      [150, { share: 0.15, events: 1_500 }],
      [500, { share: 0.5, events: 5_000 }],
      [510, { share: 1, events: 10_200 }],
    ]);
    expect(lines).toEqual([
      `\r[${"#".repeat(3)}${"-".repeat(27)}] 10 %  1000 events, 10000 a second\u001b[K`,
      `\r[${"#".repeat(15)}${"-".repeat(15)}] 50 %  5000 events, 10000 a second\u001b[K`,
      `\r[${"#".repeat(30)}]100 %  10200 events, 20000 a second\u001b[K\n`,
    ]);
  });

  it("is a plain line every five seconds where nobody watches", () => {
    const lines = written(false, [
      [4_999, { share: 0.2, events: 10 }],
      [5_000, { share: 0.2, events: 10 }],
      [9_000, { share: 0.9, events: 90 }],
      [9_001, { share: 1, events: 100 }],
    ]);
    expect(lines).toEqual([" 20 %  10 events, 2 a second\n", "100 %  100 events, 11 a second\n"]);
  });
});
