import type { Catalog, Meter, Pack, Plan } from "./catalog.ts";
import { catalogSchema, type ParsedCatalog } from "./schema.ts";

/** One mistake in a catalogue file: where, as a path (`plans.team.limits.events`), and why. */
export interface CatalogMistake {
  readonly path: string;
  readonly reason: string;
}

export type CatalogCheck =
  | { readonly ok: true; readonly catalog: Catalog }
  | { readonly ok: false; readonly mistakes: readonly CatalogMistake[] };

/** Checks what `bursar.config.ts` exports; names every mistake at once, not only the first. */
export function checkCatalog(input: unknown): CatalogCheck {
  const parsed = catalogSchema.safeParse(input);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map((issue) => ({
      path: issue.path.map(String).join(".") || "(catalogue)",
      reason: issue.message,
    }));
    return { ok: false, mistakes };
  }
  const mistakes = [...checkMeters(parsed.data), ...checkPlans(parsed.data), ...checkPacks(parsed.data)];
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, catalog: toCatalog(parsed.data) };
}

function* checkMeters({ meters }: ParsedCatalog): Generator<CatalogMistake> {
  const tokensMeters = Object.keys(meters).filter((id) => meters[id]?.kind === "tokens");
  if (tokensMeters.length !== 1) {
    const found = tokensMeters.length === 0 ? "none has it" : `${tokensMeters.join(" and ")} have it`;
    yield {
      path: "meters",
      reason: `exactly one meter has kind "tokens", the one that credits pay for; ${found}`,
    };
  }
  for (const [id, meter] of Object.entries(meters)) {
    if (meter.kind === "tokens" && meter.pastLimit !== "credits") {
      yield {
        path: `meters.${id}.pastLimit`,
        reason: 'is "credits" on the tokens meter: credits pay after the allocation',
      };
    }
    if (meter.kind === "level" && meter.groupBy !== undefined) {
      yield {
        path: `meters.${id}.groupBy`,
        reason: "is left out on a level: days of use are divided into groups, and a level is what there is",
      };
    }
  }
}

function* checkPlans({ plans, meters }: ParsedCatalog): Generator<CatalogMistake> {
  const free = Object.keys(plans).filter((id) => plans[id]?.kind === "free");
  if (free.length !== 1) {
    yield {
      path: "plans",
      reason: `exactly one plan has kind "free", the one that ended subscriptions fall to; found ${free.length}`,
    };
  }
  if (free.length === 1 && Object.keys(plans)[0] !== free[0]) {
    yield { path: `plans.${free[0]}`, reason: "stands first: plans are written from low to high" };
  }
  for (const [id, plan] of Object.entries(plans)) {
    for (const meterId of Object.keys(meters)) {
      if (plan.limits[meterId] === undefined) {
        yield { path: `plans.${id}.limits.${meterId}`, reason: 'is missing; write a number or "unlimited"' };
      }
    }
    for (const meterId of Object.keys(plan.limits)) {
      if (meters[meterId] === undefined) {
        yield {
          path: `plans.${id}.limits.${meterId}`,
          reason: `names no meter; the meters are ${Object.keys(meters).join(", ")}`,
        };
      }
    }
    yield* checkSale(id, plan);
  }
}

function* checkSale(id: string, plan: ParsedCatalog["plans"][string]): Generator<CatalogMistake> {
  const prices = Object.values(plan.priceCents).filter((price) => price !== undefined);
  if (plan.kind === "paid" && prices.length === 0) {
    yield { path: `plans.${id}.priceCents`, reason: "has a price for month, year or both: the plan is paid" };
  }
  if (plan.kind === "paid" && prices.some((price) => price < 50)) {
    yield { path: `plans.${id}.priceCents`, reason: "is at least 50: Stripe takes no smaller payment" };
  }
  if (plan.kind !== "paid" && prices.length > 0) {
    yield {
      path: `plans.${id}.priceCents`,
      reason: `is left out: a plan of kind "${plan.kind}" is not sold here`,
    };
  }
  if (plan.kind === "free" && plan.seats !== undefined) {
    yield { path: `plans.${id}.seats`, reason: "is left out: the free plan has one seat" };
  }
  if (plan.kind === "free" && plan.withdrawn) {
    yield { path: `plans.${id}.withdrawn`, reason: "is left out: ended subscriptions fall to the free plan" };
  }
  if (plan.seats !== undefined && plan.seats.max < plan.seats.min) {
    yield { path: `plans.${id}.seats.max`, reason: `is at least the minimum, ${plan.seats.min}` };
  }
}

function* checkPacks({ packs }: ParsedCatalog): Generator<CatalogMistake> {
  const entries = Object.entries(packs);
  for (const [index, [id, pack]] of entries.entries()) {
    const before = entries[index - 1]?.[1];
    if (before !== undefined && pack.tokens <= before.tokens) {
      yield {
        path: `packs.${id}.tokens`,
        reason: `is more than ${before.tokens}: packs are written from small to large`,
      };
    }
  }
  const popular = entries.filter(([, pack]) => pack.popular);
  if (popular.length > 1) {
    yield {
      path: "packs",
      reason: `at most one pack is the popular one; found ${popular.map(([id]) => id).join(", ")}`,
    };
  }
}

function toCatalog(parsed: ParsedCatalog): Catalog {
  const meters = Object.entries(parsed.meters).map(([id, meter]): Meter => ({
    id,
    ...meter,
    groupBy: meter.groupBy ?? null,
  }));
  const plans = Object.entries(parsed.plans).map(([id, plan], rank): Plan => {
    const { seats, limits, priceCents, ...rest } = plan;
    const { month, year } = priceCents;
    return {
      id,
      ...rest,
      rank,
      perSeat: seats !== undefined,
      minSeats: seats?.min ?? 1,
      maxSeats: seats?.max ?? 1,
      priceCents: { ...(month === undefined ? {} : { month }), ...(year === undefined ? {} : { year }) },
      limits: Object.fromEntries(
        Object.entries(limits).map(([meter, limit]) => [meter, limit === "unlimited" ? null : limit]),
      ),
    };
  });
  const packs = Object.entries(parsed.packs).map(([id, pack]): Pack => ({ id, ...pack }));
  return {
    currency: parsed.currency,
    meters,
    plans,
    packs,
    freePlanId: plans.find((plan) => plan.kind === "free")!.id,
    page: {
      ...parsed.page,
      contactUrl: parsed.page.contactUrl ?? null,
      withdrawal: parsed.page.withdrawal ?? null,
    },
    tokensMeterId: meters.find((meter) => meter.kind === "tokens")!.id,
  };
}
