/**
 * Invoice items: what waits for the customer's next invoice. Those of a subscription wait for an invoice of that
 * subscription; those of none go on the next invoice of any. Prorations are such items. Once an invoice has taken one it
 * is a line there, and the item only remembers which invoice that is.
 */
import type { InvoiceItem } from "../../entities/invoice-item.ts";
import type { Price } from "../../entities/price.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId } from "../../store/ids.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import { showTaxRates } from "../tax-rates.ts";
import { showPricing, type LineDraft } from "./line.ts";

export function showInvoiceItem(sandbox: Sandbox, item: InvoiceItem): WireObject {
  return complete({
    object: "invoiceitem",
    id: item.id,
    amount: item.amount,
    currency: item.currency,
    customer: item.customer,
    date: item.created,
    description: item.description,
    discountable: item.discountable,
    discounts: [],
    invoice: item.invoice,
    metadata: item.metadata,
    net_amount: item.amount,
    parent:
      item.subscription === null
        ? null
        : {
            type: "subscription_details",
            subscription_details: {
              subscription: item.subscription,
              ...(item.subscription_item !== null && { subscription_item: item.subscription_item }),
            },
          },
    period: item.period,
    pricing: showPricing(item),
    proration: item.proration,
    proration_details: { credited_items: showCredited(item), discount_amounts: [] },
    quantity: item.quantity,
    quantity_decimal: String(item.quantity),
    tax_rates: showTaxRates(sandbox, item.tax_rates),
    test_clock: sandbox.store.customers.get(item.customer)?.test_clock ?? null,
  });
}

function showCredited({ credits }: InvoiceItem) {
  if (credits === null) return null;
  if ("invoice_item" in credits) return { type: "invoice_item", invoice_item: credits.invoice_item };
  const invoice_line_item_details = { invoice: credits.invoice, invoice_line_items: [credits.line] };
  return { type: "invoice_line_items", invoice_line_item_details };
}

export type NewInvoiceItem = Omit<
  InvoiceItem,
  "id" | "created" | "price" | "product" | "unit_amount_decimal"
> & {
  price: Price | null;
};

export function createInvoiceItem(sandbox: Sandbox, given: NewInvoiceItem): InvoiceItem {
  const { price, ...fields } = given;
  const item = sandbox.store.invoiceItems.put({
    ...fields,
    id: newId("ii"),
    created: sandbox.now(given.customer),
    price: price?.id ?? null,
    product: price?.product ?? null,
    unit_amount_decimal: price === null ? String(given.amount) : price.unit_amount_decimal,
  });
  sandbox.emit("invoiceitem.created", showInvoiceItem(sandbox, item));
  return item;
}

/** What the next invoice of a subscription (or, with null, of none) takes: the newest change first. */
export function pendingItems(
  sandbox: Sandbox,
  of: { customer: string; currency: string; subscription: string | null },
): InvoiceItem[] {
  const waiting = sandbox.store.invoiceItems
    .where("customer", of.customer)
    .filter((item) => item.invoice === null && item.currency === of.currency)
    .filter((item) => item.subscription === null || item.subscription === of.subscription);
  // Stable: a credit stays before the charge of the same change.
  return waiting.toSorted((a, b) => b.created - a.created);
}

/** The line that an item becomes. */
export function lineOfItem(sandbox: Sandbox, item: InvoiceItem): LineDraft {
  const { quantity, period, amount, description, tax_behavior, proration, credits, discountable, tax_rates } =
    item;
  return {
    price: item.price === null ? null : (sandbox.store.prices.get(item.price) ?? null),
    quantity,
    period,
    amount,
    description,
    tax_behavior,
    tax_rates,
    subscription: item.subscription,
    subscription_item: item.subscription_item,
    invoice_item: item.id,
    proration,
    credits,
    discountable,
    metadata: item.metadata,
  };
}
