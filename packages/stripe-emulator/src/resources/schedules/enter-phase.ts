/**
 * The entry into a phase: the subscription takes over its items, its terms and its metadata.
 *
 * An item whose period ends as the phase begins, the usual case, only changes its price or quantity here; its renewal, due
 * at the same instant, bills the new one in full. In mid-period the change is prorated as the phase says.
 *
 * A change of interval with the anchor where it was is neither: flexible billing puts the new price into the period of
 * the old anchor, which has begun already, so that with `none` it runs unbilled until that ends. `phase_start` moves the
 * anchor to the phase's beginning, and its renewal bills a whole new period.
 */
import type { SchedulePhase } from "../../entities/subscription-schedule.ts";
import type { Subscription, SubscriptionItem } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId } from "../../store/ids.ts";
import { discountsAfterInvoice } from "../discounts/discounts.ts";
import { heldBack } from "../invoices/hold.ts";
import { patchInvoice } from "../invoices/invoice.ts";
import { priceOf } from "../prices.ts";
import { applyChange } from "../subscriptions/apply-change.ts";
import { createProrationItems, invoiceChange } from "../subscriptions/bill-change.ts";
import { expirePendingUpdate } from "../subscriptions/by-itself.ts";
import { recurringPrice, type WantedItem } from "../subscriptions/items.ts";
import { planChange, type ChangeRequest } from "../subscriptions/plan-change.ts";
import { itemsOf, showSubscription, updateSubscription } from "../subscriptions/subscription.ts";

export function enterPhase(sandbox: Sandbox, subscription: Subscription, phase: SchedulePhase): void {
  const current = expirePendingUpdate(sandbox, subscription);
  const old = showSubscription(sandbox, current);
  const now = sandbox.now(subscription.customer);
  const wanted = wantedOf(sandbox, itemsOf(sandbox, subscription.id), phase);
  const renewsNow = ({ before, price }: WantedItem) =>
    before === null ||
    (before.current_period_end <= now && (restarts || !isOtherInterval(sandbox, before, price)));
  const restarts = phase.billing_cycle_anchor === "phase_start";
  const isBoundary = itemsOf(sandbox, subscription.id).every((item) => item.current_period_end <= now);
  if (isBoundary && phase.trial_end === null && wanted.items.every(renewsNow)) {
    swapItems(sandbox, current, wanted, now);
    if (restarts) sandbox.store.subscriptions.patch(current.id, { billing_cycle_anchor: now });
  } else {
    changeInPeriod(sandbox, current, { ...wanted, phase, now });
  }
  const after = sandbox.store.subscriptions.get(current.id) ?? current;
  updateSubscription(sandbox, after, termsOf(after, phase), old);
}

interface Wanted {
  items: WantedItem[];
  removed: SubscriptionItem[];
}

/**
 * Which item becomes which: one with the same price stays; the others follow in their order, or are replaced by new ones
 * (`phaseItems`, which is not known of Stripe).
 */
function wantedOf(
  sandbox: Sandbox,
  existing: SubscriptionItem[],
  phase: { items: SchedulePhase["items"] },
): Wanted {
  const left = [...existing];
  const take = (index: number) => (index < 0 ? null : (left.splice(index, 1)[0] ?? null));
  const same = phase.items.map((item) => take(left.findIndex(({ price }) => price === item.price)));
  const isKept = sandbox.account.assumptions.phaseItems === "kept";
  const items = phase.items.map(({ price, quantity, metadata }, index): WantedItem => {
    const before = same[index] ?? (isKept ? take(left.length > 0 ? 0 : -1) : null);
    const found = recurringPrice(sandbox, price, "items");
    return {
      id: before?.id ?? newId("si"),
      price: found,
      quantity,
      metadata: { ...before?.metadata, ...metadata },
      tax_rates: before?.tax_rates ?? [],
      before,
    };
  });
  return { items, removed: left };
}

function isOtherInterval(sandbox: Sandbox, before: SubscriptionItem, price: WantedItem["price"]): boolean {
  const old = priceOf(sandbox, before.price, "price").recurring;
  const { interval, interval_count } = price.recurring;
  return old?.interval !== interval || old.interval_count !== interval_count;
}

/** All periods end now: what is put in their place is due for renewal at once. */
function swapItems(
  sandbox: Sandbox,
  subscription: Subscription,
  { items, removed }: Wanted,
  now: number,
): void {
  const { subscriptionItems } = sandbox.store;
  for (const item of removed) subscriptionItems.delete(item.id);
  for (const { id, price, quantity, metadata, before } of items) {
    const fresh = { id, created: now, subscription: subscription.id, discounts: [], tax_rates: [] };
    const period = { current_period_start: now, current_period_end: now, billed_until: now };
    subscriptionItems.put({ ...period, ...(before ?? fresh), price: price.id, quantity, metadata });
  }
}

/** Prorated as the phase says. Its invoice, if it makes one, is a draft for the usual time. */
function changeInPeriod(
  sandbox: Sandbox,
  subscription: Subscription,
  { items, removed, phase, now }: Wanted & { phase: SchedulePhase; now: number },
): void {
  const restart =
    phase.trial_end !== null || phase.billing_cycle_anchor === "phase_start"
      ? { trialEnd: phase.trial_end }
      : null;
  const isProrated = phase.proration_behavior !== "none";
  const request: ChangeRequest = { items, removed, now, prorationDate: now, isProrated, restart };
  const plan = planChange(sandbox, subscription, request);
  const changed = applyChange(sandbox, subscription, plan.change);
  createProrationItems(sandbox, changed, plan.prorations);
  const isBilled =
    plan.lines.length > 0 || (phase.proration_behavior === "always_invoice" && plan.prorations.length > 0);
  if (!isBilled) return;
  const draft = invoiceChange(sandbox, changed, plan, { now, prorationDate: now });
  sandbox.store.subscriptions.patch(changed.id, {
    latest_invoice: draft.id,
    ...(plan.lines.length > 0 && { discounts: discountsAfterInvoice(sandbox, changed.discounts, now) }),
  });
  const waits = sandbox.account.settings.renewalDraftSeconds;
  if (subscription.status === "unpaid") {
    patchInvoice(sandbox, draft.id, { auto_advance: false });
  } else if (heldBack(sandbox, draft) === null) {
    patchInvoice(sandbox, draft.id, { automatically_finalizes_at: now + waits });
  }
}

function termsOf(subscription: Subscription, phase: SchedulePhase): Partial<Subscription> {
  return {
    metadata: { ...subscription.metadata, ...phase.metadata },
    ...(phase.default_payment_method !== null && { default_payment_method: phase.default_payment_method }),
    ...(phase.description !== null && { description: phase.description }),
    ...(phase.discounts !== null && { discounts: phase.discounts }),
  };
}
