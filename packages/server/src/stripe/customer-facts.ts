import type { Interval, Subscription } from "@bursar/core";
import type Stripe from "stripe";
import type { Card, CustomerFacts, InvoiceFact, PackPayment, StrayCard } from "./facts.ts";

/** The newest of each kind; older ones were seen when they were new, or by the page's own paging later. */
const NEWEST_MAX = 30;

const NO_FACTS: CustomerFacts = {
  card: null,
  strayCard: null,
  subscriptions: [],
  foreignSubscriptionIds: [],
  invoices: [],
  packPayments: [],
};

/** Reads all that we follow of one customer, in four calls at once. A customer deleted at Stripe has no facts. */
export async function fetchCustomerFacts(stripe: Stripe, customerId: string): Promise<CustomerFacts> {
  const [customer, subscriptions, invoices, payments] = await Promise.all([
    stripe.customers.retrieve(customerId, { expand: ["invoice_settings.default_payment_method"] }),
    stripe.subscriptions.list({
      customer: customerId,
      status: "all",
      limit: NEWEST_MAX,
      expand: ["data.default_payment_method"],
    }),
    stripe.invoices.list({ customer: customerId, limit: NEWEST_MAX }),
    stripe.paymentIntents.list({ customer: customerId, limit: NEWEST_MAX }),
  ]);
  if (customer.deleted === true) return NO_FACTS;

  // Stripe lists the newest first and tells seconds only: turned round, of two of one second the older stands first.
  const oldestFirst = subscriptions.data.toReversed();
  const known = oldestFirst.map((each) => toSubscription(each));
  const withStrayCard = subscriptions.data.find(
    (each) => each.default_payment_method !== null && each.ended_at === null,
  );
  const ownCard = customer.invoice_settings.default_payment_method;
  const strayCard = withStrayCard === undefined ? null : toStrayCard(withStrayCard);
  return {
    card: toCard(withStrayCard?.default_payment_method ?? ownCard),
    strayCard,
    subscriptions: known.filter((each) => each !== null),
    foreignSubscriptionIds: oldestFirst.filter((_, index) => known[index] === null).map((each) => each.id),
    invoices: invoices.data.map(toInvoice),
    packPayments: payments.data.map(toPackPayment).filter((payment) => payment !== null),
  };
}

const toInstant = (seconds: number): number => seconds * 1000;

/** `null` when the price is not one of our catalogue (its metadata says which plan it sells). */
function toSubscription(subscription: Stripe.Subscription): Subscription | null {
  const item = subscription.items.data[0];
  const planId = item?.price.metadata["bursar_plan"];
  if (item === undefined || planId === undefined) return null;
  return {
    subscriptionId: subscription.id,
    status: subscription.status,
    planId,
    interval: item.price.recurring?.interval as Interval,
    seats: item.quantity ?? 1,
    priceId: item.price.id,
    anchorAt: toInstant(subscription.billing_cycle_anchor),
    periodStartsAt: toInstant(item.current_period_start),
    periodEndsAt: toInstant(item.current_period_end),
    startedAt: toInstant(subscription.start_date),
    cancelAt: subscription.cancel_at === null ? null : toInstant(subscription.cancel_at),
    endedAt: subscription.ended_at === null ? null : toInstant(subscription.ended_at),
  };
}

function toStrayCard({ id, default_payment_method: method }: Stripe.Subscription): StrayCard | null {
  if (method === null) return null;
  return { subscriptionId: id, paymentMethodId: typeof method === "string" ? method : method.id };
}

function toCard(method: string | Stripe.PaymentMethod | null): Card | null {
  if (method === null || typeof method === "string" || method.card === undefined) return null;
  const { brand, last4, exp_month: expMonth, exp_year: expYear } = method.card;
  return { brand, last4, expMonth, expYear };
}

const INVOICE_STATUSES = ["draft", "open", "paid", "void", "uncollectible"] as const;

/** A status that Stripe adds one day reads as open: the most careful thing to say of a bill that is not known as paid. */
function toInvoiceStatus(status: string | null): InvoiceFact["status"] {
  return INVOICE_STATUSES.find((known) => known === status) ?? "open";
}

function toInvoice(invoice: Stripe.Invoice): InvoiceFact {
  const taxCents = (invoice.total_taxes ?? []).reduce((sum, tax) => sum + tax.amount, 0);
  return {
    invoiceId: invoice.id,
    number: invoice.number,
    status: toInvoiceStatus(invoice.status),
    lines: invoice.lines.data.map((line) => ({
      description: line.description ?? "",
      quantity: line.quantity,
      amountCents: line.amount,
      periodStartsAt: toInstant(line.period.start),
      periodEndsAt: toInstant(line.period.end),
    })),
    subtotalCents: invoice.subtotal,
    taxCents,
    totalCents: invoice.total,
    currency: invoice.currency,
    pdfUrl: invoice.invoice_pdf ?? null,
    hostedUrl: invoice.hosted_invoice_url ?? null,
    createdAt: toInstant(invoice.created),
  };
}

/** A payment is for a pack when we wrote so into its metadata as the checkout was opened. */
function toPackPayment(payment: Stripe.PaymentIntent): PackPayment | null {
  const { bursar_pack: packId, bursar_tokens: tokens } = payment.metadata;
  if (payment.status !== "succeeded" || packId === undefined || tokens === undefined) return null;
  return {
    paymentId: payment.id,
    packId,
    tokens: Number(tokens),
    paidCents: payment.amount_received,
    currency: payment.currency,
  };
}
