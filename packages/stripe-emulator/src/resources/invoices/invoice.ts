/**
 * Invoices. A draft is finalized (gets its number and its page and is frozen), then paid:
 *
 *   draft -> open -> paid | void | uncollectible
 *
 * The amounts are computed when the lines are written and stored, so that what was shown is what is charged.
 */
import type { InvoiceLine, Period } from "../../entities/invoice-line.ts";
import type { Customer } from "../../entities/customer.ts";
import type { BillingReason, CollectionMethod, Invoice } from "../../entities/invoice.ts";
import type { InvoiceItem } from "../../entities/invoice-item.ts";
import type { Sandbox } from "../../sandbox.ts";
import { sumByDiscount } from "../../money/discounts.ts";
import { totalsOf, type Buyer, type Tax } from "../../money/tax.ts";
import { newId, randomText } from "../../store/ids.ts";
import { embeddedList } from "../../wire/lists.ts";
import type { Metadata } from "../../wire/metadata.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import { rulesInForce } from "../discounts/discounts.ts";
import { previousAttributes } from "../events.ts";
import { frozenTaxIds } from "../tax-ids.ts";
import { showTax, showTaxRates } from "../tax-rates.ts";
import { dueAfterBalance } from "../../money/balance.ts";
import { showInvoicePayment } from "./invoice-payments.ts";
import { lineOfItem } from "./items.ts";
import { createLine, priceLines, showLine, type LineDraft } from "./line.ts";

export interface NewInvoice {
  customer: Customer;
  currency: string;
  billing_reason: BillingReason;
  /** Pending items that this invoice takes; they come before its own lines. */
  pending?: InvoiceItem[];
  lines: LineDraft[];
  /** Null without automatic tax. */
  buyer: Buyer | null;
  automatic_tax?: boolean;
  /** Ids of rates for lines that have none of their own; not together with automatic tax. */
  default_tax_rates?: string[];
  period: Period;
  subscription?: { id: string; metadata: Metadata } | null;
  subscription_proration_date?: number | null;
  auto_advance?: boolean;
  automatically_finalizes_at?: number | null;
  collection_method?: CollectionMethod;
  due_date?: number | null;
  default_payment_method?: string | null;
  /** Ids of discounts on the whole invoice; those that have ended are left out. */
  discounts?: string[];
  description?: string | null;
  footer?: string | null;
  metadata?: Metadata;
}

/** Writes a draft with its lines and raises `invoice.created`. */
export function createInvoice(sandbox: Sandbox, given: NewInvoice): Invoice {
  const { customer, subscription } = given;
  const id = newId("in");
  const on = { invoice: id, subscription: subscription?.id ?? null, currency: given.currency };
  const pending = (given.pending ?? []).map((item) => {
    sandbox.store.invoiceItems.patch(item.id, { invoice: id });
    return lineOfItem(sandbox, item);
  });
  const at = sandbox.now(customer.id);
  const rules = rulesInForce(sandbox, given.discounts ?? [], at);
  const written = [...pending, ...given.lines].map((draft) => createLine(sandbox, draft, on));
  const totals = totalsOf(
    priceLines(sandbox, written, { rules, buyer: given.buyer, rates: given.default_tax_rates ?? [], at }),
  );
  const invoice = sandbox.store.invoices.put({
    id,
    created: at,
    customer: customer.id,
    ...frozenCustomer(sandbox, customer),
    subscription: subscription?.id ?? null,
    subscription_metadata: subscription?.metadata ?? {},
    subscription_proration_date: given.subscription_proration_date ?? null,
    billing_reason: given.billing_reason,
    status: "draft",
    number: null,
    currency: given.currency,
    auto_advance: given.auto_advance ?? true,
    automatically_finalizes_at: given.automatically_finalizes_at ?? null,
    collection_method: given.collection_method ?? "charge_automatically",
    due_date: given.due_date ?? null,
    automatic_tax: given.automatic_tax ?? given.buyer !== null,
    default_tax_rates: given.default_tax_rates ?? [],
    discounts: rules.map((rule) => rule.id),
    ...totals,
    amount_due: Math.max(0, totals.total),
    amount_paid: 0,
    amount_paid_off_stripe: 0,
    pre_payment_credit_notes_amount: 0,
    post_payment_credit_notes_amount: 0,
    starting_balance: 0,
    ending_balance: null,
    attempt_count: 0,
    attempted: false,
    next_payment_attempt: null,
    default_payment_method: given.default_payment_method ?? null,
    description: given.description ?? null,
    footer: given.footer ?? null,
    effective_at: null,
    period_start: given.period.start,
    period_end: given.period.end,
    metadata: given.metadata ?? {},
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    uncollectible_reason: null,
    token: randomText(40),
  });
  sandbox.emit("invoice.created", showInvoice(sandbox, invoice));
  return invoice;
}

/** What an invoice keeps of its customer. It follows the customer while it is a draft. */
export function frozenCustomer(sandbox: Sandbox, customer: Customer) {
  return {
    customer_name: customer.name,
    customer_email: customer.email,
    customer_phone: customer.phone,
    customer_address: customer.address,
    customer_tax_exempt: customer.tax_exempt,
    customer_tax_ids: frozenTaxIds(sandbox, customer.id),
  };
}

/** Adds lines to a draft. */
export function addLines(
  sandbox: Sandbox,
  invoice: Invoice,
  drafts: LineDraft[],
  buyer: Buyer | null,
): Invoice {
  const { id, subscription, currency } = invoice;
  for (const draft of drafts) createLine(sandbox, draft, { invoice: id, subscription, currency });
  return recompute(sandbox, invoice, buyer);
}

/** Discounts and taxes every line of a draft anew and sums it up. */
export function recompute(sandbox: Sandbox, invoice: Invoice, buyer: Buyer | null): Invoice {
  const at = sandbox.now(invoice.customer);
  const rules = rulesInForce(sandbox, invoice.discounts, at);
  const totals = totalsOf(
    priceLines(sandbox, linesOf(sandbox, invoice.id), { rules, buyer, rates: invoice.default_tax_rates, at }),
  );
  return patchInvoice(sandbox, invoice.id, { ...totals, amount_due: Math.max(0, totals.total) });
}

/** Writes changes; the caller raises the event that says what they mean. */
export function patchInvoice(sandbox: Sandbox, id: string, changes: Partial<Invoice>): Invoice {
  return sandbox.store.invoices.patch(id, changes);
}

/** Writes changes and raises `invoice.updated` when anything shows. */
export function updateInvoice(sandbox: Sandbox, before: Invoice, changes: Partial<Invoice>): Invoice {
  const old = showInvoice(sandbox, before);
  const after = patchInvoice(sandbox, before.id, changes);
  const fresh = showInvoice(sandbox, after);
  const previous = previousAttributes(old, fresh);
  if (Object.keys(previous).length > 0) sandbox.emit("invoice.updated", fresh, previous);
  return after;
}

export function linesOf(sandbox: Sandbox, invoice: string): InvoiceLine[] {
  return sandbox.store.invoiceLines.where("invoice", invoice);
}

/** The taxes of several lines, one sum for each rate. */
export function taxesByRate(lines: { tax: Tax | null }[]): Tax[] {
  const sums = new Map<string, Tax>();
  for (const { tax } of lines) {
    if (tax === null) continue;
    const key = `${tax.country} ${tax.percent} ${tax.behavior} ${tax.reason} ${tax.rate ?? ""}`;
    const sum = sums.get(key);
    const { amount = 0, taxable_amount = 0 } = sum ?? {};
    sums.set(key, {
      ...tax,
      amount: amount + tax.amount,
      taxable_amount: taxable_amount + tax.taxable_amount,
    });
  }
  return [...sums.values()];
}

export function hostedUrl(sandbox: Sandbox, invoice: Invoice): string {
  return `${sandbox.baseUrl}/i/${invoice.token}`;
}

const EMBEDDED_LINES = 10;

export function showInvoice(sandbox: Sandbox, invoice: Invoice): WireObject {
  const isFinal = invoice.status !== "draft";
  const current = isFinal ? invoice : { ...invoice, ...draftAmounts(sandbox, invoice) };
  const { token: _, tax: __, discount: ___, ...stored } = current;
  const {
    subscription,
    subscription_metadata,
    automatic_tax,
    subscription_proration_date: prorated,
    ...rest
  } = stored;
  const { uncollectible_reason, ...fields } = rest;
  const lines = linesOf(sandbox, invoice.id);
  const discounted = sumByDiscount(lines.flatMap((line) => line.discount_amounts));
  const { account } = sandbox;
  return complete({
    object: "invoice",
    ...fields,
    account_country: account.country,
    account_name: account.name,
    amount_overpaid: 0,
    amount_remaining: amountRemaining(current),
    amount_shipping: 0,
    automatic_tax: automaticTax(automatic_tax, invoice.customer_address?.country != null),
    customer_shipping: null,
    ...(!isFinal && { customer_tax_ids: frozenTaxIds(sandbox, invoice.customer) }),
    default_tax_rates: showTaxRates(sandbox, invoice.default_tax_rates),
    hosted_invoice_url: isFinal ? hostedUrl(sandbox, invoice) : null,
    invoice_pdf: isFinal ? `${hostedUrl(sandbox, invoice)}/pdf` : null,
    issuer: { type: "self" },
    lines: embeddedList(
      lines.map((line) => showLine(sandbox, line)),
      `/v1/invoices/${invoice.id}/lines`,
      EMBEDDED_LINES,
    ),
    parent:
      subscription === null
        ? null
        : {
            type: "subscription_details",
            quote_details: null,
            subscription_details: {
              metadata: subscription_metadata,
              subscription,
              ...(prorated !== null && { subscription_proration_date: prorated }),
            },
          },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    ...(uncollectible_reason !== null && {
      status_details: { uncollectible: { reason: uncollectible_reason } },
    }),
    test_clock: sandbox.store.customers.get(invoice.customer)?.test_clock ?? null,
    total_discount_amounts: discounted,
    total_pretax_credit_amounts: discounted.map((one) => ({ ...one, type: "discount" })),
    total_taxes: taxesByRate(lines).map((tax) => showTax(sandbox, tax)),
    webhooks_delivered_at: isFinal ? invoice.created : null,
  });
}

/** What is still to be paid. */
export function amountRemaining(invoice: Invoice): number {
  if (invoice.status === "paid") return 0;
  return invoice.amount_due - invoice.amount_paid;
}

/** A draft shows what it would come to with the customer's balance as it is now. */
function draftAmounts(sandbox: Sandbox, invoice: Invoice) {
  const balance = sandbox.store.customers.get(invoice.customer)?.balance ?? 0;
  const { amountDue } = dueAfterBalance(invoice.total, balance, invoice.currency);
  return { starting_balance: balance, amount_due: amountDue };
}

function automaticTax(isEnabled: boolean, isLocated: boolean) {
  if (!isEnabled)
    return { disabled_reason: null, enabled: false, liability: null, provider: null, status: null };
  return {
    disabled_reason: null,
    enabled: true,
    liability: { type: "self" },
    provider: "stripe",
    status: isLocated ? "complete" : "requires_location_inputs",
  };
}

/** `invoice.payments`, sent on request only. */
export function includePayments(sandbox: Sandbox, invoice: string): WireObject {
  const payments = sandbox.store.invoicePayments.where("invoice", invoice).reverse();
  return embeddedList(
    payments.map((payment) => showInvoicePayment(sandbox, payment)),
    `/v1/invoice_payments?invoice=${invoice}`,
  );
}

/** `invoice.confirmation_secret`, sent on request only: for paying an open invoice on a page of one's own. */
export function includeConfirmationSecret(sandbox: Sandbox, invoice: string): unknown {
  const open = sandbox.store.invoicePayments.where("invoice", invoice).find((payment) => payment.is_default);
  const intent = open && sandbox.store.paymentIntents.get(open.payment_intent);
  return intent ? { client_secret: intent.client_secret, type: "payment_intent" } : null;
}
