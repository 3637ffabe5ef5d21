/** All that was paid for a subscription, given back: to the cards what cards paid, as credit what credit at Stripe paid. */
import Stripe from "stripe";
import { paymentsOf } from "./unpaid-invoices.ts";

export interface ContractRequest {
  readonly subscriptionId: string;
  readonly customerId: string;
  /** Of our row; it names each write to Stripe. */
  readonly withdrawalId: string;
}

export interface ContractRefund {
  readonly owedCents: number;
  /** On its way to the cards or there, earlier refunds included. */
  readonly refundedCents: number;
  readonly creditCents: number;
  /** Refunds that a card's bank sent back. */
  readonly failedRefunds: number;
  /** Why a payment could not be given back, as Stripe says it. */
  readonly failure: string | null;
}

/** More bills than this in the first weeks of a subscription are beyond reason. */
const BILLS_MAX = 300;
/** A card that sends a refund back may do so again: then somebody must find another way. */
const TRIES_MAX = 3;

/**
 * Of a subscription that has ended, so that nothing more is charged for it. Safe to repeat, by several at once: what went
 * back is counted first, and the key of a refund is the same for who counts the same.
 */
export async function refundContract(stripe: Stripe, request: ContractRequest): Promise<ContractRefund> {
  const paid = await stripe.invoices
    .list({ subscription: request.subscriptionId, status: "paid", limit: 100 })
    .autoPagingToArray({ limit: BILLS_MAX });
  const payments: PaymentRefund[] = [];
  for (const { id } of paid) {
    for (const intent of await paymentsOf(stripe, id)) {
      if (intent.status === "succeeded") payments.push(await refundPayment(stripe, intent, request));
    }
  }
  const creditUsed = paid.map(
    (bill) => (bill.ending_balance ?? bill.starting_balance) - bill.starting_balance,
  );
  const creditCents = Math.max(0, sum(creditUsed));
  const currency = paid[0]?.currency;
  if (creditCents > 0 && currency !== undefined) {
    await returnCredit(stripe, request, { cents: creditCents, currency });
  }
  return {
    owedCents: sum(payments.map(({ owedCents }) => owedCents)),
    refundedCents: sum(payments.map(({ refundedCents }) => refundedCents)),
    creditCents,
    failedRefunds: sum(payments.map(({ failedRefunds }) => failedRefunds)),
    failure: payments.find(({ failure }) => failure !== null)?.failure ?? null,
  };
}

type PaymentRefund = Omit<ContractRefund, "creditCents">;

async function refundPayment(
  stripe: Stripe,
  intent: Stripe.PaymentIntent,
  { withdrawalId }: ContractRequest,
): Promise<PaymentRefund> {
  const made = await stripe.refunds
    .list({ payment_intent: intent.id, limit: 100 })
    .autoPagingToArray({ limit: BILLS_MAX });
  const isUndone = ({ status }: Stripe.Refund) => status === "failed" || status === "canceled";
  const failedRefunds = made.filter(isUndone).length;
  const before = sum(made.filter((each) => !isUndone(each)).map(({ amount }) => amount));
  const owedCents = intent.amount_received;
  const facts = { owedCents, failedRefunds, refundedCents: before };
  if (before >= owedCents) return { ...facts, failure: null };
  if (failedRefunds >= TRIES_MAX) return { ...facts, failure: "The card's bank sends the money back." };
  try {
    const refund = await stripe.refunds.create(
      {
        payment_intent: intent.id,
        amount: owedCents - before,
        reason: "requested_by_customer",
        metadata: { bursar_withdrawal: withdrawalId },
      },
      { idempotencyKey: `withdrawal:${withdrawalId}:${intent.id}:${made.length}` },
    );
    if (!isUndone(refund)) return { ...facts, refundedCents: owedCents, failure: null };
    return { ...facts, failedRefunds: failedRefunds + 1, failure: "The card's bank sends the money back." };
  } catch (error) {
    // A charge that is disputed, say: its money is with the bank already.
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    return { ...facts, failure: error.message };
  }
}

/** Looked for first: a key is kept by Stripe for a day, and a crash may be found later. */
async function returnCredit(
  stripe: Stripe,
  { customerId, withdrawalId }: ContractRequest,
  { cents, currency }: { cents: number; currency: string },
): Promise<void> {
  const entries = await stripe.customers
    .listBalanceTransactions(customerId, { limit: 100 })
    .autoPagingToArray({ limit: BILLS_MAX });
  if (entries.some(({ metadata }) => metadata?.["bursar_withdrawal"] === withdrawalId)) return;
  await stripe.customers.createBalanceTransaction(
    customerId,
    {
      amount: -cents,
      currency,
      description: "Credit that paid a contract which was withdrawn from",
      metadata: { bursar_withdrawal: withdrawalId },
    },
    { idempotencyKey: `withdrawal:${withdrawalId}:credit` },
  );
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, each) => total + each, 0);
