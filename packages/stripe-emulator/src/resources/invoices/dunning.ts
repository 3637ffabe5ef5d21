/**
 * Dunning: an invoice that could not be charged is tried again after the pauses of the account's settings. When the last
 * try fails, `next_payment_attempt` is null and the subscription becomes what the settings say.
 *
 * A card that was reported lost or stolen is not charged again: its tries are counted and do nothing until the customer
 * has another card.
 */
import type { Invoice } from "../../entities/invoice.ts";
import type { Sandbox } from "../../sandbox.ts";
import { cancelNow } from "../subscriptions/cancel.ts";
import { updateSubscription } from "../subscriptions/subscription.ts";
import { collectInvoice, defaultMethodOf, defaultPaymentOf } from "./collect.ts";
import { updateInvoice } from "./invoice.ts";

const DAY = 86_400;

/** Declines after which the same card is never worth another try. */
const HARD_DECLINES: (string | null)[] = ["lost_card", "stolen_card"];

/** When an invoice is tried again after so many failed tries; null when that was the last. */
export function nextAttempt(sandbox: Sandbox, after: { attempts: number; now: number }): number | null {
  const pause = sandbox.account.settings.retryPauseDays[after.attempts - 1];
  return pause === undefined ? null : after.now + pause * DAY;
}

/** A scheduled retry of an open invoice. */
export function retryInvoice(sandbox: Sandbox, invoice: Invoice): void {
  const attempts = invoice.attempt_count + 1;
  const next = nextAttempt(sandbox, { attempts, now: sandbox.now(invoice.customer) });
  if (isPointless(sandbox, invoice)) {
    const counted = { attempt_count: attempts, next_payment_attempt: next };
    afterFailedTry(sandbox, updateInvoice(sandbox, invoice, counted));
    return;
  }
  const collected = collectInvoice(sandbox, invoice, { offSession: true, isRetry: true, nextAttempt: next });
  if (collected.outcome !== "paid") afterFailedTry(sandbox, collected.invoice);
}

function isPointless(sandbox: Sandbox, invoice: Invoice): boolean {
  const payment = defaultPaymentOf(sandbox, invoice.id);
  const failure = payment && sandbox.store.paymentIntents.get(payment.payment_intent)?.last_failure;
  if (!failure || !HARD_DECLINES.includes(failure.decline_code)) return false;
  return defaultMethodOf(sandbox, invoice)?.id === failure.payment_method;
}

/** Ends dunning when no further try is to come. */
export function afterFailedTry(sandbox: Sandbox, invoice: Invoice): void {
  if (invoice.next_payment_attempt !== null || invoice.subscription === null) return;
  const subscription = sandbox.store.subscriptions.get(invoice.subscription);
  if (subscription === undefined || subscription.ended_at !== null) return;
  switch (sandbox.account.settings.dunningEndsIn) {
    case "canceled":
      cancelNow(sandbox, subscription, { reason: "payment_failed" });
      return;
    case "unpaid":
      updateSubscription(sandbox, subscription, { status: "unpaid" });
      return;
    case "past_due":
      return;
  }
}
