/**
 * One look at an account: does it need a pack now? Decided under the account's lock, where the limit is reserved in the
 * transaction that opens the charge or its next try; then the charge is carried out. Looking again, and by several at
 * once, is harmless: one charge is open at a time.
 */
import {
  decideRecharge,
  findPack,
  invariant,
  MINUTE_MS,
  type AccountId,
  type Pack,
  type RechargeDecision,
} from "@bursar/core";
import { lockAccount, touchAccount } from "../accounts/store.ts";
import { BURSAR } from "../audit/actor.ts";
import { packLookupKey } from "../catalog/push.ts";
import type { Queryable } from "../db/open-database.ts";
import { writeNotice } from "../outbox/store.ts";
import { findStripeCustomer } from "../stripe/store-customers.ts";
import { openCharge, writeCharge } from "./audit-charge.ts";
import { carryOutCharge } from "./carry-out-charge.ts";
import type { RechargeContext } from "./context.ts";
import { pauseAutoRecharge } from "./pause-recharge.ts";
import { readStanding, type RechargeStanding } from "./recharge-facts.ts";
import { beginNextTry, findOpenCharge, type ChargeRow, type NextTry } from "./store-charges.ts";
import { markArmed, markLimitTold, setLookAfter } from "./store-settings.ts";

/** What waits is looked at again after so long at the latest: an account's own time may run ahead of ours. */
const LOOK_AGAIN_MS = 5 * MINUTE_MS;

/** What a charge would ask of Stripe; read before the lock, because Stripe is asked for it. */
type Offer = Omit<NextTry, "tryNumber">;

/** Looks at an account and carries out what is due. */
export async function lookAtAccount(context: RechargeContext, accountId: AccountId): Promise<void> {
  const { database, clock } = context;
  const before = await readStanding(context, database.kysely, { accountId, now: clock.now(accountId) });
  if (before === null) return;
  // Behind all others that are due, whatever becomes of this look.
  await setLookAfter(database.kysely, accountId, clock.now());
  const first = decideRecharge(before.facts);
  if (first.code === "nothing" || first.code === "wait") {
    const waitMs = "until" in first ? Math.min(first.until - before.facts.now, LOOK_AGAIN_MS) : LOOK_AGAIN_MS;
    return setLookAfter(database.kysely, accountId, clock.now() + waitMs);
  }
  if (first.code === "drop") return dropWaiting(context, accountId);
  const offer = first.code === "charge" ? await offerOf(context, accountId, before) : null;
  const opened = await database.kysely
    .transaction()
    .execute((db) => decide(context, db, { accountId, offer }));
  if (opened !== null) await carryOutCharge(context, opened);
}

/** The declined charge is wanted no more; its bill was voided when it was declined. */
async function dropWaiting(context: RechargeContext, accountId: AccountId): Promise<void> {
  const open = await findOpenCharge(context.database.kysely, accountId, "auto_recharge");
  if (open?.state === "declined")
    await carryOutCharge(context, open, { giveUp: `${open.failure ?? "Declined."} It was not tried again.` });
}

async function offerOf(
  { database, gateway, catalog }: RechargeContext,
  accountId: AccountId,
  { settings }: RechargeStanding,
): Promise<Offer | null> {
  const pack: Pack | undefined = findPack(catalog, settings.packId);
  const customer = await findStripeCustomer(database.kysely, accountId);
  if (pack === undefined || customer?.card == null) return null;
  const [price] = await gateway.findPrices([packLookupKey(pack.id)]);
  if (price === undefined) throw new Error(`Stripe has no price of ${pack.id}. Run: bursar catalog push`);
  const { customerId, card } = customer;
  const { priceId } = price;
  const { totalCents: amountCents, currency } = await gateway.quotePack({ customerId, priceId });
  const { paymentMethodId } = card;
  return {
    packId: pack.id,
    tokens: pack.tokens,
    customerId,
    priceId,
    paymentMethodId,
    amountCents,
    currency,
  };
}

/** @returns the charge to carry out; `null` when nothing is to be charged */
async function decide(
  context: RechargeContext,
  db: Queryable,
  { accountId, offer }: { accountId: AccountId; offer: Offer | null },
): Promise<ChargeRow | null> {
  await lockAccount(db, accountId);
  const now = context.clock.now(accountId);
  const given = { accountId, now, ...(offer === null ? {} : { chargeCents: offer.amountCents }) };
  const standing = await readStanding(context, db, given);
  if (standing === null) return null;
  const decision = decideRecharge(standing.facts);
  if (decision.code === "pause") {
    await pauseAutoRecharge(db, accountId, { reason: decision.reason, happenedAt: now, now });
    return null;
  }
  // Another pack since Stripe was asked: the next look asks for that one.
  const isOffered = offer !== null && offer.packId === standing.settings.packId;
  if (decision.code === "charge" && isOffered)
    return open(context, db, { accountId, standing, decision, offer });
  if (decision.code === "limit_reached") await tellLimit(db, { accountId, standing, decision });
  await setLookAfter(db, accountId, context.clock.now() + LOOK_AGAIN_MS);
  return null;
}

async function open(
  { clock, ids }: RechargeContext,
  db: Queryable,
  given: {
    accountId: AccountId;
    standing: RechargeStanding;
    decision: RechargeDecision & { code: "charge" };
    offer: Offer;
  },
): Promise<ChargeRow | null> {
  const { accountId, standing, decision, offer } = given;
  const { now } = standing.facts;
  invariant(offer.amountCents === decision.amountCents, "what is reserved is what is charged");
  if (standing.settings.armedAfterEntry !== null) await markArmed(db, accountId);
  await touchAccount(db, accountId);
  const times = { now, machineNow: clock.now() };
  if (decision.tryNumber > 1) {
    const declined = standing.charges.find(({ state }) => state === "declined");
    invariant(declined !== undefined, "a next try is that of a declined charge");
    const next = { ...offer, tryNumber: decision.tryNumber };
    const begun = await beginNextTry(db, declined, { next, ...times });
    if (begun !== null)
      await writeCharge(db, BURSAR, { row: begun, action: "pack_charge.tried_again", at: now });
    return begun;
  }
  return openCharge(db, BURSAR, {
    ...offer,
    accountId,
    chargeId: ids.next("pch_"),
    reason: "auto_recharge",
    requestedBy: standing.settings.updatedBy,
    createdAt: now,
    updatedAt: times.machineNow,
  });
}

/** Once a window (A3). */
async function tellLimit(
  db: Queryable,
  given: {
    accountId: AccountId;
    standing: RechargeStanding;
    decision: RechargeDecision & { code: "limit_reached" };
  },
): Promise<void> {
  const { accountId, standing, decision } = given;
  const { settings, window, facts } = standing;
  if (!(await markLimitTold(db, accountId, window.startsAt))) return;
  const data = {
    spent: decision.spentCents,
    spendingLimit: settings.limitCents,
    currency: settings.currency,
    periodEnd: new Date(decision.until).toISOString(),
  };
  await touchAccount(db, accountId);
  await writeNotice(db, { accountId, type: "auto_recharge.limit_reached", data, at: facts.now, key: null });
}
