import type { z } from "@hono/zod-openapi";
import type { Catalog, Plan } from "@bursar/core";
import type { planOffer } from "../schemas/billing.ts";

/** The catalogue's plans as the page offers them, seen from the plan in force. One that is sold no more is shown to who is on it. */
export function planOffers(catalog: Catalog, current: Plan): z.output<typeof planOffer>[] {
  const offered = catalog.plans.filter((plan) => !plan.withdrawn || plan.id === current.id);
  return offered.map((plan) => ({
    id: plan.id,
    name: plan.name,
    prices: { month: plan.priceCents.month ?? null, year: plan.priceCents.year ?? null },
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
