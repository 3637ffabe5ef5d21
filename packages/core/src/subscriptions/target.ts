import { findPlan, type Catalog, type Interval, type Plan } from "../catalog/catalog.ts";

/** What is bought, or wanted: the three things that a change can move. */
export interface Target {
  readonly planId: string;
  readonly interval: Interval;
  readonly seats: number;
}

/** Why a choice cannot be bought; `detail` says what to do. */
export interface RefusedChoice {
  readonly code: "refused";
  readonly path: "planId" | "interval" | "seats";
  readonly detail: string;
}

/** A target that is sold, with what one period of it costs. */
export interface PricedTarget {
  readonly code: "priced";
  readonly plan: Plan;
  readonly target: Target;
  /** Minor units for one seat (or the account) and interval, before tax. */
  readonly unitCents: number;
  /** Minor units for all seats and one interval, before tax. */
  readonly subtotalCents: number;
}

/**
 * Whether the catalogue sells this.
 * @param keeps the plan that the customer is on: they may stay on it, with other seats, though it is sold no more
 */
export function priceTarget(
  catalog: Catalog,
  target: Target,
  keeps: string | null = null,
): PricedTarget | RefusedChoice {
  const plan = findPlan(catalog, target.planId);
  if (plan === undefined) {
    const ids = catalog.plans.filter((each) => !each.withdrawn).map((each) => each.id);
    return refused("planId", `There is no plan ${target.planId}. Choose one of ${ids.join(", ")}.`);
  }
  if (plan.kind === "custom") return refused("planId", `${plan.name} is not sold here. Contact us for it.`);
  if (plan.kind === "free") return refused("planId", `${plan.name} needs no payment. Choose a paid plan.`);
  if (plan.withdrawn && plan.id !== keeps) {
    return refused("planId", `${plan.name} is sold no more. Choose another plan.`);
  }
  const unitCents = plan.priceCents[target.interval];
  if (unitCents === undefined) {
    const other = target.interval === "month" ? "year" : "month";
    return refused("interval", `${plan.name} is not sold by the ${target.interval}. Choose ${other}.`);
  }
  if (!Number.isSafeInteger(target.seats) || target.seats < plan.minSeats || target.seats > plan.maxSeats) {
    return refused("seats", seatsSentence(plan));
  }
  return { code: "priced", plan, target, unitCents, subtotalCents: unitCents * target.seats };
}

export function isSameTarget(one: Target, other: Target): boolean {
  return one.planId === other.planId && one.interval === other.interval && one.seats === other.seats;
}

/** As many seats as the plan allows, the wanted ones if it can be. */
export function clampSeats(plan: Plan, seats: number): number {
  return Math.min(Math.max(seats, plan.minSeats), plan.maxSeats);
}

function refused(path: RefusedChoice["path"], detail: string): RefusedChoice {
  return { code: "refused", path, detail };
}

function seatsSentence(plan: Plan): string {
  if (!plan.perSeat) return `${plan.name} has one seat.`;
  return `${plan.name} has ${plan.minSeats} to ${plan.maxSeats} seats. Choose a number between.`;
}
