import {
  classify,
  isRefusal,
  liveSubscription,
  priceTarget,
  type AccountId,
  type Target,
  type Wanted,
} from "@bursar/core";
import { ensureStripeCustomer } from "../accounts/stripe-customer.ts";
import { planLookupKey } from "../catalog/push.ts";
import { openHostedCheckout, type HostedCheckoutOutcome } from "../stripe/hosted-checkout.ts";
import type { SubscriptionsContext } from "./context.ts";
import { nameHolders, type NamedRefusal } from "./named-refusal.ts";
import { quotedOf, upgradePriceOf } from "./preview-change.ts";
import { priceIdOf } from "./price-of.ts";
import { loadStanding, type CurrentStanding } from "./standing.ts";
import { listSubscriptions } from "./store.ts";
import { findQuote } from "./store-quotes.ts";
import { isSameChange, type WantedChange } from "./wanted-change.ts";

export type PlanCheckoutOutcome =
  | HostedCheckoutOutcome
  | NamedRefusal
  | { readonly code: "quote_changed" }
  /** Nothing is paid for it, so there is no page: it is confirmed with `change`. */
  | { readonly code: "needs_no_payment" };

interface CheckoutRequest {
  readonly wanted: Wanted;
  readonly quoteId?: string | undefined;
  readonly successUrl: string;
  readonly cancelUrl: string;
  /** Of the page that led here; Stripe's has the same language. */
  readonly locale: string | undefined;
}

/**
 * Opens Stripe's hosted page: the checkout for a first subscription (S1), the confirmation of an upgrade, or the card
 * page where the confirmation cannot say all that will happen. With a quote, only for what the quote says: the catalogue
 * may have changed since the customer saw it.
 */
export async function openPlanCheckout(
  context: SubscriptionsContext,
  accountId: AccountId,
  request: CheckoutRequest,
): Promise<PlanCheckoutOutcome> {
  const current = await loadStanding(context, accountId);
  const { standing } = current;
  const change = classify({ ...current, now: context.clock.now(accountId) }, request.wanted);
  // Two presses of one button: the first one's plan is there, and the second is told so.
  const isThere = standing.kind === "subscribed" && isRefusal(change) && change.code === "no_change";
  if (isThere) return { code: "already_paid" };
  if (isRefusal(change)) return nameHolders(change, current.holders);
  const { quoteId } = request;
  if (quoteId !== undefined && !(await quoteHolds(context, current, { quoteId, change }))) {
    return { code: "quote_changed" };
  }
  if (change.kind === "first") return openFirst(context, current, { ...request, target: change.now });
  if (change.kind !== "upgrade") return { code: "needs_no_payment" };
  return openUpgrade(context, current, { ...request, change });
}

async function openFirst(
  context: SubscriptionsContext,
  { buyer }: CurrentStanding,
  { target, successUrl, cancelUrl, locale }: CheckoutRequest & { target: Target },
): Promise<PlanCheckoutOutcome> {
  const { accountId } = buyer;
  const priceId = await priceIdOf(context, { buyer, target, has: null, at: "now" });
  if (priceId === null) return notInStripe(target);
  return openHostedCheckout(context, accountId, {
    customerId: await ensureStripeCustomer(context, accountId),
    priceId,
    successUrl,
    cancelUrl,
    locale,
    isThere: async () => {
      const subscriptions = await listSubscriptions(context.database.kysely, accountId);
      return liveSubscription(subscriptions) !== undefined;
    },
    sells: { purpose: "subscription", planId: target.planId, seats: target.seats },
  });
}

function notInStripe({ planId, interval }: Target): PlanCheckoutOutcome {
  return { code: "not_in_stripe", lookupKey: planLookupKey(planId, interval) };
}

/**
 * Stripe's confirmation page knows only what happens now. Where something is scheduled or lifted along with it, and
 * Stripe refuses the page while a schedule is attached, the customer adds a card there and confirms the review here.
 */
async function openUpgrade(
  context: SubscriptionsContext,
  current: CurrentStanding,
  { change, successUrl, locale }: CheckoutRequest & { change: WantedChange & { kind: "upgrade" } },
): Promise<PlanCheckoutOutcome> {
  const { gateway } = context;
  const { live, standing } = current;
  if (live === null || standing.kind !== "subscribed") return { code: "no_change" };
  const { customerId, itemId } = live;
  if (change.later !== null || change.replaces !== null || live.scheduleId !== null) {
    return { code: "opened", url: await gateway.openCardPage({ customerId, returnUrl: successUrl, locale }) };
  }
  const priceId = await upgradePriceOf(context, current, { target: change.now, live });
  if (priceId === null) return notInStripe(change.now);
  const url = await gateway.openUpgradePage({
    customerId,
    subscriptionId: live.subscription.subscriptionId,
    itemId,
    priceId,
    seats: change.now.seats,
    startsPeriod: change.startsPeriod,
    returnUrl: successUrl,
    locale,
  });
  return { code: "opened", url };
}

/** Tax and credit are Stripe's to add on its page; the deed and the price itself are what is held to here. */
async function quoteHolds(
  { database, clock }: SubscriptionsContext,
  current: CurrentStanding,
  { quoteId, change }: { quoteId: string; change: WantedChange },
): Promise<boolean> {
  const { accountId } = current.buyer;
  const quote = await findQuote(database.kysely, accountId, quoteId);
  if (quote === null || quote.expiresAt <= clock.now(accountId)) return false;
  if (!isSameChange(quote.change, quotedOf(current, change))) return false;
  if (change.kind !== "first") return true;
  const priced = priceTarget(current.catalog, change.now);
  return priced.code === "priced" && priced.subtotalCents === quote.subtotalCents;
}
