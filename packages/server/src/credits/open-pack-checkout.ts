import { findPack, type AccountId, type Catalog, type Clock, type IdSource } from "@bursar/core";
import { ensureStripeCustomer } from "../accounts/stripe-customer.ts";
import { packLookupKey } from "../catalog/push.ts";
import type { Database } from "../db/open-database.ts";
import type { Gateway } from "../stripe/gateway.ts";
import {
  openHostedCheckout,
  type HostedCheckout,
  type HostedCheckoutOutcome,
} from "../stripe/hosted-checkout.ts";

export type PackCheckoutOutcome =
  HostedCheckoutOutcome | { readonly code: "no_such_pack"; readonly packIds: readonly string[] };

/** Opens the hosted page for a pack of credits (K2). Whether the account may buy is the caller's to ask. */
export async function openPackCheckout(
  context: {
    database: Database;
    gateway: Gateway;
    catalog: Catalog;
    clock: Clock;
    ids: IdSource;
    syncCustomer: (customerId: string) => Promise<void>;
  },
  accountId: AccountId,
  { packId, ...page }: { packId: string } & Pick<HostedCheckout, "successUrl" | "cancelUrl" | "locale">,
): Promise<PackCheckoutOutcome> {
  const pack = findPack(context.catalog, packId);
  if (pack === undefined)
    return { code: "no_such_pack", packIds: context.catalog.packs.map((each) => each.id) };
  return openHostedCheckout(context, accountId, {
    customerId: await ensureStripeCustomer(context, accountId),
    lookupKey: packLookupKey(pack.id),
    ...page,
    sells: { purpose: "credits", packId: pack.id, tokens: pack.tokens },
  });
}
