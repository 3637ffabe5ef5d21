/**
 * The calls that change a subscription. Each is safe to repeat: an upgrade by its idempotency key and the change's id in
 * the metadata (which Stripe writes only when it is paid), everything else because it states what shall be.
 */
import type { Instant } from "@bursar/core";
import Stripe from "stripe";
import { PriceBook } from "./price-book.ts";
import {
  SUBSCRIPTION_EXPANDS,
  toLiveSubscription,
  toSeconds,
  type LiveSubscription,
} from "./live-subscription.ts";
import { paymentsOf } from "./unpaid-invoices.ts";

interface PreviewLine {
  readonly description: string;
  readonly amountCents: number;
  readonly isProration: boolean;
  readonly quantity: number | null;
  readonly periodStartsAt: Instant;
  readonly periodEndsAt: Instant;
}

/** What Stripe would charge. `taxCents` is `null` while no address says which tax it is. */
export interface PreviewFact {
  readonly lines: readonly PreviewLine[];
  readonly subtotalCents: number;
  readonly taxCents: number | null;
  readonly totalCents: number;
  /** The total less the customer's credit at Stripe: what the card pays. */
  readonly amountDueCents: number;
  readonly currency: string;
}

export interface PeriodPreviewRequest {
  readonly customerId: string;
  readonly priceId: string;
  readonly seats: number;
}

export interface CreditRequest {
  readonly customerId: string;
  readonly cents: number;
  readonly currency: string;
  readonly idempotencyKey: string;
  readonly description: string;
}

export interface UpgradeRequest {
  readonly subscriptionId: string;
  readonly itemId: string;
  readonly priceId: string;
  readonly seats: number;
  /** The instant that the price is computed for; the one of the quote, so that the quote is what is charged. */
  readonly prorationAt: Instant;
  readonly startsPeriod: boolean;
}

export type UpgradeOutcome =
  | { readonly code: "paid"; readonly invoiceId: string | null; readonly totalCents: number }
  | { readonly code: "requires_action"; readonly invoiceId: string; readonly url: string }
  | { readonly code: "declined"; readonly invoiceId: string; readonly reason: string };

export async function fetchLive(
  stripe: Stripe,
  prices: PriceBook,
  subscriptionId: string,
): Promise<LiveSubscription | null> {
  try {
    const found = await stripe.subscriptions.retrieve(subscriptionId, { expand: SUBSCRIPTION_EXPANDS });
    return await toLiveSubscription(stripe, prices, found);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_missing")
      return null;
    throw error;
  }
}

/** Today's invoice of an upgrade, to the cent, computed for `prorationAt`. Nothing is stored at Stripe. */
export async function previewUpgrade(stripe: Stripe, request: UpgradeRequest): Promise<PreviewFact> {
  const invoice = await stripe.invoices.createPreview({
    subscription: request.subscriptionId,
    subscription_details: {
      items: [{ id: request.itemId, price: request.priceId, quantity: request.seats }],
      proration_behavior: "always_invoice",
      proration_date: toSeconds(request.prorationAt),
      ...anchor(request),
    },
  });
  return toPreview(invoice);
}

/** One whole period of a price, tax included: what a renewal at it comes to. */
export async function previewPeriod(stripe: Stripe, request: PeriodPreviewRequest): Promise<PreviewFact> {
  const invoice = await stripe.invoices.createPreview({
    customer: request.customerId,
    automatic_tax: { enabled: true },
    subscription_details: { items: [{ price: request.priceId, quantity: request.seats }] },
  });
  return toPreview(invoice);
}

/**
 * The next renewal as it stands; `null` when there is none to come, or when Stripe refuses to compute it: an item that
 * waits for the next invoice and cannot be taxed, say. Only an estimate is lost then, not what follows after it.
 */
export async function previewRenewal(stripe: Stripe, subscriptionId: string): Promise<PreviewFact | null> {
  try {
    return toPreview(await stripe.invoices.createPreview({ subscription: subscriptionId }));
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return null;
    throw error;
  }
}

/**
 * Charges the saved card for an upgrade. Until it is paid the subscription stays as it was (a pending update); a
 * schedule that is attached keeps its later phases (Stripe edits the running one only).
 */
export async function upgrade(
  stripe: Stripe,
  request: UpgradeRequest & { readonly changeId: string },
): Promise<UpgradeOutcome> {
  const updated = await stripe.subscriptions.update(
    request.subscriptionId,
    {
      items: [{ id: request.itemId, price: request.priceId, quantity: request.seats }],
      proration_behavior: "always_invoice",
      payment_behavior: "pending_if_incomplete",
      proration_date: toSeconds(request.prorationAt),
      metadata: { bursar_change: request.changeId },
      ...anchor(request),
    },
    { idempotencyKey: `change:${request.changeId}` },
  );
  const { latest_invoice: latest } = updated;
  const latestInvoiceId = typeof latest === "string" ? latest : (latest?.id ?? null);
  return outcomeOf(stripe, {
    subscriptionId: updated.id,
    latestInvoiceId,
    hasUnpaidUpdate: updated.pending_update !== null,
  });
}

/** What became of an upgrade that was asked for, or may have been; `null`: it did not happen. */
export async function findUpgrade(
  stripe: Stripe,
  prices: PriceBook,
  { subscriptionId, changeId }: { subscriptionId: string; changeId: string },
): Promise<UpgradeOutcome | null> {
  const live = await fetchLive(stripe, prices, subscriptionId);
  // The change's id is in the metadata only once it is paid; an unpaid one can only be ours, for one is open at a time.
  if (live === null || (live.changeId !== changeId && !live.hasUnpaidUpdate)) return null;
  return outcomeOf(stripe, { ...live, subscriptionId });
}

async function outcomeOf(
  stripe: Stripe,
  found: { subscriptionId: string; latestInvoiceId: string | null; hasUnpaidUpdate: boolean },
): Promise<UpgradeOutcome> {
  const { subscriptionId, latestInvoiceId, hasUnpaidUpdate } = found;
  if (hasUnpaidUpdate) {
    if (latestInvoiceId === null) throw new Error("A pending update has an invoice.");
    return findUnpaid(stripe, latestInvoiceId);
  }
  // After an outage the latest invoice may be a renewal's, which says nothing of what the change cost.
  const { data } = await stripe.invoices.list({ subscription: subscriptionId, limit: NEWEST_INVOICES });
  const invoice = data.find(({ billing_reason: reason }) => reason === "subscription_update");
  return { code: "paid", invoiceId: invoice?.id ?? null, totalCents: invoice?.amount_due ?? 0 };
}

/** Invoices looked through for that of a change: a year of renewals may have come since. */
const NEWEST_INVOICES = 20;

/** Why an invoice is unpaid: the bank asks, or it refused. */
async function findUnpaid(
  stripe: Stripe,
  invoiceId: string,
): Promise<Exclude<UpgradeOutcome, { code: "paid" }>> {
  const intents = await paymentsOf(stripe, invoiceId);
  const asks = intents.some(
    (intent) =>
      intent.status === "requires_action" || intent.last_payment_error?.code === "authentication_required",
  );
  if (asks) {
    const { hosted_invoice_url: url } = await stripe.invoices.retrieve(invoiceId);
    return { code: "requires_action", invoiceId, url: url ?? "" };
  }
  const reason = intents.map((intent) => intent.last_payment_error?.message).find(Boolean);
  return { code: "declined", invoiceId, reason: reason ?? "The card was declined." };
}

/** The difference to what was promised, as credit for the next invoices. */
export async function creditCustomer(stripe: Stripe, request: CreditRequest): Promise<void> {
  await stripe.customers.createBalanceTransaction(
    request.customerId,
    { amount: -request.cents, currency: request.currency, description: request.description },
    { idempotencyKey: request.idempotencyKey },
  );
}

export async function endSubscription(stripe: Stripe, subscriptionId: string): Promise<void> {
  try {
    await stripe.subscriptions.cancel(subscriptionId);
  } catch (error) {
    // Ended already, by another server or by Stripe itself; else the look below says so.
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    const found = await stripe.subscriptions.retrieve(subscriptionId);
    if (found.ended_at === null) throw error;
  }
}

function anchor({ startsPeriod }: { startsPeriod: boolean }) {
  // Flexible billing keeps the anchor when the interval changes, unless it is told (Stripe, trap 2).
  return startsPeriod ? { billing_cycle_anchor: { type: "now" as const } } : {};
}

function toPreview(invoice: Stripe.Invoice): PreviewFact {
  const taxes = invoice.total_taxes ?? [];
  const isTaxKnown = invoice.automatic_tax.status !== "requires_location_inputs";
  return {
    lines: invoice.lines.data.map((line) => ({
      description: line.description ?? "",
      amountCents: line.amount,
      isProration:
        line.parent?.subscription_item_details?.proration ??
        line.parent?.invoice_item_details?.proration ??
        false,
      quantity: line.quantity ?? null,
      periodStartsAt: line.period.start * 1000,
      periodEndsAt: line.period.end * 1000,
    })),
    subtotalCents: invoice.subtotal,
    taxCents: isTaxKnown ? taxes.reduce((sum, tax) => sum + tax.amount, 0) : null,
    totalCents: invoice.total,
    amountDueCents: invoice.amount_due,
    currency: invoice.currency,
  };
}
