import type { OwnPrices } from "../catalog/own-prices.ts";
import type { Target } from "./target.ts";

/** What the price of a period was made for. */
export interface PeriodPrice {
  readonly priceId: string;
  /** Made for this account alone. */
  readonly isOwn: boolean;
}

/** The price that is paid now, and for what. */
interface PaidPrice extends Target {
  readonly priceId: string;
  readonly isOwnPrice: boolean;
}

export type PriceChoice =
  | { readonly kind: "kept"; readonly priceId: string }
  | { readonly kind: "own"; readonly unitCents: number }
  | { readonly kind: "catalogue" };

/**
 * At which price a target is sold (C1, C3). Within a period the price stays, for seats that are added too; an account's
 * own price comes with a purchase, with a change of plan or interval, or else with the next renewal, and goes so. Who
 * stays on plan and interval keeps an older price of the catalogue for good.
 */
export function choosePrice({
  target,
  has,
  own,
  at,
}: {
  target: Target;
  has: PaidPrice | null;
  own: OwnPrices | undefined;
  at: "now" | "renewal";
}): PriceChoice {
  const stays = has !== null && has.planId === target.planId && has.interval === target.interval;
  if (stays && at === "now") return { kind: "kept", priceId: has.priceId };
  const unitCents = own?.[target.planId]?.[target.interval];
  if (unitCents !== undefined) return { kind: "own", unitCents };
  if (stays && !has.isOwnPrice) return { kind: "kept", priceId: has.priceId };
  return { kind: "catalogue" };
}
