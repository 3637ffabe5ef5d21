/** The lines of a credit note, from what a request names: lines of the invoice, lines of its own, or a bare amount. */
import type { CreditNote, CreditNoteLine } from "../../entities/credit-note.ts";
import type { Invoice } from "../../entities/invoice.ts";
import type { InvoiceLine } from "../../entities/invoice-line.ts";
import { formatAmount } from "../../money/amounts.ts";
import { creditPart } from "../../money/credit-notes.ts";
import { taxAtRate } from "../../money/tax.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId } from "../../store/ids.ts";
import { invalidRequest, noSuchReference, parameterMissing } from "../../wire/errors.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import type { Given } from "../../wire/route.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import { linesOf, taxesByRate } from "../invoices/invoice.ts";
import { namedTaxRates } from "../tax-rates.ts";

export type CreditParams = Given<Stripe.CreditNoteCreateParams>;
type LineParams = Given<Stripe.CreditNoteCreateParams.Line>;

export function creditLines(
  sandbox: Sandbox,
  invoice: Invoice,
  earlier: CreditNote[],
  params: CreditParams,
): CreditNoteLine[] {
  if (params.shipping_cost) {
    throw invalidRequest("The emulator's invoices have no shipping costs to credit.", {
      param: "shipping_cost",
    });
  }
  if ((params.amount == null) === (params.lines == null)) {
    throw invalidRequest("A credit note needs one of `amount` and `lines`.", { param: "lines" });
  }
  if (params.lines == null) return [bareLine(sandbox, invoice, params.amount ?? 0)];
  if (params.lines.length === 0) throw parameterMissing("lines");
  const written: CreditNoteLine[] = [];
  const before = earlier.flatMap((note) => note.lines);
  for (const [index, given] of params.lines.entries()) {
    const param = `lines[${index}]`;
    written.push(
      given.type === "invoice_line_item"
        ? partOfLine(sandbox, invoice, { given, param, before: [...before, ...written] })
        : ownLine(sandbox, given, param),
    );
  }
  return written;
}

/** An amount with tax included. Which tax is in it is not documented: see `creditNoteAmountTax`. */
function bareLine(sandbox: Sandbox, invoice: Invoice, total: number): CreditNoteLine {
  if (total < 1) throw invalidRequest("Invalid amount: must be at least 1.", { param: "amount" });
  const [tax, ...others] = taxesByRate(linesOf(sandbox, invoice.id));
  const line = { ...blank(), quantity: 1 };
  const isApart = sandbox.account.assumptions.creditNoteAmountTax === "none";
  if (tax === undefined || others.length > 0 || isApart || invoice.total === 0) {
    return { ...line, amount: total, unit_amount: total };
  }
  const whole = { amount: invoice.total, discount_amounts: [], tax };
  const part = creditPart(whole, [], total);
  const amount = total - (tax.behavior === "exclusive" ? (part.tax?.amount ?? 0) : 0);
  return { ...line, amount, unit_amount: amount, tax: part.tax };
}

function blank(): CreditNoteLine {
  return {
    id: newId("cnli"),
    invoice_line_item: null,
    description: null,
    amount: 0,
    quantity: null,
    unit_amount: null,
    discount_amounts: [],
    tax: null,
    metadata: {},
  };
}

interface Part {
  given: LineParams;
  param: string;
  /** What was credited already, by earlier notes and earlier lines of this one. */
  before: CreditNoteLine[];
}

function partOfLine(sandbox: Sandbox, invoice: Invoice, { given, param, before }: Part): CreditNoteLine {
  const id = given.invoice_line_item;
  if (!id) throw parameterMissing(`${param}[invoice_line_item]`);
  const line = linesOf(sandbox, invoice.id).find((one) => one.id === id);
  if (line === undefined) throw noSuchReference("invoice line item", id, `${param}[invoice_line_item]`);
  const credited = before.filter((part) => part.invoice_line_item === id);
  const left = line.amount - credited.reduce((sum, part) => sum + part.amount, 0);
  const amount = amountFrom(line, given, param);
  if (amount < 1 || amount > left) {
    throw invalidRequest(
      `The amount credited of a line is at least 1 and at most what is left of it, ${formatAmount(left, invoice.currency)}.`,
      { param: `${param}[amount]` },
    );
  }
  return {
    ...blank(),
    invoice_line_item: id,
    description: given.description ?? line.description,
    quantity: given.quantity ?? null,
    unit_amount: given.quantity == null ? null : Math.trunc(amount / given.quantity),
    ...creditPart(line, credited, amount),
    metadata: mergeMetadata({}, given.metadata),
  };
}

/** So much of it, or so many; all of it when nothing is said. */
function amountFrom(line: InvoiceLine, given: LineParams, param: string): number {
  if (given.amount != null && given.quantity != null) {
    throw invalidRequest("You may only specify one of these parameters: amount, quantity.", {
      param: `${param}[quantity]`,
    });
  }
  if (given.amount != null) return given.amount;
  if (given.quantity == null) return line.amount;
  if (given.quantity < 1 || given.quantity > line.quantity) {
    throw invalidRequest(`The quantity credited must be between 1 and ${line.quantity}.`, {
      param: `${param}[quantity]`,
    });
  }
  return Math.round((line.amount * given.quantity) / line.quantity);
}

function ownLine(sandbox: Sandbox, given: LineParams, param: string): CreditNoteLine {
  if (given.tax_amounts) {
    throw invalidRequest("The emulator computes the tax of a line: name `tax_rates` instead of amounts.", {
      param: `${param}[tax_amounts]`,
    });
  }
  if (!given.description) throw parameterMissing(`${param}[description]`);
  if (given.unit_amount == null) throw parameterMissing(`${param}[unit_amount]`);
  const quantity = given.quantity ?? 1;
  const amount = given.unit_amount * quantity;
  if (given.unit_amount < 1 || quantity < 1 || !Number.isSafeInteger(amount)) {
    throw invalidRequest("A line credits at least 1, at least once.", { param: `${param}[unit_amount]` });
  }
  const [rate] = namedTaxRates(sandbox, given.tax_rates, `${param}[tax_rates]`);
  return {
    ...blank(),
    description: given.description,
    amount,
    quantity,
    unit_amount: given.unit_amount,
    tax: rate === undefined ? null : taxAtRate(amount, rate),
    metadata: mergeMetadata({}, given.metadata),
  };
}
