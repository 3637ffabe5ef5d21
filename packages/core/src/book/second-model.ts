import type { Instant } from "../kernel/time.ts";

/*
 * The book a second time, for tests: plain sums over a list of facts, and no code of the book itself. It knows no
 * ledger, no lapse and no entering of allocations; an allocation is simply the limit less what was drawn, until its
 * window is over for the grace time. Slow and short, so that both are unlikely to be wrong in the same way.
 */

export type Step =
  | {
      readonly do: "buy" | "take_back";
      readonly at: Instant;
      readonly tokens: number;
      readonly source: string;
    }
  | {
      readonly do: "use";
      readonly at: Instant;
      readonly id: string;
      readonly meter: "sessions" | "enrichments" | "storage" | "ai_tokens";
      readonly quantity: number;
      /** When it happened. */
      readonly time: Instant;
      /** Whether it is refused where it does not fit. */
      readonly asks: boolean;
    }
  | {
      readonly do: "hold";
      readonly at: Instant;
      readonly id: string;
      readonly tokens: number;
      readonly until: Instant;
    }
  | { readonly do: "settle"; readonly at: Instant; readonly id: string; readonly tokens: number }
  | { readonly do: "release"; readonly at: Instant; readonly id: string }
  | { readonly do: "plan"; readonly at: Instant; readonly plan: string };

/** Something that was accepted, with the sums that it changes. */
interface Fact {
  /** `buy p1`, `use e7`: a step of the same name is a repeat. */
  readonly name: string;
  readonly step: Step;
  readonly credits: number;
  /** Drawn from the allocation of the window with this number. */
  readonly drawn?: { readonly window: number; readonly tokens: number };
  readonly counted?: { readonly meter: string; readonly window: number; readonly quantity: number };
  readonly told?: string;
}

export type History = readonly Fact[];

export interface Answer {
  readonly code: string;
  readonly fromAllocation?: number;
  readonly fromCredits?: number;
  readonly balance?: number;
  readonly late?: boolean;
}

export interface Rules {
  /** Usage windows, one after the other; each ends where the next begins. */
  readonly starts: readonly Instant[];
  readonly graceMs: number;
  /** How far ahead a sender's clock may be. */
  readonly futureMs: number;
  readonly firstPlan: string;
  /** By plan, then by meter; `Infinity` is unlimited. */
  readonly limits: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export class SecondModel {
  readonly rules: Rules;
  constructor(rules: Rules) {
    this.rules = rules;
  }

  /** Carries out one step; refusals add no fact. */
  take(before: History, step: Step): { readonly answer: Answer; readonly history: History } {
    const name = nameOf(step);
    if (step.do === "plan") return { answer: { code: "plan" }, history: [...before, fact(name, step)] };
    if (step.do === "settle" || step.do === "release") return this.#close(before, step);
    const known = before.some((each) => each.name === name);
    if (step.do === "hold") return this.#hold(before, step, known);
    if (step.do === "use") {
      if (known) return { answer: { code: "duplicate", balance: sumCredits(before) }, history: before };
      return this.#use(before, step);
    }
    const cleared = this.#clear(before, step.at);
    if (known) return { answer: { code: "duplicate", balance: sumCredits(cleared) }, history: cleared };
    const credits = step.do === "buy" ? step.tokens : -step.tokens;
    const history = this.#clear([...cleared, { ...fact(name, step), credits }], step.at);
    return {
      answer: { code: step.do === "buy" ? "granted" : "taken_back", balance: sumCredits(history) },
      history,
    };
  }

  #use(before: History, step: Step & { do: "use" }): { answer: Answer; history: History } {
    const { at, meter, quantity, asks, time } = step;
    if (time > at + this.rules.futureMs) return { answer: { code: "event_in_future" }, history: before };
    const cleared = this.#clear(before, at);
    const running = this.#windowOf(at);
    if (meter === "storage" && this.counted(cleared, meter, 0) + quantity < 0) {
      return { answer: { code: "level_below_zero" }, history: cleared };
    }
    if (asks && !this.#fits(cleared, step)) {
      const code = meter === "ai_tokens" ? "insufficient_credits" : "limit_reached";
      return { answer: { code }, history: cleared };
    }
    const own = this.#windowOf(time);
    const late = !asks && at >= this.rules.starts[own + 1]! + this.rules.graceMs;
    const window = asks || late ? running : own;
    if (meter === "ai_tokens") {
      const { history, answer } = this.#draw(cleared, step, { window, tokens: quantity });
      return { answer: { code: "recorded", late, ...answer }, history };
    }
    const counted = { meter, window: meter === "storage" ? 0 : window, quantity };
    const history = [...cleared, { ...fact(nameOf(step), step), counted }];
    return {
      answer: { code: "recorded", late },
      history: this.#tell(history, { meter, window: meter === "storage" ? running : window, at }),
    };
  }

  #fits(history: History, { at, meter, quantity }: Step & { do: "use" }): boolean {
    if (meter === "ai_tokens") return quantity <= this.available(history, at);
    const window = this.#windowOf(at);
    const used = this.counted(history, meter, meter === "storage" ? 0 : window);
    if (used + quantity <= this.#limit(history, meter, window, at)) return true;
    if (meter === "storage") return quantity < 0;
    const notCovered = Math.max(0, this.#reserved(history, at) - this.spendable(history, window, at));
    return meter === "enrichments" && sumCredits(history) - notCovered > 0;
  }

  #hold(before: History, step: Step & { do: "hold" }, known: boolean): { answer: Answer; history: History } {
    if (known) return { answer: { code: "held" }, history: before };
    const history = this.#clear(before, step.at);
    if (step.tokens > this.available(history, step.at)) {
      return { answer: { code: "insufficient_credits" }, history };
    }
    return { answer: { code: "held" }, history: [...history, fact(nameOf(step), step)] };
  }

  #close(before: History, step: Step & { do: "settle" | "release" }): { answer: Answer; history: History } {
    if (!before.some((each) => each.name === `hold ${step.id}`)) {
      return { answer: { code: "hold_not_found" }, history: before };
    }
    const closed = before.find((each) => each.name === `close ${step.id}`);
    if (closed !== undefined) return { answer: repeatOf(closed, step), history: before };
    if (step.do === "release") {
      return { answer: { code: "released" }, history: [...before, fact(`close ${step.id}`, step)] };
    }
    const cleared = this.#clear(before, step.at);
    const window = this.#windowOf(step.at);
    const { history, answer } = this.#draw(cleared, step, { window, tokens: step.tokens });
    return { answer: { code: "settled", ...answer }, history };
  }

  #draw(
    before: History,
    step: Step & { do: "use" | "settle" },
    { window, tokens }: { window: number; tokens: number },
  ): { answer: Omit<Answer, "code">; history: History } {
    const { at } = step;
    const fromAllocation = Math.min(tokens, this.spendable(before, window, at));
    const fromCredits = tokens - fromAllocation;
    const name = step.do === "use" ? nameOf(step) : `close ${step.id}`;
    const drawn = { window, tokens: fromAllocation };
    const paid = { ...fact(name, step), credits: -fromCredits, drawn };
    const told = this.#tell([...before, paid], { meter: "ai_tokens", window, at });
    const history = step.do === "use" ? this.#clear(told, at) : told;
    return { answer: { fromAllocation, fromCredits, balance: sumCredits(history) }, history };
  }

  /** The running window's allocation pays what is owed. */
  #clear(history: History, at: Instant): History {
    const window = this.#windowOf(at);
    const tokens = Math.min(-sumCredits(history), this.spendable(history, window, at));
    if (tokens <= 0) return history;
    const step: Step = { do: "buy", at, tokens, source: "allocation" };
    const repaid = [...history, { ...fact("clear", step), credits: tokens, drawn: { window, tokens } }];
    return this.#tell(repaid, { meter: "ai_tokens", window, at });
  }

  #tell(history: History, { meter, window, at }: { meter: string; window: number; at: Instant }): History {
    const limit = this.#limit(history, meter, window, at);
    const used =
      meter === "ai_tokens"
        ? this.drawn(history, window)
        : this.counted(history, meter, meter === "storage" ? 0 : window);
    if (this.#windowOf(at) !== window || limit === Infinity || used === 0) return history;
    const percent = used >= limit ? 100 : used * 100 >= limit * 80 ? 80 : 0;
    const [lower, same] = [`${meter} ${window} 100`, `${meter} ${window} ${percent}`];
    if (percent === 0 || history.some(({ told }) => told === lower || told === same)) return history;
    return [...history.slice(0, -1), { ...history.at(-1)!, told: same }];
  }

  /** What the allocation of a window can still give. */
  spendable(history: History, window: number, at: Instant): number {
    if (at >= this.rules.starts[window + 1]! + this.rules.graceMs) return 0;
    return Math.max(0, this.#limit(history, "ai_tokens", window, at) - this.drawn(history, window));
  }

  available(history: History, at: Instant): number {
    return (
      this.spendable(history, this.#windowOf(at), at) + sumCredits(history) - this.#reserved(history, at)
    );
  }

  drawn(history: History, window: number): number {
    return sum(history, (each) => (each.drawn?.window === window ? each.drawn.tokens : 0));
  }

  counted(history: History, meter: string, window: number): number {
    return sum(history, ({ counted }) =>
      counted?.meter === meter && counted.window === window ? counted.quantity : 0,
    );
  }

  #reserved(history: History, at: Instant): number {
    const isClosed = (id: string) => history.some((each) => each.name === `close ${id}`);
    return sum(history, ({ step }) =>
      step.do === "hold" && at < step.until && !isClosed(step.id) ? step.tokens : 0,
    );
  }

  #windowOf(at: Instant): number {
    return this.rules.starts.filter((startsAt) => startsAt <= at).length - 1;
  }

  /** Of the plan now; of a window that is over its last plan's, of one that has not begun its first. */
  #limit(history: History, meter: string, window: number, at: Instant): number {
    const [startsAt, endsAt] = [this.rules.starts[window]!, this.rules.starts[window + 1]!];
    const within = Math.min(Math.max(at, startsAt), endsAt - 1);
    const plans = history.flatMap(({ step }) => (step.do === "plan" && step.at <= within ? [step.plan] : []));
    return this.rules.limits[plans.at(-1) ?? this.rules.firstPlan]![meter]!;
  }
}

export function toldOf(history: History): string[] {
  return history.flatMap(({ told }) => (told === undefined ? [] : [told]));
}

export function sumCredits(history: History): number {
  return sum(history, ({ credits }) => credits);
}

function sum(history: History, of: (each: Fact) => number): number {
  return history.reduce((total, each) => total + of(each), 0);
}

function fact(name: string, step: Step): Fact {
  return { name, step, credits: 0 };
}

function nameOf(step: Step): string {
  return "source" in step ? `${step.do} ${step.source}` : "id" in step ? `${step.do} ${step.id}` : "plan";
}

/** The same closing again is answered as it was then; another one is refused. */
function repeatOf(closed: Fact, step: Step & { do: "settle" | "release" }): Answer {
  if (closed.step.do === "release" && step.do === "release") return { code: "released" };
  if (closed.step.do !== "settle" || step.do !== "settle" || closed.step.tokens !== step.tokens) {
    return { code: "hold_closed" };
  }
  return { code: "settled", fromAllocation: closed.drawn!.tokens, fromCredits: -closed.credits };
}
