import { expect, it } from "vitest";
import { transactions } from "../sample-answers.test-data.ts";
import { historyDays } from "./history-view.ts";

it("CR1 movements stand under their day (UTC), newest first, each once", () => {
  const [newest, older] = transactions as [(typeof transactions)[0], (typeof transactions)[0]];
  const midnight = { ...older, id: "txn_0", createdAt: "2026-11-21T00:00:00Z" };
  const days = historyDays([newest, older, midnight]);
  expect(days.map(({ date, rows }) => [date, rows.map(({ id }) => id)])).toEqual([
    ["2026-11-22", ["txn_2"]],
    ["2026-11-21", ["txn_1", "txn_0"]],
  ]);
});
