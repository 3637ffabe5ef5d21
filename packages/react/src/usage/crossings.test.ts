import type { MeterUsage } from "@bursar/client";
import { expect, it } from "vitest";
import { teamOverview } from "../sample-answers.test-data.ts";
import { crossingsOf } from "./crossings.ts";

const [name, meter] = Object.entries(teamOverview.usage)[0]!;
const inState = (state: MeterUsage["state"]) => ({ [name]: { ...meter, state } });

it.each([
  ["ok", "warning", true],
  ["warning", "reached", true],
  ["reached", "over", true],
  ["ok", "over", true],
  ["warning", "warning", false],
  ["reached", "ok", false],
  ["unlimited", "ok", false],
] as const)("M4 from %s to %s is a crossing: %s", (before, now, isCrossing) => {
  expect(crossingsOf(inState(before), inState(now))).toHaveLength(isCrossing ? 1 : 0);
});

it("M4 what is over the limit already when the page opens is no crossing", () => {
  expect(crossingsOf(null, inState("over"))).toEqual([]);
});
