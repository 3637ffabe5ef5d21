/** Lines of an invoice: what, how many, for which time, at what price, with what tax. */
import type { CreditedDebit, InvoiceLine, Period } from "../../entities/invoice-line.ts";
import type { Price, TaxBehavior } from "../../entities/price.ts";
import type { Sandbox } from "../../sandbox.ts";
import { formatAmount, lineAmount } from "../../money/amounts.ts";
import { discountsOn, type DiscountAmount, type DiscountRule } from "../../money/discounts.ts";
import { discountOf, taxAtRate, taxOn, type Buyer, type Tax } from "../../money/tax.ts";
import { newId } from "../../store/ids.ts";
import { invalidRequest } from "../../wire/errors.ts";
import type { Metadata } from "../../wire/metadata.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import { rulesInForce } from "../discounts/discounts.ts";
import { showTax } from "../tax-rates.ts";

/** A line before it is on an invoice: so many of a price, or a bare amount, as prorations and some items are. */
export interface LineDraft {
  price: Price | null;
  quantity: number;
  period: Period;
  /** In place of price times quantity. */
  amount?: number;
  /** In place of what the price says. */
  description?: string | null;
  /** Ids of tax rates of this line alone. */
  tax_rates?: string[];
  tax_behavior?: TaxBehavior;
  subscription?: string | null;
  subscription_item?: string | null;
  invoice_item?: string | null;
  proration?: boolean;
  credits?: CreditedDebit | null;
  discountable?: boolean;
  /** Ids of discounts of this line alone. */
  discounts?: string[];
  metadata?: Metadata;
}

/** The tax on an amount; none without a buyer. An unspecified behaviour is refused, as it decides the sum. */
function automaticTaxOn(
  sandbox: Sandbox,
  of: { amount: number; tax_behavior: TaxBehavior; price: string | null },
  buyer: Buyer | null,
): Tax | null {
  if (buyer === null) return null;
  if (of.tax_behavior === "unspecified") {
    throw invalidRequest(
      `The price ${of.price ?? "of an item"} has no \`tax_behavior\`, which automatic tax needs: set it to inclusive or exclusive.`,
      { param: "automatic_tax[enabled]" },
    );
  }
  return taxOn(of.amount, of.tax_behavior, buyer, sandbox.account);
}

/** The tax at a rate of the seller's own, if one is named. */
function manualTaxOn(sandbox: Sandbox, amount: number, rates: string[]): Tax | null {
  const rate = sandbox.store.taxRates.get(rates[0] ?? "");
  return rate === undefined ? null : taxAtRate(amount, rate);
}

/**
 * Amount and tax of so many of a price, as checkout pages and sessions show it before there is an invoice. The amount is
 * before discounts; the tax is on what they leave.
 */
export function pricedLine(
  sandbox: Sandbox,
  price: Price,
  quantity: number,
  by: { buyer: Buyer | null; rates?: string[]; discount_amounts?: DiscountAmount[] },
) {
  const discount_amounts = by.discount_amounts ?? [];
  const amount = lineAmount(price, quantity);
  const taxed = amount - discountOf(discount_amounts);
  const { tax_behavior, id } = price;
  const tax =
    manualTaxOn(sandbox, taxed, by.rates ?? []) ??
    automaticTaxOn(sandbox, { amount: taxed, tax_behavior, price: id }, by.buyer);
  return { amount, discount_amounts, tax };
}

/** Writes a line without discounts and tax, which `priceLines` adds when all lines are there. */
export function createLine(
  sandbox: Sandbox,
  draft: LineDraft,
  on: { invoice: string; subscription: string | null; currency: string },
): InvoiceLine {
  const { price, quantity, period } = draft;
  const amount = draft.amount ?? (price === null ? 0 : lineAmount(price, quantity));
  const isProration = draft.proration ?? false;
  return sandbox.store.invoiceLines.put({
    id: newId("il"),
    invoice: on.invoice,
    amount,
    currency: price?.currency ?? on.currency,
    description: draft.description ?? (price === null ? null : describe(sandbox, price, quantity)),
    quantity,
    price: price?.id ?? null,
    product: price?.product ?? null,
    unit_amount_decimal: price?.unit_amount_decimal ?? (price === null ? String(amount) : null),
    period,
    subscription: draft.subscription === undefined ? on.subscription : draft.subscription,
    subscription_item: draft.subscription_item ?? null,
    invoice_item: draft.invoice_item ?? null,
    proration: isProration,
    credits: draft.credits ?? null,
    discountable: draft.discountable ?? !isProration,
    discounts: draft.discounts ?? [],
    discount_amounts: [],
    tax_rates: draft.tax_rates ?? [],
    tax_behavior: draft.tax_behavior ?? price?.tax_behavior ?? "unspecified",
    tax: null,
    metadata: draft.metadata ?? {},
  });
}

/** Discounts and tax of all lines of an invoice: first each line's own discounts, then those of the whole invoice. */
export function priceLines(
  sandbox: Sandbox,
  lines: InvoiceLine[],
  given: { rules: DiscountRule[]; buyer: Buyer | null; rates: string[]; at: number },
): InvoiceLine[] {
  const rounding = sandbox.account.assumptions.percentOffRounding;
  const left = lines.map(({ amount, product, discountable }) => ({
    amount,
    product: product ?? "",
    discountable,
  }));
  const own = lines.map((line, index) =>
    discountsOn(
      left.slice(index, index + 1),
      rulesInForce(sandbox, line.discounts, given.at),
      rounding,
    ).flat(),
  );
  const rest = left.map((line, index) => ({ ...line, amount: line.amount - discountOf(own[index]) }));
  const shared = discountsOn(rest, given.rules, rounding);
  return lines.map((line, index) => {
    const discount_amounts = [...(own[index] ?? []), ...(shared[index] ?? [])];
    const taxed = { ...line, amount: line.amount - discountOf(discount_amounts) };
    const rates = line.tax_rates.length > 0 ? line.tax_rates : given.rates;
    const tax = manualTaxOn(sandbox, taxed.amount, rates) ?? automaticTaxOn(sandbox, taxed, given.buyer);
    return sandbox.store.invoiceLines.patch(line.id, { discount_amounts, tax });
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
    discountable: line.discountable,
    discounts: line.discounts,
    invoice: line.invoice,
    metadata: line.metadata,
    parent: parentOf(line),
    period: line.period,
    pretax_credit_amounts: line.discount_amounts.map((one) => ({ ...one, type: "discount" })),
    pricing: showPricing(line),
    quantity: line.quantity,
    quantity_decimal: String(line.quantity),
    subscription: line.subscription,
    subtotal: line.amount,
    taxes: line.tax === null ? [] : [showTax(sandbox, line.tax)],
  });
}

/** What lines and invoice items say of their price; null for bare amounts. */
export function showPricing(of: {
  price: string | null;
  product: string | null;
  unit_amount_decimal: string | null;
}) {
  if (of.price === null) return null;
  return {
    type: "price_details",
    price_details: { price: of.price, product: of.product },
    unit_amount_decimal: of.unit_amount_decimal,
  };
}

function parentOf(line: InvoiceLine) {
  const { credits } = line;
  const credited_items =
    credits !== null && "line" in credits
      ? { invoice: credits.invoice, invoice_line_items: [credits.line] }
      : null;
  const shared = { proration: line.proration, proration_details: { credited_items } };
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
