import { describe, expect, it } from "vitest";
import { HOUR_MS, MINUTE_MS, type Instant } from "../kernel/time.ts";
import { counterKey, LEVEL_STARTS_AT, type AccountState } from "./account-state.ts";
import { viewAccount } from "./account-view.ts";
import type { Command } from "./command.ts";
import {
  ACCOUNT,
  CONTEXT,
  ENDS_AT,
  event,
  hold,
  newAccount,
  purchase,
  run,
  slice,
  STARTS_AT,
} from "./fixture.ts";
import { plainNote } from "./ledger-entry.ts";
import type { Outcome } from "./outcome.ts";
import { SecondModel, sumCredits, toldOf, type Answer, type History, type Step } from "./second-model.ts";

/*
 * Every sequence of a few commands up to a length, at the instants where something changes, carried out by the book
 * and by the second model; after each step the answers, the balances, the counters and the notices must be the same.
 */

const NEXT_ENDS_AT: Instant = Date.parse("2026-03-15T08:00:00Z");
/** The last millisecond of a window, its end, the last millisecond of the grace time, and the end of that. */
const INSTANTS = [STARTS_AT + HOUR_MS, ENDS_AT - 1, ENDS_AT, ENDS_AT + HOUR_MS - 1, ENDS_AT + HOUR_MS];

const counted = (limit: number, tokens: number) => ({
  sessions: limit,
  enrichments: limit,
  storage: limit,
  ai_tokens: tokens,
});
const MODEL = new SecondModel({
  starts: [STARTS_AT, ENDS_AT, NEXT_ENDS_AT],
  graceMs: HOUR_MS,
  futureMs: 5 * MINUTE_MS,
  firstPlan: "free",
  limits: { free: counted(10, 100), team: counted(50, 500), enterprise: counted(1_000, Infinity) },
});

/** One letter of the alphabet; the step is made for the instant and the place in the history. */
type Letter = (at: {
  readonly now: Instant;
  readonly after: (instants: number) => Instant;
  readonly place: number;
}) => Step;

const use =
  (
    meter: (Step & { do: "use" })["meter"],
    quantity: number,
    more: { asks?: boolean; time?: Instant; id?: string } = {},
  ): Letter =>
  ({ now, place }) => ({
    do: "use",
    at: now,
    id: more.id ?? `e${place}`,
    meter,
    quantity,
    time: more.time ?? now,
    asks: more.asks ?? false,
  });

const TOKENS: readonly Letter[] = [
  use("ai_tokens", 60),
  use("ai_tokens", 60, { asks: true }),
  use("ai_tokens", 60, { time: ENDS_AT - 1 }),
  use("ai_tokens", 30, { id: "again" }),
  ({ now }) => ({ do: "buy", at: now, tokens: 50, source: "pi_1" }),
  ({ now }) => ({ do: "take_back", at: now, tokens: 50, source: "re_1" }),
  ({ now, after }) => ({ do: "hold", at: now, id: "h", tokens: 70, until: after(2) }),
  ({ now }) => ({ do: "settle", at: now, id: "h", tokens: 40 }),
  ({ now }) => ({ do: "settle", at: now, id: "h", tokens: 120 }),
  ({ now }) => ({ do: "release", at: now, id: "h" }),
];

const PLANS: readonly Letter[] = [
  use("ai_tokens", 90),
  use("ai_tokens", 90, { asks: true }),
  use("ai_tokens", 300, { time: ENDS_AT - 1 }),
  ({ now }) => ({ do: "buy", at: now, tokens: 50, source: "pi_1" }),
  ({ now, after }) => ({ do: "hold", at: now, id: "h", tokens: 120, until: after(1) }),
  ({ now }) => ({ do: "settle", at: now, id: "h", tokens: 600 }),
  ({ now }) => ({ do: "plan", at: now, plan: "team" }),
  ({ now }) => ({ do: "plan", at: now, plan: "enterprise" }),
  ({ now }) => ({ do: "plan", at: now, plan: "free" }),
];

const METERS: readonly Letter[] = [
  use("sessions", 8),
  use("sessions", 2, { asks: true }),
  use("sessions", 3, { time: ENDS_AT - 1 }),
  use("enrichments", 10),
  use("enrichments", 1, { asks: true }),
  use("storage", 8),
  use("storage", 3, { asks: true }),
  use("storage", -4, { asks: true, id: "deletion" }),
  ({ now }) => ({ do: "buy", at: now, tokens: 50, source: "pi_1" }),
  ({ now }) => ({ do: "plan", at: now, plan: "team" }),
];

interface Place {
  readonly state: AccountState;
  readonly history: History;
  readonly told: readonly string[];
  /** Index of the instant. */
  readonly clock: number;
  readonly steps: readonly Step[];
}

function walk(letters: readonly Letter[], length: number): number {
  let histories = 0;
  const visit = (place: Place): void => {
    histories += 1;
    if (place.steps.length === length) return;
    for (const letter of letters) {
      // Before each command the time may stand still or go on to any later instant.
      for (let clock = place.clock; clock < INSTANTS.length; clock += 1) {
        const after = (instants: number) => INSTANTS[clock + instants] ?? NEXT_ENDS_AT;
        const step = letter({ now: INSTANTS[clock]!, after, place: place.steps.length });
        visit(stepBoth({ ...place, clock }, step));
      }
    }
  };
  visit({ state: newAccount(), history: [], told: [], clock: 0, steps: [] });
  return histories;
}

function stepBoth(place: Place, step: Step): Place {
  const model = MODEL.take(place.history, step);
  const steps = [...place.steps, step];
  if (step.do === "plan") {
    const others = place.state.entitlements.slices.filter(({ startsAt }) => startsAt !== step.at);
    const entitlements = { overrides: {}, slices: [...others, slice(step.plan, step.at)] };
    return { ...place, steps, state: { ...place.state, entitlements }, history: model.history };
  }
  const book = run(place.state, commandOf(step));
  const told = [
    ...place.told,
    ...book.writes.notices.map(
      (each) => `${each.meterId} ${each.windowStartsAt === STARTS_AT ? 0 : 1} ${each.percent}`,
    ),
  ];
  const after = { ...place, steps, told, state: book.state, history: model.history };
  compare(after, { outcome: book.outcomes[0]!, answer: model.answer, at: step.at });
  return after;
}

/** Fast where all is well; only a difference is put into words. */
function compare(
  { state, history, told, steps }: Place,
  { outcome, answer, at }: { outcome: Outcome; answer: Answer; at: Instant },
): void {
  const view = viewAccount(CONTEXT, state, at);
  const used = (meterId: string, startsAt: Instant) =>
    state.counters.get(counterKey(meterId, startsAt))?.used ?? 0;
  const ofBook = [
    ...answerOf(outcome, answer),
    state.balances.get("purchased") ?? 0,
    view.available.tokens,
    ...["ai_tokens", "sessions", "enrichments"].flatMap((meter) => [
      used(meter, STARTS_AT),
      used(meter, ENDS_AT),
    ]),
    used("storage", LEVEL_STARTS_AT),
    ...told,
  ];
  const ofModel = [
    answer.code,
    answer.fromAllocation,
    answer.fromCredits,
    answer.balance,
    answer.late,
    sumCredits(history),
    MODEL.available(history, at),
    ...[MODEL.drawn(history, 0), MODEL.drawn(history, 1)],
    ...["sessions", "enrichments"].flatMap((meter) => [
      MODEL.counted(history, meter, 0),
      MODEL.counted(history, meter, 1),
    ]),
    MODEL.counted(history, "storage", 0),
    ...toldOf(history),
  ];
  if (ofBook.length === ofModel.length && ofBook.every((value, index) => value === ofModel[index])) return;
  expect({ steps, found: ofBook }).toEqual({ steps, found: ofModel });
}

/** Of the outcome those figures that the model's answer has. */
function answerOf(outcome: Outcome, answer: Answer) {
  const facts: Partial<Answer> =
    "draw" in outcome && outcome.draw !== null ? { ...outcome, ...outcome.draw } : outcome;
  const pick = (name: keyof Answer) => (name in answer ? facts[name] : undefined);
  return [outcome.code, pick("fromAllocation"), pick("fromCredits"), pick("balance"), pick("late")];
}

function commandOf(step: Exclude<Step, { do: "plan" }>): Command {
  const named = { accountId: ACCOUNT, receivedAt: step.at };
  switch (step.do) {
    case "buy":
      return purchase(step.tokens, step.at, step.source);
    case "take_back": {
      const { tokens, source } = step;
      return { ...named, type: "take_back", kind: "refund", tokens, source, note: plainNote("Refund") };
    }
    case "use": {
      const { id: eventId, meter: meterId, quantity, time, asks } = step;
      return event({ ...named, eventId, meterId, quantity, time, mode: asks ? "enforced" : "plain" });
    }
    case "hold":
      return hold(step.tokens, { ...named, holdId: step.id, expiresAt: step.until });
    case "settle":
      return { ...named, type: "settle", holdId: step.id, tokens: step.tokens };
    case "release":
      return { ...named, type: "release", holdId: step.id };
  }
}

/** 3 takes some seconds. 4 (two million histories) takes minutes: `WALK_LENGTH=4 npx vitest run every-small-history`. */
const LENGTH = Number(process.env["WALK_LENGTH"] ?? 3);

describe("every small history", () => {
  it.each([
    ["K1 K2 K3 of tokens, credits and a hold", TOKENS],
    ["P1 of plans that change within a window", PLANS],
    ["U4 U5 C2 of limits, levels and thresholds", METERS],
  ])(
    "%s ends as the second model says",
    (name, letters) => {
      const histories = walk(letters, LENGTH);
      console.log(`${histories.toLocaleString("en")} histories ${name}`);
      // As many as there are ways to choose letters and instants that never go back.
      expect(histories).toBeGreaterThan(letters.length ** LENGTH * 30);
    },
    600_000,
  );
});
