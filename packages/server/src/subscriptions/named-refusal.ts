import type { ChangeRefusal } from "@bursar/core";
import type { SeatHolder } from "../seats/seat-holders.ts";

type SeatsInUse = Extract<ChangeRefusal, { code: "seats_in_use" }>;

/** A refusal that says who holds the seats, so that the customer knows whom to remove (PL5). */
export type NamedRefusal =
  Exclude<ChangeRefusal, SeatsInUse> | (SeatsInUse & { readonly holders: readonly SeatHolder[] });

export function nameHolders(refusal: ChangeRefusal, holders: readonly SeatHolder[]): NamedRefusal {
  return refusal.code === "seats_in_use" ? { ...refusal, holders } : refusal;
}
