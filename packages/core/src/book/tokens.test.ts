import { describe, expect, it } from "vitest";
import { HOUR_MS } from "../kernel/time.ts";
import type { AccountState } from "./account-state.ts";
import { viewAccount } from "./account-view.ts";
import { allocationAccount } from "./book-account.ts";
import {
  ACCOUNT,
  codes,
  CONTEXT,
  ENDS_AT,
  hold,
  newAccount,
  purchase,
  run,
  slice,
  STARTS_AT,
  tokens,
} from "./fixture.ts";
import { plainNote } from "./ledger-entry.ts";

const NOW = STARTS_AT + HOUR_MS;
const credits = (state: AccountState) => state.balances.get("purchased") ?? 0;
const left = (state: AccountState, startsAt = STARTS_AT) =>
  state.balances.get(allocationAccount(startsAt)) ?? 0;
const settle = (holdId: string, amount: number, receivedAt = NOW) =>
  ({ type: "settle", accountId: ACCOUNT, holdId, tokens: amount, receivedAt }) as const;
const release = (holdId: string, receivedAt = NOW) =>
  ({ type: "release", accountId: ACCOUNT, holdId, receivedAt }) as const;
const onPlan = (state: AccountState, planId: string): AccountState => ({
  ...state,
  entitlements: { slices: [slice(planId)], overrides: {} },
});

describe("K1 tokens draw on the allocation first, then on credits", () => {
  it.each([
    ["within the allocation", 99, 99, 0],
    ["all of it", 100, 100, 0],
    ["one more", 101, 100, 1],
    ["more than there is: recorded, below zero", 160, 100, 60],
  ])("%s", (_name, used, fromAllocation, fromCredits) => {
    const after = run(newAccount(), purchase(50), tokens(used));
    const draw = { fromAllocation, fromCredits, balance: 50 - fromCredits };
    expect(after.outcomes[1]).toEqual({ code: "recorded", late: false, draw });
  });

  it("an enforced use is refused when both are short, and takes nothing", () => {
    const after = run(newAccount(), purchase(50), tokens(151, { mode: "enforced" }));
    expect(after.outcomes[1]).toEqual({
      code: "insufficient_credits",
      requestedTokens: 151,
      availableTokens: 150,
      shortTokens: 1,
      resetsAt: ENDS_AT,
    });
    expect(codes(run(after.state, tokens(150, { mode: "enforced" })))).toEqual(["recorded"]);
  });

  it("an unlimited allocation pays for everything", () => {
    const after = run(onPlan(newAccount(), "enterprise"), tokens(9_000, { mode: "enforced" }));
    expect(after.outcomes).toMatchObject([{ draw: { fromAllocation: 9_000, balance: 0 } }]);
  });
});

describe("an allocation", () => {
  it("enters once, with the first command of its window", () => {
    const after = run(newAccount(), purchase(5), tokens(1), tokens(1));
    expect(after.writes.entries.map((entry) => entry.kind)).toEqual([
      "allocation",
      "purchase",
      "allocation_usage",
      "allocation_usage",
    ]);
  });

  it("rises by the difference on an upgrade within the window; what was used stays used", () => {
    const used = run(newAccount(), tokens(90)).state;
    const after = run(onPlan(used, "team"), tokens(1));
    expect(left(after.state)).toBe(500 - 91);
    expect(run(onPlan(after.state, "team"), tokens(1)).writes.entries).toHaveLength(1);
  });

  it("gives no more than a limit that was lowered, and everything again when it is raised", () => {
    const used = run(onPlan(newAccount(), "team"), tokens(90)).state;
    const lowered = run(onPlan(used, "free"), tokens(20));
    expect(lowered.outcomes).toMatchObject([{ draw: { fromAllocation: 10, fromCredits: 10 } }]);
    const raised = run(onPlan(lowered.state, "team"), tokens(1));
    expect(left(raised.state)).toBe(500 - 100 - 10 - 1);
    expect(credits(raised.state)).toBe(0);
  });

  it.each([
    ["still pays for a late event within the grace time", ENDS_AT + HOUR_MS - 1, 30, 100],
    ["has lapsed at its end", ENDS_AT + HOUR_MS, 0, 60],
  ])("%s", (_name, receivedAt, oldLeft, newLeft) => {
    const used = run(newAccount(), tokens(30)).state;
    const after = run(used, tokens(40, { time: ENDS_AT - 1, receivedAt }));
    expect(left(after.state)).toBe(oldLeft);
    expect(left(after.state, ENDS_AT)).toBe(newLeft);
  });

  it("that has lapsed lets nothing enter again, though another server's clock is behind", () => {
    const lapsed = run(newAccount(), tokens(30), tokens(1, { receivedAt: ENDS_AT + HOUR_MS })).state;
    const after = run(lapsed, tokens(10, { time: ENDS_AT - 1, receivedAt: ENDS_AT + HOUR_MS - 1 }));
    expect(after.outcomes).toMatchObject([{ draw: { fromAllocation: 0, fromCredits: 10 } }]);
    expect(left(after.state)).toBe(0);
  });

  it("clears credits below zero first when it enters", () => {
    const owing = run(newAccount(), tokens(130)).state;
    expect(credits(owing)).toBe(-30);
    const next = run(owing, tokens(10, { receivedAt: ENDS_AT })).state;
    expect([credits(next), left(next, ENDS_AT)]).toEqual([0, 60]);
    expect(viewAccount(CONTEXT, next, ENDS_AT).meters.at(-1)).toMatchObject({ used: 40, limit: 100 });
  });
});

describe("K2 credits", () => {
  it("enter once for a payment, and clear what is owed", () => {
    const after = run(newAccount(), tokens(130), purchase(50, NOW, "pi_1"), purchase(50, NOW, "pi_1"));
    expect(after.outcomes.slice(1)).toEqual([
      { code: "granted", balance: 20 },
      { code: "duplicate", balance: 20 },
    ]);
  });

  it("are taken back once, below zero when they were used, and restored once", () => {
    const note = plainNote("Refund");
    const rest = { accountId: ACCOUNT, source: "re_1", tokens: 50, receivedAt: NOW, note };
    const refund = { ...rest, type: "take_back", kind: "refund" } as const;
    const restore = { ...rest, type: "grant", kind: "refund_reversal" } as const;
    const after = run(newAccount(), purchase(50), tokens(140), refund, refund, restore, restore);
    expect(after.outcomes.slice(2)).toEqual([
      { code: "taken_back", balance: -40 },
      { code: "duplicate", balance: -40 },
      { code: "granted", balance: 10 },
      { code: "duplicate", balance: 10 },
    ]);
  });
});

describe("K3 holds", () => {
  it.each([
    ["all that there is", 150, "held"],
    ["one more", 151, "insufficient_credits"],
  ])("reserve from allocation and credits together: %s", (_name, amount, code) => {
    expect(codes(run(newAccount(), purchase(50), hold(amount)))[1]).toBe(code);
  });

  it("keep what they reserve from enforced use, and stop at their expiry without a write", () => {
    const held = run(newAccount(), hold(100, { expiresAt: NOW + 10 })).state;
    const use = (receivedAt: number) => codes(run(held, tokens(1, { mode: "enforced", receivedAt })))[0];
    expect([use(NOW + 9), use(NOW + 10)]).toEqual(["insufficient_credits", "recorded"]);
    expect(viewAccount(CONTEXT, held, NOW).available).toMatchObject({ tokens: 0, heldCredits: 0 });
  });

  it("stop at 1,000 open ones, and go on when one is settled or has expired", () => {
    const first = hold(1, { expiresAt: NOW + 10 });
    const others = Array.from({ length: 998 }, () => hold(1));
    const full = run(newAccount(), purchase(2_000), first, ...others, hold(1)).state;
    const next = (receivedAt: number) => run(full, hold(1, { receivedAt })).outcomes[0];
    expect(next(NOW + 9)).toEqual({ code: "too_many_holds", holdsMax: 1_000 });
    expect(next(NOW + 10)).toMatchObject({ code: "held" });
    expect(codes(run(full, hold(1), settle(first.holdId, 1), hold(1), hold(1)))).toEqual([
      "too_many_holds",
      "settled",
      "held",
      "too_many_holds",
    ]);
    // A known one is answered again, also when no other may be added.
    expect(codes(run(full, first, tokens(1)))).toEqual(["held", "recorded"]);
  });

  it.each([
    ["below the hold gives the rest back", 40, { fromAllocation: 40, fromCredits: 0, balance: 20 }, 80],
    ["at the hold", 110, { fromAllocation: 100, fromCredits: 10, balance: 10 }, 10],
    ["above the hold goes negative", 150, { fromAllocation: 100, fromCredits: 50, balance: -30 }, -30],
    ["of nothing gives all back", 0, { fromAllocation: 0, fromCredits: 0, balance: 20 }, 120],
  ])("settling %s", (_name, amount, draw, available) => {
    const reserve = hold(110);
    const after = run(newAccount(), purchase(20), reserve, settle(reserve.holdId, amount));
    expect(after.outcomes[2]).toEqual({ code: "settled", ...draw });
    expect(viewAccount(CONTEXT, after.state, NOW).available.tokens).toBe(available);
  });

  it("settling above the hold blocks new holds until a purchase clears it", () => {
    const reserve = hold(100);
    const after = run(newAccount(), reserve, settle(reserve.holdId, 130), hold(1), purchase(31), hold(1));
    expect(codes(after)).toEqual(["held", "settled", "insufficient_credits", "granted", "held"]);
  });

  it("settling after the expiry and in the next window is recorded, in the window of that instant", () => {
    const reserve = hold(50);
    const after = run(newAccount(), reserve, settle(reserve.holdId, 50, ENDS_AT + HOUR_MS)).state;
    expect([left(after), left(after, ENDS_AT)]).toEqual([0, 50]);
  });

  it("answer the same request the same, and another one that they are closed", () => {
    const [a, b] = [hold(10), hold(10)];
    const after = run(
      newAccount(),
      ...[a, a, settle(a.holdId, 5), settle(a.holdId, 5), settle(a.holdId, 6), release(a.holdId)],
      ...[b, release(b.holdId), release(b.holdId), settle(b.holdId, 1), settle("hold_none", 1)],
    );
    expect(codes(after)).toEqual([
      ...["held", "held", "settled", "settled", "hold_closed", "hold_closed"],
      ...["held", "released", "released", "hold_closed", "hold_not_found"],
    ]);
  });

  it("with the same id and other tokens are not the same hold", () => {
    const reserve = hold(10);
    expect(codes(run(newAccount(), reserve, { ...reserve, tokens: 11 }))).toEqual(["held", "hold_differs"]);
  });
});
