/**
 * Draft -> open. The invoice gets its number and its page, keeps its customer as they are now, and uses up or adds to
 * the customer's balance. What is then due gets a payment; when nothing is due the invoice is paid at once: so a negative
 * total becomes credit, and a sum too small to charge is owed until the next invoice.
 */
import type { Invoice } from "../../entities/invoice.ts";
import type { PaymentIntent } from "../../entities/payment-intent.ts";
import { dueAfterBalance } from "../../money/balance.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest } from "../../wire/errors.ts";
import { changeBalance } from "../customer-balance-routes.ts";
import { customerOf } from "../customers.ts";
import { createIntent } from "../payments/payment-intent.ts";
import { buyerOfCustomer, requireBuyer } from "./buyer.ts";
import { createInvoicePayment } from "./invoice-payments.ts";
import { frozenCustomer, patchInvoice, recompute, showInvoice } from "./invoice.ts";
import { settleInvoice } from "./settle.ts";

const NUMBER_DIGITS = 4;

/**
 * Finalizes, and settles when nothing is due. Raises `invoice.finalized`, and those of a settled invoice.
 *
 * The clock calls this for drafts whose `automatically_finalizes_at` has come, then `collectInvoice`. A draft that needs
 * tax and whose customer has no country stays one (`invoice.finalization_failed`), see `canBeTaxed`.
 */
export function finalizeInvoice(sandbox: Sandbox, draft: Invoice): Invoice {
  if (draft.status !== "draft") {
    throw invalidRequest(`This invoice is already finalized, you can't finalize it again.`, {
      code: "invoice_no_longer_draft",
    });
  }
  const customer = customerOf(sandbox, draft.customer);
  const invoice = draft.automatic_tax ? recompute(sandbox, draft, requireBuyer(sandbox, customer)) : draft;
  const { amountDue, endingBalance } = dueAfterBalance(invoice.total, customer.balance, invoice.currency);
  const open = becomeOpen(sandbox, invoice, {
    ...frozenCustomer(sandbox, customer),
    starting_balance: customer.balance,
    ending_balance: endingBalance,
    amount_due: amountDue,
  });
  sandbox.emit("invoice.finalized", showInvoice(sandbox, open));
  const change = endingBalance - customer.balance;
  if (change !== 0) {
    changeBalance(sandbox, customer.id, {
      // Credit that an invoice uses up is applied to it; what an invoice leaves on the balance was too small to charge.
      type: change > 0 && customer.balance < 0 ? "applied_to_invoice" : "invoice_too_small",
      amount: change,
      currency: invoice.currency,
      invoice: invoice.id,
    });
  }
  if (amountDue === 0) return settleInvoice(sandbox, open, null);
  createInvoicePayment(sandbox, open, intentFor(sandbox, open).id);
  return open;
}

/** Whether automatic tax, if it is on, knows where the customer is. */
export function canBeTaxed(sandbox: Sandbox, invoice: Invoice): boolean {
  return !invoice.automatic_tax || buyerOfCustomer(sandbox, customerOf(sandbox, invoice.customer)) !== null;
}

/** Finalizes an invoice whose money is already there, as Checkout makes them: no balance is applied. */
export function finalizePaid(sandbox: Sandbox, draft: Invoice, intent: PaymentIntent | null): Invoice {
  const balance = customerOf(sandbox, draft.customer).balance;
  const open = becomeOpen(sandbox, draft, { starting_balance: balance, ending_balance: balance });
  sandbox.emit("invoice.finalized", showInvoice(sandbox, open));
  const payment = intent === null ? null : createInvoicePayment(sandbox, open, intent.id);
  return settleInvoice(sandbox, open, payment);
}

function becomeOpen(sandbox: Sandbox, draft: Invoice, changes: Partial<Invoice>): Invoice {
  const now = sandbox.now(draft.customer);
  return patchInvoice(sandbox, draft.id, {
    ...changes,
    status: "open",
    number: draft.number ?? nextNumber(sandbox),
    effective_at: draft.effective_at ?? now,
    automatically_finalizes_at: null,
    status_transitions: { ...draft.status_transitions, finalized_at: now },
  });
}

/** The next of the account's sequence, as for accounts in the EU. */
function nextNumber(sandbox: Sandbox): string {
  const { counters } = sandbox.store;
  const sequence = (counters.get("invoice_number")?.value ?? 0) + 1;
  counters.put({ id: "invoice_number", value: sequence });
  return `${sandbox.account.settings.invoicePrefix}-${String(sequence).padStart(NUMBER_DIGITS, "0")}`;
}

const DESCRIPTIONS: Record<Invoice["billing_reason"], string | null> = {
  manual: null,
  subscription_create: "Subscription creation",
  subscription_cycle: "Subscription update",
  subscription_update: "Subscription update",
  upcoming: null,
};

function intentFor(sandbox: Sandbox, invoice: Invoice): PaymentIntent {
  return createIntent(sandbox, {
    amount: invoice.amount_due,
    currency: invoice.currency,
    customer: invoice.customer,
    description: DESCRIPTIONS[invoice.billing_reason] ?? `Payment for Invoice ${invoice.number}`,
    receipt_email: invoice.customer_email,
    setup_future_usage: invoice.subscription === null ? null : "off_session",
  });
}
