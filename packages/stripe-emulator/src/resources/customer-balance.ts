/** A customer's balance and its transactions: each change of the balance leaves one, so that they sum up to it. */
import type { BalanceTransaction, BalanceTransactionType } from "../entities/balance-transaction.ts";
import type { Customer } from "../entities/customer.ts";
import type { Sandbox } from "../sandbox.ts";
import { newId } from "../store/ids.ts";
import { complete, type WireObject } from "../wire/shape.ts";

export function showBalanceTransaction(_sandbox: Sandbox, transaction: BalanceTransaction): WireObject {
  return complete({ object: "customer_balance_transaction", ...transaction, checkout_session: null });
}

export interface BalanceChange {
  type: BalanceTransactionType;
  /** Negative gives credit. */
  amount: number;
  currency: string;
  description?: string | null;
  invoice?: string | null;
  credit_note?: string | null;
  metadata?: BalanceTransaction["metadata"];
}

/** Writes a transaction for a change of the balance that the caller stores on the customer. */
export function writeBalanceTransaction(
  sandbox: Sandbox,
  customer: Customer,
  change: BalanceChange,
): BalanceTransaction {
  return sandbox.store.balanceTransactions.put({
    id: newId("cbtxn"),
    created: sandbox.now(customer.id),
    customer: customer.id,
    type: change.type,
    amount: change.amount,
    ending_balance: customer.balance + change.amount,
    currency: change.currency,
    description: change.description ?? null,
    invoice: change.invoice ?? null,
    credit_note: change.credit_note ?? null,
    metadata: change.metadata ?? {},
  });
}
