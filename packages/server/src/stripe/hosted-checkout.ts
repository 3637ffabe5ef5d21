import type { AccountId, Clock, IdSource } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import type { Gateway } from "./gateway.ts";
import * as store from "./store-checkouts.ts";

/** What a hosted page sells, for whom, and where the browser goes afterwards. */
export interface HostedCheckout {
  readonly customerId: string;
  readonly lookupKey: string;
  readonly successUrl: string;
  readonly cancelUrl: string;
  readonly sells:
    | { readonly purpose: "subscription"; readonly planId: string; readonly seats: number }
    | { readonly purpose: "credits"; readonly packId: string; readonly tokens: number };
}

export type HostedCheckoutOutcome =
  | { readonly code: "opened"; readonly url: string }
  | { readonly code: "already_paid" }
  | { readonly code: "not_in_stripe"; readonly lookupKey: string };

interface Context {
  readonly database: Database;
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/**
 * The steps that every hosted checkout takes. Our row comes first and its id is the idempotency key, so a crash
 * leaves at worst a session that nobody has the address of; Stripe lets it expire.
 */
export async function openHostedCheckout(
  context: Context,
  accountId: AccountId,
  { lookupKey, sells, ...request }: HostedCheckout,
): Promise<HostedCheckoutOutcome> {
  const { database, gateway, clock, ids } = context;
  const [price] = await gateway.findPrices([lookupKey]);
  if (price === undefined) return { code: "not_in_stripe", lookupKey };
  if (sells.purpose === "subscription" && (await closeOlderPages(context, accountId)) === "already_paid") {
    return { code: "already_paid" };
  }
  const checkoutId = ids.next("chk_");
  await store.insertCheckout(database.kysely, accountId, {
    checkoutId,
    purpose: sells.purpose,
    now: clock.now(),
  });
  const { sessionId, url } = await gateway.openCheckout({
    ...request,
    ...sells,
    accountId,
    priceId: price.priceId,
    idempotencyKey: `checkout:${checkoutId}`,
  });
  await store.markCheckoutOpen(database.kysely, accountId, { checkoutId, sessionId });
  return { code: "opened", url };
}

/** Two open pages for a plan could both be paid and leave two subscriptions; so an older one is expired first. */
async function closeOlderPages(
  { database, gateway }: Context,
  accountId: AccountId,
): Promise<"closed" | "already_paid"> {
  let outcome: "closed" | "already_paid" = "closed";
  for (const { checkoutId, sessionId } of await store.listOpenSessions(
    database.kysely,
    accountId,
    "subscription",
  )) {
    const checkout = await gateway.expireCheckout(sessionId);
    if (checkout === "complete") outcome = "already_paid";
    await store.markCheckoutClosed(database.kysely, accountId, checkoutId);
  }
  return outcome;
}
