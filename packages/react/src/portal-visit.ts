import type { Overview } from "@bursar/client";
import { forget, keep, recall } from "./tab-store.ts";

type Card = Overview["paymentMethod"];

const PORTAL = "portal";

/** Of a visit to Stripe's portal: the card there was. */
export const rememberPortal = (card: Card): void => keep(PORTAL, { card });

/** The card before the visit that this is the way back from; `undefined`: there was none. Told once. */
export function recallPortal(): Card | undefined {
  const visit = recall<{ card: Card }>(PORTAL);
  forget(PORTAL);
  return visit?.card;
}
