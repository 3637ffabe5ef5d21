/**
 * What a request to change the plan means (S1-S5). Plan, interval and seats are three dimensions of one target; each
 * rises, falls or stays, and that decides when it happens:
 *
 *   a lower plan          everything waits for the period's end
 *   month -> year         everything happens now, and a new period begins
 *   else                  what rises happens now, prorated; what falls waits for the period's end
 *
 * One answer for every pair of standing and wish, so that the preview, the confirmation and the page say the same.
 */
import { findPlan, type Catalog, type Interval, type Plan } from "../catalog/catalog.ts";
import { invariant } from "../kernel/invariant.ts";
import { HOUR_MS, type Instant } from "../kernel/time.ts";
import { clampSeats, isSameTarget, priceTarget, type RefusedChoice, type Target } from "./target.ts";

/** A change that is scheduled at Stripe for the period's end. */
export interface PendingChange {
  readonly target: Target;
  readonly effectiveAt: Instant;
}

export interface Subscribed {
  readonly kind: "subscribed";
  readonly target: Target;
  readonly isPastDue: boolean;
  /** The end of the billing period that is paid, exclusive. */
  readonly periodEndsAt: Instant;
  /** Set when the subscription is cancelled and runs on until then. Never together with a pending change (S3). */
  readonly cancelAt: Instant | null;
  readonly pending: PendingChange | null;
}

/** Where an account stands. `custom`: an operator put it on a plan that is not sold here. */
export type Standing = { readonly kind: "free" } | { readonly kind: "custom" } | Subscribed;

/** What is asked for. What is left out stays as it is, or as the pending change has it. */
export interface Wanted {
  readonly planId?: string | undefined;
  readonly interval?: Interval | undefined;
  readonly seats?: number | undefined;
}

/** What a request takes the place of; the later request wins and the answer names it (S3). */
export type Replaced = "pending_change" | "cancellation";

export type Change =
  /** From Free: a new subscription from now on, one whole period paid in advance. */
  | { readonly kind: "first"; readonly now: Target }
  | {
      readonly kind: "upgrade";
      /** In force as soon as it is paid. */
      readonly now: Target;
      /** Month -> year: a new period, and a new usage window at zero, begin now (P1). Else both go on. */
      readonly startsPeriod: boolean;
      /** What falls at the end of the running period, in the same confirmation. */
      readonly later: PendingChange | null;
      readonly replaces: Replaced | null;
    }
  | { readonly kind: "downgrade"; readonly later: PendingChange; readonly replaces: Replaced | null }
  /** To Free at the period's end (S5). */
  | { readonly kind: "cancel"; readonly effectiveAt: Instant; readonly replaces: Replaced | null }
  /** Today's plan again: what was pending is undone (S3). */
  | { readonly kind: "keep"; readonly undoes: Replaced }
  | ChangeRefusal;

export type ChangeRefusal =
  | RefusedChoice
  | { readonly code: "no_change" }
  | { readonly code: "contact_us" }
  /** Pay first: nothing more is sold to an account that owes. */
  | { readonly code: "past_due" }
  | { readonly code: "seats_in_use"; readonly seats: number; readonly usedSeats: number }
  /** A renewal is so near that a charge now and the renewal would cross. */
  | { readonly code: "renewal_near"; readonly renewsAt: Instant };

/** No upgrade in the period's last hours: a bank may take an hour to confirm, and Stripe renews meanwhile. */
export const RENEWAL_NEAR_MS = 2 * HOUR_MS;

export interface ChangeFacts {
  readonly catalog: Catalog;
  readonly standing: Standing;
  /** Members and open invitations; on a per-seat plan each holds one (S4). */
  readonly usedSeats: number;
  readonly now: Instant;
}

export function classify(facts: ChangeFacts, wanted: Wanted): Change {
  const { catalog, standing } = facts;
  const plan = wanted.planId === undefined ? undefined : findPlan(catalog, wanted.planId);
  if (standing.kind === "custom") return { code: "contact_us" };
  if (standing.kind === "free") return fromFree(facts, wanted, plan);
  if (plan?.kind === "free") return cancellation(standing);

  const target = wantedTarget(catalog, standing, wanted);
  // What is paid goes on also where it is sold no more: a custom plan whose agreed price was taken away, say.
  if (isSameTarget(target, standing.target)) return undo(standing);
  if (plan?.kind === "custom") return { code: "contact_us" };
  const priced = priceTarget(catalog, target, standing.target.planId);
  if (priced.code === "refused") return priced;
  const change = changeTo(facts, standing, target);
  return refusalOf(facts, standing, change) ?? change;
}

export function isRefusal(change: Change): change is ChangeRefusal {
  return "code" in change;
}

function fromFree(facts: ChangeFacts, wanted: Wanted, plan: Plan | undefined): Change {
  const { catalog, usedSeats } = facts;
  if (plan?.kind === "custom") return { code: "contact_us" };
  const planId = wanted.planId ?? catalog.freePlanId;
  if (planId === catalog.freePlanId) return { code: "no_change" };
  const seats = wanted.seats ?? (plan === undefined ? 1 : clampSeats(plan, usedSeats));
  const priced = priceTarget(catalog, { planId, interval: wanted.interval ?? "month", seats });
  if (priced.code === "refused") return priced;
  return lacksSeats(facts, priced.target) ?? { kind: "first", now: priced.target };
}

function cancellation(standing: Subscribed): Change {
  if (standing.cancelAt !== null) return { code: "no_change" };
  const replaces = standing.pending === null ? null : "pending_change";
  return { kind: "cancel", effectiveAt: standing.periodEndsAt, replaces };
}

function undo(standing: Subscribed): Change {
  const undoes = replacedBy(standing);
  return undoes === null ? { code: "no_change" } : { kind: "keep", undoes };
}

function replacedBy({ pending, cancelAt }: Subscribed): Replaced | null {
  if (pending !== null) return "pending_change";
  return cancelAt === null ? null : "cancellation";
}

/**
 * Fills in what the request leaves out: with today's values if anything then rises, for a rise replaces what is
 * pending; else with those of the pending change, so that two falls become one (S3).
 */
function wantedTarget(catalog: Catalog, standing: Subscribed, wanted: Wanted): Target {
  const today = fill(catalog, standing.target, wanted);
  const { pending } = standing;
  if (pending === null || isSameTarget(today, standing.target)) return today;
  if (findPlan(catalog, today.planId) === undefined) return today;
  if (rises(catalog, standing.target, today)) return today;
  const merged = fill(catalog, pending.target, wanted);
  // A request that does not fit the pending change stands for itself: eight seats are not meant for a one-seat plan.
  return priceTarget(catalog, merged, standing.target.planId).code === "priced" ? merged : today;
}

function fill(catalog: Catalog, base: Target, wanted: Wanted): Target {
  const planId = wanted.planId ?? base.planId;
  const plan = findPlan(catalog, planId);
  const seats = wanted.seats ?? (plan === undefined ? base.seats : clampSeats(plan, base.seats));
  return { planId, interval: wanted.interval ?? base.interval, seats };
}

function rankOf(catalog: Catalog, planId: string): number {
  const plan = findPlan(catalog, planId);
  invariant(plan !== undefined, "a plan that somebody is on stays in the catalogue");
  return plan.rank;
}

function rises(catalog: Catalog, from: Target, to: Target): boolean {
  const rank = rankOf(catalog, to.planId) - rankOf(catalog, from.planId);
  if (rank !== 0) return rank > 0;
  return to.seats > from.seats || (from.interval === "month" && to.interval === "year");
}

function changeTo(facts: ChangeFacts, standing: Subscribed, wanted: Target): Change & { kind: string } {
  const { catalog } = facts;
  const current = standing.target;
  const replaces = replacedBy(standing);
  const at = (target: Target): PendingChange => ({ target, effectiveAt: standing.periodEndsAt });
  if (!rises(catalog, current, wanted)) return { kind: "downgrade", later: at(wanted), replaces };
  if (current.interval === "month" && wanted.interval === "year") {
    return { kind: "upgrade", now: wanted, startsPeriod: true, later: null, replaces };
  }
  const plan = findPlan(catalog, wanted.planId);
  invariant(plan !== undefined, "a priced target has its plan");
  // Year -> month and fewer seats wait; on a plan with room for fewer seats only, the seats come down with it.
  const seats = clampSeats(plan, Math.max(current.seats, wanted.seats));
  const now: Target = { planId: wanted.planId, interval: current.interval, seats };
  const later = isSameTarget(now, wanted) ? null : at(wanted);
  return { kind: "upgrade", now, startsPeriod: false, later, replaces };
}

function refusalOf(facts: ChangeFacts, standing: Subscribed, change: Change): ChangeRefusal | null {
  if (isRefusal(change)) return change;
  if (change.kind === "upgrade") {
    if (standing.isPastDue) return { code: "past_due" };
    // The plan may not be sold by today's interval, in which it would begin.
    const priced = priceTarget(facts.catalog, change.now, standing.target.planId);
    if (priced.code === "refused") return priced;
    const short = lacksSeats(facts, change.now) ?? (change.later && lacksSeats(facts, change.later.target));
    if (short !== null) return short;
    const renewsAt = standing.periodEndsAt;
    return facts.now > renewsAt - RENEWAL_NEAR_MS ? { code: "renewal_near", renewsAt } : null;
  }
  return change.kind === "downgrade" ? lacksSeats(facts, change.later.target) : null;
}

/** On a plan with one seat only the owner stays active, and nobody is refused for it (S4). */
function lacksSeats({ catalog, usedSeats }: ChangeFacts, target: Target): ChangeRefusal | null {
  const plan = findPlan(catalog, target.planId);
  if (plan === undefined || !plan.perSeat || target.seats >= usedSeats) return null;
  return { code: "seats_in_use", seats: target.seats, usedSeats };
}
