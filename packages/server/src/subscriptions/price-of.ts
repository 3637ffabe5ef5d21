import {
  choosePrice,
  type AccountId,
  type Catalog,
  type Overrides,
  type Subscription,
  type Target,
} from "@bursar/core";
import { ownPrice, planLookupKey } from "../catalog/push.ts";
import type { Gateway } from "../stripe/gateway.ts";

/** For whom a price is looked up. */
export interface Buyer {
  readonly accountId: AccountId;
  readonly overrides: Overrides;
}

interface PriceQuestion {
  readonly buyer: Buyer;
  readonly target: Target;
  readonly has: Subscription | null;
  /** Seats that are added now are paid at today's price; a renewal may bring another. */
  readonly at: "now" | "renewal";
}

/** The price at Stripe of a target. `null`: the catalogue was not pushed to Stripe. */
export async function priceIdOf(
  { gateway, catalog }: { gateway: Gateway; catalog: Catalog },
  { buyer, target, has, at }: PriceQuestion,
): Promise<string | null> {
  const choice = choosePrice({ target, has, own: buyer.overrides.prices, at });
  if (choice.kind === "kept") return choice.priceId;
  if (choice.kind === "own") {
    return ensureOwnPrice({ gateway, catalog }, buyer, { target, unitCents: choice.unitCents });
  }
  const [price] = await gateway.findPrices([planLookupKey(target.planId, target.interval)]);
  if (price !== undefined) return price.priceId;
  // A plan that only this account was sold has no other price to fall back to.
  return has !== null && has.planId === target.planId && has.interval === target.interval
    ? has.priceId
    : null;
}

/**
 * The account's own price at Stripe, made where it is missing. Each takes the lookup key from the one before it, whose
 * id is in the idempotency key: two who make it at once make one.
 */
async function ensureOwnPrice(
  { gateway, catalog }: { gateway: Gateway; catalog: Catalog },
  { accountId }: Buyer,
  { target, unitCents }: { target: Target; unitCents: number },
): Promise<string> {
  const wanted = ownPrice(catalog, {
    accountId,
    planId: target.planId,
    interval: target.interval,
    unitCents,
  });
  const [existing] = await gateway.findPrices([wanted.lookupKey]);
  if (existing?.unitCents === unitCents && existing.currency === wanted.currency) return existing.priceId;
  const made = await gateway.createPrice(wanted, { replaces: existing?.priceId ?? null });
  return made.priceId;
}
