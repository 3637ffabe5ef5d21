/** Invoice items from parameters: a price, a price stated in place, or a bare amount. */
import type { InvoiceItem } from "../../entities/invoice-item.ts";
import type { Invoice } from "../../entities/invoice.ts";
import type { Price, TaxBehavior } from "../../entities/price.ts";
import { lineAmount } from "../../money/amounts.ts";
import type { Sandbox } from "../../sandbox.ts";
import { checkAmount, checkInstant } from "../../wire/bounds.ts";
import { invalidRequest, noSuchReference, parameterMissing } from "../../wire/errors.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import { customerOf } from "../customers.ts";
import { inlinePrice, type PriceData } from "../inline-price.ts";
import { priceOf } from "../prices.ts";
import { refuseBothTaxes, taxRateIds } from "../tax-rates.ts";
import { createInvoiceItem } from "./items.ts";

export interface ItemFields {
  amount?: number | null | undefined;
  currency?: string | null | undefined;
  customer?: string | null | undefined;
  description?: string | null | undefined;
  discountable?: boolean | null | undefined;
  discounts?: unknown;
  invoice?: string | null | undefined;
  metadata?: Record<string, string | null> | null | undefined;
  period?: { start: number; end: number } | null | undefined;
  price_data?: PriceData | null | undefined;
  pricing?: { price?: string | null | undefined } | null | undefined;
  quantity?: number | null | undefined;
  subscription?: string | null | undefined;
  tax_behavior?: TaxBehavior | null | undefined;
  tax_rates?: string[] | null | undefined;
  quantity_decimal?: unknown;
  unit_amount_decimal?: string | null | undefined;
}

const NOT_SERVED = ["discounts", "quantity_decimal", "unit_amount_decimal"] as const;

/** What an item of these parameters costs and is called. */
export function pricingFrom(sandbox: Sandbox, params: ItemFields, at: string, current?: InvoiceItem) {
  const unserved = NOT_SERVED.find((name) => params[name] != null);
  const param = (name: string) => (at === "" ? name : `${at}[${name}]`);
  if (unserved !== undefined) {
    throw invalidRequest(`The emulator does not serve \`${unserved}\` of an invoice item.`, {
      param: param(unserved),
    });
  }
  const price = priceFrom(sandbox, params, at);
  const quantity = params.quantity ?? current?.quantity ?? 1;
  if (quantity < 0) throw invalidRequest("Invalid non-negative integer", { param: param("quantity") });
  if (price !== null) {
    if (params.amount != null) {
      throw invalidRequest("You may only specify one of these parameters: amount, pricing.", {
        param: param("amount"),
      });
    }
    const amount = checkAmount(lineAmount(price, quantity), param("quantity"));
    return { price, quantity, amount, tax_behavior: price.tax_behavior };
  }
  const known = current?.price == null ? null : priceOf(sandbox, current.price, param("pricing"));
  if (known !== null && params.amount == null) {
    const amount = checkAmount(lineAmount(known, quantity), param("quantity"));
    return { price: known, quantity, amount, tax_behavior: known.tax_behavior };
  }
  const amount = params.amount ?? current?.amount;
  if (amount == null) throw parameterMissing(param("amount"));
  checkAmount(amount, param("amount"));
  return {
    price: null,
    quantity: 1,
    amount,
    tax_behavior: params.tax_behavior ?? current?.tax_behavior ?? "unspecified",
  };
}

function priceFrom(sandbox: Sandbox, params: ItemFields, at: string): Price | null {
  const param = at === "" ? "pricing" : `${at}[price]`;
  if (params.price_data) return inlinePrice(sandbox, params.price_data, at === "" ? "price_data" : at);
  if (!params.pricing?.price) return null;
  const price = priceOf(sandbox, params.pricing.price, param);
  if (price.recurring === null) return price;
  throw invalidRequest(
    "The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.",
    { param },
  );
}

export function createItemFrom(sandbox: Sandbox, params: ItemFields, at = ""): InvoiceItem {
  const invoice = params.invoice ? draftOf(sandbox, params.invoice) : null;
  const customer = customerOf(sandbox, params.customer ?? invoice?.customer ?? "");
  if (invoice !== null && invoice.customer !== customer.id) {
    throw invalidRequest("The invoice belongs to another customer.", { param: "invoice" });
  }
  const pricing = pricingFrom(sandbox, params, at);
  const fallback = invoice?.currency ?? customer.currency ?? sandbox.account.currency;
  const currency = pricing.price?.currency ?? params.currency?.toLowerCase() ?? fallback;
  if (invoice !== null && invoice.currency !== currency) {
    throw invalidRequest(`The invoice is in ${invoice.currency}, not in ${currency}.`, { param: "currency" });
  }
  const subscription = params.subscription
    ? subscriptionFor(sandbox, params.subscription, customer.id)
    : null;
  const now = sandbox.now(customer.id);
  checkPeriod(params.period);
  const { price } = pricing;
  const name = price === null ? null : (sandbox.store.products.get(price.product)?.name ?? null);
  return createInvoiceItem(sandbox, {
    ...pricing,
    customer: customer.id,
    currency,
    invoice: invoice?.id ?? null,
    subscription,
    subscription_item: null,
    description: params.description ?? name,
    discountable: params.discountable ?? true,
    period: params.period ?? { start: now, end: now },
    proration: false,
    credits: null,
    tax_rates: ratesFrom(sandbox, params, invoice, at),
    metadata: mergeMetadata({}, params.metadata),
  });
}

/** On a draft with automatic tax an item has no rates of its own. */
export function ratesFrom(
  sandbox: Sandbox,
  params: ItemFields,
  invoice: Invoice | null,
  at: string,
  before: string[] = [],
): string[] {
  const param = at === "" ? "tax_rates" : `${at}[tax_rates]`;
  const rates = taxRateIds(sandbox, params.tax_rates, { before, param });
  refuseBothTaxes(invoice?.automatic_tax ?? false, rates, param);
  return rates;
}

export function checkPeriod(period: ItemFields["period"]): void {
  if (!period) return;
  checkInstant(period.start, "period[start]");
  if (checkInstant(period.end, "period[end]") >= period.start) return;
  throw invalidRequest("A period ends after it starts.", { param: "period[end]" });
}

function subscriptionFor(sandbox: Sandbox, id: string, customer: string): string {
  const subscription = sandbox.store.subscriptions.get(id);
  if (subscription?.customer !== customer) throw noSuchReference("subscription", id, "subscription");
  return id;
}

/** An invoice that items can still be added to. */
export function draftOf(sandbox: Sandbox, id: string): Invoice {
  const invoice = sandbox.store.invoices.get(id);
  if (invoice === undefined) throw noSuchReference("invoice", id, "invoice");
  if (invoice.status === "draft") return invoice;
  throw invalidRequest("This invoice is no longer editable: its items cannot change once it is finalized.", {
    code: "invoice_not_editable",
    param: "invoice",
  });
}
