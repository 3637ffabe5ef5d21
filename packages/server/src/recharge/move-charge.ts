/** One step of a charge, with all that follows from it for auto-recharge, in one transaction. */
import { boughtLately, OFTEN_CHARGES, spentIn, type Instant, type PauseReason } from "@bursar/core";
import { lockAccount, touchAccount } from "../accounts/store.ts";
import { BURSAR } from "../audit/actor.ts";
import type { Queryable } from "../db/open-database.ts";
import { writeNotice } from "../outbox/store.ts";
import { actionOfState, writeCharge } from "./audit-charge.ts";
import type { RechargeContext } from "./context.ts";
import { pauseAutoRecharge } from "./pause-recharge.ts";
import { readStanding } from "./recharge-facts.ts";
import { moveCharge as storeMove, type ChargeRow, type ChargeStep } from "./store-charges.ts";

export interface Step extends ChargeStep {
  /** Auto-recharge stops with it. */
  readonly pauses?: PauseReason;
  /** Of the credits, where they entered. */
  readonly balance?: number;
  /** Until when the bank's question can be answered. */
  readonly answerBy?: Instant;
}

/** @returns the row as it is now; `null` when somebody else moved it, and then nothing is told a second time */
export function moveCharge(
  context: RechargeContext,
  row: ChargeRow,
  { pauses, balance, answerBy, ...to }: Step,
): Promise<ChargeRow | null> {
  const { database, clock } = context;
  const now = clock.now(row.accountId);
  const times = { to, now, machineNow: clock.now() };
  return database.kysely.transaction().execute(async (db) => {
    if (row.reason === "purchase") {
      const moved = await storeMove(db, row, times);
      await noteEnd(db, { row, moved, now });
      return moved;
    }
    // The account first, as everywhere, so that two who wait for each other cannot be.
    await lockAccount(db, row.accountId);
    const moved = await storeMove(db, row, times);
    if (moved === null) return null;
    await touchAccount(db, row.accountId);
    // Turned on again since this try began, it is not stopped by the try's end.
    if (pauses !== undefined)
      await pauseAutoRecharge(db, row.accountId, { reason: pauses, happenedAt: row.triedAt, now });
    await noteEnd(db, { row, moved, now });
    if (moved.state !== row.state) await tell(context, db, moved, { now, balance, answerBy });
    return moved;
  });
}

async function noteEnd(
  db: Queryable,
  { row, moved, now }: { row: ChargeRow; moved: ChargeRow | null; now: Instant },
): Promise<void> {
  const action = moved === null || moved.state === row.state ? null : actionOfState(moved.state);
  if (moved !== null && action !== null) await writeCharge(db, BURSAR, { row: moved, action, at: now });
}

async function tell(
  context: RechargeContext,
  db: Queryable,
  row: ChargeRow,
  { now, balance, answerBy }: { now: Instant; balance?: number | undefined; answerBy?: Instant | undefined },
): Promise<void> {
  const { accountId, chargeId, packId, tokens, currency, amountCents: amount } = row;
  const about = { accountId, at: now, key: null };
  const bought = { packId, tokens, amount, currency };
  switch (row.state) {
    case "succeeded": {
      const data = { chargeId, ...bought, balance: balance ?? 0 };
      await writeNotice(db, { ...about, type: "auto_recharge.charged", data });
      return tellOften(context, db, row, now);
    }
    case "declined": {
      const data = {
        ...{ chargeId, ...bought, try: row.tryNumber },
        reason: row.failure ?? "The card was declined.",
        retryAt: iso(row.retryAt ?? now),
      };
      return void (await writeNotice(db, { ...about, type: "auto_recharge.declined", data }));
    }
    case "needs_authentication": {
      const data = { amount, currency, url: row.invoiceUrl ?? "", expiresAt: iso(answerBy ?? now) };
      return void (await writeNotice(db, { ...about, type: "auto_recharge.action_required", data }));
    }
    case "invoicing":
    case "charging":
    case "paid":
    case "failed":
      return;
  }
}

/** A3: with each that makes three within a day. */
async function tellOften(
  context: RechargeContext,
  db: Queryable,
  { accountId, currency }: ChargeRow,
  now: Instant,
): Promise<void> {
  const standing = await readStanding(context, db, { accountId, now });
  if (standing === null) return;
  const { charges, window, settings } = standing;
  const bought = boughtLately(charges, now);
  if (bought !== OFTEN_CHARGES) return;
  const data = {
    charges: bought,
    spent: spentIn(window, charges),
    spendingLimit: settings.limitCents,
    currency,
  };
  await writeNotice(db, { accountId, type: "auto_recharge.often", data, at: now, key: null });
}

const iso = (at: Instant): string => new Date(at).toISOString();
