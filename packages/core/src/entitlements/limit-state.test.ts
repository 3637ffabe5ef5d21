import { expect, it } from "vitest";
import { readLimit } from "./limit-state.ts";

const cases: [used: number, limit: number | null, percent: number | null, state: string][] = [
  [0, 1_000, 0, "ok"],
  [4, 1_000, 0, "ok"],
  [799, 1_000, 79, "ok"],
  [800, 1_000, 80, "warning"],
  [999, 1_000, 99, "warning"],
  [1_000, 1_000, 100, "reached"],
  [1_001, 1_000, 100, "over"],
  [1_050, 1_000, 105, "over"],
  [0, 0, 100, "reached"],
  [-5, 1_000, 0, "ok"],
  [Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER, 99, "warning"],
  [10, null, null, "unlimited"],
];

it.each(cases)("U1 %i of %s is %s per cent, %s", (used, limit, percent, state) => {
  expect(readLimit(used, limit)).toEqual({ percent, state });
});
