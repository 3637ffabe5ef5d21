import type { Interval } from "@bursar/core";
import type Stripe from "stripe";

/** What a price sells; a price never changes, so what was read once stays true. */
export interface SoldPrice {
  readonly priceId: string;
  readonly planId: string | null;
  readonly interval: Interval | null;
  /** Made for one account alone. */
  readonly isOwn: boolean;
}

/** Prices of one catalogue are some dozens; with grandfathered ones some hundreds over years. */
const REMEMBERED_MAX = 1_000;

export class PriceBook {
  readonly #stripe: Stripe;
  readonly #known = new Map<string, SoldPrice>();

  constructor(stripe: Stripe) {
    this.#stripe = stripe;
  }

  async byId(priceId: string): Promise<SoldPrice> {
    const known = this.#known.get(priceId);
    if (known !== undefined) return known;
    const price = await this.#stripe.prices.retrieve(priceId);
    const sold: SoldPrice = {
      priceId,
      planId: price.metadata["bursar_plan"] ?? null,
      interval: (price.recurring?.interval as Interval | undefined) ?? null,
      isOwn: isOwnPrice(price),
    };
    if (this.#known.size >= REMEMBERED_MAX) this.#known.clear();
    this.#known.set(priceId, sold);
    return sold;
  }
}

export function isOwnPrice({ metadata }: Pick<Stripe.Price, "metadata">): boolean {
  return metadata["bursar_account"] !== undefined;
}
