/**
 * Updating a subscription. Terms such as metadata, card or cancellation are written as they are given. Items, the anchor
 * and trials are money: `planChange` says what the change comes to, `proration_behavior` whether it waits for the next
 * invoice, and `payment_behavior` what happens when it is billed now and not paid:
 *
 *   create_prorations   pending items; billed now only when the anchor is reset or a trial begins or ends
 *   always_invoice      the items are billed now
 *   none                no items; the new price or quantity counts from the next period
 */
import type { Invoice } from "../../entities/invoice.ts";
import type { Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest } from "../../wire/errors.ts";
import type { Given } from "../../wire/route.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import { billNow } from "../invoices/bill-now.ts";
import { voidInvoice } from "../invoices/end.ts";
import type { EventType } from "../../entities/event.ts";
import { applyChange } from "./apply-change.ts";
import { createProrationItems, invoiceChange } from "./bill-change.ts";
import { asWanted, wantedItems, type ItemParams } from "./items.ts";
import { addInvoiceItems } from "./params.ts";
import { checkPendingParams, pendingExpiry } from "./pending-params.ts";
import { planChange, type ChangeRequest, type Plan } from "./plan-change.ts";
import { itemsOf, showSubscription, updateSubscription } from "./subscription.ts";
import { termsFrom } from "./terms.ts";

export type UpdateParams = Given<Stripe.SubscriptionUpdateParams>;

/** The order in which Stripe's events of a change that is billed now arrive (assembled, not promised). */
const CHANGE_ORDER: EventType[] = [
  "invoiceitem.created",
  "invoice.created",
  "invoice.finalized",
  "charge.succeeded",
  "payment_intent.created",
  "payment_intent.succeeded",
  "invoice.updated",
  "invoice.paid",
  "invoice.payment_succeeded",
  "customer.subscription.updated",
  "invoice_payment.paid",
];

export function changeSubscription(
  sandbox: Sandbox,
  subscription: Subscription,
  params: UpdateParams,
): Subscription {
  checkEditable(subscription, params);
  if (params.payment_behavior === "pending_if_incomplete") checkPendingParams(subscription, params);
  sandbox.arrangeEvents(CHANGE_ORDER);
  const current = giveUpPending(sandbox, subscription, params);
  const request = requestFrom(sandbox, current, params);
  const terms = termsFrom(sandbox, current, params, request?.items.map((item) => item.id) ?? null);
  addInvoiceItems(sandbox, current, params.add_invoice_items);
  if (request === null) return updateSubscription(sandbox, current, terms);
  const plan = planChange(sandbox, current, request);
  const isBilledNow =
    request.restart !== null ||
    (params.proration_behavior === "always_invoice" && plan.prorations.length > 0);
  const whole = {
    ...plan,
    change: { ...plan.change, subscription: { ...plan.change.subscription, ...terms } },
  };
  if (isBilledNow && params.payment_behavior === "pending_if_incomplete") {
    return changeIfPaid(sandbox, current, { plan: whole, request, offSession: params.off_session ?? false });
  }
  return change(sandbox, current, { plan: whole, request, isBilledNow, params });
}

interface Changing {
  plan: Plan;
  request: ChangeRequest;
  isBilledNow: boolean;
  params: Pick<UpdateParams, "payment_behavior" | "off_session">;
}

/** The change is made, and then billed if it is to be. */
function change(sandbox: Sandbox, before: Subscription, given: Changing): Subscription {
  const old = showSubscription(sandbox, before);
  const changed = applyChange(sandbox, before, given.plan.change);
  createProrationItems(sandbox, changed, given.plan.prorations);
  if (!given.isBilledNow) return updateSubscription(sandbox, changed, {}, old);
  const draft = bill(sandbox, changed, given);
  updateSubscription(sandbox, current(sandbox, before), {}, old);
  collect(sandbox, draft, given);
  return current(sandbox, before);
}

function collect(sandbox: Sandbox, draft: Invoice, { params }: Changing): void {
  const behavior = params.payment_behavior ?? "allow_incomplete";
  billNow(sandbox, draft, { behavior, offSession: params.off_session ?? false });
}

function bill(
  sandbox: Sandbox,
  subscription: Subscription,
  { plan, request }: Pick<Changing, "plan" | "request">,
) {
  const { now, prorationDate } = request;
  return invoiceChange(sandbox, subscription, plan, { now, prorationDate });
}

/** The change is billed first and made only when that is paid. */
function changeIfPaid(
  sandbox: Sandbox,
  before: Subscription,
  given: { plan: Plan; request: ChangeRequest; offSession: boolean },
): Subscription {
  createProrationItems(sandbox, before, given.plan.prorations);
  const draft = bill(sandbox, before, given);
  const expires_at = pendingExpiry(before, itemsOf(sandbox, before.id), given.request.now);
  const { change } = given.plan;
  sandbox.store.subscriptions.patch(before.id, {
    pending_update: { expires_at, change, is_announced: false },
  });
  billNow(sandbox, draft, { behavior: "allow_incomplete", offSession: given.offSession });
  const after = current(sandbox, before);
  if (after.pending_update === null) return after;
  const waiting = { ...after.pending_update, is_announced: true };
  const old = showSubscription(sandbox, before);
  return updateSubscription(sandbox, after, { pending_update: waiting }, old);
}

function current(sandbox: Sandbox, { id }: Subscription): Subscription {
  const found = sandbox.store.subscriptions.get(id);
  if (found === undefined) throw new Error(`subscription ${id} vanished`);
  return found;
}

/** A further change of money voids the invoice of one that is pending, and takes its place. */
function giveUpPending(sandbox: Sandbox, subscription: Subscription, params: UpdateParams): Subscription {
  const isChange = params.items != null || params.billing_cycle_anchor != null || params.trial_end != null;
  if (subscription.pending_update === null || !isChange) return subscription;
  const invoice = sandbox.store.invoices.get(subscription.latest_invoice ?? "");
  if (invoice?.status === "open") voidInvoice(sandbox, invoice);
  return current(sandbox, subscription);
}

const EDITABLE_AT_THE_END = ["metadata", "cancellation_details", "expand"];
const EDITABLE_WHILE_INCOMPLETE = [...EDITABLE_AT_THE_END, "default_payment_method", "default_source"];

function checkEditable(subscription: Subscription, params: UpdateParams): void {
  const { status } = subscription;
  const isOver = status === "canceled" || status === "incomplete_expired";
  if (!isOver && status !== "incomplete") return;
  const allowed = isOver ? EDITABLE_AT_THE_END : EDITABLE_WHILE_INCOMPLETE;
  const refused = Object.keys(params).find((name) => !allowed.includes(name));
  if (refused === undefined) return;
  throw invalidRequest(
    isOver
      ? "A canceled subscription can only update its cancellation_details and metadata."
      : "This subscription's first payment is not completed: only its metadata and default payment method can be updated.",
    { param: refused },
  );
}

/** Null when nothing is asked for that costs anything. */
function requestFrom(
  sandbox: Sandbox,
  subscription: Subscription,
  params: UpdateParams,
): ChangeRequest | null {
  const existing = itemsOf(sandbox, subscription.id);
  const given = (params.items ?? []) as ItemParams[];
  const restart = restartFrom(sandbox, subscription, params);
  if (given.length === 0 && restart === null) return null;
  const wanted =
    given.length === 0
      ? { items: existing.map((item) => asWanted(sandbox, item)), removed: [] }
      : wantedItems(sandbox, existing, given);
  const now = sandbox.now(subscription.customer);
  return {
    ...wanted,
    now,
    prorationDate: prorationDateFrom(params, existing, now),
    isProrated: params.proration_behavior !== "none",
    restart,
  };
}

/** Two years, Stripe's most for a trial. */
const LONGEST_TRIAL = 2 * 366 * 86_400;

function restartFrom(
  sandbox: Sandbox,
  subscription: Subscription,
  params: UpdateParams,
): ChangeRequest["restart"] {
  const now = sandbox.now(subscription.customer);
  const isTrial = subscription.status === "trialing";
  const { trial_end: end } = params;
  if (typeof end === "number") {
    if (end <= now || end > now + LONGEST_TRIAL) {
      throw invalidRequest("`trial_end` must lie in the future, at most two years.", { param: "trial_end" });
    }
    return { trialEnd: end };
  }
  if (end === "now" && isTrial) return { trialEnd: null };
  return params.billing_cycle_anchor?.type === "now" ? { trialEnd: null } : null;
}

function prorationDateFrom(
  params: Pick<UpdateParams, "proration_date">,
  items: { current_period_start: number; current_period_end: number }[],
  now: number,
): number {
  const at = params.proration_date ?? now;
  const isWithin = items.every((item) => at >= item.current_period_start && at <= item.current_period_end);
  if (params.proration_date == null || isWithin) return at;
  throw invalidRequest("Invalid proration_date: it must lie within the current period.", {
    param: "proration_date",
  });
}
