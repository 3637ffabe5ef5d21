/**
 * A subscription made through the API. With a first invoice that is paid, or that costs nothing, it begins `active` (or
 * `trialing`); with one that is not, `incomplete`, and the clock gives it 23 hours. What is refused leaves nothing.
 */
import type { Customer } from "../../entities/customer.ts";
import type { Invoice } from "../../entities/invoice.ts";
import type { EventType } from "../../entities/event.ts";
import type { Subscription } from "../../entities/subscription.ts";
import { lineAmount } from "../../money/amounts.ts";
import type { Sandbox } from "../../sandbox.ts";
import { periodAround } from "../../time/calendar.ts";
import { invalidRequest, parameterMissing } from "../../wire/errors.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import type { Given } from "../../wire/route.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import { customerOf } from "../customers.ts";
import { chooseDiscounts } from "../discounts/discounts.ts";
import { billNow, type PaymentBehavior } from "../invoices/bill-now.ts";
import { requireBuyer } from "../invoices/buyer.ts";
import { pendingItems } from "../invoices/items.ts";
import { usablePaymentMethod } from "../payment-methods.ts";
import { refuseBothTaxes, taxRateIds } from "../tax-rates.ts";
import { firstAnchor } from "./anchor.ts";
import { wantedItems, type ItemParams, type WantedItem } from "./items.ts";
import {
  addInvoiceItems,
  cancellationOf,
  collectionOf,
  missingPaymentMethodOf,
  refuseUnserved,
  UNSERVED,
} from "./params.ts";
import { announceSubscription, createFirstInvoice, createSubscription } from "./start.ts";
import { itemsOf } from "./subscription.ts";

type Params = Given<Stripe.SubscriptionCreateParams>;

/** The order in which Stripe's events of a paid subscription arrive (observed, not promised). */
const CREATE_ORDER: EventType[] = [
  "charge.succeeded",
  "payment_method.attached",
  "customer.updated",
  "customer.subscription.created",
  "payment_intent.succeeded",
  "payment_intent.created",
  "invoice.created",
  "invoice.finalized",
  "invoice.paid",
  "invoice.payment_succeeded",
  "invoice_payment.paid",
];

const UNSERVED_AT_CREATION = [...UNSERVED, "backdate_start_date", "customer_account"];

/** @param mayLackCard nobody is there to be told that the customer has no card: the first invoice then stays open */
export function subscribe(
  sandbox: Sandbox,
  params: Params,
  { mayLackCard = false }: { mayLackCard?: boolean } = {},
): Subscription {
  refuseUnserved(params, UNSERVED_AT_CREATION);
  if (params.billing_mode?.type === "classic") {
    throw invalidRequest("The emulator serves the flexible billing mode only.", {
      param: "billing_mode[type]",
    });
  }
  if (!params.customer) throw parameterMissing("customer");
  const customer = customerOf(sandbox, params.customer);
  const { items } = wantedItems(sandbox, [], itemParams(params));
  const behavior = behaviorOf(params);
  sandbox.arrangeEvents(CREATE_ORDER);
  const { subscription, invoice } = draftSubscription(sandbox, params, customer, items);
  const offSession = params.off_session ?? false;
  if (invoice !== null) billNow(sandbox, invoice, { behavior, offSession, mayLackCard });
  return announceSubscription(sandbox, subscription.id);
}

/** For previews, in a dry run: the draft of the first invoice of a subscription that would begin. */
export function trySubscribe(sandbox: Sandbox, params: Params, customer: Customer): Invoice | null {
  const { items } = wantedItems(sandbox, [], itemParams(params));
  return draftSubscription(sandbox, params, customer, items).invoice;
}

/** The subscription and its first invoice, before anybody is asked for money. */
function draftSubscription(sandbox: Sandbox, params: Params, customer: Customer, items: WantedItem[]) {
  const subscription = begin(sandbox, params, customer, items);
  addInvoiceItems(sandbox, subscription, params.add_invoice_items);
  if (isFreeStub(params, subscription)) return { subscription, invoice: null };
  const { id, currency } = subscription;
  return createFirstInvoice(sandbox, subscription, {
    customer,
    buyer: subscription.automatic_tax ? requireBuyer(sandbox, customer) : null,
    once: [],
    pending: pendingItems(sandbox, { customer: customer.id, currency, subscription: id }),
  });
}

function itemParams(params: Params): ItemParams[] {
  if (params.items == null || params.items.length === 0) throw parameterMissing("items");
  return params.items;
}

function behaviorOf(params: Params): PaymentBehavior {
  const behavior = params.payment_behavior ?? "allow_incomplete";
  if (behavior !== "pending_if_incomplete") return behavior;
  throw invalidRequest("`payment_behavior=pending_if_incomplete` is for updates only.", {
    param: "payment_behavior",
  });
}

/** With a later anchor and no proration the time until then is free and there is no invoice. */
function isFreeStub(params: Params, subscription: Subscription): boolean {
  const isLater =
    subscription.billing_cycle_anchor > subscription.start_date && subscription.trial_end === null;
  return params.proration_behavior === "none" && isLater;
}

function begin(sandbox: Sandbox, params: Params, customer: Customer, items: WantedItem[]): Subscription {
  const now = sandbox.now(customer.id);
  const currency = items[0]?.price.currency ?? sandbox.account.currency;
  if (params.currency != null && params.currency.toLowerCase() !== currency) {
    throw invalidRequest(`The prices are in ${currency}, not in ${params.currency}.`, { param: "currency" });
  }
  const trialEnd = trialEndOf(params, now);
  const chosen = params.default_payment_method;
  const subtotal = items.reduce((sum, { price, quantity }) => sum + lineAmount(price, quantity), 0);
  const created = createSubscription(sandbox, {
    customer,
    items,
    status: trialEnd === null ? "active" : "trialing",
    buyer: params.automatic_tax?.enabled ? requireBuyer(sandbox, customer) : null,
    metadata: mergeMetadata({}, params.metadata),
    description: params.description ?? null,
    default_payment_method: chosen
      ? usablePaymentMethod(sandbox, chosen, customer.id, "default_payment_method").id
      : null,
    discounts: chooseDiscounts(sandbox, params.discounts, { customer, currency, subtotal }),
    trialEnd,
    ...anchorFrom(params, items, trialEnd ?? now),
    terms: {
      ...collectionOf(params, { collection_method: "charge_automatically", days_until_due: null }),
      ...configOf(params),
      default_tax_rates: ratesFrom(sandbox, params, items),
      invoice_description: params.invoice_settings?.description ?? null,
      invoice_footer: params.invoice_settings?.footer ?? null,
      trial_missing_payment_method: missingPaymentMethodOf(params.trial_settings, "create_invoice"),
    },
  });
  const ending = cancellationOf(params, itemsOf(sandbox, created.id), now);
  return sandbox.store.subscriptions.patch(created.id, ending);
}

function ratesFrom(sandbox: Sandbox, params: Params, items: WantedItem[]): string[] {
  const param = "default_tax_rates";
  const rates = taxRateIds(sandbox, params.default_tax_rates, { before: [], param });
  const isAutomatic = params.automatic_tax?.enabled ?? false;
  refuseBothTaxes(isAutomatic, rates, param);
  const ofItems = items.flatMap((item) => item.tax_rates);
  refuseBothTaxes(isAutomatic, ofItems, "items");
  return rates;
}

const DAY = 86_400;
/** Stripe's most for a trial. */
const LONGEST_TRIAL_DAYS = 730;

function trialEndOf(params: Params, now: number): number | null {
  const { trial_period_days: days, trial_end: end } = params;
  if (days != null && end != null) {
    throw invalidRequest("You may only specify one of these parameters: trial_end, trial_period_days.", {
      param: "trial_end",
    });
  }
  const until = days != null ? now + days * DAY : typeof end === "number" ? end : now;
  if (until < now || until > now + LONGEST_TRIAL_DAYS * DAY || (days != null && days < 0)) {
    throw invalidRequest(`A trial ends in the future, within ${LONGEST_TRIAL_DAYS} days.`, {
      param: days == null ? "trial_end" : "trial_period_days",
    });
  }
  return until === now ? null : until;
}

function configOf({ billing_cycle_anchor_config: given }: Params): Partial<Subscription> {
  if (!given) return {};
  const { day_of_month, hour, minute, month, second } = given;
  checkRange("day_of_month", day_of_month, 1, 31);
  checkRange("month", month, 1, 12);
  checkRange("hour", hour, 0, 23);
  checkRange("minute", minute, 0, 59);
  checkRange("second", second, 0, 59);
  return {
    billing_cycle_anchor_config: {
      day_of_month,
      hour: hour ?? null,
      minute: minute ?? null,
      month: month ?? null,
      second: second ?? null,
    },
  };
}

function checkRange(name: string, value: number | null | undefined, least: number, most: number): void {
  if (value == null || (value >= least && value <= most)) return;
  throw invalidRequest(`Invalid ${name}: must be between ${least} and ${most}.`, {
    param: `billing_cycle_anchor_config[${name}]`,
  });
}

/** A later anchor may be given as an instant or as a day of the month, not later than the first period would end. */
function anchorFrom(params: Params, items: WantedItem[], start: number): { anchor?: number } {
  const { billing_cycle_anchor: given, billing_cycle_anchor_config: config } = params;
  if (given == null && !config) return {};
  if (given != null && config) {
    throw invalidRequest(
      "You may only specify one of these parameters: billing_cycle_anchor, billing_cycle_anchor_config.",
      { param: "billing_cycle_anchor" },
    );
  }
  const anchor = given ?? firstAnchor(start, configOf(params).billing_cycle_anchor_config ?? null);
  const latest = Math.min(...items.map(({ price }) => periodAround(start, start, price.recurring).end));
  if (anchor < start || anchor > latest) {
    throw invalidRequest(
      "`billing_cycle_anchor` must lie in the future, and not after the next natural billing date.",
      { param: given == null ? "billing_cycle_anchor_config" : "billing_cycle_anchor" },
    );
  }
  return { anchor };
}
