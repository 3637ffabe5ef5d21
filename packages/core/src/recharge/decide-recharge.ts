import { DAY_MS, HOUR_MS, MINUTE_MS, type Instant, type Span } from "../kernel/time.ts";
import type { PauseReason, RechargeValues } from "./settings.ts";

/** A charge of auto-recharge, as far as it decides the next one. Its states are told in the server's recharge. */
export interface RechargeCharge {
  readonly state:
    "invoicing" | "charging" | "paid" | "needs_authentication" | "declined" | "succeeded" | "failed";
  /** Of the current or last try, tax included. */
  readonly amountCents: number;
  readonly tryNumber: number;
  /** When the current or last try began. */
  readonly triedAt: Instant;
  readonly retryAt: Instant | null;
  readonly finishedAt: Instant | null;
}

export interface RechargeFacts {
  readonly settings: RechargeValues & {
    readonly isEnabled: boolean;
    readonly pausedReason: PauseReason | null;
  };
  /** False while it waits for the next purchase, as it was turned on to. */
  readonly isArmed: boolean;
  readonly hasPaidPlan: boolean;
  readonly isPastDue: boolean;
  readonly hasCard: boolean;
  /** What one pack costs, tax included; `null`: it is sold no more. */
  readonly chargeCents: number | null;
  /** The credits, held tokens included (A2). */
  readonly balanceTokens: number;
  /** The usage window that holds `now`. */
  readonly window: Span;
  /** The open one, those of the window, and those of the last 24 hours; more do no harm. */
  readonly charges: readonly RechargeCharge[];
  readonly now: Instant;
}

export type RechargeDecision =
  | {
      readonly code: "nothing";
      readonly why: "off" | "paused" | "no_paid_plan" | "enough" | "after_purchase";
    }
  /** A charge waits for its next try, and is wanted no more. */
  | { readonly code: "drop"; readonly why: "off" | "paused" | "no_paid_plan" | "enough" }
  | { readonly code: "wait"; readonly why: "charge_open" | "past_due" }
  | { readonly code: "wait"; readonly why: "next_try" | "too_often"; readonly until: Instant }
  | { readonly code: "pause"; readonly reason: PauseReason }
  | { readonly code: "limit_reached"; readonly spentCents: number; readonly until: Instant }
  /** Reserve the amount and ask the card; a try above 1 is the next one of the declined charge. */
  | { readonly code: "charge"; readonly amountCents: number; readonly tryNumber: number };

/** A card is asked so often for one fall (A3). */
export const TRIES_MAX = 3;
/** Between the first try and the second, and between the second and the third. */
const TRY_PAUSES_MS: readonly number[] = [HOUR_MS, 6 * HOUR_MS];

/** From so many bought within a day on, there is a gap between one and the next, and somebody is told. */
export const OFTEN_CHARGES = 3;
const OFTEN_WITHIN_MS = DAY_MS;
const OFTEN_GAP_MS = 10 * MINUTE_MS;

/** What auto-recharge does now. README.md has the order of the rules, each in one line here. */
export function decideRecharge(facts: RechargeFacts): RechargeDecision {
  const { settings, charges, now, window } = facts;
  const open = charges.find(isOpen);
  const ended = whyEnded(facts);
  if (open !== undefined && open.state !== "declined") return { code: "wait", why: "charge_open" };
  if (ended !== null) return { code: open === undefined ? "nothing" : "drop", why: ended };
  if (!facts.isArmed && open === undefined) return { code: "nothing", why: "after_purchase" };
  if (facts.isPastDue) return { code: "wait", why: "past_due" };
  if (facts.chargeCents === null) return { code: "pause", reason: "pack_withdrawn" };
  if (!facts.hasCard) return { code: "pause", reason: "no_payment_method" };
  if (open?.retryAt != null && now < open.retryAt)
    return { code: "wait", why: "next_try", until: open.retryAt };
  const gapEndsAt = endOfGap(charges, now);
  if (gapEndsAt !== null && now < gapEndsAt) return { code: "wait", why: "too_often", until: gapEndsAt };
  const spentCents = spentIn(window, charges);
  if (spentCents + facts.chargeCents > settings.limitCents)
    return { code: "limit_reached", spentCents, until: window.endsAt };
  return { code: "charge", amountCents: facts.chargeCents, tryNumber: (open?.tryNumber ?? 0) + 1 };
}

function whyEnded({ settings, hasPaidPlan, balanceTokens }: RechargeFacts) {
  if (!settings.isEnabled) return "off";
  if (settings.pausedReason !== null) return "paused";
  if (!hasPaidPlan) return "no_paid_plan";
  return balanceTokens >= settings.thresholdTokens ? "enough" : null;
}

function isOpen({ state }: RechargeCharge): boolean {
  return state !== "succeeded" && state !== "failed";
}

/** Reserved in a window: tries that are open or were paid, and began in it. Declined ones are free, refunds free nothing. */
export function spentIn(window: Span, charges: readonly RechargeCharge[]): number {
  return chargesIn(window, charges).reduce((sum, { amountCents }) => sum + amountCents, 0);
}

/** Those that count for a window's limit. */
export function chargesIn<Charge extends RechargeCharge>(window: Span, charges: readonly Charge[]): Charge[] {
  return charges.filter(
    ({ state, triedAt }) => state !== "declined" && state !== "failed" && triedAt >= window.startsAt,
  );
}

/** How many were bought within 24 hours before an instant. */
export function boughtLately(charges: readonly RechargeCharge[], now: Instant): number {
  return charges.filter((each) => boughtAt(each) !== null && boughtAt(each)! > now - OFTEN_WITHIN_MS).length;
}

function endOfGap(charges: readonly RechargeCharge[], now: Instant): Instant | null {
  if (boughtLately(charges, now) < OFTEN_CHARGES) return null;
  const last = Math.max(...charges.map((each) => boughtAt(each) ?? 0));
  return last + OFTEN_GAP_MS;
}

function boughtAt({ state, finishedAt }: RechargeCharge): Instant | null {
  return state === "succeeded" ? finishedAt : null;
}

/** What follows a declined try: the next one, later each time, or no more. */
export function afterDecline(
  tryNumber: number,
  now: Instant,
): { readonly code: "retry"; readonly at: Instant } | { readonly code: "give_up" } {
  const pauseMs = TRY_PAUSES_MS[tryNumber - 1];
  return pauseMs === undefined || tryNumber >= TRIES_MAX
    ? { code: "give_up" }
    : { code: "retry", at: now + pauseMs };
}

export type RechargeState =
  "off" | "idle" | "due" | "charging" | "declined" | "needs_authentication" | "limit_reached" | "paused";

/** How auto-recharge stands, in one word of the API. */
export function rechargeState(facts: RechargeFacts): RechargeState {
  const { settings, charges } = facts;
  if (!settings.isEnabled) return "off";
  if (settings.pausedReason !== null) return "paused";
  const open = charges.find(isOpen);
  if (open?.state === "needs_authentication") return "needs_authentication";
  if (open !== undefined && open.state !== "declined") return "charging";
  const decision = decideRecharge(facts);
  switch (decision.code) {
    case "nothing":
    case "drop":
      return "idle";
    case "limit_reached":
      return "limit_reached";
    case "pause":
      return "paused";
    case "wait":
    case "charge":
      return open === undefined ? "due" : "declined";
  }
}
