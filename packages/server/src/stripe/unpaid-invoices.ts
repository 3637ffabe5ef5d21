/** Bills that are not paid: why, who could still pay them, and their end. */
import Stripe from "stripe";

/** The card of the last try at an invoice that failed; `null` when none was tried. */
export async function findFailedCard(stripe: Stripe, invoiceId: string): Promise<string | null> {
  const error = (await paymentsOf(stripe, invoiceId))
    .map((intent) => intent.last_payment_error)
    .find(Boolean);
  return error?.payment_method?.id ?? null;
}

/** The payments of an invoice, each as Stripe has it now. */
export async function paymentsOf(stripe: Stripe, invoiceId: string): Promise<Stripe.PaymentIntent[]> {
  const invoice = await stripe.invoices.retrieve(invoiceId, {
    expand: ["payments.data.payment.payment_intent"],
  });
  return (invoice.payments?.data ?? []).flatMap(({ payment }) =>
    typeof payment.payment_intent === "object" ? [payment.payment_intent] : [],
  );
}

export interface PayRequest {
  readonly invoiceId: string;
  readonly paymentMethodId: string;
  readonly idempotencyKey: string;
}

/** Tries a card at an open invoice, without the customer there. */
export async function payInvoice(
  stripe: Stripe,
  { invoiceId, paymentMethodId, idempotencyKey }: PayRequest,
): Promise<"paid" | "declined"> {
  try {
    const paid = await stripe.invoices.pay(
      invoiceId,
      { payment_method: paymentMethodId, off_session: true },
      { idempotencyKey },
    );
    return paid.status === "paid" ? "paid" : "declined";
  } catch (error) {
    if (error instanceof Stripe.errors.StripeCardError) return "declined";
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    // Paid or voided meanwhile; then there is nothing to try.
    const { status } = await stripe.invoices.retrieve(invoiceId);
    if (status === "open") throw error;
    return status === "paid" ? "paid" : "declined";
  }
}

/** Invoices of a subscription that could still be paid: open ones, and those given up as bad debt. */
export async function listUnpaidInvoices(stripe: Stripe, subscriptionId: string): Promise<string[]> {
  const lists = await Promise.all(
    (["open", "uncollectible"] as const).map((status) =>
      stripe.invoices.list({ subscription: subscriptionId, status, limit: 100 }),
    ),
  );
  return lists.flatMap(({ data }) => data.map(({ id }) => id));
}

/** Takes an unpaid bill back: it can be paid no more. Repeating it is harmless. */
export async function voidInvoice(stripe: Stripe, invoiceId: string): Promise<"voided" | "paid"> {
  const before = await stripe.invoices.retrieve(invoiceId);
  if (before.status === "void") return "voided";
  if (before.status === "paid") return "paid";
  try {
    await stripe.invoices.voidInvoice(invoiceId);
    return "voided";
  } catch (error) {
    // It may have been paid between the look and the call.
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    const after = await stripe.invoices.retrieve(invoiceId);
    if (after.status === "paid") return "paid";
    if (after.status === "void") return "voided";
    throw error;
  }
}

/** Gives back everything that was paid for a subscription. @returns minor units refunded, earlier ones included */
export async function refundSubscription(stripe: Stripe, subscriptionId: string): Promise<number> {
  const invoices = await stripe.invoices.list({ subscription: subscriptionId, status: "paid", limit: 100 });
  let refundedCents = 0;
  for (const { id } of invoices.data) {
    for (const intent of await paymentsOf(stripe, id)) {
      if (intent.status !== "succeeded") continue;
      refundedCents += await refundPayment(stripe, intent);
    }
  }
  return refundedCents;
}

async function refundPayment(stripe: Stripe, intent: Stripe.PaymentIntent): Promise<number> {
  const { data } = await stripe.refunds.list({ payment_intent: intent.id, limit: 100 });
  const before = data.filter(({ status }) => status !== "failed" && status !== "canceled");
  const refunded = before.reduce((sum, { amount }) => sum + amount, 0);
  if (refunded >= intent.amount_received) return refunded;
  const rest = intent.amount_received - refunded;
  await stripe.refunds.create(
    { payment_intent: intent.id, amount: rest, reason: "duplicate" },
    { idempotencyKey: `surplus:${intent.id}:${refunded}` },
  );
  return intent.amount_received;
}
