import type { Subscription, Target } from "@bursar/core";
import { planLookupKey } from "../catalog/push.ts";
import type { Gateway } from "../stripe/gateway.ts";

/**
 * The price at Stripe of a target. Who stays on the same plan and interval keeps the price that they have, though the
 * catalogue sells it at another by now (C3). `null`: the catalogue was not pushed to Stripe.
 */
export async function priceIdOf(
  gateway: Gateway,
  target: Target,
  has: Subscription | null,
): Promise<string | null> {
  if (has !== null && has.planId === target.planId && has.interval === target.interval) {
    return has.priceId;
  }
  const [price] = await gateway.findPrices([planLookupKey(target.planId, target.interval)]);
  return price?.priceId ?? null;
}
