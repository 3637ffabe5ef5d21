import { expect, it } from "vitest";
import { usageDaysOf } from "../sample-answers.test-data.ts";
import { daysLeft } from "./pace.ts";

const credits = { available: 900, allocationLeft: 100 };

it.each<[string, number[], number | null]>([
  ["a week's even use", [10, 10, 10, 10, 10, 10, 10], 100],
  ["uneven use, rounded down", [0, 0, 0, 0, 0, 0, 71], 98],
  ["less than a week", [10, 10], null],
  ["no use", [0, 0, 0, 0, 0, 0, 0], null],
  ["years away", [0, 0, 0, 0, 0, 0, 1], null],
  ["less than a day", [9_000, 0, 0, 0, 0, 0, 0], null],
  ["a quiet today, which is not over", [10, 10, 10, 10, 10, 10, 10, 3], 100],
  ["more today than on a usual day", [10, 10, 10, 10, 10, 10, 10, 90], 50],
  ["all of it today", [0, 0, 0, 0, 0, 0, 0, 9_000], null],
])("CR1 %s: the balance lasts %s", (_what, quantities, days) => {
  expect(daysLeft(credits, { data: usageDaysOf(quantities) }, "2026-11-19")).toBe(days);
});
