/** A pack with one click: the saved card is charged, and the credits are in before the answer (K2). */
import { findPack, type AccountId } from "@bursar/core";
import { requesterOf, type Actor } from "../audit/actor.ts";
import { packLookupKey } from "../catalog/push.ts";
import { openCharge } from "../recharge/audit-charge.ts";
import { carryOutCharge, type Charged } from "../recharge/carry-out-charge.ts";
import type { RechargeContext } from "../recharge/context.ts";
import { findCharge, findOpenCharge } from "../recharge/store-charges.ts";
import { findStripeCustomer } from "../stripe/store-customers.ts";

export interface PurchaseRequest {
  readonly packId: string;
  /** What the person was shown, tax included: nothing else is charged. */
  readonly expectedTotalCents?: number | undefined;
  /** Who chose it. */
  readonly actor: Actor;
  /** Names the wish, where the caller does: asked for again it is the same purchase, whatever became of the first answer. */
  readonly intention?: string | undefined;
}

export type PurchaseOutcome =
  | Charged
  | { readonly code: "no_such_pack"; readonly packIds: readonly string[] }
  | { readonly code: "no_saved_payment_method" }
  | { readonly code: "not_in_stripe"; readonly lookupKey: string }
  | { readonly code: "quote_changed"; readonly totalCents: number; readonly currency: string }
  /** Another purchase is at the card at this moment. */
  | { readonly code: "purchase_in_progress" }
  /** One that waited for the bank was paid meanwhile; nothing more was charged. */
  | { readonly code: "earlier_one_paid" }
  /** The intention is known, with another pack. */
  | { readonly code: "another_intention"; readonly packId: string };

/** Whether the account may buy is the caller's to ask. */
export async function purchasePack(
  context: RechargeContext,
  accountId: AccountId,
  { packId, expectedTotalCents, actor, intention }: PurchaseRequest,
): Promise<PurchaseOutcome> {
  const { database, gateway, catalog, clock, ids } = context;
  const chargeId = intention === undefined ? ids.next("pch_") : `pch_${intention}`;
  const known = await findCharge(database.kysely, accountId, chargeId);
  if (known !== null)
    return known.packId === packId
      ? carryOutCharge(context, known)
      : { code: "another_intention", packId: known.packId };
  const pack = findPack(catalog, packId);
  if (pack === undefined) return { code: "no_such_pack", packIds: catalog.packs.map(({ id }) => id) };
  const customer = await findStripeCustomer(database.kysely, accountId);
  if (customer?.card == null) return { code: "no_saved_payment_method" };
  const lookupKey = packLookupKey(pack.id);
  const [price] = await gateway.findPrices([lookupKey]);
  if (price === undefined) return { code: "not_in_stripe", lookupKey };
  const { customerId, card } = customer;
  const { totalCents, currency } = await gateway.quotePack({ customerId, priceId: price.priceId });
  if (expectedTotalCents !== undefined && expectedTotalCents !== totalCents)
    return { code: "quote_changed", totalCents, currency };
  const earlier = await endEarlier(context, accountId);
  if (earlier !== null) return earlier;
  const wanted = {
    accountId,
    chargeId,
    reason: "purchase",
    packId: pack.id,
    tokens: pack.tokens,
    customerId,
    priceId: price.priceId,
    paymentMethodId: card.paymentMethodId,
    amountCents: totalCents,
    currency,
    requestedBy: requesterOf(actor),
    createdAt: clock.now(accountId),
    updatedAt: clock.now(),
  } as const;
  const row = await database.kysely.transaction().execute((db) => openCharge(db, actor, wanted));
  return row === null ? { code: "purchase_in_progress" } : carryOutCharge(context, row);
}

/** One that waits for the bank gives way to the newer wish, so that not both are paid. */
async function endEarlier(context: RechargeContext, accountId: AccountId): Promise<PurchaseOutcome | null> {
  const open = await findOpenCharge(context.database.kysely, accountId, "purchase");
  if (open === null) return null;
  if (open.state !== "needs_authentication") return { code: "purchase_in_progress" };
  const ended = await carryOutCharge(context, open, { giveUp: "Another purchase took its place." });
  if (ended.code === "granted") return { code: "earlier_one_paid" };
  return ended.code === "in_doubt" ? ended : null;
}
