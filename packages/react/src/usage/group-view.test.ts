import type { UsageGroups } from "@bursar/client";
import { expect, it } from "vitest";
import { createFormat } from "../format/create-format.ts";
import { english } from "../messages/english.ts";
import { groupViews } from "./group-view.ts";

const format = createFormat("en-US");
const view = (groups: UsageGroups) =>
  groupViews(groups, { amountOf: format.count, format, messages: english }).map(
    ({ name, amount, share, fillPercent }) => [name, amount, share, fillPercent],
  );

it("US1 use by project: the largest first, then the others, then what nobody assigned", () => {
  const data = [
    { group: "Atlas", quantity: 4_300 },
    { group: "Borealis", quantity: 3_000 },
  ];
  expect(view({ data, others: { groups: 7, quantity: 1_500 }, none: 1_200, total: 10_000 })).toEqual([
    ["Atlas", "4,300", "43\u00a0%", 43],
    ["Borealis", "3,000", "30\u00a0%", 30],
    ["7 others", "1,500", "15\u00a0%", 15],
    ["Not assigned", "1,200", "12\u00a0%", 12],
  ]);
});

it("US1 what has no use has no row, and a share near nothing or all is not said to be it", () => {
  const data = [
    { group: "Atlas", quantity: 99_996 },
    { group: "Borealis", quantity: 4 },
  ];
  expect(view({ data, others: { groups: 0, quantity: 0 }, none: 0, total: 100_000 })).toEqual([
    ["Atlas", "99,996", "99\u00a0%", 99.9],
    ["Borealis", "4", "<1\u00a0%", 1],
  ]);
});

it("US1 nobody says how many others there are where nobody counted them", () => {
  expect(view({ data: [], others: { groups: null, quantity: 5 }, none: 0, total: 5 })).toEqual([
    ["Others", "5", "100\u00a0%", 100],
  ]);
  expect(view({ data: [], others: { groups: 1, quantity: 5 }, none: 0, total: 5 })[0]![0]).toBe("1 other");
});
