import { findPlan, INTERVALS, moneyText, type Catalog, type Interval, type Plan } from "@bursar/core";

/** What the catalogue wants to have at Stripe, one row a price. */
export interface WantedPrice {
  readonly lookupKey: string;
  readonly productId: string;
  readonly productName: string;
  readonly unitCents: number;
  readonly currency: string;
  readonly interval: Interval | null;
  readonly taxBehavior: "exclusive" | "inclusive";
  /** How a price tells, read back, which plan or pack it sells. */
  readonly metadata: Readonly<Record<string, string>>;
}

interface ExistingPrice {
  readonly lookupKey: string;
  readonly unitCents: number;
  readonly currency: string;
  readonly interval: Interval | null;
  readonly taxBehavior: string;
}

/** The part of Stripe that a push needs. */
export interface PriceList {
  findPrices(lookupKeys: readonly string[]): Promise<ExistingPrice[]>;
  createPrice(wanted: WantedPrice): Promise<unknown>;
}

export const planLookupKey = (planId: string, interval: Interval): string => `bursar_${planId}_${interval}`;
export const packLookupKey = (packId: string): string => `bursar_${packId}`;

/** Every price that the catalogue sells at. Plan prices are before tax, pack prices include it (AP2). */
function wantedPrices(catalog: Catalog): WantedPrice[] {
  const { currency } = catalog;
  const plans = catalog.plans.flatMap((plan) =>
    INTERVALS.flatMap((interval): WantedPrice[] => {
      const unitCents = plan.priceCents[interval];
      if (unitCents === undefined) return [];
      return [
        { ...planPrice(plan), lookupKey: planLookupKey(plan.id, interval), unitCents, currency, interval },
      ];
    }),
  );
  const packs = catalog.packs.map((pack): WantedPrice => ({
    lookupKey: packLookupKey(pack.id),
    productId: `bursar_${pack.id}`,
    productName: `${pack.name}, ${pack.tokens.toLocaleString("en-US")} tokens`,
    unitCents: pack.priceCents,
    currency,
    interval: null,
    taxBehavior: "inclusive",
    metadata: { bursar_pack: pack.id },
  }));
  return [...plans, ...packs];
}

function planPrice({ id, name }: Plan) {
  return {
    productId: `bursar_${id}`,
    productName: name,
    taxBehavior: "exclusive" as const,
    metadata: { bursar_plan: id },
  };
}

/** The price of a plan for one account alone. It tells so by its metadata; no plan's lookup key has a colon. */
export function ownPrice(
  catalog: Catalog,
  given: { accountId: string; planId: string; interval: Interval; unitCents: number },
): WantedPrice {
  const { accountId, planId, interval, unitCents } = given;
  const sold = planPrice(findPlan(catalog, planId)!);
  return {
    ...sold,
    lookupKey: `${planLookupKey(planId, interval)}:${accountId}`,
    unitCents,
    currency: catalog.currency,
    interval,
    metadata: { ...sold.metadata, bursar_account: accountId },
  };
}

/** A price that a push makes, and the one whose place it takes. */
export interface PriceChange {
  readonly wanted: WantedPrice;
  readonly existing: ExistingPrice | null;
}

/** The prices that Stripe lacks or has otherwise: what a push would make. */
export async function diffCatalog(catalog: Catalog, priceList: PriceList): Promise<PriceChange[]> {
  const wanted = wantedPrices(catalog);
  const found = await priceList.findPrices(wanted.map((price) => price.lookupKey));
  const byKey = new Map(found.map((price) => [price.lookupKey, price]));
  return wanted
    .map((price) => ({ wanted: price, existing: byKey.get(price.lookupKey) ?? null }))
    .filter(({ wanted: price, existing }) => existing === null || !isSamePrice(price, existing));
}

function isSamePrice(wanted: WantedPrice, existing: ExistingPrice): boolean {
  return (
    existing.unitCents === wanted.unitCents &&
    existing.currency === wanted.currency &&
    existing.interval === wanted.interval &&
    existing.taxBehavior === wanted.taxBehavior
  );
}

/** Makes what Stripe lacks. A crash half-way is finished by the next push. @returns what was made */
export async function pushCatalog(catalog: Catalog, priceList: PriceList): Promise<PriceChange[]> {
  const changes = await diffCatalog(catalog, priceList);
  for (const { wanted } of changes) await priceList.createPrice(wanted);
  return changes;
}

/** A change in one line, for a person who decides whether to push. */
export function sayPriceChange({ wanted, existing }: PriceChange): string {
  const name = `${wanted.productName}${wanted.interval === null ? "" : ` by the ${wanted.interval}`}`;
  const becomes = moneyText(wanted.unitCents, wanted.currency);
  if (existing === null) return `${name}: new, ${becomes}.`;
  const was = moneyText(existing.unitCents, existing.currency);
  const what =
    was === becomes ? `${becomes} as before, with tax ${wanted.taxBehavior}` : `${was} becomes ${becomes}`;
  const keeps =
    wanted.interval === null ? "" : " Who is subscribed keeps the old price until they change plan.";
  return `${name}: ${what}, as a new price.${keeps}`;
}
