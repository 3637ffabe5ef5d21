import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asAccountId } from "../kernel/ids.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../kernel/time.ts";
import { apply, type Applied } from "./apply.ts";
import { applyBackfill, type BackfillCommand } from "./backfill.ts";
import {
  ACCOUNT,
  codes,
  CONTEXT,
  ENDS_AT,
  event,
  newAccount,
  run,
  slice,
  STARTS_AT,
  tokens,
} from "./fixture.ts";

const OTHER = asAccountId("acc_other");
const RECEIVED_AT = ENDS_AT + 3 * DAY_MS;

function past(fields: Partial<BackfillCommand>): BackfillCommand {
  return { ...event({ receivedAt: RECEIVED_AT, ...fields }), mode: "backfill" };
}

/** What is stored does not depend on the order of its rows. */
function comparable({ outcomes, writes }: Applied) {
  const sorted = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).sort();
  return {
    outcomes,
    writes: Object.fromEntries(
      Object.entries(writes).map(([table, rows]) => [table, sorted(rows as object[])]),
    ),
  };
}

describe("backfill", () => {
  it.each([
    ["the first instant of a closed window", STARTS_AT, STARTS_AT],
    ["its last millisecond", ENDS_AT - 1, STARTS_AT],
    ["the first instant of the next", ENDS_AT, ENDS_AT],
  ])("P2 an event of %s counts in the window of its time, closed or not", (_when, time, windowStartsAt) => {
    const { states } = applyBackfill(CONTEXT, new Map([[ACCOUNT, newAccount()]]), [
      past({ time, quantity: 3 }),
    ]);
    const counters = [...states.get(ACCOUNT)!.counters.values()];
    expect(counters).toMatchObject([{ meterId: "sessions", windowStartsAt, used: 3, alertPercent: 0 }]);
  });

  it("U5 history past every limit alerts nobody, and tokens of the past draw nothing", () => {
    const commands = [
      past({ meterId: "sessions", quantity: 1_000 }),
      past({ meterId: "ai_tokens", quantity: 5_000 }),
    ];
    const { outcomes, writes } = applyBackfill(CONTEXT, new Map([[ACCOUNT, newAccount()]]), commands);
    expect(outcomes.map(({ code }) => code)).toEqual(["recorded", "recorded"]);
    expect(writes.notices).toEqual([]);
    expect(writes.entries.map(({ kind }) => kind)).toEqual(["allocation"]);
    expect(writes.counters.map(({ meterId }) => meterId)).toEqual(["sessions"]);
    expect(writes.days.map(({ meterId, quantity }) => [meterId, quantity])).toEqual([
      ["sessions", 1_000],
      ["ai_tokens", 5_000],
    ]);
  });

  it.each([
    ["an event that was recorded before", { eventId: "known" }, "duplicate"],
    ["an event whose tokens were drawn, though its id was forgotten", { eventId: "drawn" }, "duplicate"],
    ["a meter that the catalogue does not have", { meterId: "minutes" }, "unknown_meter"],
    ["a time 5 minutes ahead", { time: RECEIVED_AT + 5 * MINUTE_MS }, "recorded"],
    ["a time a millisecond later than that", { time: RECEIVED_AT + 5 * MINUTE_MS + 1 }, "event_in_future"],
    ["a level below zero", { meterId: "storage", quantity: -1 }, "level_below_zero"],
  ])("U3 %s is answered %s", (_what, fields, code) => {
    const before = run(newAccount(), event({ eventId: "known" }), tokens(5, { eventId: "drawn" })).state;
    const state = { ...before, knownEventIds: new Set(["known"]) };
    expect(codes(applyBackfill(CONTEXT, new Map([[ACCOUNT, state]]), [past(fields)]))).toEqual([code]);
  });

  it("an account that does not exist is answered so", () => {
    expect(codes(applyBackfill(CONTEXT, new Map(), [past({})]))).toEqual(["account_not_found"]);
  });

  const anyEvent = fc
    .record({
      accountId: fc.constantFrom(ACCOUNT, OTHER),
      eventId: fc.integer({ min: 0, max: 25 }).map(String),
      meter: fc.constantFrom("sessions", "enrichments", "storage", "ai_tokens", "minutes"),
      quantity: fc.integer({ min: 1, max: 9 }),
      isUp: fc.boolean(),
      group: fc.constantFrom(null, "Atlas", "Borealis"),
      time: fc.oneof(
        fc.integer({ min: STARTS_AT - 90 * DAY_MS, max: RECEIVED_AT + 10 * MINUTE_MS }),
        fc.constantFrom(STARTS_AT - 1, STARTS_AT, ENDS_AT - 1, ENDS_AT, RECEIVED_AT),
      ),
    })
    .map(({ meter, quantity, isUp, ...rest }) =>
      past({ ...rest, meterId: meter, quantity: meter === "storage" && !isUp ? -quantity : quantity }),
    );

  it("is the same as the book's own road, outcome by outcome and row by row", () => {
    const change = slice("team", STARTS_AT + 20 * DAY_MS, STARTS_AT + 20 * DAY_MS);
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), fc.nat(60), (history, cut) => {
        const used = run(
          newAccount(),
          event({ eventId: "3" }),
          tokens(150, { eventId: "4" }),
          tokens(7),
        ).state;
        const states = new Map([
          [ACCOUNT, { ...used, knownEventIds: new Set(["3"]) }],
          [OTHER, newAccount({ slices: [slice("free"), change] }, OTHER)],
        ]);
        expect(comparable(applyBackfill(CONTEXT, states, history))).toEqual(
          comparable(apply(CONTEXT, states, history)),
        );
        // Cut in two anywhere, as a file is that was stopped, it comes to the same state.
        const first = applyBackfill(CONTEXT, states, history.slice(0, cut));
        const second = applyBackfill(CONTEXT, first.states, history.slice(cut));
        expect(second.states).toEqual(apply(CONTEXT, states, history).states);
      }),
      { numRuns: 300 },
    );
  });

  it("an event received at another instant than its batch is a mistake of ours", () => {
    const later = past({ receivedAt: RECEIVED_AT + HOUR_MS });
    expect(() => applyBackfill(CONTEXT, new Map([[ACCOUNT, newAccount()]]), [past({}), later])).toThrow(
      "received at one instant",
    );
  });
});
