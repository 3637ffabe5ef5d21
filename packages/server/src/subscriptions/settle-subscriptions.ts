/** What a sync does after an account's facts are ours; each step states what shall be, so that a repeat is harmless. */
import { isLive, liveSubscription, type AccountId, type Subscription } from "@bursar/core";
import type { CustomerFacts } from "../stripe/facts.ts";
import type { SubscriptionsContext } from "./context.ts";
import { surplusSubscriptions } from "./follow-subscriptions.ts";
import { storeNextInvoice, type NextInvoice } from "./store.ts";

type SettleContext = Pick<SubscriptionsContext, "database" | "gateway" | "report">;

export async function settleSubscriptions(
  context: SettleContext,
  accountId: AccountId,
  customerId: string,
  facts: CustomerFacts,
): Promise<void> {
  for (const surplus of surplusSubscriptions(facts.subscriptions))
    await undoSurplus(context, accountId, surplus);
  const live = liveSubscription(facts.subscriptions);
  if (live === undefined) return;
  const next = await nextInvoiceOf(context, customerId, live);
  await storeNextInvoice(context.database.kysely, accountId, live.subscriptionId, next);
}

/** The customer paid twice and has one plan: the second is ended and its money goes back, and somebody is told (S7). */
async function undoSurplus(
  { gateway, report }: SettleContext,
  accountId: AccountId,
  { subscriptionId }: Subscription,
): Promise<void> {
  await gateway.endSubscription(subscriptionId);
  const refundedCents = await gateway.refundSubscription(subscriptionId);
  report(
    accountId,
    `A second subscription ${subscriptionId} was ended and ${refundedCents} minor units were refunded.`,
  );
}

async function nextInvoiceOf(
  { gateway }: SettleContext,
  customerId: string,
  live: Subscription,
): Promise<NextInvoice | null> {
  if (live.cancelAt !== null || !isLive(live)) return null;
  const { pending, nextPrice, periodEndsAt } = live;
  if (nextPrice === null) {
    const renewal = await gateway.previewRenewal(live.subscriptionId);
    if (renewal === null) return null;
    // The renewal is charged at the period's end; Stripe finalizes it an hour later.
    const { amountDueCents: totalCents, currency, taxCents } = renewal;
    return { at: periodEndsAt, totalCents, currency, isTaxKnown: taxCents !== null };
  }
  // With a schedule attached Stripe's own preview of the renewal is not to be relied on.
  const { seats } = pending?.target ?? live;
  const period = await gateway.previewPeriod({ customerId, priceId: nextPrice.priceId, seats });
  return {
    at: pending?.effectiveAt ?? periodEndsAt,
    totalCents: period.totalCents,
    currency: period.currency,
    isTaxKnown: period.taxCents !== null,
  };
}
