/** What an invoice says, in order and in words: the one source of its page and of its PDF. */
import type { Invoice } from "../entities/invoice.ts";
import type { InvoiceLine } from "../entities/invoice-line.ts";
import type { Sandbox } from "../sandbox.ts";
import { formatAmount } from "../money/amounts.ts";
import type { Tax } from "../money/tax.ts";
import { addressLines } from "../resources/addresses.ts";
import { linesOf, taxesByRate } from "../resources/invoices/invoice.ts";
import { formatDate } from "./layout.ts";
import { statusLabel } from "./portal.ts";

export interface InvoiceDocument {
  /** What it calls itself, when it is no invoice. */
  title?: string;
  number: string;
  status: string;
  headline: string;
  facts: { label: string; value: string }[];
  seller: string[];
  buyer: string[];
  rows: {
    description: string;
    period: string | null;
    quantity: string;
    unit: string;
    tax: string;
    amount: string;
  }[];
  sums: { label: string; value: string; isTotal?: boolean }[];
  notes: string[];
}

export function invoiceDocument(sandbox: Sandbox, invoice: Invoice): InvoiceDocument {
  const { account } = sandbox;
  const lines = linesOf(sandbox, invoice.id);
  const money = (amount: number) => formatAmount(amount, invoice.currency);
  const issuedAt = invoice.effective_at ?? invoice.created;
  const paidAt = invoice.status_transitions.paid_at;
  return {
    number: invoice.number ?? "Draft",
    status: statusLabel(invoice),
    headline: headline(invoice, money),
    facts: [
      { label: "Invoice number", value: invoice.number ?? "Draft" },
      { label: "Date of issue", value: formatDate(issuedAt) },
      ...(invoice.due_date === null ? [] : [{ label: "Date due", value: formatDate(invoice.due_date) }]),
      ...(paidAt === null ? [] : [{ label: "Date paid", value: formatDate(paidAt) }]),
    ],
    seller: [
      account.name,
      ...addressLines({ ...account.address, country: account.country }),
      account.email,
      ...(account.taxId === null ? [] : [`VAT ${account.taxId}`]),
    ],
    buyer: [
      invoice.customer_name,
      ...addressLines(invoice.customer_address),
      invoice.customer_email,
      ...invoice.customer_tax_ids.map(
        ({ type, value }) => `${type === "eu_vat" ? "VAT" : "Tax id"} ${value}`,
      ),
    ].filter((line): line is string => Boolean(line)),
    rows: lines.map((line) => row(line, money)),
    sums: sums(sandbox, invoice, lines),
    notes: [...corrections(sandbox, invoice, money), ...notes(invoice, lines)],
  };
}

function headline(invoice: Invoice, money: (amount: number) => string): string {
  const paidAt = invoice.status_transitions.paid_at;
  if (invoice.status === "void") return "Void: nothing is to be paid";
  if (paidAt !== null) return `${money(invoice.amount_paid)} paid on ${formatDate(paidAt)}`;
  const due = money(dueOn(invoice));
  return invoice.due_date === null ? `${due} due` : `${due} due by ${formatDate(invoice.due_date)}`;
}

/** What is still to be paid. */
export function dueOn(invoice: Invoice): number {
  const isOver = invoice.status === "paid" || invoice.status === "void";
  return isOver ? 0 : Math.max(0, invoice.amount_due - invoice.amount_paid);
}

/** Credit notes and refunds, in words: the invoice itself stays as it was issued. */
function corrections(sandbox: Sandbox, invoice: Invoice, money: (amount: number) => string): string[] {
  const { creditNotes, invoicePayments, refunds } = sandbox.store;
  const notes = creditNotes
    .where("invoice", invoice.id)
    .filter(({ status }) => status === "issued")
    .map(
      ({ number, total, effective_at }) =>
        `Credit note ${number} of ${formatDate(effective_at)}: ${money(total)} are credited.`,
    );
  const given = invoicePayments
    .where("invoice", invoice.id)
    .flatMap(({ payment_intent }) =>
      payment_intent === null ? [] : refunds.where("payment_intent", payment_intent),
    )
    .filter(({ status }) => status !== "failed")
    .map(({ amount, created }) => `Refunded on ${formatDate(created)}: ${money(amount)}.`);
  return [...notes, ...given];
}

function row(line: InvoiceLine, money: (amount: number) => string): InvoiceDocument["rows"][number] {
  const { start, end } = line.period;
  return {
    description: line.description ?? "",
    period: start === end ? null : `${formatDate(start)} to ${formatDate(end)}`,
    quantity: String(line.quantity),
    unit: unitOf(line, money),
    tax: line.tax === null ? "" : `${line.tax.percent} %`,
    amount: money(line.amount),
  };
}

/** The exact unit price where there is one; a proration's amount is a part of it and is not divided. */
function unitOf(line: InvoiceLine, money: (amount: number) => string): string {
  if (line.proration || line.quantity === 0 || line.amount % line.quantity !== 0) return "";
  return money(line.amount / line.quantity);
}

function sums(sandbox: Sandbox, invoice: Invoice, lines: InvoiceLine[]): InvoiceDocument["sums"] {
  const money = (amount: number) => formatAmount(amount, invoice.currency);
  // A rate of the seller's own has a name of its own.
  const nameOf = ({ rate }: Tax) => sandbox.store.taxRates.get(rate ?? "")?.display_name ?? "VAT";
  const taxes = taxesByRate(lines).map((tax) => ({
    label: `${nameOf(tax)} ${tax.percent} % on ${money(tax.taxable_amount)}${tax.behavior === "inclusive" ? ", included" : ""}`,
    value: money(tax.amount),
  }));
  const isFinal = invoice.ending_balance !== null;
  const balance = isFinal ? invoice.amount_due - invoice.total : 0;
  return [
    { label: "Subtotal", value: money(invoice.subtotal) },
    ...(invoice.discount === 0 ? [] : [{ label: "Discount", value: money(-invoice.discount) }]),
    ...(taxes.length === 0
      ? []
      : [{ label: "Total excluding VAT", value: money(invoice.total_excluding_tax) }]),
    ...taxes,
    { label: "Total", value: money(invoice.total), isTotal: true },
    ...(balance === 0 ? [] : [{ label: "Applied balance", value: money(balance) }]),
    { label: "Amount paid", value: money(invoice.amount_paid) },
    { label: "Amount due", value: money(dueOn(invoice)), isTotal: true },
  ];
}

function notes(invoice: Invoice, lines: InvoiceLine[]): string[] {
  const isReversed = lines.some(({ tax }) => tax?.reason === "reverse_charge");
  return [
    ...(isReversed ? ["Reverse charge: VAT is to be accounted for by the recipient."] : []),
    ...(invoice.description === null ? [] : [invoice.description]),
    ...(invoice.footer === null ? [] : [invoice.footer]),
    "Test document of an offline Stripe: no money has moved.",
  ];
}
