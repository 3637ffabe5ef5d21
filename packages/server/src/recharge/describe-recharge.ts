/** How auto-recharge stands, for the page: read from our own tables, nothing is asked of Stripe. */
import {
  chargesIn,
  defaultThreshold,
  findPack,
  LIMIT_DEFAULT_CENTS,
  OFTEN_CHARGES,
  boughtLately,
  rechargeState,
  spentIn,
  type AccountId,
  type Instant,
  type PauseReason,
  type RechargeState,
  type Span,
} from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import type { RechargeContext } from "./context.ts";
import { readStanding } from "./recharge-facts.ts";
import type { ChargeRow } from "./store-charges.ts";

export interface RechargeView {
  readonly isEnabled: boolean;
  readonly thresholdTokens: number;
  readonly packId: string;
  readonly limitCents: number;
  readonly currency: string;
  readonly state: RechargeState;
  readonly pausedReason: PauseReason | null;
  /** Why it is off, when nobody turned it off. */
  readonly endedReason: "plan_ended" | null;
  readonly startsAfterPurchase: boolean;
  readonly spentCents: number;
  /** Charges that count for the limit of this window. */
  readonly charges: number;
  /** How many more the limit allows in this window. */
  readonly chargesLeft: number;
  /** What one costs, tax included. */
  readonly chargeCents: number;
  /** Three or more were bought within the last 24 hours. */
  readonly isOften: boolean;
  readonly window: Span;
  readonly open: ChargeRow | null;
  readonly updatedBy: string | null;
  readonly updatedAt: Instant | null;
}

export async function describeRecharge(
  context: Pick<RechargeContext, "bookContext" | "isPastDue"> & { readonly database: Database },
  accountId: AccountId,
  { now, window }: { now: Instant; window: Span },
): Promise<RechargeView> {
  const { catalog } = context.bookContext;
  const standing = await readStanding(context, context.database.kysely, { accountId, now });
  if (standing === null) return neverTurnedOn(context, window);
  const { settings, charges, facts } = standing;
  const spentCents = spentIn(standing.window, charges);
  const chargeCents = findPack(catalog, settings.packId)?.priceCents ?? 0;
  const left = chargeCents === 0 ? 0 : Math.floor((settings.limitCents - spentCents) / chargeCents);
  return {
    ...settings,
    state: rechargeState(facts),
    startsAfterPurchase: settings.isEnabled && !facts.isArmed,
    spentCents,
    charges: chargesIn(standing.window, charges).length,
    chargesLeft: Math.max(0, left),
    chargeCents,
    isOften: settings.isEnabled && boughtLately(charges, now) >= OFTEN_CHARGES,
    window: standing.window,
    open: charges.find(({ finishedAt }) => finishedAt === null) ?? null,
  };
}

/** What the form starts with (AR1). */
function neverTurnedOn({ bookContext }: Pick<RechargeContext, "bookContext">, window: Span): RechargeView {
  const { packs, currency } = bookContext.catalog;
  const pack = packs.find(({ popular }) => popular) ?? packs[0];
  return {
    isEnabled: false,
    thresholdTokens: pack === undefined ? 0 : defaultThreshold(pack),
    packId: pack?.id ?? "",
    limitCents: LIMIT_DEFAULT_CENTS,
    currency,
    state: "off",
    pausedReason: null,
    endedReason: null,
    startsAfterPurchase: false,
    spentCents: 0,
    charges: 0,
    chargesLeft: pack === undefined ? 0 : Math.floor(LIMIT_DEFAULT_CENTS / pack.priceCents),
    chargeCents: pack?.priceCents ?? 0,
    isOften: false,
    window,
    open: null,
    updatedBy: null,
    updatedAt: null,
  };
}
