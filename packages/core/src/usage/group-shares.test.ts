import { expect, it } from "vitest";
import { groupShares, type GroupedSpan } from "./group-shares.ts";

const span: GroupedSpan = {
  days: [
    { day: "2026-03-01", quantity: 60 },
    { day: "2026-03-02", quantity: 40 },
  ],
  largest: [
    { group: "Atlas", quantity: 50 },
    { group: "Borealis", quantity: 20 },
  ],
  smaller: { groups: 3, quantity: 9 },
  beyond: 0,
};

it("US1 the parts of a span add up to its days: what is left said no group", () => {
  const { largest } = span;
  expect(groupShares(span)).toEqual({ largest, others: { groups: 3, quantity: 9 }, none: 21, total: 100 });
});

it("US1 what came past the groups of a day is with the others, whose number nobody knows then", () => {
  expect(groupShares({ ...span, beyond: 21 })).toMatchObject({
    others: { groups: null, quantity: 30 },
    none: 0,
  });
});

it("US1 days of a time without groups are all of none", () => {
  const before = { ...span, largest: [], smaller: { groups: 0, quantity: 0 } };
  expect(groupShares(before)).toEqual({
    largest: [],
    others: { groups: 0, quantity: 0 },
    none: 100,
    total: 100,
  });
});
