import type { Interval } from "@bursar/core";
import Stripe from "stripe";
import type { WantedPrice } from "../catalog/push.ts";
import type { PriceFact } from "./facts.ts";

/** Stripe takes ten lookup keys in one call. */
const LOOKUP_KEYS_MAX = 10;

/** The active prices that have these lookup keys; a key that no price has is left out. */
export async function findPrices(stripe: Stripe, lookupKeys: readonly string[]): Promise<PriceFact[]> {
  const found: PriceFact[] = [];
  for (let start = 0; start < lookupKeys.length; start += LOOKUP_KEYS_MAX) {
    const lookup_keys = lookupKeys.slice(start, start + LOOKUP_KEYS_MAX);
    const prices = await stripe.prices.list({ lookup_keys, active: true, limit: 100 });
    found.push(...prices.data.map(toPriceFact));
  }
  return found;
}

/**
 * Makes the price and hands it the lookup key, taking it from an older price if one has it: a price never changes,
 * a new one replaces it (C3). The product is made with its own id when it is not there.
 * @param options.replaces the price that has the lookup key, `null` if none has: then two at once make one price
 */
export async function createPrice(
  stripe: Stripe,
  wanted: WantedPrice,
  { replaces }: { replaces?: string | null } = {},
): Promise<PriceFact> {
  await ensureProduct(stripe, wanted);
  const { unitCents, currency, interval, taxBehavior } = wanted;
  const { lookupKey } = wanted;
  const body: Stripe.PriceCreateParams = {
    product: wanted.productId,
    unit_amount: unitCents,
    currency,
    tax_behavior: taxBehavior,
    lookup_key: lookupKey,
    transfer_lookup_key: true,
    metadata: { ...wanted.metadata },
    ...(interval === null ? {} : { recurring: { interval } }),
  };
  const idempotencyKey = `price:${lookupKey}:${unitCents}:${currency}:${replaces}`;
  const price = await stripe.prices.create(body, replaces === undefined ? {} : { idempotencyKey });
  return toPriceFact(price);
}

async function ensureProduct(stripe: Stripe, { productId, productName }: WantedPrice): Promise<void> {
  try {
    const product = await stripe.products.retrieve(productId);
    if (product.name !== productName) await stripe.products.update(productId, { name: productName });
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_missing"))
      throw error;
    await stripe.products.create({ id: productId, name: productName });
  }
}

function toPriceFact(price: Stripe.Price): PriceFact {
  return {
    priceId: price.id,
    lookupKey: price.lookup_key ?? "",
    unitCents: price.unit_amount ?? 0,
    currency: price.currency,
    interval: (price.recurring?.interval as Interval | undefined) ?? null,
    taxBehavior: price.tax_behavior ?? "unspecified",
    productId: typeof price.product === "string" ? price.product : price.product.id,
  };
}
