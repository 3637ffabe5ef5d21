/**
 * An invoice that is finalized and collected in the same call: the first one of a subscription and those of changes.
 * `payment_behavior` says what a payment that does not come through means:
 *
 *   allow_incomplete     one try now; the invoice stays open and the subscription is incomplete or past due
 *   default_incomplete   no try: it waits to be confirmed with the invoice's confirmation secret
 *   error_if_incomplete  one try now; when it fails the whole request is refused with 402 and leaves nothing
 */
import type { Invoice } from "../../entities/invoice.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest, StripeError } from "../../wire/errors.ts";
import { cardError, showPaymentIntent } from "../payments/payment-intent.ts";
import { followFailedInvoice } from "../subscriptions/follow-invoice.ts";
import { collectInvoice, type Collected } from "./collect.ts";
import { nextAttempt } from "./dunning.ts";
import { finalizeInvoice } from "./finalize.ts";
import { heldBack } from "./hold.ts";
import { showInvoice } from "./invoice.ts";

export type PaymentBehavior =
  "allow_incomplete" | "default_incomplete" | "error_if_incomplete" | "pending_if_incomplete";

export function billNow(
  sandbox: Sandbox,
  draft: Invoice,
  options: { behavior: PaymentBehavior; offSession: boolean; mayLackCard?: boolean },
): Invoice {
  const held = heldBack(sandbox, draft);
  if (held !== null) return held;
  const invoice = finalizeInvoice(sandbox, draft);
  if (invoice.status === "paid") return invoice;
  if (invoice.collection_method === "send_invoice") {
    sandbox.emit("invoice.sent", showInvoice(sandbox, invoice));
    return invoice;
  }
  if (options.behavior === "default_incomplete") {
    followFailedInvoice(sandbox, invoice);
    return invoice;
  }
  const collected = collectInvoice(sandbox, invoice, {
    offSession: options.offSession,
    nextAttempt: firstRetry(sandbox, invoice),
  });
  if (collected.outcome === "no_payment_method" && options.mayLackCard !== true) throw noPaymentMethod();
  if (collected.outcome !== "paid" && options.behavior === "error_if_incomplete")
    throw refused(sandbox, collected);
  return collected.invoice;
}

/** A change that is made though it is not paid is dunned like a renewal; what waits for its payment is not. */
function firstRetry(sandbox: Sandbox, invoice: Invoice): number | null {
  const subscription = sandbox.store.subscriptions.get(invoice.subscription ?? "");
  const isMade =
    invoice.billing_reason === "subscription_update" &&
    subscription?.latest_invoice === invoice.id &&
    subscription.ended_at === null;
  return isMade ? nextAttempt(sandbox, { attempts: 1, now: sandbox.now(invoice.customer) }) : null;
}

function noPaymentMethod(): StripeError {
  return invalidRequest(
    "This customer has no attached payment source or default payment method. Please consider adding a default payment method.",
    { code: "resource_missing" },
  );
}

/** The refusal of a request that is undone: it names no payment, since there is none afterwards. */
function refused(sandbox: Sandbox, collected: Collected): StripeError {
  if (collected.outcome === "declined") {
    const { charge: _c, payment_intent: _p, ...body } = cardError(sandbox, collected.confirmation).body;
    return new StripeError(402, body);
  }
  return new StripeError(402, {
    type: "card_error",
    code: "subscription_payment_intent_requires_action",
    message:
      "Payment for this subscription requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with `subscription.latest_invoice`.",
  });
}

/** For calls to `pay`: the refusal of a try that stays on record. */
export function payRefused(sandbox: Sandbox, collected: Collected): StripeError | null {
  switch (collected.outcome) {
    case "paid":
      return null;
    case "declined":
      return cardError(sandbox, collected.confirmation);
    case "no_payment_method":
      return noPaymentMethod();
    case "requires_action":
      return new StripeError(
        402,
        {
          type: "card_error",
          code: "invoice_payment_intent_requires_action",
          message:
            "Payment for this invoice requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with the invoice.",
          payment_intent: showPaymentIntent(sandbox, collected.intent),
        },
        { keepsChanges: true },
      );
  }
}
