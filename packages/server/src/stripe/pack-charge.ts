/**
 * A pack charged to the saved card: a one-line invoice, so that there is tax, a number, a PDF and a page for the bank's
 * question. Stripe never tries or retries it by itself (no automatic collection). Each step has its own idempotency key,
 * made of the charge's id and try; what became of a try is read from its invoice, which no other try shares.
 */
import Stripe from "stripe";
import type { PackReason } from "./facts.ts";

interface PackQuote {
  /** What the card may be asked for, tax included: more than the price where the customer owes Stripe's balance a sum. */
  readonly totalCents: number;
  readonly currency: string;
}

/** One try at charging a pack. Requests to Stripe are made of this alone, so that a repeat is the same request. */
export interface PackTry {
  readonly accountId: string;
  readonly chargeId: string;
  readonly tryNumber: number;
  readonly reason: PackReason;
  readonly packId: string;
  readonly tokens: number;
  readonly customerId: string;
  readonly priceId: string;
  readonly paymentMethodId: string;
}

/** How the invoice of a try stands. */
export interface PackInvoice {
  readonly invoiceId: string;
  readonly status: "draft" | "open" | "paid" | "void";
  /** What the card is asked for: less than the price by the customer's credit at Stripe, more by what they owe there. */
  readonly dueCents: number;
  readonly paidCents: number;
  readonly currency: string;
  /** The payment; of an invoice that the customer's credit paid, the invoice itself. `null` while it is a draft. */
  readonly paymentId: string | null;
  /** What the card answered, while the invoice is open. */
  readonly card: "not_tried" | "declined" | "asks" | "processing";
  /** In the card's words, when it declined. */
  readonly reason: string | null;
  /** Stripe's page of the invoice. */
  readonly url: string | null;
}

/** Stripe does not make such a bill: it has no address to tax, say. `message` is what it said. */
export class PackRefusedError extends Error {
  override readonly name = "PackRefusedError";
}

/** The part of the gateway that charges packs. */
export interface PackCharges {
  quotePack(request: { customerId: string; priceId: string }): Promise<PackQuote>;
  draftPackInvoice(wanted: PackTry): Promise<string>;
  addPackLine(wanted: PackTry, invoiceId: string): Promise<void>;
  finalizePackInvoice(wanted: PackTry, invoiceId: string): Promise<PackInvoice | null>;
  markPackPayment(wanted: PackTry, paymentId: string): Promise<void>;
  payPackInvoice(wanted: PackTry, invoiceId: string): Promise<PackInvoice | null>;
  findPackInvoice(invoiceId: string): Promise<PackInvoice | null>;
  findInvoiceOfTry(wanted: PackTry): Promise<string | null>;
  dropPackInvoice(invoiceId: string): Promise<"dropped" | "paid">;
}

/** @param ask tells a Stripe that is not there from one that refuses */
export function packCharges(
  stripe: Stripe,
  ask: <Answer>(call: () => Promise<Answer>) => Promise<Answer>,
): PackCharges {
  return {
    quotePack: (request) => ask(() => quotePack(stripe, request)),
    draftPackInvoice: (wanted) => ask(() => orRefused(draftPackInvoice(stripe, wanted))),
    addPackLine: (wanted, invoiceId) => ask(() => orRefused(addPackLine(stripe, wanted, invoiceId))),
    finalizePackInvoice: (wanted, invoiceId) =>
      ask(() => orRefused(finalizePackInvoice(stripe, wanted, invoiceId))),
    markPackPayment: (wanted, paymentId) => ask(() => markPackPayment(stripe, wanted, paymentId)),
    payPackInvoice: (wanted, invoiceId) => ask(() => payPackInvoice(stripe, wanted, invoiceId)),
    findPackInvoice: (invoiceId) => ask(() => findPackInvoice(stripe, invoiceId)),
    findInvoiceOfTry: (wanted) => ask(() => findInvoiceOfTry(stripe, wanted)),
    dropPackInvoice: (invoiceId) => ask(() => dropPackInvoice(stripe, invoiceId)),
  };
}

async function orRefused<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    throw new PackRefusedError(error.message, { cause: error });
  }
}

/** What the pack costs this customer, computed by Stripe. Nothing is stored there. */
async function quotePack(
  stripe: Stripe,
  { customerId, priceId }: { customerId: string; priceId: string },
): Promise<PackQuote> {
  try {
    const preview = await stripe.invoices.createPreview({
      customer: customerId,
      automatic_tax: { enabled: true },
      invoice_items: [{ price: priceId, quantity: 1 }],
    });
    // What waits for the customer's next bill is in the preview too, but not in the bill that we make.
    const line = preview.lines.data.findLast(({ pricing }) => pricing?.price_details?.price === priceId);
    const packCents = line === undefined ? preview.total : totalOf(line);
    return { totalCents: packCents + Math.max(0, preview.starting_balance), currency: preview.currency };
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    // Without an address, say. The price includes the tax; what keeps the bill from being made is told when it is tried.
    const { unit_amount: totalCents, currency } = await stripe.prices.retrieve(priceId);
    if (totalCents === null) throw error;
    return { totalCents, currency };
  }
}

function totalOf({ amount, discount_amounts: discounts, taxes }: Stripe.InvoiceLineItem): number {
  const addedTaxes = (taxes ?? []).filter(({ tax_behavior: behavior }) => behavior === "exclusive");
  return amount - sumOf(discounts ?? []) + sumOf(addedTaxes);
}

function sumOf(parts: readonly { readonly amount: number }[]): number {
  return parts.reduce((sum, { amount }) => sum + amount, 0);
}

/** The invoice as a draft, without its line. @returns its id, the same one for the same try */
async function draftPackInvoice(stripe: Stripe, wanted: PackTry): Promise<string> {
  const draft = await stripe.invoices.create(
    {
      customer: wanted.customerId,
      auto_advance: false,
      collection_method: "charge_automatically",
      pending_invoice_items_behavior: "exclude",
      automatic_tax: { enabled: true },
      metadata: metadataOf(wanted),
    },
    { idempotencyKey: keyOf(wanted, "invoice") },
  );
  return draft.id;
}

/** The line; given the invoice, because without it the next renewal would take it. */
async function addPackLine(stripe: Stripe, wanted: PackTry, invoiceId: string): Promise<void> {
  await stripe.invoiceItems.create(
    { customer: wanted.customerId, invoice: invoiceId, pricing: { price: wanted.priceId } },
    { idempotencyKey: keyOf(wanted, "line") },
  );
}

/** From here on it is a bill with a number, and is paid at once where the customer's credit covers it. */
async function finalizePackInvoice(
  stripe: Stripe,
  wanted: PackTry,
  invoiceId: string,
): Promise<PackInvoice | null> {
  await stripe.invoices.finalizeInvoice(
    invoiceId,
    { auto_advance: false },
    { idempotencyKey: keyOf(wanted, "finalize") },
  );
  return findPackInvoice(stripe, invoiceId);
}

/** Stripe does not copy an invoice's metadata to its payment; grants and refunds are told by the payment's own. */
async function markPackPayment(stripe: Stripe, wanted: PackTry, paymentId: string): Promise<void> {
  if (!paymentId.startsWith("pi_")) return;
  await stripe.paymentIntents.update(
    paymentId,
    { metadata: metadataOf(wanted) },
    // An invoice may come to be paid by another payment than the one it began with.
    { idempotencyKey: keyOf(wanted, `mark:${paymentId}`) },
  );
}

/** Tries the card, the customer not being there. A repeat of the same try gets the same answer and charges nothing. */
async function payPackInvoice(
  stripe: Stripe,
  wanted: PackTry,
  invoiceId: string,
): Promise<PackInvoice | null> {
  try {
    await stripe.invoices.pay(
      invoiceId,
      { payment_method: wanted.paymentMethodId, off_session: true },
      { idempotencyKey: keyOf(wanted, "pay") },
    );
  } catch (error) {
    if (error instanceof Stripe.errors.StripeCardError) return findPackInvoice(stripe, invoiceId);
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    // Paid or voided meanwhile, or the card is not the customer's any more: replaced since the try began.
    const found = await findPackInvoice(stripe, invoiceId);
    if (found === null || found.status !== "open" || found.card !== "not_tried") return found;
    return { ...found, card: "declined", reason: "The saved card is not there any more." };
  }
  return findPackInvoice(stripe, invoiceId);
}

/** @returns `null` when there is none: a draft that was deleted */
async function findPackInvoice(stripe: Stripe, invoiceId: string): Promise<PackInvoice | null> {
  try {
    const found = await stripe.invoices.retrieve(invoiceId, {
      expand: ["payments.data.payment.payment_intent"],
    });
    return toPackInvoice(found);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_missing")
      return null;
    throw error;
  }
}

/** Invoices looked through for that of a try of which we do not know whether it was made. */
const NEWEST_INVOICES = 30;

/** The invoice of a try that may have been made: for when it is too late to ask for it again. */
async function findInvoiceOfTry(
  stripe: Stripe,
  { customerId, chargeId, tryNumber }: PackTry,
): Promise<string | null> {
  const { data } = await stripe.invoices.list({ customer: customerId, limit: NEWEST_INVOICES });
  const own = data.find(
    ({ metadata }) =>
      metadata?.["bursar_charge"] === chargeId && metadata["bursar_try"] === String(tryNumber),
  );
  return own?.id ?? null;
}

/** Ends a try that shall not be paid any more: a draft is deleted, a bill is voided, which closes its page for good. */
async function dropPackInvoice(stripe: Stripe, invoiceId: string): Promise<"dropped" | "paid"> {
  const before = await findPackInvoice(stripe, invoiceId);
  if (before === null || before.status === "void") return "dropped";
  if (before.status === "paid") return "paid";
  try {
    if (before.status === "draft") await stripe.invoices.del(invoiceId);
    else await stripe.invoices.voidInvoice(invoiceId);
    return "dropped";
  } catch (error) {
    // It may have been paid, voided or deleted between the look and the call.
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    const after = await findPackInvoice(stripe, invoiceId);
    if (after === null || after.status === "void") return "dropped";
    if (after.status === "paid") return "paid";
    throw error;
  }
}

function keyOf({ chargeId, tryNumber }: PackTry, step: string): string {
  return `pack:${chargeId}:${tryNumber}:${step}`;
}

function metadataOf(wanted: PackTry): Record<string, string> {
  return {
    bursar_account: wanted.accountId,
    bursar_pack: wanted.packId,
    bursar_tokens: String(wanted.tokens),
    bursar_reason: wanted.reason,
    bursar_charge: wanted.chargeId,
    bursar_try: String(wanted.tryNumber),
  };
}

function toPackInvoice(invoice: Stripe.Invoice): PackInvoice {
  const payments = (invoice.payments?.data ?? []).flatMap(({ payment }) =>
    typeof payment.payment_intent === "object" ? [payment.payment_intent] : [],
  );
  const intent = payments.find(({ status }) => status === "succeeded") ?? payments[0];
  const error = intent?.last_payment_error ?? null;
  return {
    invoiceId: invoice.id,
    status: statusOf(invoice.status),
    dueCents: invoice.amount_due,
    paidCents: intent?.amount_received ?? 0,
    currency: invoice.currency,
    paymentId: intent?.id ?? (invoice.status === "paid" ? invoice.id : null),
    card: cardAnswer(intent),
    reason: error?.message ?? (error === null ? null : "The card was declined."),
    url: invoice.hosted_invoice_url ?? null,
  };
}

function statusOf(status: string | null): PackInvoice["status"] {
  switch (status) {
    case "draft":
    case "paid":
    case "void":
      return status;
    default:
      return "open";
  }
}

function cardAnswer(intent: Stripe.PaymentIntent | undefined): PackInvoice["card"] {
  if (intent === undefined) return "not_tried";
  if (intent.status === "processing") return "processing";
  const asks =
    intent.status === "requires_action" || intent.last_payment_error?.code === "authentication_required";
  if (asks) return "asks";
  return intent.last_payment_error === null ? "not_tried" : "declined";
}
