/** Prices: an amount, a currency and, if it recurs, an interval. Amounts never change; a new price replaces an old one. */
import type { Interval, Price, Recurring } from "../entities/price.ts";
import type { Stripe } from "../wire/stripe-types.ts";
import type { Sandbox } from "../sandbox.ts";
import { newId } from "../store/ids.ts";
import { checkAmount } from "../wire/bounds.ts";
import { invalidRequest, noSuchObject, noSuchReference, parameterMissing } from "../wire/errors.ts";
import { listPage } from "../wire/lists.ts";
import { mergeMetadata } from "../wire/metadata.ts";
import { route, type Given } from "../wire/route.ts";
import { complete, type WireObject } from "../wire/shape.ts";
import { previousAttributes } from "./events.ts";
import { changed, createProduct, productOf, showProduct } from "./products.ts";

export function showPrice(_sandbox: Sandbox, price: Price): WireObject {
  return complete({
    object: "price",
    billing_scheme: "per_unit",
    type: price.recurring ? "recurring" : "one_time",
    ...price,
  });
}

/** The retired twin of a recurring price that subscription items still carry. */
export function showPlan(price: Price): WireObject {
  return complete({
    object: "plan",
    id: price.id,
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: "per_unit",
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? "month",
    interval_count: price.recurring?.interval_count ?? 1,
    metadata: price.metadata,
    nickname: price.nickname,
    product: price.product,
    usage_type: price.recurring?.usage_type ?? "licensed",
  });
}

export function priceOf(sandbox: Sandbox, id: string, param: string): Price {
  const price = sandbox.store.prices.get(id);
  if (price === undefined) throw noSuchReference("price", id, param);
  return price;
}

interface AmountParams {
  unit_amount?: number | null | undefined;
  unit_amount_decimal?: string | null | undefined;
}

/** An amount is an integer, or a decimal string of up to twelve places that may be an integer after all. */
export function amountOf(params: AmountParams, prefix = "") {
  const param = prefix === "" ? "unit_amount" : `${prefix}[unit_amount]`;
  if (params.unit_amount != null && params.unit_amount_decimal != null) {
    throw invalidRequest("You may only specify one of these parameters: unit_amount, unit_amount_decimal.", {
      param,
    });
  }
  if (params.unit_amount != null) {
    checkAmount(params.unit_amount, param);
    if (params.unit_amount < 0) throw invalidRequest("Invalid unit_amount: must be at least 0.", { param });
    return { unit_amount: params.unit_amount, unit_amount_decimal: String(params.unit_amount) };
  }
  if (params.unit_amount_decimal == null) throw parameterMissing(param);
  if (!/^\d{1,15}(\.\d{1,12})?$/.test(params.unit_amount_decimal)) {
    throw invalidRequest(`Invalid decimal: ${params.unit_amount_decimal}`, { param: `${param}_decimal` });
  }
  const value = checkAmount(Number(params.unit_amount_decimal), `${param}_decimal`);
  const isWhole = Number.isSafeInteger(value);
  // As it was written, for tiny ones would come out as 1e-7.
  const written = params.unit_amount_decimal.replace(/^0+(?=\d)/, "").replace(/0+$/, "");
  return { unit_amount: isWhole ? value : null, unit_amount_decimal: isWhole ? String(value) : written };
}

interface RecurringParams {
  interval: Interval;
  interval_count?: number | null | undefined;
  trial_period_days?: number | null | undefined;
  usage_type?: "licensed" | "metered" | null | undefined;
}

/** No interval may be longer than three years. */
const MAX_INTERVAL_COUNT: Record<Interval, number> = { day: 1095, week: 156, month: 36, year: 3 };

export function recurringOf(params: RecurringParams | null | undefined): Recurring | null {
  if (!params) return null;
  const count = params.interval_count ?? 1;
  if (count < 1 || count > MAX_INTERVAL_COUNT[params.interval]) {
    throw invalidRequest("Invalid interval_count: a price may recur at most every three years.", {
      param: "recurring[interval_count]",
    });
  }
  if (params.usage_type === "metered") {
    throw invalidRequest("The emulator serves licensed prices only, not metered ones.", {
      param: "recurring[usage_type]",
    });
  }
  return {
    interval: params.interval,
    interval_count: count,
    meter: null,
    trial_period_days: params.trial_period_days ?? null,
    usage_type: "licensed",
  };
}

/** Moves a lookup key from the price that has it, if the caller said so; a key names one price at a time. */
function claimLookupKey(sandbox: Sandbox, key: string, transfer: boolean): void {
  for (const holder of sandbox.store.prices.where("lookup_key", key)) {
    if (!transfer) {
      throw invalidRequest(
        `A price (\`${holder.id}\`) already uses that lookup key. Use \`transfer_lookup_key=true\` to move it.`,
        { code: "resource_already_exists", param: "lookup_key" },
      );
    }
    emitUpdate(sandbox, holder, sandbox.store.prices.patch(holder.id, { lookup_key: null }));
  }
}

function emitUpdate(sandbox: Sandbox, before: Price, after: Price): void {
  const [old, fresh] = [showPrice(sandbox, before), showPrice(sandbox, after)];
  sandbox.emit("price.updated", fresh, previousAttributes(old, fresh));
}

function createPrice(sandbox: Sandbox, params: Given<Stripe.PriceCreateParams>): Price {
  if (
    params.billing_scheme === "tiered" ||
    params.tiers ||
    params.currency_options ||
    params.transform_quantity
  ) {
    throw invalidRequest(
      "The emulator serves prices per unit in one currency: no tiers, options or transforms.",
    );
  }
  if (!params.product && !params.product_data) throw parameterMissing("product");
  const product = params.product_data
    ? createProduct(sandbox, { ...params.product_data, type: "service" })
    : productOf(sandbox, params.product ?? "");
  if (params.lookup_key) claimLookupKey(sandbox, params.lookup_key, params.transfer_lookup_key ?? false);
  const price = sandbox.store.prices.put({
    id: newId("price"),
    created: sandbox.wallNow(),
    active: params.active ?? true,
    currency: params.currency.toLowerCase(),
    product: product.id,
    ...amountOf(params),
    recurring: recurringOf(params.recurring),
    lookup_key: params.lookup_key ?? null,
    nickname: params.nickname ?? null,
    tax_behavior: params.tax_behavior ?? "unspecified",
    metadata: mergeMetadata({}, params.metadata),
  });
  if (price.recurring) sandbox.emit("plan.created", showPlan(price));
  sandbox.emit("price.created", showPrice(sandbox, price));
  return price;
}

function requirePrice(sandbox: Sandbox, id: string): Price {
  const price = sandbox.store.prices.get(id);
  if (price === undefined) throw noSuchObject("price", id);
  return price;
}

function updatePrice(sandbox: Sandbox, price: Price, params: Given<Stripe.PriceUpdateParams>): Price {
  const behavior = params.tax_behavior ?? price.tax_behavior;
  if (behavior !== price.tax_behavior && price.tax_behavior !== "unspecified") {
    throw invalidRequest("You cannot change the tax_behavior of a price once it is set.", {
      param: "tax_behavior",
    });
  }
  if (params.lookup_key && params.lookup_key !== price.lookup_key) {
    claimLookupKey(sandbox, params.lookup_key, params.transfer_lookup_key ?? false);
  }
  const after = sandbox.store.prices.patch(price.id, {
    active: params.active ?? price.active,
    lookup_key: changed(params.lookup_key, price.lookup_key),
    nickname: changed(params.nickname, price.nickname),
    tax_behavior: behavior,
    metadata: mergeMetadata(price.metadata, params.metadata),
  });
  emitUpdate(sandbox, price, after);
  return after;
}

/** A product, with its first price when the request describes one. */
function createProductWithPrice(sandbox: Sandbox, params: Given<Stripe.ProductCreateParams>): WireObject {
  const product = createProduct(sandbox, params);
  const given = params.default_price_data;
  if (!given) return showProduct(sandbox, product);
  if (given.custom_unit_amount) {
    throw invalidRequest("The emulator's prices have a fixed amount: customers do not choose it.", {
      param: "default_price_data[custom_unit_amount]",
    });
  }
  const price = createPrice(sandbox, { ...given, product: product.id });
  return showProduct(sandbox, sandbox.store.products.patch(product.id, { default_price: price.id }));
}

export const priceRoutes = [
  route<Stripe.ProductCreateParams>("POST /v1/products", ({ sandbox, params }) =>
    createProductWithPrice(sandbox, params),
  ),
  route<Stripe.PriceCreateParams>("POST /v1/prices", ({ sandbox, params }) =>
    showPrice(sandbox, createPrice(sandbox, params)),
  ),
  route<Stripe.PriceListParams>("GET /v1/prices", ({ sandbox, params, url }) => {
    const matching = sandbox.store.prices
      .newestFirst()
      .filter((price) => params.active == null || price.active === params.active)
      .filter((price) => params.currency == null || price.currency === params.currency)
      .filter((price) => params.product == null || price.product === params.product)
      .filter((price) => params.type == null || (params.type === "recurring") === (price.recurring !== null))
      .filter(
        (price) =>
          params.recurring?.interval == null || price.recurring?.interval === params.recurring.interval,
      )
      .filter((price) => params.lookup_keys == null || params.lookup_keys.includes(price.lookup_key ?? ""));
    return listPage(matching, { params, url, show: (price) => showPrice(sandbox, price) });
  }),
  route("GET /v1/prices/{id}", ({ sandbox, id }) => showPrice(sandbox, requirePrice(sandbox, id))),
  route<Stripe.PriceUpdateParams>("POST /v1/prices/{id}", ({ sandbox, id, params }) =>
    showPrice(sandbox, updatePrice(sandbox, requirePrice(sandbox, id), params)),
  ),
];
