import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS } from "../kernel/time.ts";
import type { AccountState } from "./account-state.ts";
import { apply } from "./apply.ts";
import type { BookAccount } from "./book-account.ts";
import type { Command } from "./command.ts";
import { ACCOUNT, CONTEXT, event, hold, newAccount, purchase, run, slice, STARTS_AT } from "./fixture.ts";
import { plainNote } from "./ledger-entry.ts";

/** Some months of commands around window ends, with repeats, late and early events and changes of plan. */

const received = fc.integer({ min: 0, max: 100 * 24 }).map((hours) => STARTS_AT + hours * HOUR_MS);
const small = fc.integer({ min: 1, max: 60 });
const idOf = fc.integer({ min: 1, max: 12 });

const anEvent = fc
  .record({
    meterId: fc.constantFrom("sessions", "enrichments", "storage", "ai_tokens"),
    quantity: small,
    mode: fc.constantFrom("plain", "enforced"),
    receivedAt: received,
    lagHours: fc.integer({ min: -1, max: 40 * 24 }),
    id: fc.integer({ min: 1, max: 40 }),
    group: fc.constantFrom(null, "Atlas", "Borealis"),
  })
  .map(({ lagHours, id, ...fields }): Command =>
    event({ ...fields, eventId: `e${id}`, time: fields.receivedAt - lagHours * HOUR_MS }),
  );

const aHoldCommand = fc
  .record({
    id: idOf,
    tokens: small,
    receivedAt: received,
    type: fc.constantFrom("hold", "settle", "release"),
    resource: fc.constantFrom(null, "Atlas", "Borealis"),
  })
  .map(({ id, tokens, receivedAt, type, resource }): Command => {
    const named = { accountId: ACCOUNT, holdId: `hold_${id}`, receivedAt };
    if (type === "hold") return hold(tokens, { ...named, resource, expiresAt: receivedAt + DAY_MS });
    return type === "settle" ? { ...named, type, tokens } : { ...named, type: "release" };
  });

const aGrant = fc
  .record({ id: idOf, tokens: small, receivedAt: received, back: fc.boolean() })
  .map(({ id, tokens, receivedAt, back }): Command => {
    if (!back) return purchase(tokens, receivedAt, `pi_${id}`);
    const note = plainNote("Refund");
    return {
      type: "take_back",
      kind: "refund",
      accountId: ACCOUNT,
      source: `re_${id}`,
      tokens,
      receivedAt,
      note,
    };
  });

/** In the order of their receipt, as one server would take them. */
const commands = fc
  .array(fc.oneof({ weight: 3, arbitrary: anEvent }, aHoldCommand, aGrant), { maxLength: 40 })
  .map((list) => list.sort((a, b) => a.receivedAt - b.receivedAt));

const account = fc
  .uniqueArray(fc.integer({ min: 1, max: 90 }), { maxLength: 2 })
  .chain((days) =>
    fc.tuple(
      ...days
        .sort((a, b) => a - b)
        .map((day) =>
          fc.record({
            plan: fc.constantFrom("free", "team", "enterprise"),
            newAnchor: fc.boolean(),
            startsAt: fc.constant(STARTS_AT + day * DAY_MS),
          }),
        ),
    ),
  )
  .map((changes) =>
    newAccount({
      slices: [
        slice("free"),
        ...changes.map(({ plan, newAnchor, startsAt }) =>
          slice(plan, startsAt, newAnchor ? startsAt : STARTS_AT),
        ),
      ],
    }),
  );

function sumsOf(entries: readonly { from: BookAccount; to: BookAccount; tokens: number }[]) {
  const sums = new Map<BookAccount, number>();
  for (const { from, to, tokens } of entries) {
    sums.set(from, (sums.get(from) ?? 0) - tokens);
    sums.set(to, (sums.get(to) ?? 0) + tokens);
  }
  return sums;
}

const contents = (state: AccountState) => ({
  ...state,
  balances: new Map([...state.balances].sort()),
});

describe("the book", () => {
  it("K4 has balances that are the sums of its entries, and all of them together are zero", () => {
    fc.assert(
      fc.property(account, commands, (start, list) => {
        const after = run(start, ...list);
        expect(new Map([...sumsOf(after.writes.entries)].sort())).toEqual(
          new Map([...after.state.balances].sort()),
        );
        expect([...after.state.balances.values()].reduce((sum, balance) => sum + balance, 0)).toBe(0);
        expect(after.writes.entries.map((entry) => entry.number)).toEqual(
          after.writes.entries.map((_, index) => index + 1),
        );
        expect(after.state.lastEntryNumber).toBe(after.writes.entries.length);
      }),
    );
  });

  it("gives the same for a batch cut in two anywhere", () => {
    fc.assert(
      fc.property(account, commands, fc.nat(), (start, list, cut) => {
        const at = list.length === 0 ? 0 : cut % (list.length + 1);
        const whole = run(start, ...list);
        const first = run(start, ...list.slice(0, at));
        const second = run(first.state, ...list.slice(at));
        expect([...first.outcomes, ...second.outcomes]).toEqual(whole.outcomes);
        expect([...first.writes.entries, ...second.writes.entries]).toEqual(whole.writes.entries);
        expect([...first.writes.notices, ...second.writes.notices]).toEqual(whole.writes.notices);
        expect(contents(second.state)).toEqual(contents(whole.state));
      }),
    );
  });

  it("US1 divides each day into its groups: what they have is what the day says that they have", () => {
    fc.assert(
      fc.property(account, commands, (start, list) => {
        const { days, groups } = run(start, ...list).writes;
        const key = ({ meterId, day }: { meterId: string; day: string }) => `${meterId} ${day}`;
        const sums = new Map<string, number>();
        for (const each of groups) sums.set(key(each), (sums.get(key(each)) ?? 0) + each.quantity);
        const divided = days.filter(({ grouped }) => grouped !== 0);
        expect(new Map(divided.map((day) => [key(day), day.grouped]))).toEqual(sums);
        for (const { quantity, grouped } of divided) expect(grouped).toBeLessThanOrEqual(quantity);
        expect(groups.filter(({ meterId }) => !["sessions", "ai_tokens"].includes(meterId))).toEqual([]);
      }),
    );
  });

  it("U3 counts nothing when everything that was recorded comes again", () => {
    fc.assert(
      fc.property(account, commands, (start, list) => {
        const once = run(start, ...list);
        const taken = list.filter((_, index) =>
          ["recorded", "granted", "taken_back", "settled"].includes(once.outcomes[index]!.code),
        );
        const last = Math.max(0, ...list.map((command) => command.receivedAt));
        const again = run(once.state, ...taken.map((command) => ({ ...command, receivedAt: last })));
        const moved = again.writes.entries.filter(
          (entry) => !["allocation", "repayment", "lapse"].includes(entry.kind),
        );
        expect(moved).toEqual([]);
        expect(again.writes.days).toEqual([]);
        expect(again.writes.groups).toEqual([]);
      }),
    );
  });

  it("U4 never lets enforced use pass the limit", () => {
    const enforcedOnly = commands.map((list) =>
      list.flatMap((command) =>
        command.type === "event" && command.meterId === "sessions"
          ? [{ ...command, mode: "enforced" as const }]
          : [],
      ),
    );
    fc.assert(
      fc.property(enforcedOnly, (list) => {
        const after = run(newAccount(), ...list);
        for (const counter of after.state.counters.values()) expect(counter.used).toBeLessThanOrEqual(10);
      }),
    );
  });

  it("K3 never lets enforced use and settlements within their holds bring credits below zero", () => {
    const asking = fc.array(fc.oneof(anEvent, aHoldCommand, aGrant), { maxLength: 40 }).map((list) =>
      list.flatMap((command): Command[] => {
        if (command.type === "event") return [{ ...command, meterId: "ai_tokens", mode: "enforced" }];
        return command.type === "take_back" ? [] : [command];
      }),
    );
    fc.assert(
      fc.property(asking, (list) => {
        // All within one window and before any hold expires: what is promised then is there.
        let state = newAccount();
        for (const command of list) {
          const receivedAt = STARTS_AT + HOUR_MS;
          const held = command.type === "settle" ? (state.holds.get(command.holdId)?.tokens ?? 1) : 0;
          const bounded =
            command.type === "settle" ? { ...command, tokens: Math.min(command.tokens, held) } : command;
          state = run(state, { ...bounded, receivedAt }).state;
          expect(state.balances.get("purchased") ?? 0).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it("keeps accounts apart: a batch of two gives what each alone gives", () => {
    fc.assert(
      fc.property(commands, commands, (ours, theirs) => {
        const other = "acc_other" as typeof ACCOUNT;
        const states = new Map([
          [ACCOUNT, newAccount()],
          [other, newAccount({}, other)],
        ]);
        const renamed = theirs.map((command) => ({ ...command, accountId: other }));
        const mixed = [...ours, ...renamed].sort((a, b) => a.receivedAt - b.receivedAt);
        const after = apply(CONTEXT, states, mixed);
        expect(contents(after.states.get(ACCOUNT)!)).toEqual(contents(run(newAccount(), ...ours).state));
        expect(contents(after.states.get(other)!)).toEqual(
          contents(run(newAccount({}, other), ...renamed).state),
        );
      }),
    );
  });
});
