import type { AccountId, Clock, IdSource } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import type { Gateway } from "./gateway.ts";
import * as store from "./store-checkouts.ts";

/** What a hosted page sells, for whom, and where the browser goes afterwards. */
export type HostedCheckout = HostedPage & SoldAt;

type SoldAt = { readonly lookupKey: string } | { readonly priceId: string };

interface HostedPage {
  readonly customerId: string;
  readonly successUrl: string;
  readonly cancelUrl: string;
  /** Of the page that led here; English where it is not known. */
  readonly locale: string | undefined;
  /**
   * Of a plan: whether what an older page sold is there; one that was paid long ago may have ended since. A pack can be
   * bought again and again, so nobody asks.
   */
  readonly isThere?: () => Promise<boolean>;
  readonly sells:
    | { readonly purpose: "subscription"; readonly planId: string; readonly seats: number }
    | { readonly purpose: "credits"; readonly packId: string; readonly tokens: number };
}

export type HostedCheckoutOutcome =
  | { readonly code: "opened"; readonly url: string }
  | { readonly code: "already_paid" }
  | { readonly code: "opened_elsewhere" }
  | { readonly code: "not_in_stripe"; readonly lookupKey: string };

interface Context {
  readonly database: Database;
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly syncCustomer: (customerId: string) => Promise<void>;
}

/**
 * The steps that every hosted checkout takes. Our row comes first and its id is the idempotency key, so a crash
 * leaves at worst a session that nobody has the address of; Stripe lets it expire.
 */
export async function openHostedCheckout(
  context: Context,
  accountId: AccountId,
  request: HostedCheckout,
): Promise<HostedCheckoutOutcome> {
  const { database, gateway, clock, ids } = context;
  const { sells, customerId, successUrl, cancelUrl, locale } = request;
  const price = await soldAt(gateway, request);
  if ("code" in price) return price;
  const isPlan = sells.purpose === "subscription";
  if (isPlan && (await closeOlderPages(context, accountId, request)) === "already_paid") {
    return { code: "already_paid" };
  }
  const checkoutId = ids.next("chk_");
  await store.insertCheckout(database.kysely, accountId, {
    checkoutId,
    purpose: sells.purpose,
    now: clock.now(),
  });
  const { sessionId, url } = await gateway.openCheckout({
    customerId,
    successUrl,
    cancelUrl,
    locale,
    ...sells,
    accountId,
    priceId: price.priceId,
    idempotencyKey: `checkout:${checkoutId}`,
  });
  await store.markCheckoutOpen(database.kysely, accountId, { checkoutId, sessionId });
  // Another tab may have opened a page since the look above. Both have marked theirs before they look again, so at
  // least one sees the other, and the newer id stays open whoever looks.
  const rival = isPlan
    ? await closeOlderPages(context, accountId, { ...request, ours: checkoutId })
    : "closed";
  if (rival !== "closed") {
    await gateway.expireCheckout(sessionId);
    await store.markCheckoutClosed(database.kysely, accountId, checkoutId);
    return { code: rival };
  }
  return { code: "opened", url };
}

async function soldAt(
  gateway: Gateway,
  sold: SoldAt,
): Promise<{ priceId: string } | { code: "not_in_stripe"; lookupKey: string }> {
  if ("priceId" in sold) return sold;
  const [price] = await gateway.findPrices([sold.lookupKey]);
  return price ?? { code: "not_in_stripe", lookupKey: sold.lookupKey };
}

type OlderPages = "closed" | "already_paid" | "opened_elsewhere";

/**
 * Two open pages for a plan could both be paid and leave two subscriptions; so an older one is expired first. One
 * that was paid is forgotten only after its subscription is ours, else the next request would find neither.
 * @param ours our own page, which stays open unless a newer one is
 */
async function closeOlderPages(
  { database, gateway, syncCustomer }: Context,
  accountId: AccountId,
  { customerId, isThere, ours }: Pick<HostedPage, "customerId" | "isThere"> & { ours?: string },
): Promise<OlderPages> {
  const open = await store.listOpenSessions(database.kysely, accountId, "subscription");
  if (ours !== undefined && open.some(({ checkoutId }) => checkoutId > ours)) return "opened_elsewhere";
  let outcome: OlderPages = "closed";
  for (const { checkoutId, sessionId } of open) {
    if (checkoutId === ours) continue;
    if ((await gateway.expireCheckout(sessionId)) === "complete") {
      await syncCustomer(customerId);
      if ((await isThere?.()) ?? true) outcome = "already_paid";
    }
    await store.markCheckoutClosed(database.kysely, accountId, checkoutId);
  }
  return outcome;
}
