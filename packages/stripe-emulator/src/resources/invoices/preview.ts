/**
 * Previews: what a subscription would be billed, now or at its next renewal, if it were changed. The change is really made,
 * drafted and undone, so that a preview cannot come to another sum than the change itself.
 *
 *   always_invoice, a reset anchor, a trial's end   the invoice that the change would make now
 *   otherwise                                       the next renewal, with all prorations that would be pending by then
 */
import type { Customer } from "../../entities/customer.ts";
import type { Invoice } from "../../entities/invoice.ts";
import type { Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest, noSuchReference, parameterMissing, StripeError } from "../../wire/errors.ts";
import { randomText } from "../../store/ids.ts";
import type { Given } from "../../wire/route.ts";
import type { WireObject } from "../../wire/shape.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import { customerOf } from "../customers.ts";
import { moveOn } from "../schedules/move-on.ts";
import { changeSchedule } from "../schedules/update.ts";
import { draftFinalInvoice } from "../subscriptions/cancel.ts";
import { endAsAgreed } from "../subscriptions/period-end.ts";
import { trySubscribe } from "../subscriptions/create.ts";
import { createRenewalInvoice } from "../subscriptions/renewal.ts";
import { itemsOf } from "../subscriptions/subscription.ts";
import type { UpdateParams } from "../subscriptions/terms.ts";
import { tryChange } from "../subscriptions/update.ts";
import { buyerOfCustomer, requireBuyer } from "./buyer.ts";
import { createInvoice, showInvoice } from "./invoice.ts";
import { createItemFrom } from "./item-params.ts";
import { pendingItems } from "./items.ts";

type Params = Given<Stripe.InvoiceCreatePreviewParams>;

/** A renewal is finalized an hour after its draft. */
const FINALIZED_AFTER = 3_600;

export function previewInvoice(sandbox: Sandbox, params: Params): WireObject {
  checkServed(params);
  if (params.schedule != null || params.schedule_details != null) return previewSchedule(sandbox, params);
  return sandbox.dryRun(() => {
    const given = params.subscription ? sandbox.store.subscriptions.get(params.subscription) : undefined;
    if (params.subscription && given === undefined) {
      throw noSuchReference("subscription", params.subscription, "subscription");
    }
    if (given && params.customer && params.customer !== given.customer) {
      throw invalidRequest("The subscription belongs to another customer.", { param: "subscription" });
    }
    const id = given?.customer ?? params.customer;
    if (!id) throw parameterMissing("customer");
    const customer = customerDetailed(sandbox, customerOf(sandbox, id), params);
    for (const [index, item] of (params.invoice_items ?? []).entries()) {
      const pricing = item.price ? { price: item.price } : undefined;
      const on = { customer: customer.id, subscription: given?.id };
      createItemFrom(sandbox, { ...item, ...on, ...(pricing && { pricing }) }, `invoice_items[${index}]`);
    }
    const preview = given ? ofChange(sandbox, given, params) : ofNothingYet(sandbox, customer, params);
    if (preview === null) throw noneUpcoming(customer.id);
    return preview.shown ?? showPreview(sandbox, preview);
  });
}

function checkServed(params: Params): void {
  const unserved = (["discounts", "on_behalf_of"] as const).find((name) => params[name] != null);
  if (unserved !== undefined) {
    throw invalidRequest(`The emulator does not serve \`${unserved}\` of a preview yet.`, {
      param: unserved,
    });
  }
  if (params.preview_mode === "recurring") {
    throw invalidRequest("The emulator previews the next invoice only.", { param: "preview_mode" });
  }
}

/**
 * With `schedule`: what its subscription is billed next, by the phases as they are or as `schedule_details` would make
 * them. What a change of the current phase bills at once comes before the next renewal.
 */
function previewSchedule(sandbox: Sandbox, params: Params): WireObject {
  if (params.subscription_details != null || params.subscription != null) {
    throw invalidRequest("You may only specify one of these parameters: schedule, subscription_details.", {
      param: "schedule",
    });
  }
  const schedule = sandbox.store.subscriptionSchedules.get(params.schedule ?? "");
  if (schedule === undefined) {
    if (params.schedule) throw noSuchReference("subscription schedule", params.schedule, "schedule");
    throw invalidRequest("The emulator previews schedules that exist: name one with `schedule`.", {
      param: "schedule",
    });
  }
  const given = sandbox.store.subscriptions.get(schedule.subscription ?? "");
  if (schedule.status !== "active" || given === undefined) throw noneUpcoming(schedule.customer);
  return sandbox.dryRun(() => {
    const { end_behavior, phases, proration_behavior } = params.schedule_details ?? {};
    changeSchedule(sandbox, schedule, {
      ...(end_behavior != null && { end_behavior }),
      ...(phases != null && { phases }),
      ...(proration_behavior != null && { proration_behavior }),
    });
    const changed = sandbox.store.subscriptions.get(given.id) ?? given;
    const now = sandbox.store.invoices.get(changed.latest_invoice ?? "");
    const isNew = now !== undefined && now.id !== given.latest_invoice;
    const preview = isNew ? { invoice: now, nextAttempt: now.created } : renewalOf(sandbox, changed);
    if (preview === null) throw noneUpcoming(schedule.customer);
    return "shown" in preview && preview.shown ? preview.shown : showPreview(sandbox, preview);
  });
}

/** `customer_details` stand in for what is known of the customer. */
function customerDetailed(sandbox: Sandbox, customer: Customer, params: Params): Customer {
  const country = params.customer_details?.address?.country;
  const tax_exempt = params.customer_details?.tax_exempt;
  if (!country && !tax_exempt) return customer;
  const nowhere = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
  return sandbox.store.customers.patch(customer.id, {
    ...(country && { address: { ...nowhere, country } }),
    ...(tax_exempt && { tax_exempt }),
  });
}

interface Previewed {
  invoice: Invoice;
  nextAttempt: number;
  /** As it is shown, when what it is made of is undone already. */
  shown?: WireObject;
}

function ofChange(sandbox: Sandbox, subscription: Subscription, params: Params): Previewed | null {
  const details = params.subscription_details;
  if (subscription.status === "canceled" || subscription.status === "incomplete_expired") return null;
  const now = sandbox.now(subscription.customer);
  if (details?.cancel_now) {
    const isProrated = details.proration_behavior !== "none";
    const invoice = draftFinalInvoice(sandbox, subscription, {
      isProrated,
      at: details.proration_date ?? now,
    });
    return invoice === null ? null : { invoice, nextAttempt: now };
  }
  const { subscription: changed, draft } = tryChange(sandbox, subscription, changeOf(params));
  return draft === null ? renewalOf(sandbox, changed) : { invoice: draft, nextAttempt: now };
}

function changeOf(params: Params): UpdateParams {
  const details = params.subscription_details ?? {};
  const { items, proration_behavior, proration_date, billing_cycle_anchor, trial_end } = details;
  if (billing_cycle_anchor?.type === "timestamp") {
    throw invalidRequest("An anchor at an instant is for new subscriptions only.", {
      param: "subscription_details[billing_cycle_anchor]",
    });
  }
  const type = billing_cycle_anchor?.type;
  return {
    ...(items != null && { items }),
    ...(proration_behavior != null && { proration_behavior }),
    ...(proration_date != null && { proration_date }),
    ...(type != null && { billing_cycle_anchor: { type } }),
    ...(trial_end != null && { trial_end }),
    ...(details.cancel_at !== undefined && { cancel_at: details.cancel_at }),
    ...(details.cancel_at_period_end != null && { cancel_at_period_end: details.cancel_at_period_end }),
    ...(details.default_tax_rates !== undefined && { default_tax_rates: details.default_tax_rates }),
    ...(params.automatic_tax != null && { automatic_tax: params.automatic_tax }),
  };
}

/** The next renewal; none when the subscription ends by then, unless something is still to be billed. */
function renewalOf(sandbox: Sandbox, subscription: Subscription): Previewed | null {
  const ends = itemsOf(sandbox, subscription.id).map((item) => item.current_period_end);
  const end = Math.min(...ends);
  const isEnding = subscription.cancel_at !== null && subscription.cancel_at <= end;
  if (isEnding) return lastInvoiceOf(sandbox, subscription, subscription.cancel_at ?? end);
  if (subscription.status === "paused") return null;
  return sandbox.dryRunAt(subscription.customer, end, () => {
    const renewing = enterDuePhase(sandbox, subscription, end);
    if (renewing === null) return null;
    const invoice = createRenewalInvoice(sandbox, renewing, {
      now: end,
      finalizesAt: end + FINALIZED_AFTER,
    });
    const preview = { invoice, nextAttempt: end + FINALIZED_AFTER };
    return { ...preview, shown: showPreview(sandbox, preview) };
  });
}

/** What is billed when a subscription ends as agreed; null when nothing is. */
function lastInvoiceOf(sandbox: Sandbox, subscription: Subscription, at: number): Previewed | null {
  return sandbox.dryRunAt(subscription.customer, at, () => {
    const invoice = endAsAgreed(sandbox, subscription);
    if (invoice === null) return null;
    const preview = { invoice, nextAttempt: at + FINALIZED_AFTER };
    return { ...preview, shown: showPreview(sandbox, preview) };
  });
}

/** The subscription as its renewal finds it: a schedule's next phase may begin then, or end it. */
function enterDuePhase(sandbox: Sandbox, subscription: Subscription, end: number): Subscription | null {
  const schedule = sandbox.store.subscriptionSchedules.get(subscription.schedule ?? "");
  if (schedule?.status !== "active" || schedule.current_phase?.end !== end) return subscription;
  moveOn(sandbox, schedule);
  const after = sandbox.store.subscriptions.get(subscription.id);
  const isDue = itemsOf(sandbox, subscription.id).some((item) => item.current_period_end <= end);
  return after?.ended_at === null && isDue ? after : null;
}

/** The next renewal of a subscription as it stands, for `invoice.upcoming`. */
export function previewRenewal(sandbox: Sandbox, subscription: Subscription): WireObject | null {
  const preview = sandbox.dryRun(() => renewalOf(sandbox, subscription));
  return preview?.shown ?? null;
}

/** Without a subscription: one that would begin, or what is pending. */
function ofNothingYet(sandbox: Sandbox, customer: Customer, params: Params): Previewed | null {
  const now = sandbox.now(customer.id);
  const details = params.subscription_details;
  if (details?.items != null) {
    const { items, trial_end, proration_behavior, billing_cycle_anchor } = details;
    const invoice = trySubscribe(
      sandbox,
      {
        items,
        ...(trial_end != null && { trial_end }),
        ...(proration_behavior != null && { proration_behavior }),
        ...(billing_cycle_anchor?.timestamp != null && {
          billing_cycle_anchor: billing_cycle_anchor.timestamp,
        }),
        ...(details.default_tax_rates != null && { default_tax_rates: details.default_tax_rates }),
        ...(params.automatic_tax != null && { automatic_tax: params.automatic_tax }),
      },
      customer,
    );
    return invoice && { invoice, nextAttempt: now };
  }
  const currency = params.currency?.toLowerCase() ?? customer.currency ?? sandbox.account.currency;
  const pending = pendingItems(sandbox, { customer: customer.id, currency, subscription: null });
  if (pending.length === 0) return null;
  const buyer = params.automatic_tax?.enabled ? requireBuyer(sandbox, customer) : null;
  const period = { start: now, end: now };
  const invoice = createInvoice(sandbox, {
    customer,
    currency,
    billing_reason: "manual",
    pending,
    lines: [],
    buyer,
    automatic_tax: buyer !== null && buyerOfCustomer(sandbox, customer) !== null,
    period,
  });
  return { invoice, nextAttempt: now };
}

function noneUpcoming(customer: string): StripeError {
  return new StripeError(404, {
    type: "invalid_request_error",
    code: "invoice_upcoming_none",
    message: `No upcoming invoices for customer: ${customer}`,
  });
}

/** An invoice that is nowhere: an id that finds nothing, all its lines, no page. */
function showPreview(sandbox: Sandbox, { invoice, nextAttempt }: Previewed): WireObject {
  const id = `upcoming_in_${randomText(24)}`;
  const shown = showInvoice(sandbox, {
    ...invoice,
    billing_reason: "upcoming",
    next_payment_attempt: nextAttempt,
  });
  const lines = shown["lines"] as { data: WireObject[] };
  const data = lines.data.map((line) => ({ ...line, invoice: id }));
  return {
    ...shown,
    id,
    lines: { ...lines, data, url: `/v1/invoices/upcoming/lines` },
    automatically_finalizes_at: null,
  };
}
