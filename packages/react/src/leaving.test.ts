import { ProblemError } from "@bursar/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { intentKey, isFinal, quotedIntent } from "./intents.ts";
import { hasArrived } from "./leaving.ts";
import { hearOtherTabs, tellOtherTabs } from "./other-tabs.ts";
import { freeOverview, teamOverview } from "./sample-answers.test-data.ts";

describe("what was bought has arrived", () => {
  it("when the plan and its interval are in force", () => {
    const leaving = { bought: "plan", planId: "team", planName: "Team", interval: "month" } as const;
    expect([freeOverview, teamOverview].map((overview) => hasArrived(leaving, overview))).toEqual([
      false,
      true,
    ]);
    expect(hasArrived({ ...leaving, interval: "year" }, teamOverview)).toBe(false);
  });

  it("when the balance is above that of before, and not while it is the same", () => {
    const before = (balanceBefore: number) => hasArrived({ bought: "credits", balanceBefore }, teamOverview);
    expect([2_800_000, 3_800_000].map(before)).toEqual([true, false]);
  });

  it("without memory as the server says it", () => {
    expect(hasArrived(null, teamOverview)).toBe(true);
  });
});

describe("the key of an intention", () => {
  const problem = (status: number, code: string) =>
    new ProblemError({ type: "about:blank", title: "", status, detail: "", code, requestId: "" });

  it.each([
    ["goes after a refusal, which the server would only repeat", problem(409, "quote_changed"), true],
    ["stays when no answer came", new TypeError("fetch failed"), false],
    ["stays after a fault of the server", problem(503, "unavailable"), false],
    ["stays while the first press is still running", problem(409, "idempotency_in_progress"), false],
    ["stays after too many requests", problem(429, "rate_limited"), false],
  ])("%s", (_name, error, isOver) => {
    expect(isFinal(error)).toBe(isOver);
  });
  const refuse = () => {
    throw new DOMException("refused", "QuotaExceededError");
  };
  const full = { getItem: () => null, setItem: refuse, removeItem: () => undefined };
  it.each([
    ["blocked", {}],
    ["full", { sessionStorage: full }],
  ])("is the same at the next press where the browser's storage is %s, until the answer", (_name, window) => {
    vi.stubGlobal("window", window);
    const first = intentKey("purchase:standard:1000");
    expect(intentKey("purchase:standard:1000").key).toBe(first.key);
    first.forget();
    expect(intentKey("purchase:standard:1000").key).not.toBe(first.key);
    const quote = (quoteId: string) => ({ quoteId, expiresAt: "2026-11-22T09:24:00Z" });
    const change = quotedIntent("change:team", quote("quote_1"));
    const { key, request } = quotedIntent("change:team", quote("quote_2"));
    expect([key, request]).toEqual([change.key, "quote_1"]);
  });
});

describe("other tabs", () => {
  it("cannot be told where the browser forbids it, and the page works on", () => {
    const Forbidden = vi.fn(function () {
      throw new DOMException("The operation is insecure.", "SecurityError");
    });
    vi.stubGlobal("BroadcastChannel", Forbidden);
    expect(() => {
      tellOtherTabs();
      hearOtherTabs(() => undefined)();
    }).not.toThrow();
    expect(Forbidden).toHaveBeenCalledTimes(2);
  });
});

afterEach(() => vi.unstubAllGlobals());
