import type { Overview } from "@bursar/client";
import { tabStore } from "./tab-store.ts";

const PORTAL = "bursar:portal";

/** Of a visit to Stripe's portal: the card there was. */
export function rememberPortal(card: Overview["paymentMethod"]): void {
  try {
    tabStore()?.setItem(PORTAL, JSON.stringify(card));
  } catch {
    return;
  }
}

/** The card before the visit that this is the way back from; `undefined`: there was none. Told once. */
export function recallPortal(): Overview["paymentMethod"] | undefined {
  const text = tabStore()?.getItem(PORTAL) ?? null;
  tabStore()?.removeItem(PORTAL);
  return text === null ? undefined : (JSON.parse(text) as Overview["paymentMethod"]);
}
