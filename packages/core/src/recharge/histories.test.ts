/*
 * A thousand random months of auto-recharge. The machine is driven as the server drives it: decide, ask the card, follow
 * its answer. Beside it stands a book-keeper who knows none of its rules: only what the card really paid, when, and what
 * entered. After every step the two are held against each other.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS, type Instant, type Span } from "../kernel/time.ts";
import { afterDecline, decideRecharge, type RechargeCharge } from "./decide-recharge.ts";
import type { PauseReason } from "./settings.ts";

const PACK_TOKENS = 1_000;
const PACK_CENTS = 500;
const THRESHOLD = 300;
const WINDOW_MS = 5 * DAY_MS;

type Event =
  | { readonly do: "use"; readonly tokens: number }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "limit"; readonly packs: number }
  | { readonly do: "card"; readonly answers: "pays" | "declines" | "asks" }
  | { readonly do: "look" | "answer" | "grant" | "turn_off" | "turn_on" | "refund" | "past_due" | "buy" };

const events = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant("use" as const), tokens: fc.integer({ min: 1, max: 1_500 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant("wait" as const),
        ms: fc.constantFrom(
          MINUTE_MS,
          10 * MINUTE_MS,
          HOUR_MS,
          6 * HOUR_MS,
          DAY_MS,
          WINDOW_MS - 1,
          WINDOW_MS,
        ),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("limit" as const), packs: fc.integer({ min: 1, max: 5 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("card" as const),
        answers: fc.constantFrom("pays" as const, "pays" as const, "declines" as const, "asks" as const),
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({ do: fc.constantFrom("look" as const, "answer" as const, "grant" as const) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constantFrom(
          "turn_off" as const,
          "turn_on" as const,
          "turn_on" as const,
          "turn_on" as const,
          "refund" as const,
          "past_due" as const,
          "buy" as const,
        ),
      }),
    },
  ),
  { minLength: 60, maxLength: 160, size: "max" },
);

/** Cheaper than `expect` where it is asked a million times. */
function holds(condition: boolean, sentence: string): void {
  if (!condition) throw new Error(sentence);
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** What the book-keeper writes down. */
interface Paid {
  readonly triedAt: Instant;
  isGranted: boolean;
}

class Life {
  now: Instant = 0;
  readonly settings = {
    isEnabled: true,
    pausedReason: null as PauseReason | null,
    limitCents: 5 * PACK_CENTS,
  };
  readonly charges: Mutable<RechargeCharge>[] = [];
  readonly entries: number[] = [];
  readonly paid: Paid[] = [];
  /** The highest limit in force in each window, as the book-keeper saw it. */
  readonly limits = new Map<number, number>();
  readonly asked: Instant[] = [];
  card: "pays" | "declines" | "asks" = "pays";
  isPastDue = false;
  looks = 0;

  get window(): Span {
    const startsAt = this.now - (this.now % WINDOW_MS);
    return { startsAt, endsAt: startsAt + WINDOW_MS };
  }

  get balance(): number {
    return this.entries.reduce((sum, tokens) => sum + tokens, 0);
  }

  get open(): Mutable<RechargeCharge> | undefined {
    return this.charges.find(({ state }) => state !== "succeeded" && state !== "failed");
  }

  step(event: Event): void {
    this.noteLimit();
    switch (event.do) {
      case "use":
        this.entries.push(-event.tokens);
        break;
      case "wait":
        this.now += event.ms;
        break;
      case "limit":
        this.settings.limitCents = event.packs * PACK_CENTS;
        break;
      case "card":
        this.card = event.answers;
        break;
      case "look":
        this.look();
        break;
      case "answer":
        this.answer();
        break;
      case "grant":
        this.grant();
        break;
      case "turn_off":
        this.settings.isEnabled = false;
        if (this.open?.state === "declined" || this.open?.state === "needs_authentication")
          this.end("failed");
        break;
      case "turn_on":
        Object.assign(this.settings, { isEnabled: true, pausedReason: null });
        break;
      case "refund":
        if (this.settings.isEnabled) this.settings.pausedReason ??= "refund";
        if (this.paid.some(({ isGranted }) => isGranted)) this.entries.push(-PACK_TOKENS);
        break;
      case "past_due":
        this.isPastDue = !this.isPastDue;
        break;
      case "buy":
        this.entries.push(PACK_TOKENS);
        break;
    }
    this.noteLimit();
  }

  private noteLimit(): void {
    const { startsAt } = this.window;
    this.limits.set(startsAt, Math.max(this.limits.get(startsAt) ?? 0, this.settings.limitCents));
  }

  private look(): void {
    const { settings, charges, window, now, isPastDue } = this;
    const decision = decideRecharge({
      settings: { ...settings, thresholdTokens: THRESHOLD, packId: "pack" },
      isArmed: true,
      hasPaidPlan: true,
      isPastDue,
      hasCard: true,
      chargeCents: PACK_CENTS,
      balanceTokens: this.balance,
      window,
      charges,
      now,
    });
    if (decision.code === "drop") this.end("failed");
    if (decision.code !== "charge") return;
    this.looks += 1;
    this.mayAsk(decision.tryNumber);
    this.asked.push(now);
    const { open } = this;
    const tried = { state: "charging", triedAt: now, retryAt: null, tryNumber: decision.tryNumber } as const;
    if (open === undefined) charges.push({ ...tried, amountCents: decision.amountCents, finishedAt: null });
    else Object.assign(open, tried);
  }

  /** What must be so when a card is asked, by the book-keeper's own arithmetic. */
  private mayAsk(tryNumber: number): void {
    const { settings, now, window } = this;
    const isStopped = !settings.isEnabled || settings.pausedReason !== null || this.isPastDue;
    holds(!isStopped, "a card is not asked while it is off, paused or past due");
    holds(this.balance < THRESHOLD, "a card is asked for a fall only");
    holds(
      this.paid.every(({ isGranted }) => isGranted),
      "the next one is asked for after the grant of the last",
    );
    const spent = this.paid.filter(({ triedAt }) => triedAt >= window.startsAt).length * PACK_CENTS;
    holds(spent + PACK_CENTS <= settings.limitCents, "the limit that is in force has room");
    holds(tryNumber <= 3, "a card is tried three times");
    const bought = this.charges.flatMap(({ state, finishedAt }) =>
      state === "succeeded" ? [finishedAt!] : [],
    );
    const isOften = bought.filter((at) => at > now - DAY_MS).length >= 3;
    holds(
      !isOften || now - Math.max(...bought) >= 10 * MINUTE_MS,
      "ten minutes lie between one and the next",
    );
    const pause = [0, HOUR_MS, 6 * HOUR_MS][tryNumber - 1]!;
    holds(tryNumber === 1 || now - this.asked.at(-1)! >= pause, "pauses between tries grow");
  }

  private answer(): void {
    const { open, now } = this;
    if (open?.state === "needs_authentication") {
      if (now >= open.triedAt + DAY_MS) return this.end("failed", "authentication");
      if (this.card === "pays") this.pay(open);
      return;
    }
    if (open?.state !== "charging") return;
    if (this.card === "pays") return this.pay(open);
    if (this.card === "asks") return void (open.state = "needs_authentication");
    const next = afterDecline(open.tryNumber, now);
    if (next.code === "give_up") return this.end("failed", "declined");
    Object.assign(open, { state: "declined", retryAt: next.at });
  }

  private pay(open: Mutable<RechargeCharge>): void {
    open.state = "paid";
    this.paid.push({ triedAt: open.triedAt, isGranted: false });
  }

  private grant(): void {
    if (this.open?.state !== "paid") return;
    this.entries.push(PACK_TOKENS);
    this.paid.at(-1)!.isGranted = true;
    this.end("succeeded");
  }

  private end(state: "succeeded" | "failed", pauses?: PauseReason): void {
    const { open } = this;
    if (open === undefined) return;
    Object.assign(open, { state, finishedAt: this.now, retryAt: null });
    if (pauses !== undefined && this.settings.isEnabled) this.settings.pausedReason ??= pauses;
  }

  /** Holds at every moment. */
  check(): void {
    const open = this.charges.filter(({ state }) => state !== "succeeded" && state !== "failed");
    holds(open.length < 2, "one is open at a time");
    const succeeded = this.charges.filter(({ state }) => state === "succeeded").length;
    holds(succeeded === this.paid.filter(({ isGranted }) => isGranted).length, "a grant for each payment");
    const underWay = open[0]?.state === "paid" ? 1 : 0;
    holds(this.paid.length - succeeded === underWay, "what was paid is granted or on its way");
    const spent = new Map<number, number>();
    for (const { triedAt } of this.paid) {
      const startsAt = triedAt - (triedAt % WINDOW_MS);
      spent.set(startsAt, (spent.get(startsAt) ?? 0) + PACK_CENTS);
    }
    for (const [startsAt, cents] of spent)
      holds(cents <= this.limits.get(startsAt)!, "no window's charges pass its limit");
  }
}

it("A2 1,000 random months: never past a window's limit, never two for one fall, a grant for each payment", () => {
  const seed = fc.sample(fc.integer({ min: 1 }), 1)[0]!;
  let asked = 0;
  let paid = 0;
  fc.assert(
    fc.property(events, (history) => {
      const life = new Life();
      for (const event of history) {
        life.step(event);
        life.check();
      }
      asked += life.looks;
      paid += life.paid.length;
    }),
    { numRuns: 1_000, seed },
  );
  console.log(`seed ${seed}: the card was asked ${asked} times and paid ${paid} times`);
  expect(paid).toBeGreaterThan(500);
});
