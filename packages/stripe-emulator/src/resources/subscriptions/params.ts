/** What the parameters of creating and of updating a subscription have in common. */
import type { CollectionMethod } from "../../entities/invoice.ts";
import type { MissingPaymentMethod, Subscription, SubscriptionItem } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { checkAmount, checkInstant } from "../../wire/bounds.ts";
import { invalidRequest, parameterMissing } from "../../wire/errors.ts";
import { inlinePrice, type PriceData } from "../inline-price.ts";
import { createInvoiceItem } from "../invoices/items.ts";
import type { InvoiceItem } from "../../entities/invoice-item.ts";
import { lineAmount } from "../../money/amounts.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import { priceOf } from "../prices.ts";
import { taxRateIds } from "../tax-rates.ts";

/** Refuses in words what the emulator does not serve, rather than ignoring it. */
export function refuseUnserved(params: object, names: readonly string[]): void {
  const given = Object.entries(params).find(([name, value]) => names.includes(name) && value != null);
  if (given === undefined) return;
  const message = `The emulator does not serve \`${given[0]}\` of a subscription.`;
  throw invalidRequest(message, { param: given[0] });
}

export const UNSERVED = [
  "application_fee_percent",
  "billing_schedules",
  "billing_thresholds",
  "default_source",
  "on_behalf_of",
  "pending_invoice_item_interval",
  "transfer_data",
  "trial_from_plan",
] as const;

interface CollectionParams {
  collection_method?: CollectionMethod | null | undefined;
  days_until_due?: number | null | undefined;
}

/** A bound of ours, so that every due date is one. */
const MAX_DAYS_UNTIL_DUE = 36_500;

/** `days_until_due` and `send_invoice` come together. */
export function collectionOf(
  params: CollectionParams,
  current: Pick<Subscription, "collection_method" | "days_until_due">,
) {
  const collection_method = params.collection_method ?? current.collection_method;
  if (collection_method === "charge_automatically") {
    if (params.days_until_due != null) {
      throw invalidRequest("`days_until_due` may only be given with `collection_method=send_invoice`.", {
        param: "days_until_due",
      });
    }
    return { collection_method, days_until_due: null };
  }
  const days_until_due = params.days_until_due ?? current.days_until_due;
  if (days_until_due === null) throw parameterMissing("days_until_due");
  if (days_until_due < 0 || days_until_due > MAX_DAYS_UNTIL_DUE) {
    throw invalidRequest("Invalid days_until_due: must be from 0 to 36500.", { param: "days_until_due" });
  }
  return { collection_method, days_until_due };
}

interface CancellationParams {
  cancel_at?: string | number | null | undefined;
  cancel_at_period_end?: boolean | null | undefined;
  proration_behavior?: "always_invoice" | "create_prorations" | "none" | null | undefined;
}

/**
 * When it is to end. `cancel_at_period_end` and the words of `cancel_at` are put into the instant that they mean; an empty
 * `cancel_at` and `cancel_at_period_end=false` both take a cancellation back. An instant within a period gives the rest of
 * it back when it has come, unless `proration_behavior` is none; the ends of periods never do.
 */
export function cancellationOf(
  params: CancellationParams,
  items: Pick<SubscriptionItem, "current_period_end">[],
  now: number,
): Partial<Subscription> {
  const { cancel_at: at, cancel_at_period_end: atPeriodEnd } = params;
  if (at != null && atPeriodEnd != null) {
    throw invalidRequest("You may only specify one of these parameters: cancel_at, cancel_at_period_end.", {
      param: "cancel_at",
    });
  }
  if (at === undefined && atPeriodEnd == null) return {};
  const none = { cancel_at: null, cancel_at_period_end: false, cancel_prorates: false, canceled_at: null };
  const undone = { ...none, cancellation_details: { comment: null, feedback: null, reason: null } };
  if (atPeriodEnd === false || (at === null && atPeriodEnd == null)) return undone;
  const ends = items.map((item) => item.current_period_end);
  const instant = atPeriodEnd === true ? Math.min(...ends) : instantOf(at ?? "", ends);
  if (instant <= now) {
    throw invalidRequest("`cancel_at` must be in the future.", { param: "cancel_at" });
  }
  return {
    cancel_at: instant,
    cancel_at_period_end: atPeriodEnd === true,
    cancel_prorates: typeof at === "number" && params.proration_behavior !== "none",
    canceled_at: now,
  };
}

function instantOf(at: string | number, ends: number[]): number {
  if (typeof at === "number") return checkInstant(at, "cancel_at");
  if (at === "min_period_end") return Math.min(...ends);
  if (at === "max_period_end") return Math.max(...ends);
  throw invalidRequest(`The emulator does not serve \`cancel_at=${at}\`.`, { param: "cancel_at" });
}

interface TrialSettingsParams {
  end_behavior: {
    missing_payment_method?: MissingPaymentMethod | null | undefined;
    billing_cycle_anchor?: "now" | "unchanged" | null | undefined;
  };
}

export function missingPaymentMethodOf(
  params: TrialSettingsParams | null | undefined,
  current: MissingPaymentMethod,
): MissingPaymentMethod {
  return params?.end_behavior.missing_payment_method ?? current;
}

export interface AddedItemParams {
  price?: string | null | undefined;
  price_data?: PriceData | null | undefined;
  quantity?: number | null | undefined;
  period?: unknown;
  discounts?: unknown;
  tax_rates?: string[] | null | undefined;
  discountable?: boolean | null | undefined;
  metadata?: Record<string, string | null> | null | undefined;
}

/** `add_invoice_items`: things bought once along with the subscription, as pending items of it. */
export function addInvoiceItems(
  sandbox: Sandbox,
  subscription: Pick<Subscription, "id" | "customer" | "currency">,
  given: readonly AddedItemParams[] | null | undefined,
): InvoiceItem[] {
  const now = sandbox.now(subscription.customer);
  return (given ?? []).map((params, index) => {
    const param = `add_invoice_items[${index}]`;
    const unserved = (["period", "discounts"] as const).find((name) => params[name] != null);
    if (unserved !== undefined) {
      throw invalidRequest(`The emulator does not serve \`${unserved}\` of an added item.`, { param });
    }
    const id = params.price_data ? inlinePrice(sandbox, params.price_data, param).id : params.price;
    if (!id) throw parameterMissing(`${param}[price]`);
    const price = priceOf(sandbox, id, `${param}[price]`);
    if (price.recurring !== null) {
      throw invalidRequest("Only prices with `type=one_time` can be added to an invoice.", {
        param: `${param}[price]`,
      });
    }
    const quantity = params.quantity ?? 1;
    return createInvoiceItem(sandbox, {
      customer: subscription.customer,
      currency: subscription.currency,
      invoice: null,
      subscription: subscription.id,
      subscription_item: null,
      amount: checkAmount(lineAmount(price, quantity), `${param}[quantity]`),
      description: sandbox.store.products.get(price.product)?.name ?? null,
      discountable: params.discountable ?? true,
      quantity,
      price,
      period: { start: now, end: now },
      proration: false,
      credits: null,
      tax_behavior: price.tax_behavior,
      tax_rates: taxRateIds(sandbox, params.tax_rates, { before: [], param: `${param}[tax_rates]` }),
      metadata: mergeMetadata({}, params.metadata),
    });
  });
}
