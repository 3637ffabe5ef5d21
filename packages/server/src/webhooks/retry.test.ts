import { HOUR_MS, MINUTE_MS } from "@bursar/core";
import { expect, it } from "vitest";
import { FAILING_MAX_MS, pauseAfter } from "./retry.ts";

it("B4 pauses grow, and the tries of a message span three days", () => {
  const pauses: number[] = [];
  for (let attempts = 1; pauseAfter(attempts, "") !== null; attempts++) {
    pauses.push(pauseAfter(attempts, "")!);
  }
  expect([...pauses].sort((a, b) => a - b)).toEqual(pauses);
  const span = pauses.reduce((sum, pause) => sum + pause, 0);
  expect(span).toBeGreaterThanOrEqual(FAILING_MAX_MS);
  expect(span).toBeLessThan(80 * HOUR_MS);
  expect(pauses[0]).toBeLessThan(MINUTE_MS);
});

it("messages that failed together do not come back together, and one always after the same pause", () => {
  const pauses = new Set(Array.from({ length: 20 }, (_, index) => pauseAfter(6, `ntc_${index}`)));
  expect(pauses.size).toBeGreaterThan(10);
  expect(pauseAfter(6, "ntc_1")).toBe(pauseAfter(6, "ntc_1"));
});
