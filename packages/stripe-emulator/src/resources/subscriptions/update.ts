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
import type { PlannedChange, Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest } from "../../wire/errors.ts";
import { billNow } from "../invoices/bill-now.ts";
import { voidInvoice } from "../invoices/end.ts";
import type { EventType } from "../../entities/event.ts";
import { applyChange } from "./apply-change.ts";
import { createProrationItems, invoiceChange } from "./bill-change.ts";
import { chargeWhatWasCut } from "./cut-period.ts";
import { addInvoiceItems } from "./params.ts";
import { checkPendingParams, pendingExpiry } from "./pending-params.ts";
import { discountsAfterInvoice } from "../discounts/discounts.ts";
import { changeRequest } from "./change-request.ts";
import { planChange, type ChangeRequest, type Plan } from "./plan-change.ts";
import { itemsOf, showSubscription, updateSubscription } from "./subscription.ts";
import { termsFrom, type UpdateParams } from "./terms.ts";

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
  const before = giveUpPending(sandbox, subscription, params);
  const { terms, changing } = changingFrom(sandbox, before, params);
  if (changing === null) return updateSubscription(sandbox, before, terms);
  // While collection is paused nobody is asked to pay, so that there is nothing to wait for.
  const mayWait = changing.isBilledNow && before.pause_collection === null;
  if (mayWait && params.payment_behavior === "pending_if_incomplete") {
    return changeIfPaid(sandbox, before, changing, givenTerms(terms, params));
  }
  return change(sandbox, before, changing, terms);
}

/** For previews, in a dry run: the subscription as it would be, and the draft of what would be billed at once. */
export function tryChange(sandbox: Sandbox, subscription: Subscription, params: UpdateParams) {
  checkEditable(subscription, params);
  const { terms, changing } = changingFrom(sandbox, subscription, params);
  const draft = changing === null ? null : draftChange(sandbox, subscription, changing, terms);
  const changes = changing === null ? terms : {};
  return { subscription: sandbox.store.subscriptions.patch(subscription.id, changes), draft };
}

interface Changing {
  plan: Plan;
  request: ChangeRequest;
  isBilledNow: boolean;
  params: UpdateParams;
}

/** What a request comes to: its terms, and unless nothing costs anything, the plan of the rest. */
function changingFrom(
  sandbox: Sandbox,
  subscription: Subscription,
  params: UpdateParams,
): { terms: Partial<Subscription>; changing: Changing | null } {
  const request = changeRequest(sandbox, subscription, params);
  const terms = termsFrom(sandbox, subscription, params, request?.items.map((item) => item.id) ?? null);
  addInvoiceItems(sandbox, subscription, params.add_invoice_items);
  chargeWhatWasCut(sandbox, subscription, terms.cancel_at);
  if (request === null) return { terms, changing: null };
  const plan = planChange(sandbox, subscription, request);
  const isInvoiced = params.proration_behavior === "always_invoice" && plan.prorations.length > 0;
  return { terms, changing: { plan, request, isBilledNow: request.restart !== null || isInvoiced, params } };
}

/** The change is made, and then billed if it is to be. */
function change(
  sandbox: Sandbox,
  before: Subscription,
  changing: Changing,
  terms: Partial<Subscription>,
): Subscription {
  const old = showSubscription(sandbox, before);
  const draft = draftChange(sandbox, before, changing, terms);
  const after = updateSubscription(
    sandbox,
    current(sandbox, before),
    afterBilling(sandbox, before, draft),
    old,
  );
  if (draft === null) return after;
  const { payment_behavior, off_session } = changing.params;
  billNow(sandbox, draft, {
    behavior: payment_behavior ?? "allow_incomplete",
    offSession: off_session ?? false,
  });
  return current(sandbox, before);
}

/** Writes the change and what it comes to: pending items, and the draft that takes them if it is billed now. */
function draftChange(
  sandbox: Sandbox,
  before: Subscription,
  { plan, request, isBilledNow }: Changing,
  terms: Partial<Subscription>,
): Invoice | null {
  const changed = applyChange(sandbox, before, withTerms(plan, terms));
  createProrationItems(sandbox, changed, plan.prorations);
  return isBilledNow ? invoiceChange(sandbox, changed, plan, request) : null;
}

/** The change is billed first and made only when that is paid; until then its invoice is open and nothing else is new. */
function changeIfPaid(
  sandbox: Sandbox,
  before: Subscription,
  { plan, request, params }: Changing,
  terms: Partial<Subscription>,
): Subscription {
  const old = showSubscription(sandbox, before);
  createProrationItems(sandbox, before, plan.prorations);
  const draft = invoiceChange(sandbox, before, plan, request);
  const behavior = "allow_incomplete";
  const invoice = billNow(sandbox, draft, { behavior, offSession: params.off_session ?? false });
  const billed = afterBilling(sandbox, before, plan.lines.length > 0 ? invoice : null);
  const changed = withTerms(plan, { ...terms, ...billed });
  const unchanged = current(sandbox, before);
  if (invoice.status === "paid") {
    const after = applyChange(sandbox, unchanged, changed);
    return updateSubscription(sandbox, after, { latest_invoice: invoice.id }, old);
  }
  const expires_at = pendingExpiry(before, itemsOf(sandbox, before.id), request.now);
  const pending_update = { expires_at, change: changed };
  return updateSubscription(sandbox, unchanged, { latest_invoice: invoice.id, pending_update }, old);
}

/** The newest invoice is the latest; discounts that are used once are used. */
function afterBilling(
  sandbox: Sandbox,
  before: Subscription,
  invoice: Invoice | null,
): Partial<Subscription> {
  if (invoice === null) return {};
  const { discounts } = current(sandbox, before);
  if (invoice.discounts.length === 0) return { latest_invoice: invoice.id };
  return {
    latest_invoice: invoice.id,
    discounts: discountsAfterInvoice(sandbox, discounts, invoice.created),
  };
}

function withTerms(plan: Plan, terms: Partial<Subscription>): PlannedChange {
  return { ...plan.change, subscription: { ...plan.change.subscription, ...terms } };
}

/** Of the terms only what the request named: the others may change while this one waits. */
function givenTerms(terms: Partial<Subscription>, params: UpdateParams): Partial<Subscription> {
  const { metadata, discounts, cancel_at, cancel_at_period_end, canceled_at, trial_end, status } = terms;
  return {
    ...(params.metadata !== undefined && metadata && { metadata }),
    ...(params.discounts !== undefined && discounts && { discounts }),
    ...(cancel_at !== undefined && { cancel_at, canceled_at: canceled_at ?? null }),
    ...(cancel_at_period_end !== undefined && { cancel_at_period_end }),
    ...(trial_end !== undefined && { trial_end }),
    ...(status !== undefined && { status }),
  };
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
