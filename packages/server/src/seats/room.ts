/** How many people have room: the seats that are bought now, and those that are left after what is scheduled (SE2). */
import { findPlan, type Catalog, type EntitlementSlice, type Instant, type Plan } from "@bursar/core";

/** Seats that will be fewer from an instant on. */
export interface ComingSeats {
  readonly planId: string;
  readonly seats: number;
  readonly startsAt: Instant;
}

export interface Room {
  readonly plan: Plan;
  readonly purchasedSeats: number;
  /** The fewest seats of what is to come, when they are fewer than today's. */
  readonly cut: { readonly seats: number; readonly startsAt: Instant } | null;
}

/**
 * What comes on a plan with one seat limits nobody: there only the owner stays active, and the others are kept (S4).
 * @param coming slices that have not begun, and what a change that is under way will bring
 */
export function roomOf(
  catalog: Catalog,
  current: Pick<EntitlementSlice, "planId" | "seats">,
  coming: readonly ComingSeats[],
): Room {
  const plan = findPlan(catalog, current.planId) ?? findPlan(catalog, catalog.freePlanId)!;
  const purchasedSeats = plan.perSeat ? current.seats : 1;
  const cuts = coming
    .filter(({ planId, seats }) => findPlan(catalog, planId)?.perSeat === true && seats < purchasedSeats)
    .sort((one, other) => one.seats - other.seats || one.startsAt - other.startsAt);
  const [cut] = cuts;
  return {
    plan,
    purchasedSeats,
    cut: cut === undefined ? null : { seats: cut.seats, startsAt: cut.startsAt },
  };
}

/** Whether so many people have room now, and after what is scheduled. */
export function hasRoomFor({ purchasedSeats, cut }: Room, people: number): boolean {
  return people <= purchasedSeats && (cut === null || people <= cut.seats);
}
