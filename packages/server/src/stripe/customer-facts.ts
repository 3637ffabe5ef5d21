import { DAY_MS, type Instant } from "@bursar/core";
import type Stripe from "stripe";
import type { Card, CustomerFacts, InvoiceFact, PackPayment, StrayCard } from "./facts.ts";
import { SUBSCRIPTION_EXPANDS, toInstant, toLiveSubscription } from "./live-subscription.ts";
import { fetchPayments, fetchReversals, REVERSALS_EXPAND } from "./payment-reversals.ts";
import type { PriceBook } from "./price-book.ts";

/** What the first page of each kind shows: most customers have no more that is new. */
const NEWEST_MAX = 30;
/** Stripe's longest page; and how many are read in one look: some 1,900 invoices, more than a decade of most. */
const PAGE_MAX = 100;
const PAGES_MAX = 20;
/** A checkout is open for 24 hours at most, so what was made before an earlier look may have been paid after it. */
const OVERLAP_MS = 2 * DAY_MS;

/** Of a customer that was deleted at Stripe: nothing is left there, and nothing will come. */
const NO_FACTS: CustomerFacts = {
  isDeleted: true,
  card: null,
  strayCard: null,
  subscriptions: [],
  foreignSubscriptionIds: [],
  hasSpentSchedule: false,
  invoices: [],
  isCut: false,
  packPayments: [],
  reversedPayments: [],
};

export interface FactsRequest {
  readonly customerId: string;
  readonly seenUntil: Instant | null;
  readonly paymentIds: readonly string[];
}

/**
 * Reads all that we follow of one customer, in four calls at once; more where the newest page does not reach what was
 * known already. A customer deleted at Stripe has no facts.
 * @param request.seenUntil when the customer was last looked at; `null` reads everything
 * @param request.paymentIds payments that are read however old they are
 */
export async function fetchCustomerFacts(
  stripe: Stripe,
  prices: PriceBook,
  { customerId, seenUntil, paymentIds }: FactsRequest,
): Promise<CustomerFacts> {
  const since = seenUntil === null ? null : seenUntil - OVERLAP_MS;
  const [customer, subscriptions, invoices, payments] = await Promise.all([
    stripe.customers.retrieve(customerId, { expand: ["invoice_settings.default_payment_method"] }),
    stripe.subscriptions.list({
      customer: customerId,
      status: "all",
      limit: NEWEST_MAX,
      expand: SUBSCRIPTION_EXPANDS.map((path) => `data.${path}`),
    }),
    listSince(
      (page) => stripe.invoices.list({ customer: customerId, expand: ["data.payments"], ...page }),
      since,
    ),
    listSince(
      (page) =>
        stripe.paymentIntents.list({ customer: customerId, expand: [`data.${REVERSALS_EXPAND}`], ...page }),
      since,
    ),
  ]);
  if (customer.deleted === true) return NO_FACTS;
  const listed = new Set(payments.items.map(({ id }) => id));
  const named = await fetchPayments(stripe, {
    customerId,
    paymentIds: paymentIds.filter((id) => !listed.has(id)),
  });
  const allPayments = [...payments.items, ...named];

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
    hasSpentSchedule: ours.some((each) => each.isScheduleSpent),
    invoices: invoices.items.map((invoice) => toInvoice(invoice, allPayments)),
    isCut: invoices.isCut || payments.isCut,
    packPayments: [...allPayments.map(toPackPayment), ...invoices.items.map(toCreditPayment)].filter(
      (payment) => payment !== null,
    ),
    reversedPayments: await fetchReversals(stripe, allPayments),
  };
}

type Page = { limit: number; starting_after?: string };

/** Newest first, page by page, until one reaches back before `since`. */
async function listSince<Item extends { id: string; created: number }>(
  list: (page: Page) => Promise<{ data: Item[]; has_more: boolean }>,
  since: Instant | null,
): Promise<{ items: Item[]; isCut: boolean }> {
  const items: Item[] = [];
  for (let page = 1; page <= PAGES_MAX; page++) {
    const last = items.at(-1);
    const { data, has_more: hasMore } = await list(
      last === undefined ? { limit: NEWEST_MAX } : { limit: PAGE_MAX, starting_after: last.id },
    );
    items.push(...data);
    const oldest = data.at(-1);
    const isReached = oldest !== undefined && since !== null && toInstant(oldest.created) < since;
    if (!hasMore || isReached) return { items, isCut: false };
  }
  return { items, isCut: true };
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

function toInvoice(invoice: Stripe.Invoice, payments: readonly Stripe.PaymentIntent[]): InvoiceFact {
  const discountCents = (invoice.total_discount_amounts ?? []).reduce((sum, each) => sum + each.amount, 0);
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
    discountCents,
    taxCents,
    totalCents: invoice.total,
    creditUsedCents: (invoice.ending_balance ?? invoice.starting_balance) - invoice.starting_balance,
    amountDueCents: invoice.amount_remaining,
    currency: invoice.currency,
    attempts: invoice.attempt_count,
    nextAttemptAt: invoice.next_payment_attempt === null ? null : toInstant(invoice.next_payment_attempt),
    failure: failureOf(invoice, payments),
    finalizedAt:
      invoice.status_transitions.finalized_at === null
        ? null
        : toInstant(invoice.status_transitions.finalized_at),
    pdfUrl: invoice.invoice_pdf ?? null,
    hostedUrl: invoice.hosted_invoice_url ?? null,
    paymentId: paymentOf(invoice),
    createdAt: toInstant(invoice.created),
  };
}

function paymentOf(invoice: Stripe.Invoice): string | null {
  const paid = invoice.payments?.data.find(({ status }) => status === "paid");
  const payment = paid?.payment.payment_intent ?? null;
  return typeof payment === "object" ? (payment?.id ?? null) : payment;
}

/** Stripe's sentence for the person who pays; only payments of this look are seen. */
function failureOf(invoice: Stripe.Invoice, payments: readonly Stripe.PaymentIntent[]): string | null {
  if (invoice.status === "paid") return null;
  const ids = (invoice.payments?.data ?? []).map(({ payment: { payment_intent: of } }) =>
    typeof of === "object" ? of?.id : of,
  );
  const failed = payments.find(({ id, last_payment_error: error }) => error !== null && ids.includes(id));
  return failed?.last_payment_error?.message ?? null;
}

function subscriptionOf(invoice: Stripe.Invoice): string | null {
  const subscription = invoice.parent?.subscription_details?.subscription ?? null;
  return typeof subscription === "object" ? (subscription?.id ?? null) : subscription;
}

/** A payment is for a pack when we wrote so into its metadata as it was asked for. */
function toPackPayment(payment: Stripe.PaymentIntent): PackPayment | null {
  const sold = soldPack(payment.metadata);
  if (payment.status !== "succeeded" || sold === null) return null;
  return { ...sold, paymentId: payment.id, paidCents: payment.amount_received, currency: payment.currency };
}

/** A pack that the customer's credit at Stripe paid alone: there is no payment, so the bill stands for it. */
function toCreditPayment(invoice: Stripe.Invoice): PackPayment | null {
  const sold = soldPack(invoice.metadata ?? {});
  if (invoice.status !== "paid" || invoice.amount_paid > 0 || sold === null) return null;
  return { ...sold, paymentId: invoice.id, paidCents: 0, currency: invoice.currency };
}

function soldPack(metadata: Stripe.Metadata): Pick<PackPayment, "packId" | "tokens" | "reason"> | null {
  const { bursar_pack: packId, bursar_tokens: tokens, bursar_reason: reason } = metadata;
  if (packId === undefined || tokens === undefined) return null;
  return {
    packId,
    tokens: Number(tokens),
    reason: reason === "auto_recharge" ? "auto_recharge" : "purchase",
  };
}
