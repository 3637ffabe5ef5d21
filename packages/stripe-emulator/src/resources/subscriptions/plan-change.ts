/**
 * What a change of a subscription comes to, as a value: the items afterwards, what is credited and charged for the time
 * that is left, and what a new period costs that begins with it. Nothing is written here, so that a preview, a pending
 * update and the change itself are one calculation. The rules are those of the flexible billing mode:
 *
 *   - an item whose price or quantity changes gives back what was debited for the rest and is charged anew for the rest;
 *   - the anchor stays, whatever the interval, unless the request resets it; then every item begins a whole new period;
 *   - nothing is prorated while a trial runs.
 */
import type { CreditedDebit, Period } from "../../entities/invoice-line.ts";
import type { Price } from "../../entities/price.ts";
import type { PlannedChange, Subscription, SubscriptionItem } from "../../entities/subscription.ts";
import { lineAmount } from "../../money/amounts.ts";
import { discountsOn } from "../../money/discounts.ts";
import { chargeForRest, creditForRest } from "../../money/proration.ts";
import { discountOf } from "../../money/tax.ts";
import type { Sandbox } from "../../sandbox.ts";
import { periodAround } from "../../time/calendar.ts";
import { rulesInForce } from "../discounts/discounts.ts";
import type { LineDraft } from "../invoices/line.ts";
import { debitsStanding } from "./debits.ts";
import type { WantedItem } from "./items.ts";

export interface ChangeRequest {
  items: WantedItem[];
  removed: SubscriptionItem[];
  now: number;
  /** From when the rest of the periods counts: now, or the instant that was previewed. */
  prorationDate: number;
  isProrated: boolean;
  /** A new anchor, and with it new periods: now, or the end of a trial that begins now. Null keeps the anchor. */
  restart: { trialEnd: number | null } | null;
}

/** A credit or a charge for the rest of a period, before it is an invoice item. */
export interface Proration {
  item: string;
  price: Price | null;
  quantity: number;
  amount: number;
  description: string;
  period: Period;
  credits: CreditedDebit | null;
  /** Ids of rates of the item alone. */
  tax_rates: string[];
}

export interface Plan {
  change: PlannedChange;
  prorations: Proration[];
  /** Whole new periods, billed with the change itself. */
  lines: LineDraft[];
}

export function planChange(sandbox: Sandbox, subscription: Subscription, request: ChangeRequest): Plan {
  const isTrial = subscription.status === "trialing" && request.restart === null;
  const items = request.items.map((wanted) => itemAfter(subscription, wanted, request));
  const prorated = request.isProrated && !isTrial;
  const removals = request.removed.flatMap((item) => creditsFor(sandbox, item, request));
  const changes = request.items.flatMap((wanted, index) => {
    const item = items[index];
    if (item === undefined || !isBilledAnew(wanted, request)) return [];
    const credits = wanted.before === null ? [] : creditsFor(sandbox, wanted.before, request);
    return request.restart === null
      ? [...credits, chargeFor(sandbox, subscription, wanted, item, request)]
      : credits;
  });
  return {
    change: { items, removed: request.removed.map(({ id }) => id), subscription: termsAfter(request) },
    prorations: prorated ? [...removals, ...changes] : [],
    lines:
      request.restart === null
        ? []
        : request.items.map((wanted, index) => newPeriod(sandbox, wanted, items[index], request)),
  };
}

function isBilledAnew({ before, price, quantity }: WantedItem, request: ChangeRequest): boolean {
  return (
    request.restart !== null || before === null || before.price !== price.id || before.quantity !== quantity
  );
}

function termsAfter({ restart, now }: ChangeRequest): PlannedChange["subscription"] {
  if (restart === null) return {};
  const { trialEnd } = restart;
  if (trialEnd === null) return { billing_cycle_anchor: now };
  return { billing_cycle_anchor: trialEnd, trial_start: now, trial_end: trialEnd, status: "trialing" };
}

function itemAfter(subscription: Subscription, wanted: WantedItem, request: ChangeRequest): SubscriptionItem {
  const { start, end } = periodAfter(subscription, wanted, request);
  const fresh = {
    id: wanted.id,
    created: request.now,
    subscription: subscription.id,
    discounts: [],
  };
  return {
    ...(wanted.before ?? fresh),
    price: wanted.price.id,
    quantity: wanted.quantity,
    metadata: wanted.metadata,
    tax_rates: wanted.tax_rates,
    current_period_start: start,
    current_period_end: end,
    billed_until:
      wanted.before?.current_period_end === end && !isBilledAnew(wanted, request)
        ? wanted.before.billed_until
        : end,
  };
}

function periodAfter(
  subscription: Subscription,
  { before, price }: WantedItem,
  request: ChangeRequest,
): Period {
  const { restart, now } = request;
  if (restart !== null) {
    return restart.trialEnd === null
      ? periodAround(now, now, price.recurring)
      : { start: now, end: restart.trialEnd };
  }
  if (subscription.status === "trialing" && subscription.trial_end !== null) {
    return { start: before?.current_period_start ?? now, end: subscription.trial_end };
  }
  const natural = periodAround(request.prorationDate, subscription.billing_cycle_anchor, price.recurring);
  const keeps = before !== null && before.current_period_end === natural.end;
  return keeps ? { start: before.current_period_start, end: before.current_period_end } : natural;
}

function creditsFor(sandbox: Sandbox, item: SubscriptionItem, request: ChangeRequest): Proration[] {
  const at = request.prorationDate;
  const ties = sandbox.account.assumptions.prorationTies;
  return debitsStanding(sandbox, item.id, at).map((debit) => {
    const price = debit.price === null ? null : (sandbox.store.prices.get(debit.price) ?? null);
    return {
      item: item.id,
      price,
      quantity: debit.quantity,
      amount: creditForRest(debit, at, ties),
      description: `Unused time on ${named(sandbox, price, debit.quantity)} after ${formatDay(at)}`,
      period: { start: Math.max(at, debit.period.start), end: debit.period.end },
      credits: debit.source,
      tax_rates: item.tax_rates,
    };
  });
}

function chargeFor(
  sandbox: Sandbox,
  subscription: Subscription,
  { price, quantity }: WantedItem,
  item: SubscriptionItem,
  request: ChangeRequest,
): Proration {
  const at = request.prorationDate;
  // The share of the whole period, which an item changed twice in it is in too; not from its own last change.
  const natural = periodAround(at, subscription.billing_cycle_anchor, price.recurring);
  const discount = discountOnItem(sandbox, subscription, request, item.id);
  const amount = chargeForRest(
    { price, quantity, period: natural, discount },
    at,
    sandbox.account.assumptions.prorationTies,
  );
  const description = `Remaining time on ${named(sandbox, price, quantity)} after ${formatDay(at)}`;
  return {
    item: item.id,
    price,
    quantity,
    amount,
    description,
    period: { start: at, end: item.current_period_end },
    credits: null,
    tax_rates: item.tax_rates,
  };
}

/** What the subscription's discounts take off a whole period of an item: charges for a part of it are net. */
function discountOnItem(
  sandbox: Sandbox,
  subscription: Subscription,
  request: ChangeRequest,
  id: string,
): number {
  const rules = rulesInForce(sandbox, subscription.discounts, request.prorationDate);
  const lines = request.items.map(({ price, quantity }) => {
    return { amount: lineAmount(price, quantity), product: price.product, discountable: true };
  });
  const taken = discountsOn(lines, rules, sandbox.account.assumptions.percentOffRounding);
  return discountOf(taken[request.items.findIndex((item) => item.id === id)]);
}

/** The line of a period that begins with the change: in full, or nothing for a trial. */
function newPeriod(
  sandbox: Sandbox,
  { price, quantity }: WantedItem,
  item: SubscriptionItem | undefined,
  request: ChangeRequest,
): LineDraft {
  if (item === undefined) throw new Error("a new period belongs to an item");
  const period = { start: item.current_period_start, end: item.current_period_end };
  const line = { price, quantity, period, subscription_item: item.id, tax_rates: item.tax_rates };
  return request.restart?.trialEnd == null ? line : { ...line, ...freeTrial(sandbox, price, quantity) };
}

/** What a trial's line says and costs. */
export function freeTrial(sandbox: Sandbox, price: Price, quantity: number) {
  return { amount: 0, description: `Trial period for ${named(sandbox, price, quantity)}` };
}

function named(sandbox: Sandbox, price: Price | null, quantity: number): string {
  const name = (price && sandbox.store.products.get(price.product)?.name) ?? "the subscription";
  return quantity === 1 ? name : `${quantity} × ${name}`;
}

/** `21 Jun 2026`. */
function formatDay(seconds: number): string {
  const options = { day: "2-digit", month: "short", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat("en-GB", options).format(seconds * 1000);
}
