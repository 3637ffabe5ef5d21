/**
 * One try at the money of an open invoice. What the card says decides:
 *
 *   succeeds         paid; the subscription is active
 *   declined         stays open; `invoice.payment_failed`; an active subscription is past due
 *   must be asked    stays open; `invoice.payment_action_required` as well: off session nobody is there to answer, and on
 *                    session the payment waits in `requires_action`
 *
 * The clock engine calls, in this order: `createRenewalInvoice` (subscriptions/renewal.ts) at a period's end,
 * `finalizeInvoice` an hour later, `collectInvoice`, and `collectInvoice` again at `next_payment_attempt`, each time with
 * the instant of the next try. It owns those instants; nothing here knows how often is tried.
 */
import type { Invoice } from "../../entities/invoice.ts";
import type { InvoicePayment } from "../../entities/invoice-payment.ts";
import type { PaymentIntent } from "../../entities/payment-intent.ts";
import type { PaymentMethod } from "../../entities/payment-method.ts";
import type { Sandbox } from "../../sandbox.ts";
import { customerOf } from "../customers.ts";
import { confirmIntent, type Confirmation } from "../payments/payment-intent.ts";
import { followFailedInvoice } from "../subscriptions/follow-invoice.ts";
import { showInvoice, updateInvoice } from "./invoice.ts";
import { settleInvoice } from "./settle.ts";

export interface Collecting {
  /** In place of the card that the invoice, its subscription or its customer have as their default. */
  method?: PaymentMethod;
  offSession: boolean;
  /** A scheduled retry: only those raise `attempt_count` after the first try. */
  isRetry?: boolean;
  /** When the next try comes if this one fails; null when there is none, left as it is when not given. */
  nextAttempt?: number | null;
}

export type Collected =
  | { outcome: "paid"; invoice: Invoice }
  | { outcome: "declined"; invoice: Invoice; confirmation: Extract<Confirmation, { outcome: "declined" }> }
  | { outcome: "requires_action"; invoice: Invoice; intent: PaymentIntent }
  | { outcome: "no_payment_method"; invoice: Invoice };

/** The card that pays an invoice unless another is given: the nearest default wins. */
export function defaultMethodOf(sandbox: Sandbox, invoice: Invoice): PaymentMethod | undefined {
  const { subscriptions, paymentMethods } = sandbox.store;
  const subscription = invoice.subscription === null ? undefined : subscriptions.get(invoice.subscription);
  const id =
    invoice.default_payment_method ??
    subscription?.default_payment_method ??
    customerOf(sandbox, invoice.customer).default_payment_method;
  return id === null ? undefined : paymentMethods.get(id);
}

export function collectInvoice(sandbox: Sandbox, invoice: Invoice, options: Collecting): Collected {
  const payment = defaultPaymentOf(sandbox, invoice.id);
  const intent = payment && sandbox.store.paymentIntents.get(payment.payment_intent);
  if (payment === undefined || intent === undefined) throw new Error(`invoice ${invoice.id} has no payment`);
  const method = options.method ?? defaultMethodOf(sandbox, invoice);
  if (method === undefined)
    return { outcome: "no_payment_method", invoice: recordFailedTry(sandbox, invoice, options) };
  const confirmation = confirmIntent(sandbox, intent, { method, offSession: options.offSession });
  return recordConfirmation(sandbox, invoice, confirmation, options);
}

/** Carries what became of an invoice's payment over to the invoice. */
function recordConfirmation(
  sandbox: Sandbox,
  invoice: Invoice,
  confirmation: Confirmation,
  options: Omit<Collecting, "method" | "offSession">,
): Collected {
  switch (confirmation.outcome) {
    case "succeeded": {
      const tried = { ...invoice, attempt_count: attemptsAfter(invoice, options) };
      return {
        outcome: "paid",
        invoice: settleInvoice(sandbox, tried, defaultPaymentOf(sandbox, invoice.id) ?? null),
      };
    }
    case "declined": {
      const needsHolder = confirmation.failure.code === "authentication_required";
      const failed = recordFailedTry(sandbox, invoice, { ...options, needsHolder });
      return { outcome: "declined", invoice: failed, confirmation };
    }
    case "requires_action": {
      const failed = recordFailedTry(sandbox, invoice, { ...options, needsHolder: true });
      return { outcome: "requires_action", invoice: failed, intent: confirmation.intent };
    }
  }
}

/** For payments that are confirmed by themselves, on a page or through the API: the invoice behind one follows. */
export function followConfirmation(sandbox: Sandbox, confirmation: Confirmation): void {
  const invoice = openInvoiceOf(sandbox, confirmation.intent.id);
  if (invoice === undefined) return;
  if (confirmation.outcome === "requires_action") {
    sandbox.emit("invoice.payment_action_required", showInvoice(sandbox, invoice));
    return;
  }
  recordConfirmation(sandbox, invoice, confirmation, {});
}

/** The invoice that an intent is to pay, while it is unpaid. */
export function openInvoiceOf(sandbox: Sandbox, intent: string): Invoice | undefined {
  const payment = sandbox.store.invoicePayments.where("payment_intent", intent)[0];
  const invoice = payment && sandbox.store.invoices.get(payment.invoice);
  return invoice?.status === "open" || invoice?.status === "uncollectible" ? invoice : undefined;
}

export function defaultPaymentOf(sandbox: Sandbox, invoice: string): InvoicePayment | undefined {
  return sandbox.store.invoicePayments
    .where("invoice", invoice)
    .findLast((payment) => payment.is_default && payment.status === "open");
}

function attemptsAfter(invoice: Invoice, options: { isRetry?: boolean }): number {
  return options.isRetry || invoice.attempt_count === 0 ? invoice.attempt_count + 1 : invoice.attempt_count;
}

/** After a try that did not bring the money. Raises `invoice.payment_failed`; its subscription follows. */
export function recordFailedTry(
  sandbox: Sandbox,
  invoice: Invoice,
  options: { isRetry?: boolean; nextAttempt?: number | null; needsHolder?: boolean } = {},
): Invoice {
  const failed = updateInvoice(sandbox, invoice, {
    attempted: true,
    attempt_count: attemptsAfter(invoice, options),
    ...(options.nextAttempt !== undefined && { next_payment_attempt: options.nextAttempt }),
  });
  const shown = showInvoice(sandbox, failed);
  sandbox.emit("invoice.payment_failed", shown);
  if (options.needsHolder) sandbox.emit("invoice.payment_action_required", shown);
  followFailedInvoice(sandbox, failed);
  return failed;
}
