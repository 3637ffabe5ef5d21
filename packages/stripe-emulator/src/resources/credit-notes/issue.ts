/**
 * Issuing and voiding credit notes. What is still owed is lowered first; what had been paid goes back by a refund, as
 * credit on the customer's balance, or outside Stripe, and those three must come to exactly that.
 */
import type { CreditNote } from "../../entities/credit-note.ts";
import type { Invoice } from "../../entities/invoice.ts";
import { formatAmount } from "../../money/amounts.ts";
import { settleCredit } from "../../money/credit-notes.ts";
import { totalsOf } from "../../money/tax.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId } from "../../store/ids.ts";
import { invalidRequest, noSuchReference } from "../../wire/errors.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import { changeBalance } from "../customer-balance-routes.ts";
import { cancelPayments } from "../invoices/end.ts";
import { amountRemaining, updateInvoice } from "../invoices/invoice.ts";
import { settleInvoice } from "../invoices/settle.ts";
import { createRefund } from "../payments/refunds.ts";
import { showCreditNote } from "./credit-note.ts";
import { creditLines, type CreditParams } from "./lines.ts";

/** A note and what is to be done for it; nothing is stored yet, so that a preview can stop here. */
export interface DraftNote {
  note: CreditNote;
  refundAmount: number;
  creditAmount: number;
}

export function draftCreditNote(sandbox: Sandbox, params: CreditParams): DraftNote {
  const invoice = sandbox.store.invoices.get(params.invoice);
  if (invoice === undefined) throw noSuchReference("invoice", params.invoice, "invoice");
  if (invoice.status === "draft" || invoice.status === "void") {
    const message = `You can only create a credit note for an invoice that was finalized and not voided; this one is ${invoice.status}.`;
    throw invalidRequest(message, { param: "invoice" });
  }
  const all = sandbox.store.creditNotes.where("invoice", invoice.id);
  const earlier = all.filter((note) => note.status === "issued");
  const lines = creditLines(sandbox, invoice, earlier, params);
  const { subtotal, subtotal_excluding_tax, discount, total, total_excluding_tax } = totalsOf(lines);
  const left = invoice.total - earlier.reduce((sum, note) => sum + note.total, 0);
  if (total > left) {
    const [wanted, possible] = [formatAmount(total, invoice.currency), formatAmount(left, invoice.currency)];
    throw invalidRequest(
      `The credit note (${wanted}) exceeds what is left to credit of its invoice (${possible}).`,
      {
        param: params.amount == null ? "lines" : "amount",
      },
    );
  }
  const { prePayment, postPayment } = settleCredit(total, amountRemaining(invoice));
  const ways = waysFrom(sandbox, params, postPayment, invoice.currency);
  const now = sandbox.now(invoice.customer);
  const note: CreditNote = {
    id: newId("cn"),
    created: now,
    customer: invoice.customer,
    invoice: invoice.id,
    number: `${invoice.number}-CN-${String(all.length + 1).padStart(2, "0")}`,
    currency: invoice.currency,
    status: "issued",
    lines,
    subtotal,
    subtotal_excluding_tax,
    discount,
    total,
    total_excluding_tax,
    pre_payment_amount: prePayment,
    post_payment_amount: postPayment,
    refunds: ways.refunds,
    customer_balance_transaction: null,
    out_of_band_amount: ways.outOfBand,
    memo: params.memo ?? null,
    reason: params.reason ?? null,
    effective_at: params.effective_at ?? now,
    voided_at: null,
    metadata: mergeMetadata({}, params.metadata),
  };
  return { note, refundAmount: ways.refundAmount, creditAmount: ways.creditAmount };
}

/** How what was paid goes back. */
function waysFrom(sandbox: Sandbox, params: CreditParams, postPayment: number, currency: string) {
  const refunds = (params.refunds ?? []).map(({ refund: id, amount_refunded }, index) => {
    const param = `refunds[${index}][refund]`;
    const refund = sandbox.store.refunds.get(id ?? "");
    if (refund === undefined) throw noSuchReference("refund", id ?? "", param);
    const amount = amount_refunded ?? refund.amount;
    if (amount > refund.amount) throw invalidRequest("The refund is smaller than that.", { param });
    return { refund: refund.id, amount_refunded: amount };
  });
  const refundAmount = params.refund_amount ?? 0;
  const creditAmount = params.credit_amount ?? 0;
  const outOfBand = params.out_of_band_amount ?? 0;
  const negative = [refundAmount, creditAmount, outOfBand].find((amount) => amount < 0);
  if (negative !== undefined) throw invalidRequest("Amounts of a credit note are not negative.");
  const linked = refunds.reduce((sum, one) => sum + one.amount_refunded, 0);
  const sum = refundAmount + creditAmount + outOfBand + linked;
  if (sum !== postPayment) {
    const [given, wanted] = [formatAmount(sum, currency), formatAmount(postPayment, currency)];
    throw invalidRequest(
      `The sum of credit amount, refund amount and out of band amount (${given}) must equal the post payment amount (${wanted}).`,
    );
  }
  return { refunds, refundAmount, creditAmount, outOfBand };
}

export function issueCreditNote(sandbox: Sandbox, draft: DraftNote): CreditNote {
  const { note, refundAmount, creditAmount } = draft;
  const made = refundAmount > 0 ? [refundOf(sandbox, note, refundAmount)] : [];
  const transaction =
    creditAmount === 0
      ? null
      : changeBalance(sandbox, note.customer, {
          type: "credit_note",
          amount: -creditAmount,
          currency: note.currency,
          invoice: note.invoice,
          credit_note: note.id,
        });
  const issued = sandbox.store.creditNotes.put({
    ...note,
    refunds: [...note.refunds, ...made],
    customer_balance_transaction: transaction?.id ?? null,
  });
  sandbox.emit("credit_note.created", showCreditNote(sandbox, issued));
  moveInvoice(sandbox, issued, 1);
  return issued;
}

/** The invoice's successful payment gives the money back. */
function refundOf(sandbox: Sandbox, note: CreditNote, amount: number) {
  const payment = sandbox.store.invoicePayments
    .where("invoice", note.invoice)
    .find(({ status }) => status === "paid");
  const intent = payment && sandbox.store.paymentIntents.get(payment.payment_intent);
  const charge = sandbox.store.charges.get(intent?.latest_charge ?? "");
  if (charge === undefined) {
    throw invalidRequest("The invoice was not paid by a card, so there is nothing to refund to.", {
      param: "refund_amount",
    });
  }
  return { refund: createRefund(sandbox, charge, { amount }).id, amount_refunded: amount };
}

/** Lowers (or, for a voided note, raises) what the invoice asks for; one that asks for nothing more is paid. */
function moveInvoice(sandbox: Sandbox, note: CreditNote, sign: 1 | -1): void {
  const invoice = sandbox.store.invoices.get(note.invoice);
  if (invoice === undefined) return;
  const less = sign * note.pre_payment_amount;
  const after = updateInvoice(sandbox, invoice, {
    amount_due: invoice.amount_due - less,
    pre_payment_credit_notes_amount: invoice.pre_payment_credit_notes_amount + less,
    post_payment_credit_notes_amount:
      invoice.post_payment_credit_notes_amount + sign * note.post_payment_amount,
  });
  if (less === 0) return;
  if (amountRemaining(after) === 0) {
    cancelPayments(sandbox, after.id, sandbox.now(after.customer));
    settleInvoice(sandbox, after, null);
  } else followAmount(sandbox, after);
}

/** The payment that waits asks for what is owed now. */
function followAmount(sandbox: Sandbox, invoice: Invoice): void {
  for (const payment of sandbox.store.invoicePayments.where("invoice", invoice.id)) {
    if (payment.status !== "open") continue;
    sandbox.store.invoicePayments.patch(payment.id, { amount_requested: invoice.amount_due });
    sandbox.store.paymentIntents.patch(payment.payment_intent, { amount: invoice.amount_due });
  }
}

/** Only while the invoice is open: then nothing has gone back that would have to be fetched again. */
export function voidCreditNote(sandbox: Sandbox, note: CreditNote): CreditNote {
  const invoice = sandbox.store.invoices.get(note.invoice);
  if (note.status === "void" || invoice?.status !== "open") {
    throw invalidRequest(
      `You can only void a credit note that is issued and whose invoice is open. This one is ${note.status}, its invoice ${invoice?.status ?? "gone"}.`,
    );
  }
  const changes = { status: "void", voided_at: sandbox.now(note.customer) } as const;
  const voided = sandbox.store.creditNotes.patch(note.id, changes);
  sandbox.emit("credit_note.voided", showCreditNote(sandbox, voided));
  moveInvoice(sandbox, voided, -1);
  return voided;
}
