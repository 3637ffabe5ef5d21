import { describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS, type Instant } from "../kernel/time.ts";
import type { AccountState } from "./account-state.ts";
import { viewAccount } from "./account-view.ts";
import { allocationAccount } from "./book-account.ts";
import { QUANTITY_MAX, type Command } from "./command.ts";
import { factsNeeded } from "./facts-needed.ts";
import {
  ACCOUNT,
  codes,
  CONTEXT,
  ENDS_AT,
  event,
  hold,
  newAccount,
  purchase,
  run,
  slice,
  STARTS_AT,
  tokens,
} from "./fixture.ts";

const NOW = STARTS_AT + HOUR_MS;
const credits = (state: AccountState) => state.balances.get("purchased") ?? 0;
const left = (state: AccountState, startsAt: Instant) => state.balances.get(allocationAccount(startsAt)) ?? 0;
const settle = (holdId: string, amount: number, receivedAt: Instant): Command => ({
  type: "settle",
  accountId: ACCOUNT,
  holdId,
  tokens: amount,
  receivedAt,
});
const usedIn = (state: AccountState) =>
  [...state.counters.values()].map((each) => [new Date(each.windowStartsAt).toISOString(), each.used]);

describe("P1 windows at the ends of months", () => {
  it.each([
    ["31 January, last millisecond", "2026-01-31T00:00:00Z", "2026-02-27T23:59:59.999Z", "2026-01-31"],
    ["31 January, then 28 February", "2026-01-31T00:00:00Z", "2026-02-28T00:00:00Z", "2026-02-28"],
    ["and 31 March again", "2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z", "2026-03-31"],
    ["31 January before a leap day", "2028-01-31T00:00:00Z", "2028-02-28T23:59:59.999Z", "2028-01-31"],
    ["then 29 February", "2028-01-31T00:00:00Z", "2028-02-29T00:00:00Z", "2028-02-29"],
    ["29 February, a year later", "2028-02-29T00:00:00Z", "2029-02-28T00:00:00Z", "2029-02-28"],
    ["the turn of a year", "2025-12-31T23:59:59.999Z", "2026-01-01T00:00:00Z", "2025-12-31"],
  ])("anchored on %s: an event counts in the window that holds it", (_name, anchor, time, startsOn) => {
    const anchorAt = Date.parse(anchor);
    const at = Date.parse(time);
    const account = newAccount({ slices: [slice("free", anchorAt, anchorAt)] });
    const after = run(account, event({ receivedAt: at }), tokens(30, { receivedAt: at }));
    expect(usedIn(after.state).map(([start, used]) => [(start as string).slice(0, 10), used])).toEqual([
      [startsOn, 1],
      [startsOn, 30],
    ]);
  });

  it("an upgrade within the window keeps what was used and applies its limits at once", () => {
    const before = run(newAccount(), event({ quantity: 10 }), tokens(100)).state;
    const at = NOW + DAY_MS;
    const upgraded = {
      ...before,
      entitlements: { slices: [slice("free"), slice("team", at)], overrides: {} },
    };
    const ask = (receivedAt: Instant) => event({ mode: "enforced", receivedAt });
    expect(codes(run(upgraded, ask(at - 1), ask(at)))).toEqual(["limit_reached", "recorded"]);
    const view = viewAccount(CONTEXT, upgraded, at);
    expect(view.available.tokens).toBe(400);
    expect(view.meters[0]).toMatchObject({ used: 10, limit: 50, resetsAt: ENDS_AT });
  });

  it("the fall to Free starts a window at zero; credits stay, and what is over the limit may only fall", () => {
    const fallsAt = NOW + 3 * DAY_MS;
    const slices = [slice("team"), slice("free", fallsAt, fallsAt)];
    const account = newAccount({ slices });
    const storage = (quantity: number, receivedAt: Instant) =>
      event({ meterId: "storage", quantity, mode: "enforced", receivedAt });
    const before = run(
      account,
      ...[event({ quantity: 40 }), storage(40, NOW), purchase(70), tokens(450)],
    ).state;
    const after = run(before, storage(1, fallsAt), storage(-1, fallsAt), event({ receivedAt: fallsAt }));
    expect(codes(after)).toEqual(["limit_reached", "recorded", "recorded"]);
    const view = viewAccount(CONTEXT, after.state, fallsAt);
    expect(view.meters.map(({ meterId, used }) => [meterId, used])).toEqual([
      ["sessions", 1],
      ["enrichments", 0],
      ["storage", 39],
      ["ai_tokens", 0],
    ]);
    expect(view.available).toMatchObject({ balance: 70, allocationLeft: 100 });
  });
});

describe("U4 an unlimited plan", () => {
  it("lets everything through and tells no threshold", () => {
    const account = newAccount({
      slices: [slice("enterprise")],
      overrides: { limits: { sessions: null, storage: null } },
    });
    const asks = ["sessions", "storage", "ai_tokens"].map((meterId) =>
      event({ meterId, quantity: QUANTITY_MAX, mode: "enforced" }),
    );
    const after = run(account, ...asks, hold(QUANTITY_MAX));
    expect(codes(after)).toEqual(["recorded", "recorded", "recorded", "held"]);
    expect(after.writes.notices).toEqual([]);
    expect(credits(after.state)).toBe(0);
  });

  it("that becomes a limited one gives nothing more when more was used than its allocation", () => {
    const unlimited = run(newAccount({ slices: [slice("enterprise")] }), tokens(130)).state;
    const limited = { ...unlimited, entitlements: { slices: [slice("free")], overrides: {} } };
    expect(codes(run(limited, tokens(1, { mode: "enforced" })))).toEqual(["insufficient_credits"]);
    const raised = { ...limited, entitlements: { slices: [slice("team")], overrides: {} } };
    expect(viewAccount(CONTEXT, raised, NOW).available.tokens).toBe(370);
  });
});

describe("K3 a negative balance", () => {
  const owing = run(newAccount(), tokens(130)).state;

  it.each([
    ["one token less than is owed: still blocked", 29, -1, "insufficient_credits"],
    ["exactly what is owed: nothing to spend", 30, 0, "insufficient_credits"],
    ["one more: it may be spent", 31, 1, "held"],
  ])("a purchase of %s", (_name, bought, balance, code) => {
    const after = run(owing, purchase(bought), hold(1));
    expect(after.outcomes[0]).toEqual({ code: "granted", balance });
    expect(codes(after)[1]).toBe(code);
  });

  it("is cleared by what the allocation of a higher plan adds", () => {
    const upgraded = { ...owing, entitlements: { slices: [slice("team")], overrides: {} } };
    const after = run(upgraded, hold(371), hold(370));
    expect(codes(after)).toEqual(["insufficient_credits", "held"]);
    expect([credits(after.state), left(after.state, STARTS_AT)]).toEqual([0, 370]);
  });

  it("larger than an allocation takes all of it, and the rest waits for the next", () => {
    const deep = run(newAccount(), tokens(350)).state;
    const second = run(deep, hold(1, { receivedAt: ENDS_AT }));
    expect([codes(second)[0], credits(second.state), left(second.state, ENDS_AT)]).toEqual([
      "insufficient_credits",
      -150,
      0,
    ]);
  });

  it("that eats a whole allocation tells that it is used up, though nothing was used in the window", () => {
    const deep = run(newAccount(), tokens(350)).state;
    const refused = run(deep, hold(1, { receivedAt: ENDS_AT }), hold(1, { receivedAt: ENDS_AT }));
    expect(refused.writes.notices).toMatchObject([
      { meterId: "ai_tokens", percent: 100, used: 100, windowStartsAt: ENDS_AT },
    ]);
  });

  it("left by a late event is cleared at once by what the running window has", () => {
    const inGrace = ENDS_AT + MINUTE_MS;
    const used = run(newAccount(), tokens(90)).state;
    const after = run(used, tokens(50, { time: ENDS_AT - 1, receivedAt: inGrace }));
    expect(after.outcomes).toMatchObject([{ draw: { fromAllocation: 10, fromCredits: 40, balance: 0 } }]);
    expect([left(after.state, STARTS_AT), left(after.state, ENDS_AT)]).toEqual([0, 60]);
  });

  it("is not cleared by the rest of a window that is over, nor by one that has not begun", () => {
    const inGrace = ENDS_AT + MINUTE_MS;
    const owed = run(newAccount(), tokens(40), tokens(130, { receivedAt: ENDS_AT })).state;
    const late = run(owed, tokens(10, { time: ENDS_AT - 1, receivedAt: inGrace })).state;
    expect([left(late, STARTS_AT), credits(late)]).toEqual([50, -30]);

    const early = run(newAccount(), tokens(120), tokens(5, { time: ENDS_AT, receivedAt: ENDS_AT - 1 })).state;
    expect([left(early, ENDS_AT), credits(early)]).toEqual([95, -20]);
  });
});

describe("K3 a hold", () => {
  it.each([
    ["alive to the last millisecond", 9, 10, "insufficient_credits"],
    ["gone at its expiry", 10, 80, "recorded"],
  ])("of another window is %s there", (_name, millisecond, available, code) => {
    const expiresAt = ENDS_AT + 10;
    const held = run(newAccount(), purchase(50), tokens(80), hold(70, { expiresAt })).state;
    const spent = run(held, tokens(70, { receivedAt: ENDS_AT })).state;
    const now = ENDS_AT + millisecond;
    expect(viewAccount(CONTEXT, spent, now).available.tokens).toBe(available);
    expect(codes(run(spent, tokens(80, { mode: "enforced", receivedAt: now })))).toEqual([code]);
  });

  it("settled after its expiry is recorded though others have spent the tokens since", () => {
    const reserve = hold(100, { expiresAt: NOW + 1 });
    const after = run(
      newAccount(),
      ...[
        reserve,
        tokens(100, { mode: "enforced", receivedAt: NOW + 1 }),
        settle(reserve.holdId, 100, NOW + 2),
      ],
    );
    expect(codes(after)).toEqual(["held", "recorded", "settled"]);
    expect(credits(after.state)).toBe(-100);
  });

  it("draws in the window of its settlement, also in the grace time of the one that it was placed in", () => {
    const reserve = hold(60, { receivedAt: ENDS_AT - 1, expiresAt: ENDS_AT + HOUR_MS });
    const after = run(newAccount(), reserve, settle(reserve.holdId, 60, ENDS_AT)).state;
    expect([left(after, STARTS_AT), left(after, ENDS_AT)]).toEqual([100, 40]);
  });
});

describe("P2 the clock of a client", () => {
  const late = { code: "recorded", late: true };
  it.each([
    ["a day behind, in the same window", ENDS_AT - HOUR_MS, -DAY_MS, { code: "recorded", late: false }],
    ["a day behind, as its window has just ended", ENDS_AT + HOUR_MS - 1, -DAY_MS, { late: false }],
    ["a day behind, when the grace time is over", ENDS_AT + HOUR_MS, -DAY_MS, late],
    ["a day ahead", NOW, DAY_MS, { code: "event_in_future", latestAllowed: NOW + 5 * MINUTE_MS }],
  ])("%s", (_name, receivedAt, off, outcome) => {
    const time = receivedAt + off;
    expect(run(newAccount(), event({ receivedAt, time })).outcomes).toMatchObject([outcome]);
  });

  it("a day off does not matter for what is asked now, unless it is ahead", () => {
    const ask = (off: number) => event({ mode: "enforced", receivedAt: NOW, time: NOW + off });
    expect(codes(run(newAccount(), ask(-DAY_MS), ask(DAY_MS)))).toEqual(["recorded", "event_in_future"]);
  });
});

describe("K2 a payment", () => {
  it("that auto-recharge entered does not enter as a purchase too, nor the reverse", () => {
    const bought = purchase(50, NOW, "pi_1");
    const recharged = { ...bought, kind: "auto_recharge" } as Command;
    expect(codes(run(newAccount(), recharged, bought))).toEqual(["granted", "duplicate"]);
    expect(codes(run(newAccount(), bought, recharged))).toEqual(["granted", "duplicate"]);
  });
});

describe("a meter that is no longer in the catalogue", () => {
  const meters = CONTEXT.catalog.meters.filter(({ id }) => id !== "sessions");
  const without = { ...CONTEXT, catalog: { ...CONTEXT.catalog, meters } };

  it("is not shown; what it counted stays for when it comes back", () => {
    const counted = run(newAccount(), event({ quantity: 4 })).state;
    expect(viewAccount(without, counted, NOW).meters.map(({ meterId }) => meterId)).not.toContain("sessions");
    expect(viewAccount(CONTEXT, counted, NOW).meters[0]).toMatchObject({ meterId: "sessions", used: 4 });
  });
});

describe("what one command moves", () => {
  it.each([
    ["the most", QUANTITY_MAX, true],
    ["one more", QUANTITY_MAX + 1, false],
    ["no whole number", 1.5, false],
    ["nothing", 0, false],
    ["less than nothing", -1, false],
  ])("is bounded: %s", (_name, quantity, isTaken) => {
    const take = () => run(newAccount(), event({ quantity }));
    if (isTaken) expect(codes(take())).toEqual(["recorded"]);
    else expect(take).toThrow("a quantity is a whole number");
  });
});

describe("the facts that are asked for", () => {
  it("reach as far back as the window that the oldest command can count in", () => {
    const old = event({ time: Date.parse("2020-01-01"), receivedAt: NOW });
    const [needed] = factsNeeded(CONTEXT, [old]);
    const backfill = { ...old, mode: "backfill" } as const;
    const [needsAll] = factsNeeded(CONTEXT, [backfill]);
    expect(needed!.windowsStartAfter).toBeGreaterThan(NOW - 66 * DAY_MS);
    expect(needsAll!.windowsStartAfter).toBeLessThan(old.time);
    expect(usedIn(run(newAccount(), backfill).state)).toEqual([["2019-12-15T08:00:00.000Z", 1]]);
  });
});
