/** The terms of a subscription that an update gives: everything but items, anchor and trial. */
import type { Subscription, SubscriptionItem } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest } from "../../wire/errors.ts";
import type { Given } from "../../wire/route.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import { customerOf } from "../customers.ts";
import { chooseDiscounts, giveDiscounts, type DiscountParam } from "../discounts/discounts.ts";
import { requireBuyer } from "../invoices/buyer.ts";
import { usablePaymentMethod } from "../payment-methods.ts";
import { priceOf } from "../prices.ts";
import { refuseBothTaxes, taxRateIds } from "../tax-rates.ts";
import { changed } from "../products.ts";
import { lineAmount } from "../../money/amounts.ts";
import { cancellationOf, collectionOf, missingPaymentMethodOf, refuseUnserved, UNSERVED } from "./params.ts";
import { itemsOf } from "./subscription.ts";

export type UpdateParams = Given<Stripe.SubscriptionUpdateParams>;

/** `remaining` names the items that an update leaves, null when it leaves all. */
export function termsFrom(
  sandbox: Sandbox,
  subscription: Subscription,
  params: UpdateParams,
  remaining: string[] | null,
): Partial<Subscription> {
  refuseUnserved(params, UNSERVED);
  checkSchedule(subscription, params);
  const items = itemsOf(sandbox, subscription.id).filter(
    ({ id }) => remaining === null || remaining.includes(id),
  );
  const now = sandbox.now(subscription.customer);
  return {
    ...cancellationOf(params, items, now),
    ...collectionOf(params, subscription),
    ...cancellationDetails(subscription, params),
    metadata: mergeMetadata(subscription.metadata, params.metadata),
    description: changed(params.description, subscription.description),
    default_payment_method: cardFrom(sandbox, subscription, params.default_payment_method),
    automatic_tax: automaticTaxFrom(sandbox, subscription, params),
    default_tax_rates: ratesFrom(sandbox, subscription, params),
    discounts: discountsFrom(sandbox, subscription, params.discounts, items),
    invoice_description: changed(params.invoice_settings?.description, subscription.invoice_description),
    invoice_footer: changed(params.invoice_settings?.footer, subscription.invoice_footer),
    pause_collection: pauseFrom(subscription, params),
    trial_missing_payment_method: missingPaymentMethodOf(
      params.trial_settings,
      subscription.trial_missing_payment_method,
    ),
    ...trialFrom(subscription, params, now),
  };
}

/** While a schedule rules it, how it ends is the schedule's. */
function checkSchedule(subscription: Subscription, params: UpdateParams): void {
  if (subscription.schedule === null) return;
  if (params.cancel_at === undefined && params.cancel_at_period_end == null) return;
  throw invalidRequest(
    `The subscription is managed by the subscription schedule \`${subscription.schedule}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`,
    { param: params.cancel_at === undefined ? "cancel_at_period_end" : "cancel_at" },
  );
}

function cancellationDetails(subscription: Subscription, params: UpdateParams): Partial<Subscription> {
  const details = subscription.cancellation_details;
  const isUndone = params.cancel_at === null || params.cancel_at_period_end === false;
  if (isUndone && params.cancellation_details == null) return {};
  const isRequested = params.cancel_at != null || params.cancel_at_period_end === true;
  return {
    cancellation_details: {
      comment: changed(params.cancellation_details?.comment, details.comment),
      feedback: changed(params.cancellation_details?.feedback, details.feedback),
      reason: isRequested ? "cancellation_requested" : details.reason,
    },
  };
}

function cardFrom(
  sandbox: Sandbox,
  subscription: Subscription,
  given: string | null | undefined,
): string | null {
  if (!given) return changed(given, subscription.default_payment_method);
  return usablePaymentMethod(sandbox, given, subscription.customer, "default_payment_method").id;
}

function automaticTaxFrom(sandbox: Sandbox, subscription: Subscription, params: UpdateParams): boolean {
  const isEnabled = params.automatic_tax?.enabled ?? subscription.automatic_tax;
  if (isEnabled && !subscription.automatic_tax)
    requireBuyer(sandbox, customerOf(sandbox, subscription.customer));
  return isEnabled;
}

function ratesFrom(sandbox: Sandbox, subscription: Subscription, params: UpdateParams): string[] {
  const param = "default_tax_rates";
  const before = subscription.default_tax_rates;
  const rates = taxRateIds(sandbox, params.default_tax_rates, { before, param });
  const isAutomatic = params.automatic_tax?.enabled ?? subscription.automatic_tax;
  refuseBothTaxes(isAutomatic, rates, param);
  const ofItems = (params.items ?? []).flatMap((item) => item.tax_rates ?? []);
  const kept = itemsOf(sandbox, subscription.id).flatMap((item) => item.tax_rates);
  refuseBothTaxes(isAutomatic, ofItems.length > 0 ? ofItems : kept, "items");
  return rates;
}

function discountsFrom(
  sandbox: Sandbox,
  subscription: Subscription,
  given: readonly DiscountParam[] | null | undefined,
  items: SubscriptionItem[],
): string[] {
  if (given === undefined || given?.length === 0) return subscription.discounts;
  const { currency, id } = subscription;
  const customer = customerOf(sandbox, subscription.customer);
  const subtotal = items.reduce(
    (sum, item) => sum + lineAmount(priceOf(sandbox, item.price, "price"), item.quantity),
    0,
  );
  const chosen = chooseDiscounts(sandbox, given, { customer, currency, subtotal });
  return giveDiscounts(sandbox, chosen, { customer: customer.id, subscription: id }).map((one) => one.id);
}

function pauseFrom(subscription: Subscription, { pause_collection: given }: UpdateParams) {
  if (given === undefined) return subscription.pause_collection;
  return given === null ? null : { behavior: given.behavior, resumes_at: given.resumes_at ?? null };
}

/** A trial that ends now leaves its end on record. */
function trialFrom(subscription: Subscription, params: UpdateParams, now: number): Partial<Subscription> {
  if (params.trial_end !== "now" || subscription.status !== "trialing") return {};
  return { trial_end: now, status: "active" };
}
