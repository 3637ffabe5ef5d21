import type { Catalog, Interval } from "./catalog.ts";

/** What an operator agreed with one account: minor units before tax, per seat where the plan's price is. */
export type OwnPrices = Readonly<Record<string, Readonly<Partial<Record<Interval, number>>>>>;

/** The catalogue as one account is offered it. A custom plan with a price is sold to this account, and to no other. */
export function withOwnPrices(catalog: Catalog, prices: OwnPrices | undefined): Catalog {
  if (prices === undefined) return catalog;
  const plans = catalog.plans.map((plan) => {
    const own = prices[plan.id];
    if (own === undefined) return plan;
    const kind = plan.kind === "custom" ? "paid" : plan.kind;
    return { ...plan, kind, priceCents: { ...plan.priceCents, ...own } };
  });
  return { ...catalog, plans };
}
