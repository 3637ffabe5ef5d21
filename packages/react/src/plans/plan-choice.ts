import type { Interval, Overview, PlanOffer } from "@bursar/client";

/** What the customer is choosing. It lives in the address, so that it can be linked and survives signing in. */
export interface Choice {
  planId: string;
  interval: Interval;
  seats: number;
}

/** The address's part of a choice: what is missing or makes no sense is left out. */
export function readChoice(search: string): Partial<Choice> {
  const query = new URLSearchParams(search);
  const plan = query.get("plan");
  const interval = query.get("interval");
  const seats = Number(query.get("seats"));
  return {
    ...(plan === null || plan === "" ? {} : { planId: plan }),
    ...(interval === "month" || interval === "year" ? { interval } : {}),
    ...(Number.isSafeInteger(seats) && seats > 0 ? { seats } : {}),
  };
}

export function writeChoice({ planId, interval, seats }: Choice): string {
  return `?${new URLSearchParams({ plan: planId, interval, seats: String(seats) })}`;
}

/** Plans that can be chosen; a "contact us" plan is told of but never chosen. */
function choosable(offers: PlanOffer[]): PlanOffer[] {
  return offers.filter(({ change }) => change !== "contact");
}

/** Fills a choice up: the next higher plan, the interval of today, as many seats as there are people. */
export function completeChoice(
  partial: Partial<Choice>,
  offers: PlanOffer[],
  overview: Overview,
): Choice | null {
  const plans = choosable(offers);
  const offer =
    plans.find(({ id }) => id === partial.planId) ??
    plans.find(({ change }) => change === "upgrade") ??
    plans.find(({ change }) => change === "current");
  if (offer === undefined) return null;
  const inUse = Math.max(overview.seats.used, offer.id === overview.plan.id ? overview.seats.purchased : 0);
  return {
    planId: offer.id,
    interval: partial.interval ?? overview.interval ?? "month",
    seats: offer.perSeat ? (partial.seats ?? Math.max(offer.minSeats, inUse)) : 1,
  };
}

export function seatsAreValid(seats: number, offer: PlanOffer): boolean {
  return Number.isSafeInteger(seats) && seats >= offer.minSeats && seats <= offer.maxSeats;
}

/** Whether this is what the account has now. On Free there is nothing more to choose. */
export function isTodays(choice: Choice, { plan, interval, seats }: Overview): boolean {
  if (choice.planId !== plan.id) return false;
  if (plan.kind === "free") return true;
  return choice.interval === interval && (!plan.perSeat || choice.seats === seats.purchased);
}
