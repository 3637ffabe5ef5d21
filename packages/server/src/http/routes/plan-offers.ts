import type { z } from "@hono/zod-openapi";
import { INTERVALS, type Plan } from "@bursar/core";
import type { Overview } from "../../overview/overview.ts";
import type { planOffer } from "../schemas/billing.ts";

/** The catalogue's plans as the page offers them, seen from the plan in force. One that is sold no more is shown to who is on it. */
export function planOffers({ catalog, plan: current, account }: Overview): z.output<typeof planOffer>[] {
  const offered = catalog.plans.filter((plan) => !plan.withdrawn || plan.id === current.id);
  return offered.map((plan) => ({
    id: plan.id,
    name: plan.name,
    prices: { month: plan.priceCents.month ?? null, year: plan.priceCents.year ?? null },
    ownPrices: INTERVALS.filter((interval) => account.overrides.prices?.[plan.id]?.[interval] !== undefined),
    currency: catalog.currency,
    perSeat: plan.perSeat,
    minSeats: plan.minSeats,
    maxSeats: plan.maxSeats,
    limits: catalog.meters.map(({ id, name, format }) => ({
      meter: id,
      name,
      format,
      limit: plan.limits[id] ?? null,
    })),
    withdrawn: plan.withdrawn,
    change: changeTo(plan, current),
  }));
}

function changeTo(plan: Plan, current: Plan): "current" | "upgrade" | "downgrade" | "contact" {
  if (plan.id === current.id) return "current";
  if (plan.kind === "custom") return "contact";
  return plan.rank > current.rank ? "upgrade" : "downgrade";
}
