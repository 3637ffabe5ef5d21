/** The items that a request asks for, and the rules that all items of a subscription keep together. */
import type { Price, Recurring, TaxBehavior } from "../../entities/price.ts";
import type { SubscriptionItem } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId } from "../../store/ids.ts";
import { fitsInto } from "../../time/intervals.ts";
import { lineAmount } from "../../money/amounts.ts";
import { checkAmount } from "../../wire/bounds.ts";
import { invalidRequest, noSuchReference, parameterMissing } from "../../wire/errors.ts";
import { mergeMetadata, type Metadata } from "../../wire/metadata.ts";
import { inlinePrice } from "../inline-price.ts";
import { priceOf } from "../prices.ts";
import { taxRateIds } from "../tax-rates.ts";

export interface ItemParams {
  id?: string | null | undefined;
  price?: string | null | undefined;
  price_data?: ItemPriceData | null | undefined;
  quantity?: number | null | undefined;
  deleted?: boolean | null | undefined;
  metadata?: Record<string, string | null> | null | undefined;
  billing_thresholds?: unknown;
  current_trial?: unknown;
  discounts?: unknown;
  plan?: string | null | undefined;
  tax_rates?: string[] | null | undefined;
  clear_usage?: boolean | null | undefined;
}

interface ItemPriceData {
  currency: string;
  product: string;
  recurring?:
    { interval: Recurring["interval"]; interval_count?: number | null | undefined } | null | undefined;
  tax_behavior?: TaxBehavior | null | undefined;
  unit_amount?: number | null | undefined;
  unit_amount_decimal?: string | null | undefined;
}

/** An item as it is to be. `before` is what it was, for those that exist. */
export interface WantedItem {
  id: string;
  price: Price & { recurring: Recurring };
  quantity: number;
  metadata: Metadata;
  /** Ids of rates of this item alone. */
  tax_rates: string[];
  before: SubscriptionItem | null;
}

/** Stripe's most. */
const MAX_ITEMS = 20;
const MAX_QUANTITY = 999_999_999;

const NOT_SERVED = ["billing_thresholds", "current_trial", "discounts", "plan"] as const;

/** The items after a request: those it does not name stay, those without an id are added. */
export function wantedItems(
  sandbox: Sandbox,
  existing: SubscriptionItem[],
  given: readonly ItemParams[],
): { items: WantedItem[]; removed: SubscriptionItem[] } {
  const wanted = new Map(existing.map((item) => [item.id, asWanted(sandbox, item)]));
  const removed: SubscriptionItem[] = [];
  for (const [index, params] of given.entries()) {
    const param = `items[${index}]`;
    const unserved = NOT_SERVED.find((name) => params[name] != null);
    if (unserved !== undefined) {
      throw invalidRequest(`The emulator does not serve \`${unserved}\` of an item.`, {
        param: `${param}[${unserved}]`,
      });
    }
    if (params.id && given.findIndex(({ id }) => id === params.id) < index) {
      throw invalidRequest(`The item ${params.id} is named twice.`, { param: `${param}[id]` });
    }
    const before = params.id ? existing.find((item) => item.id === params.id) : null;
    if (before === undefined) throw noSuchReference("subscription item", params.id ?? "", `${param}[id]`);
    if (before !== null && params.deleted) {
      wanted.delete(before.id);
      removed.push(before);
      continue;
    }
    const item = before === null ? added(sandbox, params, param) : altered(sandbox, before, params, param);
    wanted.set(item.id, item);
  }
  const items = [...wanted.values()];
  checkTogether(sandbox, items);
  return { items, removed };
}

export function asWanted(sandbox: Sandbox, before: SubscriptionItem): WantedItem {
  const { id, quantity, metadata, tax_rates } = before;
  const price = recurringPrice(sandbox, before.price, "price");
  return { id, price, quantity, metadata, tax_rates, before };
}

function added(sandbox: Sandbox, params: ItemParams, param: string): WantedItem {
  const price = priceFrom(sandbox, params, param);
  if (price === null) throw parameterMissing(`${param}[price]`);
  const quantity = checkQuantity(params.quantity ?? 1, param);
  return {
    id: newId("si"),
    price,
    quantity,
    metadata: mergeMetadata({}, params.metadata),
    tax_rates: taxRateIds(sandbox, params.tax_rates, { before: [], param: `${param}[tax_rates]` }),
    before: null,
  };
}

function altered(sandbox: Sandbox, before: SubscriptionItem, params: ItemParams, param: string): WantedItem {
  const price = priceFrom(sandbox, params, param) ?? recurringPrice(sandbox, before.price, param);
  const isReset = price.id !== before.price && sandbox.account.assumptions.quantityOfNewPrice === "one";
  const quantity = checkQuantity(params.quantity ?? (isReset ? 1 : before.quantity), param);
  return {
    id: before.id,
    price,
    quantity,
    metadata: mergeMetadata(before.metadata, params.metadata),
    tax_rates: taxRateIds(sandbox, params.tax_rates, {
      before: before.tax_rates,
      param: `${param}[tax_rates]`,
    }),
    before,
  };
}

function checkQuantity(quantity: number, param: string): number {
  if (quantity >= 0 && quantity <= MAX_QUANTITY) return quantity;
  throw invalidRequest("Invalid non-negative integer", { param: `${param}[quantity]` });
}

function priceFrom(sandbox: Sandbox, params: ItemParams, param: string): WantedItem["price"] | null {
  if (params.price && params.price_data) {
    throw invalidRequest("You may only specify one of these parameters: price, price_data.", { param });
  }
  if (params.price_data)
    return recurringPrice(sandbox, inlinePrice(sandbox, params.price_data, param).id, param);
  return params.price ? activePrice(sandbox, params.price, param) : null;
}

function activePrice(sandbox: Sandbox, id: string, param: string): WantedItem["price"] {
  const price = recurringPrice(sandbox, id, param);
  if (price.active) return price;
  throw invalidRequest(`The price specified is inactive. This field only accepts active prices.`, {
    param: `${param}[price]`,
  });
}

export function recurringPrice(sandbox: Sandbox, id: string, param: string): WantedItem["price"] {
  const price = priceOf(sandbox, id, `${param}[price]`);
  if (price.recurring !== null) return { ...price, recurring: price.recurring };
  throw invalidRequest(
    "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
    { param: `${param}[price]` },
  );
}

/** One currency, no price twice, and intervals of which each is a multiple of the shortest. */
function checkTogether(sandbox: Sandbox, items: WantedItem[]): void {
  if (items.length === 0) {
    throw invalidRequest(
      "A subscription must have at least one active item. To cancel it, cancel the subscription.",
      {
        param: "items",
      },
    );
  }
  if (items.length > MAX_ITEMS) {
    throw invalidRequest(`A subscription may have up to ${MAX_ITEMS} items.`, { param: "items" });
  }
  for (const [index, { price, quantity }] of items.entries())
    checkAmount(lineAmount(price, quantity), `items[${index}][quantity]`);
  const [first] = items;
  const other = items.find(({ price }) => price.currency !== first?.price.currency);
  if (other !== undefined) {
    throw invalidRequest("All prices on a subscription must have the same currency.", { param: "items" });
  }
  const ids = new Set(items.map(({ price }) => price.id));
  if (ids.size < items.length && sandbox.account.assumptions.samePriceTwice === "refused") {
    const message =
      "A subscription cannot have two items with the same price. Change the quantity of the one instead.";
    throw invalidRequest(message, { param: "items" });
  }
  const cycles = items.map(({ price }) => price.recurring);
  if (!cycles.some((shortest) => cycles.every((cycle) => fitsInto(shortest, cycle)))) {
    throw invalidRequest(
      "The billing intervals of a subscription's prices must be multiples of the shortest of them.",
      { param: "items" },
    );
  }
}
