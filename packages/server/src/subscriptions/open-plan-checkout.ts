import {
  isLive,
  isSameTarget,
  priceTarget,
  type AccountId,
  type Catalog,
  type Clock,
  type IdSource,
  type PricedTarget,
  type RefusedChoice,
  type Target,
} from "@bursar/core";
import { ensureStripeCustomer } from "../accounts/stripe-customer.ts";
import { planLookupKey } from "../catalog/push.ts";
import type { Database } from "../db/open-database.ts";
import type { Gateway } from "../stripe/gateway.ts";
import { openHostedCheckout, type HostedCheckoutOutcome } from "../stripe/hosted-checkout.ts";
import { listSubscriptions } from "./store.ts";
import { findQuote } from "./store-quotes.ts";

export type PlanCheckoutOutcome =
  | HostedCheckoutOutcome
  | RefusedChoice
  | { readonly code: "already_subscribed" }
  | { readonly code: "quote_changed" };

interface Context {
  readonly database: Database;
  readonly gateway: Gateway;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly syncCustomer: (customerId: string) => Promise<void>;
}

/**
 * Opens the hosted page for a first subscription (S1). With a quote, only for what the quote says: the catalogue may
 * have changed since the customer saw it.
 */
export async function openPlanCheckout(
  context: Context,
  accountId: AccountId,
  request: Target & { successUrl: string; cancelUrl: string; quoteId?: string | undefined },
): Promise<PlanCheckoutOutcome> {
  const { planId, interval, seats } = request;
  const target = { planId, interval, seats };
  const first = priceTarget(context.catalog, target);
  if (first.code === "refused") return first;
  const subscriptions = await listSubscriptions(context.database.kysely, accountId);
  if (subscriptions.some(isLive)) return { code: "already_subscribed" };
  if (request.quoteId !== undefined && !(await quoteHolds(context, accountId, request.quoteId, first))) {
    return { code: "quote_changed" };
  }
  return openHostedCheckout(context, accountId, {
    customerId: await ensureStripeCustomer(context, accountId),
    lookupKey: planLookupKey(planId, interval),
    successUrl: request.successUrl,
    cancelUrl: request.cancelUrl,
    sells: { purpose: "subscription", planId, seats },
  });
}

async function quoteHolds(
  { database, clock }: Context,
  accountId: AccountId,
  quoteId: string,
  { target, subtotalCents }: PricedTarget,
): Promise<boolean> {
  const quote = await findQuote(database.kysely, accountId, quoteId);
  return (
    quote !== null &&
    quote.expiresAt > clock.now() &&
    isSameTarget(quote, target) &&
    quote.amountDueCents === subtotalCents
  );
}
