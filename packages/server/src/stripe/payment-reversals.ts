import type { Instant, Reversal } from "@bursar/core";
import Stripe from "stripe";
import type { ReversedPayment } from "./facts.ts";
import { toInstant } from "./live-subscription.ts";

/** What a payment intent must be asked with, so that its refunds come along. */
export const REVERSALS_EXPAND = "latest_charge.refunds";

/** Refunds of one charge that are read; one that was given back in more parts than these is beyond reason. */
const REVERSALS_MAX = 300;

/** Payments by their ids, of this customer only; those that are not there are left out. */
export async function fetchPayments(
  stripe: Stripe,
  { customerId, paymentIds }: { customerId: string; paymentIds: readonly string[] },
): Promise<Stripe.PaymentIntent[]> {
  const found: Stripe.PaymentIntent[] = [];
  for (const id of paymentIds) {
    const payment = await retrieve(stripe, id, { expand: [REVERSALS_EXPAND] });
    if (payment !== null && idOf(payment.customer) === customerId) found.push(payment);
  }
  return found;
}

/** Whose payment it is: events about refunds and disputes name no customer. */
export async function findCustomerOfPayment(stripe: Stripe, paymentId: string): Promise<string | null> {
  return idOf((await retrieve(stripe, paymentId, {}))?.customer ?? null);
}

async function retrieve(
  stripe: Stripe,
  paymentId: string,
  params: Stripe.PaymentIntentRetrieveParams,
): Promise<Stripe.PaymentIntent | null> {
  try {
    return await stripe.paymentIntents.retrieve(paymentId, params);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_missing")
      return null;
    throw error;
  }
}

function idOf(reference: string | { readonly id: string } | null): string | null {
  return typeof reference === "object" ? (reference?.id ?? null) : reference;
}

/** Those of the payments of which money went back, or might: all refunds and disputes of each. */
export async function fetchReversals(
  stripe: Stripe,
  payments: readonly Stripe.PaymentIntent[],
): Promise<ReversedPayment[]> {
  const reversed: ReversedPayment[] = [];
  for (const payment of payments) {
    const charge = payment.latest_charge;
    if (typeof charge !== "object" || charge === null) continue;
    const refunds = await refundsOf(stripe, payment.id, charge);
    const disputes = charge.disputed ? await disputesOf(stripe, payment.id) : [];
    if (refunds.length + disputes.length === 0) continue;
    reversed.push({
      paymentId: payment.id,
      paidCents: payment.amount_received,
      currency: payment.currency,
      reversals: [
        ...refunds.map((refund) => fromRefund(payment.id, refund)),
        ...disputes.map((dispute) => fromDispute(payment.id, dispute)),
      ],
    });
  }
  return reversed;
}

/** Of each kind in one look over all customers: an hour of a large seller. */
const RECENT_MAX = 1_000;

/** Refunds and disputes of all customers that were made since then; in which state, and of which payment. */
export async function listRecentReversals(
  stripe: Stripe,
  since: Instant,
): Promise<Pick<Reversal, "reversalId" | "status" | "paymentId">[]> {
  const made = { created: { gte: Math.floor(since / 1_000) }, limit: 100 };
  const [refunds, disputes] = await Promise.all([
    stripe.refunds.list(made).autoPagingToArray({ limit: RECENT_MAX }),
    stripe.disputes.list(made).autoPagingToArray({ limit: RECENT_MAX }),
  ]);
  return [...refunds, ...disputes].flatMap(({ id, status, payment_intent: payment }) => {
    const paymentId = idOf(payment);
    return paymentId === null ? [] : [{ reversalId: id, status: status ?? "pending", paymentId }];
  });
}

async function refundsOf(
  stripe: Stripe,
  paymentId: string,
  { refunds }: Stripe.Charge,
): Promise<Stripe.Refund[]> {
  if (refunds === null || refunds === undefined || !refunds.has_more) return refunds?.data ?? [];
  return stripe.refunds
    .list({ payment_intent: paymentId, limit: 100 })
    .autoPagingToArray({ limit: REVERSALS_MAX });
}

async function disputesOf(stripe: Stripe, paymentId: string): Promise<Stripe.Dispute[]> {
  return stripe.disputes
    .list({ payment_intent: paymentId, limit: 100 })
    .autoPagingToArray({ limit: REVERSALS_MAX });
}

/** Stripe takes the money when it makes the refund, unless the customer must act first; then nothing was sent yet. */
function fromRefund(paymentId: string, refund: Stripe.Refund): Reversal {
  const { id, amount, currency, created } = refund;
  const status = refund.status ?? "pending";
  const isUndone = status === "failed" || status === "canceled";
  return {
    reversalId: id,
    kind: "refund",
    paymentId,
    status,
    outCents: status === "requires_action" ? 0 : amount,
    backCents: isUndone ? amount : 0,
    currency,
    createdAt: toInstant(created),
    isFinal: isUndone,
  };
}

const CLOSED: readonly string[] = ["won", "lost", "warning_closed", "prevented"];

/**
 * What moved is told by the dispute's balance transactions and by nothing else: an inquiry has none, a chargeback a
 * withdrawal, one that was won a return too. They are in the currency of our balance, the dispute in the payment's; so
 * they only say whether, and which part came again (rounded up: for the customer).
 */
function fromDispute(paymentId: string, dispute: Stripe.Dispute): Reversal {
  const { id, amount, currency, status, created } = dispute;
  const moved = dispute.balance_transactions.map((transaction) => transaction.amount);
  const withdrawn = -sum(moved.filter((each) => each < 0));
  const returned = Math.min(withdrawn, sum(moved.filter((each) => each > 0)));
  return {
    reversalId: id,
    kind: "dispute",
    paymentId,
    status,
    outCents: withdrawn === 0 ? 0 : amount,
    backCents: withdrawn === 0 ? 0 : Math.ceil((amount * returned) / withdrawn),
    currency,
    createdAt: toInstant(created),
    isFinal: CLOSED.includes(status),
  };
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, each) => total + each, 0);
}
