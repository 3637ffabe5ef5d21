/** A person turns auto-recharge on or off, or changes what it may do (A1, AR1-AR4). */
import {
  asksForConsent,
  checkSettings,
  defaultThreshold,
  findPack,
  LIMIT_DEFAULT_CENTS,
  type AccountId,
  type Pack,
  type RechargeValues,
  type SettingsMistake,
} from "@bursar/core";
import { lockAccount, touchAccount } from "../accounts/store.ts";
import { requesterOf, type Actor } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import { readAccount } from "../book/read-account.ts";
import { packLookupKey } from "../catalog/push.ts";
import type { Queryable } from "../db/open-database.ts";
import type { Card } from "../stripe/facts.ts";
import { StripeUnavailableError } from "../stripe/gateway.ts";
import { findStripeCustomer } from "../stripe/store-customers.ts";
import { carryOutCharge } from "./carry-out-charge.ts";
import type { RechargeContext } from "./context.ts";
import { lookAtAccount } from "./look-at-account.ts";
import { findOpenCharge } from "./store-charges.ts";
import {
  findSettings,
  insertConsent,
  lastEntryNumber,
  storeSettings,
  type SettingsRow,
} from "./store-settings.ts";

/** Which words were agreed to: raised whenever docs/credits.md or the page says something else of what is charged. */
const TEXT_VERSION = 1;

export interface SettingsRequest {
  readonly isEnabled: boolean;
  /** What is left out stays as it is; at first the defaults. */
  readonly thresholdTokens?: number | undefined;
  readonly packId?: string | undefined;
  readonly limitCents?: number | undefined;
  /** Where the balance is below the threshold already: buy now, or only after the next purchase. */
  readonly start?: "now" | "after_next_purchase" | undefined;
  /** Who agrees. */
  readonly actor: Actor;
}

export type SaveOutcome =
  | { readonly code: "saved" }
  | { readonly code: "refused"; readonly mistakes: readonly SettingsMistake[] }
  | { readonly code: "no_such_pack"; readonly packIds: readonly string[] }
  | { readonly code: "no_saved_payment_method" }
  | { readonly code: "not_in_stripe"; readonly lookupKey: string };

/** Whether the account may have packs at all is the caller's to ask. */
export async function saveSettings(
  context: RechargeContext,
  accountId: AccountId,
  request: SettingsRequest,
): Promise<SaveOutcome> {
  const { database, catalog } = context;
  const before = await findSettings(database.kysely, accountId);
  const packIds = catalog.packs.map(({ id }) => id);
  const packId =
    request.packId ?? before?.packId ?? catalog.packs.find(({ popular }) => popular)?.id ?? packIds[0];
  const pack = packId === undefined ? undefined : findPack(catalog, packId);
  // Turning off is never refused, whatever became of the pack.
  if (pack === undefined && request.isEnabled) return { code: "no_such_pack", packIds };
  if (!request.isEnabled) {
    if (before !== null) await turnOff(context, accountId, request);
    return { code: "saved" };
  }
  if (pack === undefined) return { code: "no_such_pack", packIds };
  const values: RechargeValues = {
    packId: pack.id,
    thresholdTokens: request.thresholdTokens ?? before?.thresholdTokens ?? defaultThreshold(pack),
    limitCents: request.limitCents ?? before?.limitCents ?? LIMIT_DEFAULT_CENTS,
  };
  return turnOn(context, accountId, { request, values, pack });
}

/** At once: a charge that is at the card at this moment is finished, one that waits is given up and its bill voided. */
async function turnOff(
  context: RechargeContext,
  accountId: AccountId,
  request: SettingsRequest,
): Promise<void> {
  const { database, clock } = context;
  await database.kysely.transaction().execute(async (db) => {
    await lockAccount(db, accountId);
    const before = await findSettings(db, accountId);
    if (before === null) return;
    const updatedAt = clock.now(accountId);
    await storeSettings(db, accountId, {
      ...before,
      isEnabled: false,
      armedAfterEntry: null,
      updatedBy: requesterOf(request.actor),
      updatedAt,
      machineNow: clock.now(),
    });
    const values = { isEnabled: false, ...valuesOf(before) };
    await writeChanged(db, request.actor, { accountId, before, values, at: updatedAt });
    await touchAccount(db, accountId);
  });
  const open = await findOpenCharge(database.kysely, accountId, "auto_recharge");
  if (open === null) return;
  const waits = open.state === "declined" || open.state === "needs_authentication";
  await carryOutCharge(context, open, waits ? { giveUp: "Auto-recharge was turned off." } : {});
}

async function turnOn(
  context: RechargeContext,
  accountId: AccountId,
  { request, values, pack }: { request: SettingsRequest; values: RechargeValues; pack: Pack },
): Promise<SaveOutcome> {
  const { database, gateway } = context;
  const customer = await findStripeCustomer(database.kysely, accountId);
  if (customer?.card == null) return { code: "no_saved_payment_method" };
  const lookupKey = packLookupKey(pack.id);
  const [price] = await gateway.findPrices([lookupKey]);
  if (price === undefined) return { code: "not_in_stripe", lookupKey };
  const { customerId, card } = customer;
  const quote = await gateway.quotePack({ customerId, priceId: price.priceId });
  const { totalCents: chargeCents, currency } = quote;
  const mistakes = checkSettings(values, { pack, chargeCents, currency });
  if (mistakes.length > 0) return { code: "refused", mistakes };
  await database.kysely
    .transaction()
    .execute((db) => store(context, db, { accountId, request, values, pack, card, chargeCents, currency }));
  try {
    await lookAtAccount(context, accountId);
  } catch (error) {
    // It is turned on all the same; the sweep looks again when Stripe answers.
    if (!(error instanceof StripeUnavailableError)) throw error;
  }
  return { code: "saved" };
}

interface Agreed {
  readonly accountId: AccountId;
  readonly request: SettingsRequest;
  readonly values: RechargeValues;
  readonly pack: Pack;
  readonly card: Card;
  readonly chargeCents: number;
  readonly currency: string;
}

async function store(context: RechargeContext, db: Queryable, agreed: Agreed): Promise<void> {
  const { catalog, clock, ids } = context;
  const { accountId, request, values, pack, card, chargeCents, currency } = agreed;
  const updatedBy = requesterOf(request.actor);
  await lockAccount(db, accountId);
  const now = clock.now(accountId);
  const before = await findSettings(db, accountId);
  const isActing = before !== null && before.isEnabled && before.pausedReason === null;
  const tokensOf = (packId: string) => findPack(catalog, packId)?.tokens ?? 0;
  // It may wait for a purchase already; then it goes on waiting, unless it is told to start now.
  const waitsAfter = isActing ? before.armedAfterEntry : null;
  const start = request.start ?? (waitsAfter === null ? "now" : "after_next_purchase");
  const startsSooner = waitsAfter !== null && start === "now";
  const isNew = !isActing || startsSooner || asksForConsent(before, values, tokensOf);
  if (isNew) {
    const what = { ...values, packTokens: pack.tokens, chargeCents, currency, start };
    const who = { agreedBy: updatedBy, agreedAt: now, textVersion: TEXT_VERSION, card };
    await insertConsent(db, accountId, { consentId: ids.next("con_"), ...who, ...what });
  }
  await storeSettings(db, accountId, {
    ...values,
    isEnabled: true,
    currency,
    armedAfterEntry: startsSooner
      ? null
      : (waitsAfter ?? (await armedAfter(context, db, { accountId, values, start, now }))),
    armedAt: isNew ? now : before.armedAt,
    // A limit that was raised may be reached anew, and then that is told too.
    limitToldWindow: isNew ? null : before.limitToldWindow,
    updatedBy,
    updatedAt: now,
    machineNow: clock.now(),
  });
  const isOn = { isEnabled: true, ...values };
  await writeChanged(db, request.actor, { accountId, before, values: isOn, at: now });
  await touchAccount(db, accountId);
}

interface Shown extends RechargeValues {
  readonly isEnabled: boolean;
}

function writeChanged(
  db: Queryable,
  actor: Actor,
  given: { accountId: AccountId; before: SettingsRow | null; values: Shown; at: number },
): Promise<void> {
  const { accountId, before: had, values: after, at } = given;
  const before =
    had === null ? null : { isEnabled: had.isEnabled, ...valuesOf(had), pausedReason: had.pausedReason };
  const about = { accountId, action: "auto_recharge.changed", subject: null, at } as const;
  return writeAudit(db, actor, { ...about, before, after });
}

function valuesOf({ packId, thresholdTokens, limitCents }: RechargeValues): RechargeValues {
  return { packId, thresholdTokens, limitCents };
}

/** AR3: below the threshold already, it may wait for the next purchase instead of charging at once. */
async function armedAfter(
  { bookContext }: RechargeContext,
  db: Queryable,
  given: { accountId: AccountId; values: RechargeValues; start: "now" | "after_next_purchase"; now: number },
): Promise<number | null> {
  const { accountId, values, start, now } = given;
  if (start === "now") return null;
  const view = await readAccount(db, bookContext, { accountId, now });
  const isBelow = (view?.available.balance ?? 0) < values.thresholdTokens;
  return isBelow ? lastEntryNumber(db, accountId) : null;
}
