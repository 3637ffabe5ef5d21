import { INTERVALS, type Catalog, type Interval } from "@bursar/core";

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
        {
          lookupKey: planLookupKey(plan.id, interval),
          productId: `bursar_${plan.id}`,
          productName: plan.name,
          unitCents,
          currency,
          interval,
          taxBehavior: "exclusive",
          metadata: { bursar_plan: plan.id },
        },
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

/** The prices that Stripe lacks or has otherwise: what a push would make. */
async function diffCatalog(catalog: Catalog, priceList: PriceList): Promise<WantedPrice[]> {
  const wanted = wantedPrices(catalog);
  const found = await priceList.findPrices(wanted.map((price) => price.lookupKey));
  const byKey = new Map(found.map((price) => [price.lookupKey, price]));
  return wanted.filter((price) => {
    const existing = byKey.get(price.lookupKey);
    return (
      existing === undefined ||
      existing.unitCents !== price.unitCents ||
      existing.currency !== price.currency ||
      existing.interval !== price.interval ||
      existing.taxBehavior !== price.taxBehavior
    );
  });
}

/** Makes what Stripe lacks. A crash half-way is finished by the next push. @returns the lookup keys that were made */
export async function pushCatalog(catalog: Catalog, priceList: PriceList): Promise<string[]> {
  const missing = await diffCatalog(catalog, priceList);
  for (const price of missing) await priceList.createPrice(price);
  return missing.map((price) => price.lookupKey);
}
