import { findPlan, type Catalog, type Interval, type Plan } from "../catalog/catalog.ts";

/** What a customer on Free may choose. */
export interface PlanChoice {
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

export interface FirstSubscription {
  readonly code: "first_subscription";
  readonly plan: Plan;
  readonly interval: Interval;
  readonly seats: number;
  /** Minor units for one seat (or the account) and interval, before tax. */
  readonly unitCents: number;
  /** Minor units for all seats, before tax: what is due today and again at each renewal. */
  readonly subtotalCents: number;
}

/** What a first subscription would be. It starts now and nothing is prorated: a whole interval is paid in advance. */
export function firstSubscription(catalog: Catalog, choice: PlanChoice): FirstSubscription | RefusedChoice {
  const plan = findPlan(catalog, choice.planId);
  if (plan === undefined) {
    const ids = catalog.plans.map((each) => each.id).join(", ");
    return {
      code: "refused",
      path: "planId",
      detail: `There is no plan ${choice.planId}. Choose one of ${ids}.`,
    };
  }
  if (plan.kind === "custom") {
    return { code: "refused", path: "planId", detail: `${plan.name} is not sold here. Contact us for it.` };
  }
  if (plan.kind === "free") {
    return { code: "refused", path: "planId", detail: `${plan.name} needs no payment. Choose a paid plan.` };
  }
  const unitCents = plan.priceCents[choice.interval];
  if (unitCents === undefined) {
    const other = choice.interval === "month" ? "year" : "month";
    return {
      code: "refused",
      path: "interval",
      detail: `${plan.name} is not sold by the ${choice.interval}. Choose ${other}.`,
    };
  }
  if (choice.seats < plan.minSeats || choice.seats > plan.maxSeats) {
    return { code: "refused", path: "seats", detail: seatsSentence(plan) };
  }
  const { interval, seats } = choice;
  return { code: "first_subscription", plan, interval, seats, unitCents, subtotalCents: unitCents * seats };
}

function seatsSentence(plan: Plan): string {
  if (!plan.perSeat) return `${plan.name} has one seat.`;
  return `${plan.name} has ${plan.minSeats} to ${plan.maxSeats} seats. Choose a number between.`;
}
