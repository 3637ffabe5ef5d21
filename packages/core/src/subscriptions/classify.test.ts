import fc from "fast-check";
import { describe, expect, it } from "vitest";
import defaultCatalog from "../../../../bursar.config.ts";
import { checkCatalog } from "../catalog/check-catalog.ts";
import { HOUR_MS } from "../kernel/time.ts";
import { classify, isRefusal, type Change, type Standing, type Subscribed, type Wanted } from "./classify.ts";
import { lossesOf } from "./losses.ts";
import { isSameTarget, priceTarget, type Target } from "./target.ts";

const check = checkCatalog(defaultCatalog);
if (!check.ok) throw new Error("the default catalogue is right");
const { catalog } = check;

const now = Date.parse("2026-11-22T09:00:00Z");
const end = Date.parse("2026-12-12T09:00:00Z");
const target = (text: string): Target => {
  const [planId = "", interval, seats] = text.split(" ");
  return { planId, interval: interval as Target["interval"], seats: Number(seats) };
};
const on = (text: string, more: Partial<Subscribed> = {}): Subscribed => ({
  kind: "subscribed",
  target: target(text),
  isPastDue: false,
  periodEndsAt: end,
  cancelAt: null,
  pending: null,
  ...more,
});
const pending = (text: string) => ({ target: target(text), effectiveAt: end });
const ask = (standing: Standing, wanted: Wanted, usedSeats = 1, at = now): Change =>
  classify({ catalog, standing, usedSeats, now: at }, wanted);
/** "now ... / later ...", as the customer would say it. */
function say(change: Change): string {
  const text = ({ planId, interval, seats }: Target) => `${planId} ${interval} ${seats}`;
  if (isRefusal(change)) return change.code;
  const instead = "replaces" in change && change.replaces !== null ? `, replaces ${change.replaces}` : "";
  switch (change.kind) {
    case "first":
      return `first ${text(change.now)}`;
    case "upgrade": {
      const period = change.startsPeriod ? " new period" : "";
      const later = change.later === null ? "" : `, later ${text(change.later.target)}`;
      return `now ${text(change.now)}${period}${later}${instead}`;
    }
    case "downgrade":
      return `later ${text(change.later.target)}${instead}`;
    case "cancel":
      return `cancel${instead}`;
    case "keep":
      return `keep, undoes ${change.undoes}`;
  }
}

describe("S1 S2 what rises happens now, what falls waits for the period's end", () => {
  const cases: [standing: Standing, wanted: Wanted, said: string][] = [
    [{ kind: "free" }, { planId: "team", seats: 3 }, "first team month 3"],
    [{ kind: "free" }, { planId: "team" }, "first team month 2"],
    [{ kind: "free" }, { planId: "personal", interval: "year" }, "first personal year 1"],
    [{ kind: "free" }, { planId: "free" }, "no_change"],
    [{ kind: "free" }, { planId: "enterprise" }, "contact_us"],
    [{ kind: "custom" }, { planId: "team" }, "contact_us"],
    [on("team month 12"), { planId: "enterprise" }, "contact_us"],
    [on("team month 12"), { planId: "business" }, "now business month 12"],
    [on("team month 2"), { planId: "business" }, "now business month 5"],
    [on("personal month 1"), { planId: "team" }, "now team month 2"],
    [on("team month 12"), { seats: 14 }, "now team month 14"],
    [on("team month 12"), { interval: "year" }, "now team year 12 new period"],
    [on("team month 12"), { interval: "year", seats: 10 }, "now team year 10 new period"],
    [
      on("team month 12"),
      { planId: "business", interval: "year", seats: 6 },
      "now business year 6 new period",
    ],
    [on("team month 12"), { planId: "business", seats: 8 }, "now business month 12, later business month 8"],
    [
      on("team year 12"),
      { planId: "business", interval: "month" },
      "now business year 12, later business month 12",
    ],
    [on("team year 12"), { interval: "month", seats: 14 }, "now team year 14, later team month 14"],
    [on("team year 12"), { interval: "month" }, "later team month 12"],
    [on("team month 12"), { seats: 10 }, "later team month 10"],
    [on("business month 12"), { planId: "team" }, "later team month 12"],
    [on("business month 12"), { planId: "team", interval: "year", seats: 20 }, "later team year 20"],
    [on("team month 12"), { planId: "personal" }, "later personal month 1"],
    [on("team month 12"), { planId: "free" }, "cancel"],
    [on("team month 12"), {}, "no_change"],
    [on("team month 12"), { planId: "team", interval: "month", seats: 12 }, "no_change"],
    [on("team month 12"), { seats: 1 }, "refused"],
    [on("team month 12"), { planId: "gold" }, "refused"],
    [on("personal month 1"), { seats: 2 }, "refused"],
  ];
  it.each(cases)("%o asks for %o: %s", (standing, wanted, said) => {
    expect(say(ask(standing, wanted))).toBe(said);
  });
});

describe("S3 one thing is pending at a time, and the later request wins", () => {
  const cut = on("team month 12", { pending: pending("team month 10") });
  const cases: [name: string, Subscribed, Wanted, said: string][] = [
    ["an upgrade replaces it", cut, { planId: "business" }, "now business month 12, replaces pending_change"],
    ["more seats replace a cut", cut, { seats: 14 }, "now team month 14, replaces pending_change"],
    ["two falls become one", cut, { planId: "personal" }, "later personal month 1, replaces pending_change"],
    [
      "what the request leaves out is what is pending",
      on("team year 12", { pending: pending("team year 10") }),
      { interval: "month" },
      "later team month 10, replaces pending_change",
    ],
    [
      "a request that does not fit stands for itself",
      on("team month 12", { pending: pending("personal month 1") }),
      { seats: 8 },
      "later team month 8, replaces pending_change",
    ],
    ["today's seats again undo a cut", cut, { seats: 12 }, "keep, undoes pending_change"],
    ["a cancellation replaces it", cut, { planId: "free" }, "cancel, replaces pending_change"],
    ["a plan that there is not is refused", cut, { planId: "gold" }, "refused"],
    ["a plan that is not sold is asked for", cut, { planId: "enterprise" }, "contact_us"],
    [
      "a plan that is paid and not sold goes on",
      on("enterprise year 10", { pending: pending("team year 10") }),
      { planId: "enterprise", interval: "year", seats: 10 },
      "keep, undoes pending_change",
    ],
    [
      "also when it was cancelled",
      on("enterprise year 10", { cancelAt: end }),
      { planId: "enterprise" },
      "keep, undoes cancellation",
    ],
    [
      "and is no more than that",
      on("enterprise year 10", { cancelAt: end }),
      { planId: "enterprise", seats: 12 },
      "contact_us",
    ],
    [
      "today's plan lifts a cancellation",
      on("team month 12", { cancelAt: end }),
      { planId: "team" },
      "keep, undoes cancellation",
    ],
    [
      "an upgrade lifts a cancellation",
      on("team month 12", { cancelAt: end }),
      { seats: 14 },
      "now team month 14, replaces cancellation",
    ],
    [
      "a downgrade lifts a cancellation",
      on("team month 12", { cancelAt: end }),
      { seats: 10 },
      "later team month 10, replaces cancellation",
    ],
    [
      "a second cancellation is none",
      on("team month 12", { cancelAt: end }),
      { planId: "free" },
      "no_change",
    ],
  ];
  it.each(cases)("%s", (_name, standing, wanted, said) => {
    expect(say(ask(standing, wanted))).toBe(said);
  });
});

describe("S4 S6 what is refused", () => {
  it("fewer seats than people, now or later, with the number of people", () => {
    expect(ask(on("team month 12"), { seats: 9 }, 10)).toEqual({
      code: "seats_in_use",
      seats: 9,
      usedSeats: 10,
    });
    expect(say(ask(on("team month 12"), { seats: 10 }, 10))).toBe("later team month 10");
    expect(say(ask(on("team month 12"), { planId: "business", seats: 8 }, 10))).toBe("seats_in_use");
    expect(say(ask({ kind: "free" }, { planId: "team", seats: 2 }, 3))).toBe("seats_in_use");
  });

  it("nobody's fall to a plan with one seat, whoever uses the others", () => {
    expect(say(ask(on("team month 12"), { planId: "personal" }, 12))).toBe("later personal month 1");
    expect(say(ask(on("team month 12"), { planId: "free" }, 12))).toBe("cancel");
  });

  it("an upgrade while past due, but no downgrade and no cancellation", () => {
    const standing = on("team month 12", { isPastDue: true });
    expect(say(ask(standing, { planId: "business" }))).toBe("past_due");
    expect(say(ask(standing, { planId: "business", seats: 8 }))).toBe("past_due");
    expect(say(ask(standing, { seats: 10 }))).toBe("later team month 10");
    expect(say(ask(standing, { planId: "free" }))).toBe("cancel");
  });

  it("an upgrade in the last two hours of a period; before and for a downgrade it is not", () => {
    const standing = on("team month 12");
    const at = end - 2 * HOUR_MS;
    expect(say(ask(standing, { seats: 14 }, 1, at))).toBe("now team month 14");
    expect(ask(standing, { seats: 14 }, 1, at + 1)).toEqual({ code: "renewal_near", renewsAt: end });
    expect(say(ask(standing, { seats: 10 }, 1, at + 1))).toBe("later team month 10");
  });

  it("C3 a plan that is sold no more, but not to those who are on it", () => {
    const withdrawn = {
      ...catalog,
      plans: catalog.plans.map((plan) => (plan.id === "team" ? { ...plan, withdrawn: true } : plan)),
    };
    const asked = (standing: Standing, wanted: Wanted) =>
      say(classify({ catalog: withdrawn, standing, usedSeats: 1, now }, wanted));
    expect(asked({ kind: "free" }, { planId: "team" })).toBe("refused");
    expect(asked(on("business month 12"), { planId: "team" })).toBe("refused");
    expect(asked(on("team month 12"), { seats: 14 })).toBe("now team month 14");
  });
});

describe("S2 what is lost", () => {
  it("names each limit that becomes smaller, the seats, and whether only the owner stays", () => {
    const losses = lossesOf(catalog, target("business month 12"), target("team month 10"));
    expect(losses.limits).toContainEqual({ meterId: "events", from: 100_000, to: 10_000 });
    expect(losses).toMatchObject({ seats: 2, keepsOnlyOwner: false });
    expect(lossesOf(catalog, target("team month 12"), null)).toMatchObject({
      seats: 11,
      keepsOnlyOwner: true,
    });
    expect(lossesOf(catalog, target("team month 2"), target("business month 5"))).toEqual({
      limits: [],
      seats: 0,
      keepsOnlyOwner: false,
    });
  });
});

describe("every pair of standing and wish has one answer", () => {
  const anyTarget = fc
    .record({
      planId: fc.constantFrom("personal", "team", "business"),
      interval: fc.constantFrom("month" as const, "year" as const),
      seats: fc.integer({ min: 1, max: 15 }),
    })
    .filter((each) => priceTarget(catalog, each).code === "priced");
  const anyStanding = fc.record({
    target: anyTarget,
    pendingTarget: fc.option(anyTarget),
    isCancelled: fc.boolean(),
    isPastDue: fc.boolean(),
  });

  it("S3 asking again for what was answered changes nothing; asking for today undoes it", () => {
    fc.assert(
      fc.property(anyStanding, anyTarget, (given, wanted) => {
        const standing = on("team month 2", {
          target: given.target,
          isPastDue: given.isPastDue,
          pending: given.pendingTarget && { target: given.pendingTarget, effectiveAt: end },
          cancelAt: given.isCancelled && given.pendingTarget === null ? end : null,
        });
        const change = ask(standing, wanted);
        if (isRefusal(change) || change.kind === "keep") return;
        expect(["upgrade", "downgrade"]).toContain(change.kind);
        if (change.kind !== "upgrade" && change.kind !== "downgrade") return;
        const after = on("team month 2", {
          target: change.kind === "upgrade" ? change.now : standing.target,
          pending: change.later,
        });
        // All that was wished for is true now or at the period's end.
        expect(isSameTarget(after.pending?.target ?? after.target, wanted)).toBe(true);
        // Nothing that is paid for is taken away before the period's end.
        if (change.kind === "upgrade" && !change.startsPeriod) {
          expect(change.now.interval).toBe(standing.target.interval);
          expect(change.now.seats).toBeGreaterThanOrEqual(Math.min(standing.target.seats, 15));
        }
        expect(say(ask(after, after.target))).toBe(
          after.pending === null ? "no_change" : "keep, undoes pending_change",
        );
      }),
    );
  });
});
