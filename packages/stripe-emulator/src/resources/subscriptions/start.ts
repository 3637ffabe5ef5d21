/** The beginning of a subscription: the items with their first periods, and the first invoice. */
import type { Subscription, SubscriptionItem } from "../../entities/subscription.ts";
import type { Customer } from "../../entities/customer.ts";
import type { Invoice } from "../../entities/invoice.ts";
import type { Price, Recurring } from "../../entities/price.ts";
import type { Sandbox } from "../../sandbox.ts";
import type { Buyer } from "../../money/tax.ts";
import { newId } from "../../store/ids.ts";
import { periodAround } from "../../time/calendar.ts";
import { invalidRequest } from "../../wire/errors.ts";
import type { Metadata } from "../../wire/metadata.ts";
import { discountsAfterInvoice, giveDiscounts, type ChosenDiscount } from "../discounts/discounts.ts";
import { createInvoice } from "../invoices/invoice.ts";
import type { LineDraft } from "../invoices/line.ts";
import { itemLine, itemsOf, showSubscription } from "./subscription.ts";

interface NewItem {
  price: Price;
  quantity: number;
  metadata?: Metadata;
}

export interface NewSubscription {
  customer: Customer;
  items: NewItem[];
  status: Subscription["status"];
  buyer: Buyer | null;
  metadata: Metadata;
  description?: string | null;
  default_payment_method: string | null;
  /** Redeemed for the subscription as it begins. */
  discounts?: ChosenDiscount[];
}

function recurringOf(price: Price): Recurring {
  if (price.recurring !== null) return price.recurring;
  throw invalidRequest(
    `The price specified is set to \`type=one_time\` but this field only accepts prices with \`type=recurring\`.`,
    {
      param: "items[0][price]",
    },
  );
}

/** Writes the subscription and its items; raises `customer.subscription.created` with what is then known. */
export function createSubscription(sandbox: Sandbox, given: NewSubscription): Subscription {
  const now = sandbox.now(given.customer.id);
  const id = newId("sub");
  for (const item of given.items) createItem(sandbox, id, item, now);
  const target = { customer: given.customer.id, subscription: id };
  const subscription = sandbox.store.subscriptions.put({
    id,
    created: now,
    customer: given.customer.id,
    status: given.status,
    currency: given.items[0]?.price.currency ?? sandbox.account.currency,
    billing_cycle_anchor: now,
    start_date: now,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    ended_at: null,
    cancellation_details: { comment: null, feedback: null, reason: null },
    default_payment_method: given.default_payment_method,
    latest_invoice: null,
    description: given.description ?? null,
    discounts: giveDiscounts(sandbox, given.discounts ?? [], target).map((discount) => discount.id),
    automatic_tax: given.buyer !== null,
    billing_cycle_anchor_config: null,
    collection_method: "charge_automatically",
    days_until_due: null,
    default_tax_rates: [],
    invoice_description: null,
    invoice_footer: null,
    pause_collection: null,
    paused: null,
    schedule: null,
    trial_start: null,
    trial_end: null,
    trial_missing_payment_method: "create_invoice",
    metadata: given.metadata,
  });
  return subscription;
}

function createItem(sandbox: Sandbox, subscription: string, item: NewItem, anchor: number): SubscriptionItem {
  const period = periodAround(anchor, anchor, recurringOf(item.price));
  return sandbox.store.subscriptionItems.put({
    id: newId("si"),
    created: anchor,
    subscription,
    price: item.price.id,
    quantity: item.quantity,
    metadata: item.metadata ?? {},
    discounts: [],
    tax_rates: [],
    current_period_start: period.start,
    current_period_end: period.end,
  });
}

/** The first invoice: one line an item for its first period, then what is bought once along with it. */
export function createFirstInvoice(
  sandbox: Sandbox,
  subscription: Subscription,
  given: { customer: Customer; buyer: Buyer | null; once: LineDraft[] },
): { subscription: Subscription; invoice: Invoice } {
  const now = sandbox.now(subscription.customer);
  const recurring = itemsOf(sandbox, subscription.id).map((item) => itemLine(sandbox, item));
  const invoice = createInvoice(sandbox, {
    customer: given.customer,
    currency: subscription.currency,
    billing_reason: "subscription_create",
    lines: [...recurring, ...given.once],
    buyer: given.buyer,
    period: { start: now, end: now },
    discounts: subscription.discounts,
    subscription: { id: subscription.id, metadata: subscription.metadata },
  });
  const linked = sandbox.store.subscriptions.patch(subscription.id, {
    latest_invoice: invoice.id,
    discounts: discountsAfterInvoice(sandbox, subscription.discounts, now),
  });
  sandbox.emit("customer.subscription.created", showSubscription(sandbox, linked));
  return { subscription: linked, invoice };
}
