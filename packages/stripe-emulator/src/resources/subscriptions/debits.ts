/**
 * What an item was debited for time that is still to come, and was not yet given back. Lines of void invoices were never
 * owed, so they neither count as debits nor as credits.
 */
import type { CreditedDebit, Period } from "../../entities/invoice-line.ts";
import type { Sandbox } from "../../sandbox.ts";
import { discountOf } from "../../money/tax.ts";

export interface Debit {
  source: CreditedDebit;
  /** After discounts: what was really asked for. */
  amount: number;
  quantity: number;
  price: string | null;
  period: Period;
}

interface Entry extends Debit {
  credits: CreditedDebit | null;
  /** Names under which a credit may refer to it: a pending item keeps its name when it becomes a line. */
  names: string[];
}

/** Oldest first. */
export function debitsStanding(sandbox: Sandbox, item: string, at: number): Debit[] {
  const entries = [...invoicedEntries(sandbox, item), ...pendingEntries(sandbox, item)];
  const credited = new Set(entries.flatMap(({ credits }) => (credits === null ? [] : [nameOf(credits)])));
  return entries.filter(
    ({ credits, names, period }) =>
      credits === null && period.end > at && !names.some((name) => credited.has(name)),
  );
}

function nameOf(source: CreditedDebit): string {
  return "line" in source ? source.line : source.invoice_item;
}

function invoicedEntries(sandbox: Sandbox, item: string): Entry[] {
  return sandbox.store.invoiceLines.where("subscription_item", item).flatMap((line): Entry[] => {
    const invoice = sandbox.store.invoices.get(line.invoice);
    if (invoice === undefined || invoice.status === "void") return [];
    const { quantity, price, period, credits } = line;
    const amount = line.amount - discountOf(line.discount_amounts);
    const names = line.invoice_item === null ? [line.id] : [line.id, line.invoice_item];
    return [
      { source: { invoice: invoice.id, line: line.id }, amount, quantity, price, period, credits, names },
    ];
  });
}

function pendingEntries(sandbox: Sandbox, item: string): Entry[] {
  return sandbox.store.invoiceItems
    .where("subscription_item", item)
    .filter((pending) => pending.invoice === null)
    .map(({ id, amount, quantity, price, period, credits }) => {
      return { source: { invoice_item: id }, amount, quantity, price, period, credits, names: [id] };
    });
}
