import type { MeterUsage } from "@bursar/client";
import { describe, expect, it } from "vitest";
import { createFormat } from "../format/create-format.ts";
import { english } from "../messages/english.ts";
import { meterView } from "./meter-view.ts";

const events: MeterUsage = {
  meter: "events",
  name: "Events",
  unit: "event",
  kind: "counter",
  format: "count",
  used: 8_412,
  limit: 10_000,
  percent: 84,
  state: "warning",
  limitSentence: "New events are refused",
  atLimit: "refused",
  onCredits: false,
  resetsAt: "2026-12-12T00:00:00Z",
  asOf: "2026-11-22T09:10:00Z",
  groupBy: null,
};
const MiB = 1_048_576;
const view = (change: Partial<MeterUsage> = {}) =>
  meterView({ ...events, ...change }, createFormat("en-US"), english);

describe("a meter in words", () => {
  it("says used, limit, percent and state, for the eye and for a screen reader", () => {
    expect(view()).toMatchObject({
      amount: "8,412 of 10,000",
      percent: "84\u00a0%",
      state: "Approaching limit",
      reset: "Resets 12 Dec 2026",
      bar: { value: 8_412, max: 10_000, text: "8,412 of 10,000 events, 84 percent, approaching limit" },
    });
  });

  it.each([
    [{ used: 7_999, percent: 79, state: "ok" }, null, "79\u00a0%", 79.9],
    [{ used: 8_000, percent: 80, state: "warning" }, "Approaching limit", "80\u00a0%", 80],
    [{ used: 9_999, percent: 99, state: "warning" }, "Approaching limit", "99\u00a0%", 99.9],
    [{ used: 10_000, percent: 100, state: "reached" }, "Limit reached", "100\u00a0%", 100],
    [{ used: 10_500, percent: 105, state: "over" }, "Over limit by 500", "105\u00a0%", 100],
    [{ used: 4, percent: 0, state: "ok" }, null, "<1\u00a0%", 1],
    [{ used: 0, percent: 0, state: "ok" }, null, "0\u00a0%", 0],
  ] satisfies [Partial<MeterUsage>, string | null, string, number][])(
    "%o reads %s, %s, with %d %% of the bar filled",
    (change, state, percent, fillPercent) => {
      expect(view(change)).toMatchObject({ state, percent, bar: { fillPercent } });
    },
  );

  it("M1 says of what credits pay for how much of it they do", () => {
    const change = { used: 130, limit: 100, percent: 130, state: "over", onCredits: true } as const;
    expect(view(change).state).toBe("30 over, on credits");
    expect(view({ ...change, onCredits: false }).state).toBe("Over limit by 30");
  });

  it("clamps the value of the meter to its limit when more was used", () => {
    expect(view({ used: 10_500, percent: 105, state: "over" }).bar).toMatchObject({
      value: 10_000,
      max: 10_000,
    });
  });

  it("writes storage in binary units and never resets it", () => {
    const storage = {
      format: "bytes",
      used: 540 * MiB,
      limit: 512 * MiB,
      percent: 105,
      state: "over",
      resetsAt: null,
    };
    expect(view(storage as Partial<MeterUsage>)).toMatchObject({
      amount: "540 MiB of 512 MiB",
      state: "Over limit by 28 MiB",
      reset: "Does not reset",
    });
  });

  it("has words and no bar when unlimited", () => {
    expect(view({ limit: null, percent: null, state: "unlimited" })).toMatchObject({
      amount: "8,412, unlimited",
      percent: null,
      bar: null,
    });
  });

  it("says that nothing was told yet instead of zero", () => {
    expect(view({ used: 0, percent: 0, state: "ok", asOf: null })).toMatchObject({
      amount: "No data yet, limit 10,000",
      percent: null,
      bar: { text: "No data yet" },
    });
  });
});
