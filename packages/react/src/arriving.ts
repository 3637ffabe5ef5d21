import type { BillingAction, Overview, Permission } from "@bursar/client";
import { useSyncExternalStore } from "react";

/*
 * A payment that was made at Stripe and is not in the account yet. Until it is, nothing that pays again is offered (RT2).
 * It is one for the whole browser tab, as the return from Stripe is.
 */
let isArriving = false;
const listeners = new Set<() => void>();

export function setArriving(value: boolean): void {
  if (value === isArriving) return;
  isArriving = value;
  for (const tell of listeners) tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useArriving(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => isArriving,
    () => false,
  );
}

const PAYING: readonly BillingAction[] = ["upgrade", "changePlan", "changeSeats", "buyCredits"];

/** Of what is not offered at all for now, which is more than refused. */
const ABSENT = "arriving";

/** Whether an action has no place on the page meanwhile; what stands there says why. */
export const isAbsent = ({ code }: Permission): boolean => code === ABSENT;

/** The overview with nothing offered that would pay a second time. */
export function withoutPaying(overview: Overview, reason: string): Overview {
  const refused = Object.fromEntries(
    PAYING.map((action) => [action, { allowed: false, code: ABSENT, reason }]),
  );
  return { ...overview, can: { ...overview.can, ...refused } };
}
