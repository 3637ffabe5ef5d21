import {
  findPlan,
  isLive,
  liveSubscription,
  withOwnPrices,
  type AccountId,
  type Catalog,
  type Standing,
} from "@bursar/core";
import { findAccount, loadEntitlementFacts } from "../accounts/store.ts";
import { listSeatHolders, type SeatHolder } from "../seats/seat-holders.ts";
import type { LiveSubscription } from "../stripe/live-subscription.ts";
import { findStripeCustomer } from "../stripe/store-customers.ts";
import type { SubscriptionsContext } from "./context.ts";
import type { Buyer } from "./price-of.ts";
import { listSubscriptions } from "./store.ts";

/** Where the account stands at Stripe at this moment; what is charged is never decided from a copy. */
export interface CurrentStanding {
  readonly standing: Standing;
  readonly usedSeats: number;
  /** Who takes them. */
  readonly holders: readonly SeatHolder[];
  readonly customerId: string | null;
  readonly hasCard: boolean;
  /** Set when the standing is `subscribed`. */
  readonly live: LiveSubscription | null;
  readonly buyer: Buyer;
  /** With the account's own prices. */
  readonly catalog: Catalog;
}

export async function loadStanding(
  context: SubscriptionsContext,
  accountId: AccountId,
): Promise<CurrentStanding> {
  const { kysely } = context.database;
  const customer = await findStripeCustomer(kysely, accountId);
  const overrides = (await findAccount(kysely, accountId))?.overrides ?? {};
  const isArranged = overrides.plan !== undefined;
  const stored = isArranged ? undefined : liveSubscription(await listSubscriptions(kysely, accountId));
  const live = stored === undefined ? null : await fetchOrSync(context, accountId, stored.subscriptionId);
  const holders = await listSeatHolders(kysely, accountId, context.clock.now(accountId));
  const usedSeats = holders.length;
  const facts = {
    usedSeats,
    holders,
    customerId: customer?.customerId ?? null,
    hasCard: customer?.card != null,
    buyer: { accountId, overrides },
    catalog: withOwnPrices(context.catalog, overrides.prices),
  };
  if (live !== null) return { ...facts, live, standing: standingOf(live) };
  // What an operator arranged is changed by them, also while an ended purchase runs out beside it.
  const standing = {
    kind: isArranged ? "custom" : await kindWithoutSubscription(context, accountId),
  } as const;
  return { ...facts, live: null, standing };
}

/** One that has ended since we last looked is no standing; then the sync says what is. */
async function fetchOrSync(
  { gateway, syncCustomer, database }: SubscriptionsContext,
  accountId: AccountId,
  subscriptionId: string,
): Promise<LiveSubscription | null> {
  const live = await gateway.fetchLive(subscriptionId);
  if (live !== null && isLive(live.subscription)) return live;
  const customer = await findStripeCustomer(database.kysely, accountId);
  if (customer !== null) await syncCustomer(customer.customerId);
  return null;
}

async function kindWithoutSubscription(
  { database, catalog, clock }: SubscriptionsContext,
  accountId: AccountId,
): Promise<"free" | "custom"> {
  const facts = await loadEntitlementFacts(database.kysely, accountId);
  const now = clock.now(accountId);
  const slice = facts?.slices.findLast(({ startsAt }) => startsAt <= now);
  return isCustom(catalog, slice?.planId) ? "custom" : "free";
}

function isCustom(catalog: Catalog, planId: string | undefined): boolean {
  return planId !== undefined && findPlan(catalog, planId)?.kind === "custom";
}

function standingOf({ subscription }: LiveSubscription): Standing {
  const { planId, interval, seats, status, periodEndsAt, cancelAt, pending } = subscription;
  const target = { planId, interval, seats };
  return {
    kind: "subscribed",
    target,
    isPastDue: status === "past_due",
    periodEndsAt,
    cancelAt,
    pending,
  };
}
