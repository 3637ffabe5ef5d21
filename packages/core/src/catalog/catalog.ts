/** The catalogue: what a product sells and counts. See README.md in this folder. */

import { invariant } from "../kernel/invariant.ts";

export type Interval = "month" | "year";
export const INTERVALS: readonly Interval[] = ["month", "year"];

export type MeterKind = "counter" | "level" | "tokens";

export interface Meter {
  readonly id: string;
  readonly name: string;
  /** One of it, in lower case, for sentences: "session", "event", "AI token". */
  readonly unit: string;
  readonly kind: MeterKind;
  /** How quantities are written: plain counts or bytes (KiB, MiB, GiB). */
  readonly format: "count" | "bytes";
  /** What happens to enforced use past the limit: refused, or paid from credits while there are any. */
  readonly pastLimit: "refused" | "credits";
  /** The page's sentence for it, "New sessions are refused." */
  readonly limitSentence: string;
  /** What its use is divided by on the page; `null`: by nothing. */
  readonly groupBy: GroupBy | null;
}

/** Says to whom or what a use belongs: a project, a member. */
export interface GroupBy {
  /** The key in an event's properties whose text names the group. */
  readonly property: string;
  /** What the page calls such a group: "Project". */
  readonly name: string;
}

export type PlanKind = "free" | "paid" | "custom";

export interface Plan {
  readonly id: string;
  readonly name: string;
  readonly kind: PlanKind;
  /** Sold no more: who is on it stays, with the same limits, until they change (C3). */
  readonly withdrawn: boolean;
  /** Position in the catalogue: a plan of higher rank is an upgrade. */
  readonly rank: number;
  /** True: the price is for one seat. False: for the account, which has one seat. */
  readonly perSeat: boolean;
  readonly minSeats: number;
  readonly maxSeats: number;
  /** Minor units before tax, per interval (and seat). Empty on free and custom plans. */
  readonly priceCents: Readonly<Partial<Record<Interval, number>>>;
  /** Per meter id; `null` is unlimited. Has every meter. */
  readonly limits: Readonly<Record<string, number | null>>;
}

export interface Pack {
  readonly id: string;
  readonly name: string;
  readonly tokens: number;
  /** Minor units, tax included. */
  readonly priceCents: number;
  readonly popular: boolean;
}

/** What the billing page says of the product beside plans and prices. */
export interface PageOptions {
  /** Where a customer whose plan is arranged personally asks for a change; `null`: the page has no such link. */
  readonly contactUrl: string | null;
  /** Whether the page says where use is going. */
  readonly projection: boolean;
  readonly labels: {
    /** Per language: what a button says that charges the saved card, with `{sum}` where the sum stands. */
    readonly pay: Readonly<Record<string, string>>;
  };
  /** Consumers may withdraw from a contract for so many days (CA4); `null`: not offered. */
  readonly withdrawal: {
    readonly days: number;
    /** Per language. */
    readonly labels: {
      readonly start: Readonly<Record<string, string>>;
      readonly confirm: Readonly<Record<string, string>>;
    };
  } | null;
}

export interface Catalog {
  readonly currency: string;
  readonly meters: readonly Meter[];
  readonly plans: readonly Plan[];
  readonly packs: readonly Pack[];
  readonly page: PageOptions;
  /** The one plan of kind `free`. */
  readonly freePlanId: string;
  /** The one meter of kind `tokens`. */
  readonly tokensMeterId: string;
}

export function findPlan(catalog: Catalog, planId: string): Plan | undefined {
  return catalog.plans.find((plan) => plan.id === planId);
}

export function findMeter(catalog: Catalog, meterId: string): Meter | undefined {
  return catalog.meters.find((meter) => meter.id === meterId);
}

/** The meter that allocation and credits pay for. */
export function tokensMeterOf(catalog: Catalog): Meter {
  const meter = findMeter(catalog, catalog.tokensMeterId);
  invariant(meter !== undefined, "a checked catalogue has its tokens meter");
  return meter;
}

export function findPack(catalog: Catalog, packId: string): Pack | undefined {
  return catalog.packs.find((pack) => pack.id === packId);
}

/** What a pack saves against the first (smallest) pack's price per token, as whole per cent rounded down. */
export function savesPercent(catalog: Catalog, pack: Pack): number {
  const base = catalog.packs[0];
  if (base === undefined) return 0;
  const atBasePrice = BigInt(base.priceCents) * BigInt(pack.tokens);
  const atOwnPrice = BigInt(pack.priceCents) * BigInt(base.tokens);
  return Number(((atBasePrice - atOwnPrice) * 100n) / atBasePrice);
}

/** What a million tokens of a pack cost, in minor units, tax included; rounded to the nearest, for comparing packs. */
export function pricePerMillionCents({ priceCents, tokens }: Pack): number {
  const twice = (2n * BigInt(priceCents) * 1_000_000n) / BigInt(tokens);
  return Number((twice + 1n) / 2n);
}
