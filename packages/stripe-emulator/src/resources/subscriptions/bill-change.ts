/** The money of a planned change: the invoice items of its prorations, and the invoice of it all. */
import type { Invoice } from "../../entities/invoice.ts";
import type { InvoiceItem } from "../../entities/invoice-item.ts";
import type { Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { customerOf } from "../customers.ts";
import { requireBuyer } from "../invoices/buyer.ts";
import { createInvoice } from "../invoices/invoice.ts";
import { createInvoiceItem, pendingItems } from "../invoices/items.ts";
import type { Plan, Proration } from "./plan-change.ts";
import { invoiceTerms } from "./renewal.ts";

/** Prorations as pending invoice items, in their order. */
export function createProrationItems(
  sandbox: Sandbox,
  subscription: Subscription,
  prorations: Proration[],
): InvoiceItem[] {
  const { customer, currency, id } = subscription;
  return prorations.map(({ item, price, quantity, amount, description, period, credits, tax_rates }) =>
    createInvoiceItem(sandbox, {
      customer,
      currency,
      invoice: null,
      subscription: id,
      subscription_item: item,
      amount,
      description,
      discountable: false,
      quantity,
      price,
      period,
      proration: true,
      credits,
      tax_rates,
      tax_behavior: price?.tax_behavior ?? "unspecified",
      metadata: subscription.metadata,
    }),
  );
}

/** The draft of a change that is billed now: all that is pending, its own prorations too, then its new periods. */
export function invoiceChange(
  sandbox: Sandbox,
  subscription: Subscription,
  plan: Plan,
  given: { now: number; prorationDate: number },
): Invoice {
  const customer = customerOf(sandbox, subscription.customer);
  const { currency, id } = subscription;
  return createInvoice(sandbox, {
    ...invoiceTerms(subscription, given.now),
    customer,
    currency,
    billing_reason: "subscription_update",
    pending: pendingItems(sandbox, { customer: customer.id, currency, subscription: id }),
    lines: plan.lines,
    buyer: subscription.automatic_tax ? requireBuyer(sandbox, customer) : null,
    period: { start: given.now, end: given.now },
    // Prorations are net of discounts already; only whole new periods are discounted here.
    discounts: plan.lines.length === 0 ? [] : subscription.discounts,
    subscription_proration_date: plan.prorations.length === 0 ? null : given.prorationDate,
  });
}
