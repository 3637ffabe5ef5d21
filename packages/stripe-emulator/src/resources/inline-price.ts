/** Prices stated in place (`price_data`): each makes a price of its own, inactive, since it is for this one use. */
import type { Interval, Price, TaxBehavior } from "../entities/price.ts";
import type { Sandbox } from "../sandbox.ts";
import { newId } from "../store/ids.ts";
import { parameterMissing } from "../wire/errors.ts";
import type { Given } from "../wire/route.ts";
import type { Stripe } from "../wire/stripe-types.ts";
import { amountOf, recurringOf } from "./prices.ts";
import { createProduct, productOf } from "./products.ts";

export interface PriceData {
  currency: string;
  product?: string | null | undefined;
  product_data?: Given<Stripe.Checkout.SessionCreateParams.LineItem.PriceData.ProductData> | null | undefined;
  recurring?: { interval: Interval; interval_count?: number | null | undefined } | null | undefined;
  tax_behavior?: TaxBehavior | null | undefined;
  unit_amount?: number | null | undefined;
  unit_amount_decimal?: string | null | undefined;
}

/** Marks them, where an inactive price would be refused. */
export const INLINE = "made by a price_data parameter";

/** `param` is the name of what the data is in, for refusals. */
export function inlinePrice(sandbox: Sandbox, given: PriceData, param: string): Price {
  if (!given.product && !given.product_data) throw parameterMissing(`${param}[price_data][product]`);
  const product = given.product_data
    ? createProduct(sandbox, { ...given.product_data, type: "service" })
    : productOf(sandbox, given.product ?? "", `${param}[price_data][product]`);
  return sandbox.store.prices.put({
    id: newId("price"),
    created: sandbox.wallNow(),
    active: false,
    currency: given.currency.toLowerCase(),
    product: product.id,
    ...amountOf(given, `${param}[price_data]`),
    recurring: recurringOf(given.recurring),
    lookup_key: null,
    nickname: INLINE,
    tax_behavior: given.tax_behavior ?? "unspecified",
    metadata: {},
  });
}
