/** The beginning of a subscription: the items with their first periods, and the first invoice. */
import type { Subscription, SubscriptionItem } from "../../entities/subscription.ts";
import type { Customer } from "../../entities/customer.ts";
import type { Invoice } from "../../entities/invoice.ts";
import type { Price, Recurring } from "../../entities/price.ts";
import type { Sandbox } from "../../sandbox.ts";
import type { Buyer } from "../../money/tax.ts";
import { newId } from "../../store/ids.ts";
import { periodAround } from "../../time/calendar.ts";
import type { Metadata } from "../../wire/metadata.ts";
import { discountsAfterInvoice, giveDiscounts, type ChosenDiscount } from "../discounts/discounts.ts";
import { createInvoice } from "../invoices/invoice.ts";
import type { LineDraft } from "../invoices/line.ts";
import type { InvoiceItem } from "../../entities/invoice-item.ts";
import { chargeForRest } from "../../money/proration.ts";
import { priceOf } from "../prices.ts";
import { checkRoomForSubscription } from "../test-clocks.ts";
import { freeTrial } from "./plan-change.ts";
import { invoiceTerms } from "./renewal.ts";
import { itemLine, itemsOf, showSubscription } from "./subscription.ts";

interface NewItem {
  price: Price;
  quantity: number;
  metadata?: Metadata;
  tax_rates?: string[];
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
  /** Where periods begin; now unless given. A later one makes the first period a short one. */
  anchor?: number;
  /** The trial that it begins with; its end is the anchor unless one is given. */
  trialEnd?: number | null;
  /** Any other terms. */
  terms?: Partial<Subscription>;
}

function cycleOf(price: Price): Recurring {
  if (price.recurring !== null) return price.recurring;
  throw new Error(`price ${price.id} does not recur`);
}

/** Writes the subscription and its items. Nothing is raised before there is a first invoice. */
export function createSubscription(sandbox: Sandbox, given: NewSubscription): Subscription {
  checkRoomForSubscription(sandbox, given.customer);
  const now = sandbox.now(given.customer.id);
  const id = newId("sub");
  const trialEnd = given.trialEnd ?? null;
  const anchor = given.anchor ?? trialEnd ?? now;
  for (const item of given.items) createItem(sandbox, id, item, { now, anchor, trialEnd });
  const target = { customer: given.customer.id, subscription: id };
  return sandbox.store.subscriptions.put({
    id,
    created: now,
    customer: given.customer.id,
    status: given.status,
    currency: given.items[0]?.price.currency ?? sandbox.account.currency,
    billing_cycle_anchor: anchor,
    start_date: now,
    cancel_at: null,
    cancel_at_period_end: false,
    cancel_prorates: false,
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
    pending_update: null,
    schedule: null,
    trial_start: trialEnd === null ? null : now,
    trial_end: trialEnd,
    trial_missing_payment_method: "create_invoice",
    metadata: given.metadata,
    ...given.terms,
  });
}

function createItem(
  sandbox: Sandbox,
  subscription: string,
  item: NewItem,
  at: { now: number; anchor: number; trialEnd: number | null },
): SubscriptionItem {
  const { now, anchor, trialEnd } = at;
  const end = trialEnd ?? periodAround(now, anchor, cycleOf(item.price)).end;
  return sandbox.store.subscriptionItems.put({
    id: newId("si"),
    created: now,
    subscription,
    price: item.price.id,
    quantity: item.quantity,
    metadata: item.metadata ?? {},
    discounts: [],
    tax_rates: item.tax_rates ?? [],
    current_period_start: now,
    current_period_end: end,
    billed_until: end,
  });
}

/** The line of an item's first period: whole, free while a trial runs, or a part when the anchor comes sooner. */
function firstLine(sandbox: Sandbox, subscription: Subscription, item: SubscriptionItem): LineDraft {
  const price = priceOf(sandbox, item.price, "price");
  const line = itemLine(sandbox, item);
  if (subscription.trial_end !== null) return { ...line, ...freeTrial(sandbox, price, item.quantity) };
  const start = item.current_period_start;
  const natural = periodAround(start, subscription.billing_cycle_anchor, cycleOf(price));
  if (natural.start === start) return line;
  const { prorationTies } = sandbox.account.assumptions;
  const part = { price, quantity: item.quantity, period: natural };
  return { ...line, amount: chargeForRest(part, start, prorationTies), discountable: true };
}

/** Raises `customer.subscription.created` with what the subscription has become by then. */
export function announceSubscription(sandbox: Sandbox, id: string): Subscription {
  const subscription = sandbox.store.subscriptions.get(id);
  if (subscription === undefined) throw new Error(`subscription ${id} vanished`);
  sandbox.emit("customer.subscription.created", showSubscription(sandbox, subscription));
  return subscription;
}

/** The first invoice: one line an item for its first period, then what is bought once along with it. */
export function createFirstInvoice(
  sandbox: Sandbox,
  subscription: Subscription,
  given: { customer: Customer; buyer: Buyer | null; once: LineDraft[]; pending?: InvoiceItem[] },
): { subscription: Subscription; invoice: Invoice } {
  const now = sandbox.now(subscription.customer);
  const recurring = itemsOf(sandbox, subscription.id).map((item) => firstLine(sandbox, subscription, item));
  const invoice = createInvoice(sandbox, {
    customer: given.customer,
    currency: subscription.currency,
    billing_reason: "subscription_create",
    ...invoiceTerms(subscription, now),
    pending: given.pending ?? [],
    lines: [...recurring, ...given.once],
    buyer: given.buyer,
    period: { start: now, end: now },
    discounts: subscription.discounts,
  });
  const linked = sandbox.store.subscriptions.patch(subscription.id, {
    latest_invoice: invoice.id,
    discounts: discountsAfterInvoice(sandbox, subscription.discounts, now),
  });
  return { subscription: linked, invoice };
}
