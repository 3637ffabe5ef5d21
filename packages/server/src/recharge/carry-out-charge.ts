/**
 * A pack on its way through the saved card. Each state is a promise that survives a crash: whoever comes next (the
 * request, the sweep, the sync after a webhook) carries it on from where it stands.
 *
 *   invoicing             the try's invoice may or may not be there, as a draft, with its line, or as a bill; nothing
 *                         has been asked of the card
 *   charging              the card may or may not have been asked; asked again it is the same request, by its key
 *   needs_authentication  the bank asks the customer, on Stripe's page of the invoice
 *   paid                  the money is there; the credits may not be in yet
 *   declined              of auto-recharge: this try is over and its invoice void, the next one is due at `retryAt`
 *   succeeded, failed     the end; failed has charged nothing, and its invoice cannot be paid any more
 *
 * An invoice is voided before its charge is given up, so what is given up is never paid later; where it turns out to be
 * paid, the charge goes on to `paid` instead.
 */
import { afterDecline, DAY_MS, HOUR_MS, invariant, MINUTE_MS, type Instant } from "@bursar/core";
import { StripeUnavailableError } from "../stripe/gateway.ts";
import { PackRefusedError, type PackInvoice, type PackTry } from "../stripe/pack-charge.ts";
import type { RechargeContext } from "./context.ts";
import { moveCharge, type Step } from "./move-charge.ts";
import { findCharge, touchCharge, type ChargeRow } from "./store-charges.ts";
import { findSettings } from "./store-settings.ts";

export type Charged =
  | { readonly code: "granted"; readonly balance: number }
  | { readonly code: "payment_requires_action"; readonly url: string }
  | { readonly code: "payment_failed"; readonly reason: string }
  /** Stripe did not answer; it will be finished or found not to have happened, and nothing is charged twice. */
  | { readonly code: "in_doubt" };

/** After this long the card is not asked any more: whoever wanted the charge does not expect it by then. */
const CHARGE_WITHIN_MS = 10 * MINUTE_MS;
const NOT_IN_TIME = "It was not charged in time.";
const TAKEN_BACK = "Its bill was taken back.";
/** How long the bank's question may stand: who clicked is there, who is asked by mail has a day (A3). */
const BANK_WITHIN_MS = { purchase: HOUR_MS, auto_recharge: DAY_MS } as const;

/**
 * Carries a charge on as far as it goes now. Safe to call at any time, by several at once.
 * @param options.giveUp why a charge that waits for the bank shall wait no more
 */
export async function carryOutCharge(
  context: RechargeContext,
  row: ChargeRow,
  options: { giveUp?: string } = {},
): Promise<Charged> {
  try {
    return await (options.giveUp === undefined ? step(context, row) : giveUp(context, row, options.giveUp));
  } catch (error) {
    if (!(error instanceof StripeUnavailableError)) throw error;
    await touchCharge(context.database.kysely, row, context.clock.now());
    return { code: "in_doubt" };
  }
}

async function step(context: RechargeContext, row: ChargeRow): Promise<Charged> {
  switch (row.state) {
    case "invoicing":
      return invoiceOrEnd(context, row);
    case "charging":
      return charge(context, row);
    case "needs_authentication":
      return awaitBank(context, row);
    case "paid":
      return grant(context, row);
    case "succeeded":
      return { code: "granted", balance: await letEnter(context, row) };
    case "declined":
    case "failed":
      return { code: "payment_failed", reason: row.failure ?? "It was given up." };
  }
}

/** A bill that Stripe refuses to make is a try that failed, like a card that declines. */
async function invoiceOrEnd(context: RechargeContext, row: ChargeRow): Promise<Charged> {
  try {
    return await invoice(context, row);
  } catch (error) {
    if (!(error instanceof PackRefusedError)) throw error;
    context.report(row.accountId, `Stripe refused the bill of ${row.chargeId}: ${error.message}`);
    const now = await findCharge(context.database.kysely, row.accountId, row.chargeId);
    // Another's hand may have voided, finished or deleted it: then that is what became of it.
    if (now === null || now.state !== "invoicing") return goOn(context, row);
    return giveUp(
      context,
      now,
      `Stripe could not make the bill. ${error.message}`,
      declinedStep(context, now),
    );
  }
}

async function invoice(context: RechargeContext, row: ChargeRow): Promise<Charged> {
  const { gateway } = context;
  const unwanted = isTooLate(context, row) ? NOT_IN_TIME : await whyCalledOff(context, row);
  if (unwanted !== null) return giveUp(context, row, unwanted);
  const wanted = tryOf(row);
  const invoiceId = row.invoiceId ?? (await gateway.draftPackInvoice(wanted));
  const drafted =
    row.invoiceId === null ? await moveCharge(context, row, { state: "invoicing", invoiceId }) : row;
  if (drafted === null) return goOn(context, row);
  await gateway.addPackLine(wanted, invoiceId);
  const bill = await gateway.finalizePackInvoice(wanted, invoiceId);
  if (bill === null || bill.status === "void") return giveUp(context, drafted, TAKEN_BACK);
  if (bill.status !== "paid" && bill.dueCents > row.amountCents)
    return giveUp(context, drafted, "The price is another than the one agreed to.");
  if (bill.paymentId !== null) await gateway.markPackPayment(wanted, bill.paymentId);
  const { paymentId, url: invoiceUrl } = bill;
  return goOn(context, row, await moveCharge(context, drafted, { state: "charging", paymentId, invoiceUrl }));
}

async function charge(context: RechargeContext, row: ChargeRow): Promise<Charged> {
  const { invoiceId } = row;
  invariant(invoiceId !== null, "a bill is known before the card is asked");
  const calledOff = await whyCalledOff(context, row);
  const mayAsk = calledOff === null && !isTooLate(context, row);
  const bill = await (mayAsk
    ? askOrLook(context, row, invoiceId)
    : context.gateway.findPackInvoice(invoiceId));
  if (bill === null || bill.status === "void") return giveUp(context, row, TAKEN_BACK);
  if (bill.status === "paid") return paid(context, row, bill);
  if (calledOff !== null) return giveUp(context, row, calledOff);
  switch (bill.card) {
    case "asks": {
      const next = {
        state: "needs_authentication",
        invoiceUrl: bill.url,
        answerBy: answerByOf(row),
      } as const;
      return goOn(context, row, await moveCharge(context, row, next));
    }
    case "declined":
      return giveUp(context, row, bill.reason ?? "The card was declined.", declinedStep(context, row));
    case "not_tried":
    case "processing":
      if (!mayAsk) return giveUp(context, row, NOT_IN_TIME);
      // Not known yet: the next look will tell.
      throw new StripeUnavailableError(`Stripe has not said what became of ${invoiceId}.`);
  }
}

/** Asks the card; where Stripe does not answer that, it may have done so and failed to say it, and a look tells. */
async function askOrLook(
  { gateway }: RechargeContext,
  row: ChargeRow,
  invoiceId: string,
): Promise<PackInvoice | null> {
  try {
    return await gateway.payPackInvoice(tryOf(row), invoiceId);
  } catch (error) {
    if (!(error instanceof StripeUnavailableError)) throw error;
    return gateway.findPackInvoice(invoiceId);
  }
}

async function awaitBank(context: RechargeContext, row: ChargeRow): Promise<Charged> {
  const { invoiceId } = row;
  invariant(invoiceId !== null, "the bank asks about a bill");
  const bill = await context.gateway.findPackInvoice(invoiceId);
  if (bill?.status === "paid") return paid(context, row, bill);
  const calledOff = await whyCalledOff(context, row);
  if (calledOff !== null) return giveUp(context, row, calledOff);
  const isOver = context.clock.now(row.accountId) >= answerByOf(row);
  if (isOver || bill === null || bill.status === "void") {
    const end = { state: "failed", pauses: "authentication" } as const;
    return giveUp(context, row, "The bank's question was not answered in time.", end);
  }
  return { code: "payment_requires_action", url: row.invoiceUrl ?? "" };
}

async function paid(context: RechargeContext, row: ChargeRow, bill: PackInvoice): Promise<Charged> {
  const { paymentId } = bill;
  invariant(paymentId !== null, "a paid bill has its payment");
  // What the card paid, which is less than the price where the customer had credit at Stripe.
  const { invoiceId, paidCents: amountCents } = bill;
  return goOn(
    context,
    row,
    await moveCharge(context, row, { state: "paid", paymentId, invoiceId, amountCents }),
  );
}

async function grant(context: RechargeContext, row: ChargeRow): Promise<Charged> {
  invariant(row.paymentId !== null, "what was paid has a payment");
  // Paid on Stripe's pages it may have gone another way than through our last step.
  await context.gateway.markPackPayment(tryOf(row), row.paymentId);
  const balance = await letEnter(context, row);
  const done = await moveCharge(context, row, { state: "succeeded", balance });
  if (done !== null) await followCustomer(context, row);
  return { code: "granted", balance };
}

/** @returns the balance after it; again it changes nothing */
function letEnter({ grantPack }: RechargeContext, row: ChargeRow): Promise<number> {
  const { accountId, paymentId, packId, tokens, reason, currency, amountCents: paidCents } = row;
  invariant(paymentId !== null, "what was paid has a payment");
  return grantPack(accountId, { paymentId, packId, tokens, reason, paidCents, currency });
}

/**
 * So that the invoice is in the list at once; a webhook or the sweep does the same later. Whatever keeps it from that, the
 * pack is paid and in: who was told otherwise would pay again.
 */
async function followCustomer(context: RechargeContext, row: ChargeRow): Promise<void> {
  const { accountId, chargeId, customerId } = row;
  try {
    await context.syncCustomer(customerId);
  } catch (error) {
    if (error instanceof StripeUnavailableError) return;
    context.report(
      accountId,
      `${chargeId} is paid and granted; ${customerId} was not followed: ${String(error)}`,
    );
  }
}

/**
 * Ends a try: its invoice is dropped first; had it been paid meanwhile, the charge goes on.
 * @param end what becomes of the charge, if not that it has failed and no more
 */
async function giveUp(
  context: RechargeContext,
  row: ChargeRow,
  reason: string,
  end: Step = { state: "failed" },
): Promise<Charged> {
  const { gateway } = context;
  const invoiceId = row.invoiceId ?? (await gateway.findInvoiceOfTry(tryOf(row)));
  if (invoiceId !== null && (await gateway.dropPackInvoice(invoiceId)) === "paid") {
    const bill = await gateway.findPackInvoice(invoiceId);
    invariant(bill !== null, "a paid bill is there");
    return paid(context, row, bill);
  }
  return goOn(context, row, await moveCharge(context, row, { ...end, failure: reason }));
}

/** A person's click is over with the first answer; auto-recharge asks again later, and then no more (A3). */
function declinedStep({ clock }: RechargeContext, row: ChargeRow): Step {
  if (row.reason === "purchase") return { state: "failed" };
  const next = afterDecline(row.tryNumber, clock.now(row.accountId));
  return next.code === "retry"
    ? { state: "declined", retryAt: next.at }
    : { state: "failed", pauses: "declined" };
}

/** Turned off or paused since the try began: from then on nothing is charged. `null`: it is wanted. */
async function whyCalledOff({ database }: RechargeContext, row: ChargeRow): Promise<string | null> {
  if (row.reason === "purchase") return null;
  const settings = await findSettings(database.kysely, row.accountId);
  if (settings === null || !settings.isEnabled) return "Auto-recharge was turned off.";
  return settings.pausedReason === null ? null : "Auto-recharge was paused.";
}

function answerByOf({ reason, triedAt }: ChargeRow): Instant {
  return triedAt + BANK_WITHIN_MS[reason];
}

function isTooLate({ clock }: RechargeContext, { accountId, triedAt }: ChargeRow): boolean {
  return clock.now(accountId) >= triedAt + CHARGE_WITHIN_MS;
}

/** From the row as it is now: where somebody else has moved it, from where they did. */
async function goOn(
  context: RechargeContext,
  row: ChargeRow,
  moved: ChargeRow | null = null,
): Promise<Charged> {
  if (moved !== null) {
    if (moved.state === "needs_authentication")
      return { code: "payment_requires_action", url: moved.invoiceUrl ?? "" };
    return step(context, moved);
  }
  const now = await findCharge(context.database.kysely, row.accountId, row.chargeId);
  invariant(now !== null, "a charge is never deleted");
  const isAtRest = now.state === "succeeded" || now.state === "failed" || now.state === "declined";
  // Else somebody is at it at this moment; they finish it.
  return isAtRest ? step(context, now) : { code: "in_doubt" };
}

function tryOf(row: ChargeRow): PackTry {
  const { accountId, chargeId, tryNumber, reason, packId, tokens, customerId, priceId, paymentMethodId } =
    row;
  return { accountId, chargeId, tryNumber, reason, packId, tokens, customerId, priceId, paymentMethodId };
}
