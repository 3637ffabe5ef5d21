import { describe, expect, it } from "vitest";
import { HOUR_MS, MINUTE_MS } from "../kernel/time.ts";
import { counterKey, LEVEL_STARTS_AT } from "./account-state.ts";
import { check } from "./check.ts";
import { codes, CONTEXT, ENDS_AT, event, newAccount, purchase, run, slice, STARTS_AT } from "./fixture.ts";

const NOW = STARTS_AT + HOUR_MS;
const sessionsAt = (startsAt: number) => counterKey("sessions", startsAt);
const enforced = (quantity: number, meterId = "sessions") => event({ quantity, meterId, mode: "enforced" });

describe("U4 an enforced event", () => {
  it.each([
    ["up to the limit is recorded", 9, 1, "recorded"],
    ["past it is refused", 10, 1, "limit_reached"],
    ["that would pass it is refused whole", 9, 2, "limit_reached"],
    ["of the whole limit is recorded", 0, 10, "recorded"],
    ["past a limit that plain events passed is refused", 12, 1, "limit_reached"],
  ])("%s", (_name, usedBefore, quantity, code) => {
    const before = usedBefore === 0 ? newAccount() : run(newAccount(), event({ quantity: usedBefore })).state;
    const after = run(before, enforced(quantity));
    expect(codes(after)).toEqual([code]);
    const used = code === "recorded" ? usedBefore + quantity : usedBefore;
    expect(after.state.counters.get(sessionsAt(STARTS_AT))?.used).toBe(used);
  });

  it("that is refused says why and keeps no id", () => {
    const full = run(newAccount(), event({ quantity: 10 })).state;
    const again = enforced(1);
    const refused = run(full, again);
    expect(refused.outcomes).toEqual([
      { code: "limit_reached", meterId: "sessions", requested: 1, used: 10, limit: 10, resetsAt: ENDS_AT },
    ]);
    expect(refused.writes.eventIds).toEqual([]);
    const upgraded = { ...refused.state, entitlements: { slices: [slice("team")], overrides: {} } };
    expect(codes(run(upgraded, again))).toEqual(["recorded"]);
  });

  it("counts now, whatever its time says", () => {
    const after = run(newAccount(), event({ mode: "enforced", time: STARTS_AT - HOUR_MS, receivedAt: NOW }));
    expect([...after.state.counters.keys()]).toEqual([sessionsAt(STARTS_AT)]);
  });

  it("C2 goes on past its limit where the meter says so, while credits are available", () => {
    const full = run(newAccount(), event({ quantity: 10, meterId: "enrichments" })).state;
    expect(codes(run(full, enforced(1, "enrichments")))).toEqual(["limit_reached"]);
    expect(codes(run(full, purchase(1), enforced(1, "enrichments")))).toEqual(["granted", "recorded"]);
  });
});

describe("P2 the window of an event", () => {
  const receivedAt = ENDS_AT + HOUR_MS - 1;
  it.each([
    ["in the running window", ENDS_AT, receivedAt, ENDS_AT, false],
    ["in the window before, within the grace time", ENDS_AT - 1, receivedAt, STARTS_AT, false],
    ["in the window before, a moment after the grace time", ENDS_AT - 1, receivedAt + 1, ENDS_AT, true],
    ["years ago", Date.parse("2020-01-01"), receivedAt, ENDS_AT, true],
    ["just ahead, in the next window", ENDS_AT + 4 * MINUTE_MS, ENDS_AT - MINUTE_MS, ENDS_AT, false],
  ])("whose time is %s", (_name, time, received, windowStartsAt, late) => {
    const after = run(newAccount(), event({ time, receivedAt: received }));
    expect(after.outcomes).toEqual([{ code: "recorded", late, draw: null }]);
    expect([...after.state.counters.keys()]).toEqual([sessionsAt(windowStartsAt)]);
  });

  it.each([
    ["5 minutes ahead is taken", 5 * MINUTE_MS, "recorded"],
    ["a millisecond more is refused", 5 * MINUTE_MS + 1, "event_in_future"],
  ])("%s", (_name, ahead, code) => {
    expect(codes(run(newAccount(), event({ receivedAt: NOW, time: NOW + ahead })))).toEqual([code]);
  });

  it("of history that is filled in is its own, closed or not", () => {
    const time = Date.parse("2025-11-20T00:00:00Z");
    const after = run(newAccount(), event({ mode: "backfill", time, quantity: 10 }));
    expect([...after.state.counters.keys()]).toEqual([sessionsAt(Date.parse("2025-11-15T08:00:00Z"))]);
    expect(after.writes.notices).toEqual([]);
  });
});

describe("a level", () => {
  const storage = (quantity: number, mode: "plain" | "enforced" = "plain", receivedAt = NOW) =>
    event({ meterId: "storage", quantity, mode, receivedAt });

  it("rises, falls and is not reset by a window", () => {
    const after = run(newAccount(), storage(8), storage(-3), storage(1, "plain", ENDS_AT + HOUR_MS));
    expect(after.state.counters.get(counterKey("storage", LEVEL_STARTS_AT))?.used).toBe(6);
  });

  it("never falls below zero: such a change is refused and may be sent again", () => {
    const deletion = storage(-5);
    const after = run(newAccount(), deletion, storage(5), deletion);
    expect(codes(after)).toEqual(["level_below_zero", "recorded", "recorded"]);
  });

  it("may always fall, also while it is over its limit", () => {
    const after = run(newAccount(), storage(12), storage(1, "enforced"), storage(-1, "enforced"));
    expect(codes(after)).toEqual(["recorded", "limit_reached", "recorded"]);
  });
});

describe("U5 thresholds", () => {
  const percents = (...quantities: number[]) =>
    run(newAccount(), ...quantities.map((quantity) => event({ quantity }))).writes.notices.map(
      (notice) => notice.percent,
    );

  it.each([
    ["nothing below 80 %", [7], []],
    ["80 % when it is reached", [7, 1], [80]],
    ["each once", [8, 1, 1, 1], [80, 100]],
    ["only the higher when one event passes both", [12, 1], [100]],
  ])("tell %s", (_name, quantities, expected) => {
    expect(percents(...quantities)).toEqual(expected);
  });

  it("tell again in the next window, and once in it when a level sinks and rises", () => {
    const storage = (quantity: number, receivedAt: number) =>
      event({ meterId: "storage", quantity, receivedAt });
    const later = ENDS_AT + HOUR_MS;
    const after = run(
      newAccount(),
      ...[storage(8, NOW), storage(-4, NOW), storage(4, NOW), storage(-1, later), storage(1, later)],
    );
    expect(after.writes.notices.map((notice) => notice.windowStartsAt)).toEqual([STARTS_AT, ENDS_AT]);
  });
});

describe("a check", () => {
  const full = run(newAccount(), event({ quantity: 10 })).state;

  it("answers as the enforced event would, with what would allow it, and changes nothing", () => {
    const before = structuredClone(full);
    const result = check(CONTEXT, full, { meterId: "sessions", quantity: 1, now: NOW });
    expect(result).toMatchObject({
      known: true,
      decision: { refusal: { code: "limit_reached" }, used: 10, limit: 10, resetsAt: ENDS_AT },
      remaining: 0,
      wouldAllow: ["higher_plan", "window_reset"],
    });
    expect(full).toEqual(before);
  });

  it("knows the whole allocation of a window that nobody has opened", () => {
    const result = check(CONTEXT, newAccount(), { meterId: "ai_tokens", quantity: 100, now: NOW });
    expect(result).toMatchObject({ decision: { refusal: null }, remaining: 100 });
  });

  it("names the meters when it is asked for one that there is not", () => {
    const result = check(CONTEXT, full, { meterId: "calls", quantity: 1, now: NOW });
    expect(result).toMatchObject({ known: false, refusal: { code: "unknown_meter", meterId: "calls" } });
  });
});

describe("an unknown meter", () => {
  it("is refused", () => {
    expect(codes(run(newAccount(), event({ meterId: "calls" })))).toEqual(["unknown_meter"]);
  });
});
