/** Credit notes as they are shown. How they come to be is in issue.ts. */
import type { CreditNote, CreditNoteLine } from "../../entities/credit-note.ts";
import { sumByDiscount } from "../../money/discounts.ts";
import { discountOf } from "../../money/tax.ts";
import type { Sandbox } from "../../sandbox.ts";
import { embeddedList } from "../../wire/lists.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import { hostedUrl, taxesByRate } from "../invoices/invoice.ts";
import { showTax, showTaxRate } from "../tax-rates.ts";

const EMBEDDED_LINES = 10;

export function showCreditNote(sandbox: Sandbox, note: CreditNote): WireObject {
  const { discount, lines, refunds, out_of_band_amount, ...fields } = note;
  const invoice = sandbox.store.invoices.get(note.invoice);
  const discounted = sumByDiscount(lines.flatMap((line) => line.discount_amounts));
  return complete({
    object: "credit_note",
    ...fields,
    amount: note.total,
    amount_shipping: 0,
    discount_amount: discount,
    discount_amounts: discounted,
    lines: embeddedList(
      lines.map((line) => showCreditNoteLine(sandbox, line)),
      `/v1/credit_notes/${note.id}/lines`,
      EMBEDDED_LINES,
    ),
    out_of_band_amount: out_of_band_amount === 0 ? null : out_of_band_amount,
    pdf: invoice === undefined ? "" : `${hostedUrl(sandbox, invoice)}/credit/${note.number}/pdf`,
    pretax_credit_amounts: discounted.map((one) => ({ ...one, type: "discount" })),
    refunds: refunds.map((one) => ({ ...one, payment_record_refund: null, type: "refund" })),
    total_taxes: taxesByRate(lines).map((tax) => showTax(sandbox, tax)),
    type: typeOf(note),
  });
}

function typeOf({ pre_payment_amount, post_payment_amount }: CreditNote) {
  if (pre_payment_amount > 0 && post_payment_amount > 0) return "mixed";
  return post_payment_amount > 0 ? "post_payment" : "pre_payment";
}

export function showCreditNoteLine(sandbox: Sandbox, line: CreditNoteLine): WireObject {
  const { tax, invoice_line_item, unit_amount, ...fields } = line;
  const rate = tax?.rate === undefined ? undefined : sandbox.store.taxRates.get(tax.rate);
  return complete({
    object: "credit_note_line_item",
    ...fields,
    discount_amount: discountOf(line.discount_amounts),
    ...(invoice_line_item !== null && { invoice_line_item }),
    pretax_credit_amounts: line.discount_amounts.map((one) => ({ ...one, type: "discount" })),
    tax_rates: rate === undefined ? [] : [showTaxRate(sandbox, rate)],
    taxes: tax === null ? [] : [showTax(sandbox, tax)],
    type: invoice_line_item === null ? "custom_line_item" : "invoice_line_item",
    unit_amount,
    unit_amount_decimal: unit_amount === null ? null : String(unit_amount),
  });
}
