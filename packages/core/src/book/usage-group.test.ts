import { describe, expect, it } from "vitest";
import { DAY_MS } from "../kernel/time.ts";
import { ACCOUNT, ENDS_AT, event, hold, newAccount, run, STARTS_AT, tokens } from "./fixture.ts";
import type { BookWrites } from "./apply.ts";
import { GROUP_CHARACTERS_MAX, groupOf } from "./usage-group.ts";

const byProject = { groupBy: { property: "project", name: "Project" } };
const longest = "a".repeat(GROUP_CHARACTERS_MAX);

describe("US1 the group that an event names", () => {
  it.each<[string, unknown, string | null]>([
    ["a text", { project: "Atlas" }, "Atlas"],
    ["with spaces around it", { project: " \t Atlas " }, "Atlas"],
    ["of 100 characters", { project: ` ${longest} ` }, longest],
    ["of 101 characters", { project: `${longest}a` }, null],
    ["that is empty", { project: "  " }, null],
    ["that is a number", { project: 7 }, null],
    ["that is an object", { project: { name: "Atlas" } }, null],
    ["that is null", { project: null }, null],
    ["under another key", { Project: "Atlas" }, null],
    ["that every object has", {}, null],
    ["of no properties", undefined, null],
    ["of properties that are a text", "Atlas", null],
  ])("%s", (_what, properties, group) => {
    expect(groupOf(byProject, properties)).toBe(group);
    expect(groupOf({ groupBy: null }, properties)).toBeNull();
  });

  it("is its own property and no inherited one", () => {
    expect(groupOf({ groupBy: { property: "constructor", name: "Project" } }, {})).toBeNull();
  });
});

const groupsOf = ({ groups }: BookWrites) =>
  groups.map(({ meterId, day, group, quantity }) => `${meterId} ${day} ${group} ${quantity}`);
const daysOf = ({ days }: BookWrites) =>
  days.map(({ meterId, day, quantity, grouped }) => `${meterId} ${day} ${quantity} ${grouped}`);

describe("US1 use is counted to its group", () => {
  it("with its day; what names none is counted to the day alone", () => {
    const { writes } = run(
      newAccount(),
      event({ group: "Atlas", quantity: 2 }),
      event({ group: "Borealis" }),
      event({ group: "Atlas" }),
      event({ group: null, quantity: 3 }),
    );
    expect(daysOf(writes)).toEqual(["sessions 2026-01-15 7 4"]);
    expect(groupsOf(writes)).toEqual(["sessions 2026-01-15 Atlas 3", "sessions 2026-01-15 Borealis 1"]);
  });

  it("on the day that it counts at: a late one on that of its receipt", () => {
    const receivedAt = ENDS_AT + 2 * DAY_MS;
    const { writes } = run(newAccount(), event({ group: "Atlas", time: STARTS_AT, receivedAt }));
    expect(groupsOf(writes)).toEqual(["sessions 2026-02-17 Atlas 1"]);
  });

  it("once: neither a duplicate nor what is refused counts", () => {
    const { writes } = run(
      newAccount(),
      event({ eventId: "once", group: "Atlas" }),
      event({ eventId: "once", group: "Atlas" }),
      event({ mode: "enforced", group: "Atlas", quantity: 11 }),
    );
    expect(groupsOf(writes)).toEqual(["sessions 2026-01-15 Atlas 1"]);
  });

  it("only where the meter has groups", () => {
    const { writes } = run(newAccount(), event({ meterId: "enrichments", group: "Atlas" }));
    expect([daysOf(writes), groupsOf(writes)]).toEqual([["enrichments 2026-01-15 1 0"], []]);
  });

  it.each([
    ["what it is for", "Atlas", ["ai_tokens 2026-01-15 Atlas 40"]],
    ["none where it is for nothing", null, []],
    ["none where that is too long for a name", `${longest}a`, []],
  ])("of a hold to %s, when it is settled and not before", (_what, resource, expected) => {
    const held = run(newAccount(), hold(50, { holdId: "hold_a", resource }));
    expect(held.writes.groups).toEqual([]);
    const { receivedAt } = hold(1);
    const settle = { type: "settle", accountId: ACCOUNT, receivedAt, holdId: "hold_a", tokens: 40 } as const;
    const settled = run(held.state, settle, settle);
    expect(groupsOf(settled.writes)).toEqual(expected);
  });

  it("of tokens whatever paid for them", () => {
    const { writes } = run(newAccount(), tokens(160, { group: "Atlas" }));
    expect(writes.entries.map(({ kind }) => kind)).toEqual(["allocation", "allocation_usage", "usage"]);
    expect(groupsOf(writes)).toEqual(["ai_tokens 2026-01-15 Atlas 160"]);
  });
});
