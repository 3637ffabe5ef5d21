/** What core's rules are asked with, read from our own tables; of a decision, under the account's lock. */
import {
  DAY_MS,
  findPack,
  findPlan,
  type AccountId,
  type Instant,
  type Pack,
  type RechargeFacts,
  type Span,
} from "@bursar/core";
import { readAccount } from "../book/read-account.ts";
import type { Queryable } from "../db/open-database.ts";
import { findStripeCustomer } from "../stripe/store-customers.ts";
import type { RechargeContext } from "./context.ts";
import { listRecharges, type ChargeRow } from "./store-charges.ts";
import {
  findSettings,
  hasPurchaseAfter,
  listConsents,
  type Consent,
  type SettingsRow,
} from "./store-settings.ts";

export interface RechargeStanding {
  readonly settings: SettingsRow;
  readonly charges: readonly ChargeRow[];
  readonly window: Span;
  readonly facts: RechargeFacts;
}

/**
 * @param given.chargeCents what Stripe says that a pack costs; the catalogue's price if not given
 * @returns `null` when auto-recharge was never turned on
 */
export async function readStanding(
  context: Pick<RechargeContext, "bookContext" | "isPastDue">,
  db: Queryable,
  given: { accountId: AccountId; now: Instant; chargeCents?: number },
): Promise<RechargeStanding | null> {
  const { accountId, now } = given;
  const settings = await findSettings(db, accountId);
  if (settings === null) return null;
  const { catalog } = context.bookContext;
  const view = await readAccount(db, context.bookContext, { accountId, now });
  if (view === null) return null;
  const { window, slice } = view.entitlement;
  const customer = await findStripeCustomer(db, accountId);
  const charges = await listRecharges(db, accountId, Math.min(window.startsAt, now - DAY_MS));
  const { armedAfterEntry } = settings;
  const isArmed = armedAfterEntry === null || (await hasPurchaseAfter(db, accountId, armedAfterEntry));
  const pack = findPack(catalog, settings.packId);
  const [agreed = null] = await listConsents(db, accountId, 1);
  const facts: RechargeFacts = {
    settings,
    isArmed,
    // A plan that the catalogue no longer has counts as the free one, as its limits do.
    hasPaidPlan: (findPlan(catalog, slice.planId)?.kind ?? "free") !== "free",
    isPastDue: await context.isPastDue(db, accountId),
    hasCard: customer?.card != null,
    chargeCents: pack === undefined ? null : agreedPrice(pack, { ...given, settings, agreed }),
    balanceTokens: view.available.balance,
    window,
    charges,
    now,
  };
  return { settings, charges, window, facts };
}

/**
 * `null`: the pack is not sold as it was agreed to any more. Its price has risen, or it holds less; one that does not even
 * reach the threshold would be bought again and again (AR2).
 */
function agreedPrice(
  pack: Pack,
  { chargeCents = pack.priceCents, settings, agreed }: PriceFacts,
): number | null {
  if (pack.tokens <= settings.thresholdTokens) return null;
  if (agreed === null) return chargeCents;
  const holdsLess = pack.id === agreed.packId && pack.tokens < agreed.packTokens;
  return holdsLess || chargeCents > agreed.chargeCents ? null : chargeCents;
}

interface PriceFacts {
  readonly chargeCents?: number;
  readonly settings: SettingsRow;
  readonly agreed: Consent | null;
}
