/** Lines of an invoice: what, how many, for which time, at what price, with what tax. */
import type { InvoiceLine, Period } from "../../entities/invoice-line.ts";
import type { Price } from "../../entities/price.ts";
import type { Sandbox } from "../../sandbox.ts";
import { formatAmount, lineAmount } from "../../money/amounts.ts";
import type { DiscountAmount } from "../../money/discounts.ts";
import type { Buyer } from "../../money/tax.ts";
import { discountOf, taxOn } from "../../money/tax.ts";
import { newId } from "../../store/ids.ts";
import { invalidRequest } from "../../wire/errors.ts";
import type { Metadata } from "../../wire/metadata.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import { showTax } from "../tax-rates.ts";

/** A line before it is on an invoice. Without a buyer there is no automatic tax. */
export interface LineDraft {
  price: Price;
  quantity: number;
  period: Period;
  subscription_item?: string;
  invoice_item?: string;
  metadata?: Metadata;
}

/**
 * Amount and tax of so many of a price: the one calculation behind checkout pages, sessions and invoices. The amount is
 * before discounts; the tax is on what they leave.
 */
export function pricedLine(
  sandbox: Sandbox,
  price: Price,
  quantity: number,
  buyer: Buyer | null,
  discount_amounts: DiscountAmount[] = [],
) {
  const amount = lineAmount(price, quantity);
  if (buyer !== null && price.tax_behavior === "unspecified") {
    throw invalidRequest(
      `The price ${price.id} has no \`tax_behavior\`, which automatic tax needs: set it to inclusive or exclusive.`,
      { param: "automatic_tax[enabled]" },
    );
  }
  const taxed = amount - discountOf(discount_amounts);
  const tax = buyer === null ? null : taxOn(taxed, price.tax_behavior, buyer, sandbox.account);
  return { amount, discount_amounts, tax };
}

export function createLine(
  sandbox: Sandbox,
  draft: LineDraft,
  on: {
    invoice: string;
    subscription: string | null;
    buyer: Buyer | null;
    discount_amounts?: DiscountAmount[];
  },
): InvoiceLine {
  const { price, quantity, period } = draft;
  return sandbox.store.invoiceLines.put({
    id: newId("il"),
    invoice: on.invoice,
    ...pricedLine(sandbox, price, quantity, on.buyer, on.discount_amounts),
    discounts: [],
    currency: price.currency,
    description: describe(sandbox, price, quantity),
    quantity,
    price: price.id,
    product: price.product,
    unit_amount_decimal: price.unit_amount_decimal,
    period,
    subscription: on.subscription,
    subscription_item: draft.subscription_item ?? null,
    invoice_item: draft.invoice_item ?? null,
    proration: false,
    metadata: draft.metadata ?? {},
  });
}

/** `3 × Team (at €19.00 / month)`, or the plain name of something that is bought once. */
function describe(sandbox: Sandbox, price: Price, quantity: number): string {
  const name = sandbox.store.products.get(price.product)?.name ?? price.product;
  if (price.recurring === null) return name;
  const { interval, interval_count: count } = price.recurring;
  const every = count === 1 ? interval : `every ${count} ${interval}s`;
  return `${quantity} × ${name} (at ${formatAmount(lineAmount(price, 1), price.currency)} / ${every})`;
}

export function showLine(sandbox: Sandbox, line: InvoiceLine): WireObject {
  return complete({
    object: "line_item",
    id: line.id,
    amount: line.amount,
    currency: line.currency,
    description: line.description,
    discount_amounts: line.discount_amounts,
    discountable: !line.proration,
    discounts: line.discounts,
    invoice: line.invoice,
    metadata: line.metadata,
    parent: parentOf(line),
    period: line.period,
    pretax_credit_amounts: line.discount_amounts.map((one) => ({ ...one, type: "discount" })),
    pricing: {
      type: "price_details",
      price_details: { price: line.price, product: line.product },
      unit_amount_decimal: line.unit_amount_decimal,
    },
    quantity: line.quantity,
    quantity_decimal: String(line.quantity),
    subscription: line.subscription,
    subtotal: line.amount,
    taxes: line.tax === null ? [] : [showTax(sandbox, line.tax)],
  });
}

function parentOf(line: InvoiceLine) {
  const shared = { proration: line.proration, proration_details: { credited_items: null } };
  if (line.subscription_item !== null) {
    const { invoice_item, subscription, subscription_item } = line;
    const details = { ...shared, invoice_item, subscription, subscription_item };
    return {
      type: "subscription_item_details",
      invoice_item_details: null,
      subscription_item_details: details,
    };
  }
  const details = { ...shared, invoice_item: line.invoice_item, subscription: line.subscription };
  return { type: "invoice_item_details", invoice_item_details: details, subscription_item_details: null };
}
