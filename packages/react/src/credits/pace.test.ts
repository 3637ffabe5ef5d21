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
])("CR1 %s: the balance lasts %s", (_what, quantities, days) => {
  expect(daysLeft(credits, { data: usageDaysOf(quantities) })).toBe(days);
});
