/** What a period's end does to a subscription: it renews, its trial is over, or it ends. */
import type { Invoice } from "../../entities/invoice.ts";
import type { EventType } from "../../entities/event.ts";
import type { Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { buyerOfCustomer } from "../invoices/buyer.ts";
import { heldBack } from "../invoices/hold.ts";
import { createInvoice } from "../invoices/invoice.ts";
import { pendingItems } from "../invoices/items.ts";
import { customerOf } from "../customers.ts";
import { cancelNow, creditUnused } from "./cancel.ts";
import { createRenewalInvoice, invoiceTerms } from "./renewal.ts";
import { showSubscription, updateSubscription } from "./subscription.ts";

/** The order in which the events of a renewal's first half arrive (observed, not promised). */
const RENEWAL_ORDER: EventType[] = ["invoice.created", "customer.subscription.updated"];

export function renew(sandbox: Sandbox, subscription: Subscription): void {
  sandbox.arrangeEvents(RENEWAL_ORDER);
  const now = sandbox.now(subscription.customer);
  const isTrialOver = subscription.status === "trialing" && (subscription.trial_end ?? 0) <= now;
  if (isTrialOver) endTrial(sandbox, subscription, now);
  else bill(sandbox, subscription, now);
}

function bill(sandbox: Sandbox, subscription: Subscription, now: number): void {
  const finalizesAt = now + sandbox.account.settings.renewalDraftSeconds;
  heldBack(sandbox, createRenewalInvoice(sandbox, subscription, { now, finalizesAt }));
}

/** Whether a trial's end would bring no invoice, since another end was agreed on for want of a card. */
export function endsWithoutInvoice(sandbox: Sandbox, subscription: Subscription): boolean {
  const agreed = subscription.trial_missing_payment_method;
  return subscription.status === "trialing" && agreed !== "create_invoice" && !hasCard(sandbox, subscription);
}

/** A trial that is ended early, in the same way. */
export function endTrialNow(sandbox: Sandbox, subscription: Subscription): Subscription {
  const now = sandbox.now(subscription.customer);
  const shortened = sandbox.store.subscriptions.patch(subscription.id, { trial_end: now });
  endTrial(sandbox, shortened, now);
  return sandbox.store.subscriptions.get(subscription.id) ?? shortened;
}

/** With a card, or when nothing else was agreed, the first paid period begins. */
function endTrial(sandbox: Sandbox, subscription: Subscription, now: number): void {
  const agreed = subscription.trial_missing_payment_method;
  if (agreed === "create_invoice" || hasCard(sandbox, subscription)) {
    // The event about the renewal tells of the new status too: it compares with the subscription as it was given.
    sandbox.store.subscriptions.patch(subscription.id, { status: "active" });
    bill(sandbox, subscription, now);
  } else if (agreed === "cancel") {
    cancelNow(sandbox, subscription);
  } else {
    const paused = { type: "trial_end_without_payment_method", transitioned_at: now } as const;
    const waiting = updateSubscription(sandbox, subscription, { status: "paused", paused });
    sandbox.emit("customer.subscription.paused", showSubscription(sandbox, waiting));
  }
}

function hasCard(sandbox: Sandbox, subscription: Subscription): boolean {
  const customer = customerOf(sandbox, subscription.customer);
  return (subscription.default_payment_method ?? customer.default_payment_method) !== null;
}

/** A cancellation that was agreed on before comes into force. What is pending, and the rest of a period that it
 *  cuts as a credit, comes on a last invoice. */
export function endAsAgreed(sandbox: Sandbox, subscription: Subscription): Invoice | null {
  const now = sandbox.now(subscription.customer);
  const { canceled_at, cancel_at, cancel_at_period_end, cancellation_details: details } = subscription;
  cancelNow(sandbox, subscription, { ...details, reason: details.reason ?? "cancellation_requested" });
  sandbox.store.subscriptions.patch(subscription.id, { canceled_at, cancel_at, cancel_at_period_end });
  if (subscription.cancel_prorates) creditUnused(sandbox, subscription, now);
  return billPending(sandbox, subscription, now);
}

function billPending(sandbox: Sandbox, subscription: Subscription, now: number): Invoice | null {
  const customer = customerOf(sandbox, subscription.customer);
  const { id, currency } = subscription;
  const waiting = pendingItems(sandbox, { customer: customer.id, currency, subscription: id });
  const pending = waiting.filter((item) => item.subscription === id);
  if (pending.length === 0) return null;
  const started = pending.map((item) => item.period.start);
  return createInvoice(sandbox, {
    ...invoiceTerms(subscription, now),
    customer,
    currency,
    billing_reason: "subscription_cycle",
    pending,
    lines: [],
    buyer: subscription.automatic_tax ? buyerOfCustomer(sandbox, customer) : null,
    period: { start: Math.min(now, ...started), end: now },
    automatically_finalizes_at: now + sandbox.account.settings.renewalDraftSeconds,
  });
}
