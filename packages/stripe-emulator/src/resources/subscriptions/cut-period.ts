/**
 * Periods that an agreed end cuts short. A renewal into such a period bills only the part until then
 * (`billed_until` of the item). Whoever takes the end back, or puts it off, owes the rest of what was cut.
 */
import type { Subscription, SubscriptionItem } from "../../entities/subscription.ts";
import { chargeForRest } from "../../money/proration.ts";
import type { Sandbox } from "../../sandbox.ts";
import { periodAround } from "../../time/calendar.ts";
import { createInvoiceItem } from "../invoices/items.ts";
import type { LineDraft } from "../invoices/line.ts";
import { priceOf } from "../prices.ts";
import { itemLine, itemsOf } from "./subscription.ts";

/** Until when a period of an item is billed as it begins: to its end, or to the end that was agreed on within it. */
export function billedUntil({ cancel_at: at }: Subscription, period: { start: number; end: number }): number {
  return at !== null && at > period.start && at < period.end ? at : period.end;
}

/** The line of a period that begins, for the part of it that is to be. */
export function periodLine(sandbox: Sandbox, item: SubscriptionItem): LineDraft {
  const line = itemLine(sandbox, item);
  if (item.billed_until >= item.current_period_end) return line;
  const span = { start: item.current_period_start, end: item.billed_until };
  return { ...line, period: span, amount: amountFor(sandbox, item, span), discountable: true };
}

/** `cancel_at` is about to become later, or nothing: what was left out until then is a pending item. */
export function chargeWhatWasCut(
  sandbox: Sandbox,
  subscription: Subscription,
  cancelAt: number | null | undefined,
): void {
  if (cancelAt === undefined || cancelAt === subscription.cancel_at) return;
  for (const item of itemsOf(sandbox, subscription.id)) {
    const end = Math.min(item.current_period_end, cancelAt ?? item.current_period_end);
    if (item.billed_until >= end) continue;
    const span = { start: item.billed_until, end };
    const price = priceOf(sandbox, item.price, "price");
    const name = sandbox.store.products.get(price.product)?.name ?? price.product;
    createInvoiceItem(sandbox, {
      customer: subscription.customer,
      currency: subscription.currency,
      invoice: null,
      subscription: subscription.id,
      subscription_item: item.id,
      amount: amountFor(sandbox, item, span),
      description: `Remaining time on ${item.quantity === 1 ? name : `${item.quantity} × ${name}`}`,
      discountable: false,
      quantity: item.quantity,
      price,
      period: span,
      proration: true,
      credits: null,
      tax_behavior: price.tax_behavior,
      tax_rates: item.tax_rates,
      metadata: subscription.metadata,
    });
    sandbox.store.subscriptionItems.patch(item.id, { billed_until: end });
  }
}

/** The share of the whole period that a span in it is. */
function amountFor(sandbox: Sandbox, item: SubscriptionItem, span: { start: number; end: number }): number {
  const price = priceOf(sandbox, item.price, "price");
  const subscription = sandbox.store.subscriptions.get(item.subscription);
  if (price.recurring === null || subscription === undefined)
    throw new Error(`item ${item.id} has no period`);
  const period = periodAround(item.current_period_start, subscription.billing_cycle_anchor, price.recurring);
  const at = period.end - (span.end - span.start);
  const { prorationTies } = sandbox.account.assumptions;
  return chargeForRest({ price, quantity: item.quantity, period }, at, prorationTies);
}
