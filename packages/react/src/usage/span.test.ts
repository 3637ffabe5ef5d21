import { describe, expect, it } from "vitest";
import { teamOverview } from "../sample-answers.test-data.ts";
import { firstOf, nameOf, ownSpan, queryOf, searchOf, spanOf, windowDays } from "./span.ts";

const meters = ["sessions", "events"];
const now = "2026-11-22T09:14:00Z";

describe("US1 the days of the usage screen live in its address", () => {
  it.each([
    ["", { meter: "sessions", from: null, to: null }],
    ["?meter=events", { meter: "events", from: null, to: null }],
    ["?meter=nothing&from=yesterday", { meter: "sessions", from: null, to: null }],
    ["?meter=events&from=2026-02-30", { meter: "events", from: null, to: null }],
    [
      "?meter=events&from=2026-11-01&to=2026-11-20",
      { meter: "events", from: "2026-11-01", to: "2026-11-20" },
    ],
  ])("%s means %o", (search, choice) => {
    expect(spanOf(search, meters)).toEqual(choice);
  });

  it("comes back as it was written", () => {
    const choice = { meter: "events", from: "2026-11-01", to: "2026-11-20" };
    expect(spanOf(searchOf(choice), meters)).toEqual(choice);
    expect(queryOf({ ...choice, to: null }, null)).toEqual({ meter: "events", from: "2026-11-01" });
  });

  it("asks for the groups of a meter that has some", () => {
    const [choice, groupBy] = [spanOf("", meters), { property: "project", name: "Project" }];
    expect(queryOf(choice, groupBy)).toEqual({ meter: "sessions", groupBy: "project" });
  });

  it("has a name for the window and the last days, else they are days of one's own", () => {
    const choice = { meter: "events", from: null, to: null };
    expect(nameOf(choice, now)).toBe("window");
    expect(firstOf(30, now)).toBe("2026-10-24");
    expect(nameOf({ ...choice, from: "2026-10-24" }, now)).toBe(30);
    expect(nameOf({ ...choice, from: "2026-10-25" }, now)).toBe("own");
  });

  it("is a span only in order, and no longer than the server answers", () => {
    expect(ownSpan("2026-11-20", "2026-11-01")).toBeNull();
    expect(ownSpan("", "2026-11-01")).toBeNull();
    expect(ownSpan("2020-01-01", "2026-11-01")).toEqual({ from: "2025-09-28", to: "2026-11-01" });
  });

  it("counts the days of a window that begins within a day", () => {
    expect(windowDays(teamOverview)).toBe(30);
    const usageWindow = { start: "2026-11-12T15:00:00Z", end: "2026-12-12T15:00:00Z" };
    expect(windowDays({ ...teamOverview, usageWindow })).toBe(31);
  });
});
