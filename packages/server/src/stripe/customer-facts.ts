import type Stripe from "stripe";
import type { Card, CustomerFacts, InvoiceFact, PackPayment, StrayCard } from "./facts.ts";
import { SUBSCRIPTION_EXPANDS, toInstant, toLiveSubscription } from "./live-subscription.ts";
import type { PriceBook } from "./price-book.ts";

/** The newest of each kind; older ones were seen when they were new, or by the page's own paging later. */
const NEWEST_MAX = 30;

/** Of a customer that was deleted at Stripe: nothing is left there, and nothing will come. */
const NO_FACTS: CustomerFacts = {
  isDeleted: true,
  card: null,
  strayCard: null,
  subscriptions: [],
  foreignSubscriptionIds: [],
  spentScheduleIds: [],
  invoices: [],
  packPayments: [],
};

/** Reads all that we follow of one customer, in four calls at once. A customer deleted at Stripe has no facts. */
export async function fetchCustomerFacts(
  stripe: Stripe,
  prices: PriceBook,
  customerId: string,
): Promise<CustomerFacts> {
  const [customer, subscriptions, invoices, payments] = await Promise.all([
    stripe.customers.retrieve(customerId, { expand: ["invoice_settings.default_payment_method"] }),
    stripe.subscriptions.list({
      customer: customerId,
      status: "all",
      limit: NEWEST_MAX,
      expand: SUBSCRIPTION_EXPANDS.map((path) => `data.${path}`),
    }),
    stripe.invoices.list({ customer: customerId, limit: NEWEST_MAX }),
    stripe.paymentIntents.list({ customer: customerId, limit: NEWEST_MAX }),
  ]);
  if (customer.deleted === true) return NO_FACTS;

  // Stripe lists the newest first and tells seconds only: turned round, of two of one second the older stands first.
  const oldestFirst = subscriptions.data.toReversed();
  const known = await Promise.all(oldestFirst.map((each) => toLiveSubscription(stripe, prices, each)));
  // Of two, the older subscription's card counts, as the subscription itself does.
  const withStrayCard = oldestFirst.find(
    (each) => each.default_payment_method !== null && each.ended_at === null,
  );
  const ownCard = customer.invoice_settings.default_payment_method;
  const strayCard = withStrayCard === undefined ? null : toStrayCard(withStrayCard);
  const ours = known.filter((each) => each !== null);
  return {
    isDeleted: false,
    card: toCard(withStrayCard?.default_payment_method ?? ownCard),
    strayCard,
    subscriptions: ours.map((each) => each.subscription),
    foreignSubscriptionIds: oldestFirst.filter((_, index) => known[index] === null).map((each) => each.id),
    spentScheduleIds: ours.flatMap((each) =>
      each.isScheduleSpent && each.scheduleId !== null ? [each.scheduleId] : [],
    ),
    invoices: invoices.data.map(toInvoice),
    packPayments: payments.data.map(toPackPayment).filter((payment) => payment !== null),
  };
}

function toStrayCard({ id, default_payment_method: method }: Stripe.Subscription): StrayCard | null {
  if (method === null) return null;
  return { subscriptionId: id, paymentMethodId: typeof method === "string" ? method : method.id };
}

function toCard(method: string | Stripe.PaymentMethod | null): Card | null {
  if (method === null || typeof method === "string" || method.card === undefined) return null;
  const { brand, last4, exp_month: expMonth, exp_year: expYear } = method.card;
  return { paymentMethodId: method.id, brand, last4, expMonth, expYear };
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
    subscriptionId: subscriptionOf(invoice),
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
    amountDueCents: invoice.amount_remaining,
    currency: invoice.currency,
    attempts: invoice.attempt_count,
    nextAttemptAt: invoice.next_payment_attempt === null ? null : toInstant(invoice.next_payment_attempt),
    finalizedAt:
      invoice.status_transitions.finalized_at === null
        ? null
        : toInstant(invoice.status_transitions.finalized_at),
    pdfUrl: invoice.invoice_pdf ?? null,
    hostedUrl: invoice.hosted_invoice_url ?? null,
    createdAt: toInstant(invoice.created),
  };
}

function subscriptionOf(invoice: Stripe.Invoice): string | null {
  const subscription = invoice.parent?.subscription_details?.subscription ?? null;
  return typeof subscription === "object" ? (subscription?.id ?? null) : subscription;
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
