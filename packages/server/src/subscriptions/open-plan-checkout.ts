import {
  firstSubscription,
  isLive,
  type AccountId,
  type Catalog,
  type Clock,
  type FirstSubscription,
  type IdSource,
  type PlanChoice,
  type RefusedChoice,
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
  request: PlanChoice & { successUrl: string; cancelUrl: string; quoteId?: string | undefined },
): Promise<PlanCheckoutOutcome> {
  const first = firstSubscription(context.catalog, request);
  if (first.code === "refused") return first;
  const subscriptions = await listSubscriptions(context.database.kysely, accountId);
  if (subscriptions.some(isLive)) return { code: "already_subscribed" };
  if (request.quoteId !== undefined && !(await quoteHolds(context, accountId, request.quoteId, first))) {
    return { code: "quote_changed" };
  }
  return openHostedCheckout(context, accountId, {
    customerId: await ensureStripeCustomer(context, accountId),
    lookupKey: planLookupKey(first.plan.id, first.interval),
    successUrl: request.successUrl,
    cancelUrl: request.cancelUrl,
    sells: { purpose: "subscription", planId: first.plan.id, seats: first.seats },
  });
}

async function quoteHolds(
  { database, clock }: Context,
  accountId: AccountId,
  quoteId: string,
  first: FirstSubscription,
): Promise<boolean> {
  const quote = await findQuote(database.kysely, accountId, quoteId);
  return (
    quote !== null &&
    quote.expiresAt > clock.now() &&
    quote.planId === first.plan.id &&
    quote.interval === first.interval &&
    quote.seats === first.seats &&
    quote.amountDueCents === first.subtotalCents
  );
}
