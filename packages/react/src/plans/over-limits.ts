import type { MeterUsage, Overview, PlanOffer } from "@bursar/client";

interface OverLimit {
  meter: MeterUsage;
  used: number;
  limit: number;
}

/** Meters of which more is used now than the plan includes: the customer is told before changing to it (PL4). */
export function overLimitsOf(offer: PlanOffer, { usage }: Overview): OverLimit[] {
  return Object.values(usage).flatMap((meter) => {
    const limit = offer.limits.find((each) => each.meter === meter.meter)?.limit ?? null;
    return limit === null || meter.used <= limit ? [] : [{ meter, used: meter.used, limit }];
  });
}
