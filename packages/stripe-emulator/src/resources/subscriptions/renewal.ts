/** What a subscription bills when a period ends. Called by the clock; what time is due when is not decided here. */
import type { Invoice } from "../../entities/invoice.ts";
import type { Subscription, SubscriptionItem } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { discountsAfterInvoice } from "../discounts/discounts.ts";
import { buyerOfCustomer } from "../invoices/buyer.ts";
import { createInvoice } from "../invoices/invoice.ts";
import { pendingItems } from "../invoices/items.ts";
import { customerOf } from "../customers.ts";
import { periodAround } from "../../time/calendar.ts";
import { priceOf } from "../prices.ts";
import { billedUntil, periodLine } from "./cut-period.ts";
import { itemsOf, showSubscription, updateSubscription } from "./subscription.ts";

/**
 * Moves the items whose period is over into the next one and writes the draft for it, with what was pending. Raises
 * `invoice.created` and `customer.subscription.updated`. The draft is to be finalized at `finalizesAt`.
 *
 * The invoice's own period is the one that ended, when pending items could come up; its lines have the new one.
 */
export function createRenewalInvoice(
  sandbox: Sandbox,
  subscription: Subscription,
  given: { now: number; finalizesAt: number | null },
): Invoice {
  const customer = customerOf(sandbox, subscription.customer);
  const old = showSubscription(sandbox, subscription);
  const due = itemsOf(sandbox, subscription.id).filter((item) => item.current_period_end <= given.now);
  const ended = { start: earliestStart(due, given.now), end: given.now };
  const renewed = due.map((item) => renewItem(sandbox, subscription, item, given.now));
  const isHeld = subscription.status === "unpaid" || subscription.pause_collection !== null;
  const { currency } = subscription;
  const invoice = createInvoice(sandbox, {
    ...invoiceTerms(subscription, given.now),
    customer,
    currency,
    billing_reason: "subscription_cycle",
    pending: pendingItems(sandbox, { customer: customer.id, currency, subscription: subscription.id }),
    lines: renewed.map((item) => periodLine(sandbox, item)),
    buyer: subscription.automatic_tax ? buyerOfCustomer(sandbox, customer) : null,
    period: ended,
    discounts: subscription.discounts,
    auto_advance: !isHeld,
    automatically_finalizes_at: isHeld ? null : given.finalizesAt,
  });
  updateSubscription(
    sandbox,
    subscription,
    {
      latest_invoice: invoice.id,
      discounts: discountsAfterInvoice(sandbox, subscription.discounts, given.now),
    },
    old,
  );
  return invoice;
}

function earliestStart(items: SubscriptionItem[], now: number): number {
  return Math.min(now, ...items.map((item) => item.current_period_start));
}

function renewItem(
  sandbox: Sandbox,
  subscription: Subscription,
  item: SubscriptionItem,
  now: number,
): SubscriptionItem {
  const { recurring } = priceOf(sandbox, item.price, "price");
  if (recurring === null) throw new Error(`item ${item.id} has a price that does not recur`);
  const period = periodAround(now, subscription.billing_cycle_anchor, recurring);
  return sandbox.store.subscriptionItems.patch(item.id, {
    current_period_start: period.start,
    current_period_end: period.end,
    billed_until: billedUntil(subscription, period),
  });
}

/** What each invoice of a subscription takes from it. */
export function invoiceTerms(subscription: Subscription, now: number) {
  const { days_until_due: days, collection_method } = subscription;
  return {
    subscription: { id: subscription.id, metadata: subscription.metadata },
    automatic_tax: subscription.automatic_tax,
    default_tax_rates: subscription.default_tax_rates,
    collection_method,
    due_date: days === null ? null : now + days * DAY_SECONDS,
    description: subscription.invoice_description,
    footer: subscription.invoice_footer,
  };
}

const DAY_SECONDS = 86_400;
