/** Changing a customer's balance, and the routes of its transactions. */
import type { BalanceTransaction } from "../entities/balance-transaction.ts";
import type { Customer } from "../entities/customer.ts";
import type { Sandbox } from "../sandbox.ts";
import { checkAmount } from "../wire/bounds.ts";
import { invalidRequest, noSuchObject } from "../wire/errors.ts";
import { listPage } from "../wire/lists.ts";
import { mergeMetadata } from "../wire/metadata.ts";
import { route } from "../wire/route.ts";
import type { Stripe } from "../wire/stripe-types.ts";
import { changed } from "./products.ts";
import { updateCustomer } from "./customers.ts";
import { showBalanceTransaction, writeBalanceTransaction, type BalanceChange } from "./customer-balance.ts";

/** Moves a customer's balance and leaves a transaction that says why. */
export function changeBalance(sandbox: Sandbox, id: string, change: BalanceChange): BalanceTransaction {
  const customer = requireCustomer(sandbox, id);
  const transaction = writeBalanceTransaction(sandbox, customer, change);
  updateCustomer(sandbox, id, {
    balance: transaction.ending_balance,
    currency: customer.currency ?? change.currency,
  });
  return transaction;
}

function requireCustomer(sandbox: Sandbox, id: string): Customer {
  const customer = sandbox.store.customers.get(id);
  if (customer === undefined) throw noSuchObject("customer", id);
  return customer;
}

/** `/v1/customers/{customer}/balance_transactions/{id}` names two objects; this is the transaction, if it is theirs. */
function requireTransaction(sandbox: Sandbox, customerId: string, id: string): BalanceTransaction {
  const customer = requireCustomer(sandbox, customerId);
  const transaction = sandbox.store.balanceTransactions.get(id);
  if (transaction?.customer !== customer.id) throw noSuchObject("customer_balance_transaction", id);
  return transaction;
}

export const customerBalanceRoutes = [
  route<Stripe.CustomerCreateBalanceTransactionParams>(
    "POST /v1/customers/{id}/balance_transactions",
    ({ sandbox, id, params }) => {
      const customer = requireCustomer(sandbox, id);
      const currency = params.currency.toLowerCase();
      if (customer.currency !== null && customer.currency !== currency) {
        throw invalidRequest(`The customer's balance is kept in ${customer.currency}, not in ${currency}.`, {
          param: "currency",
        });
      }
      const transaction = changeBalance(sandbox, id, {
        type: "adjustment",
        amount: checkAmount(params.amount, "amount"),
        currency,
        description: params.description ?? null,
        metadata: mergeMetadata({}, params.metadata),
      });
      return showBalanceTransaction(sandbox, transaction);
    },
  ),
  route<Stripe.CustomerListBalanceTransactionsParams>(
    "GET /v1/customers/{id}/balance_transactions",
    ({ sandbox, id, params, url }) => {
      const matching = sandbox.store.balanceTransactions
        .where("customer", requireCustomer(sandbox, id).id)
        .filter((transaction) => params.invoice == null || transaction.invoice === params.invoice)
        .reverse();
      return listPage(matching, { params, url, show: (entry) => showBalanceTransaction(sandbox, entry) });
    },
  ),
  route("GET /v1/customers/{customerId}/balance_transactions/{id}", ({ sandbox, id, customerId }) =>
    showBalanceTransaction(sandbox, requireTransaction(sandbox, customerId, id)),
  ),
  route<Stripe.CustomerUpdateBalanceTransactionParams>(
    "POST /v1/customers/{customerId}/balance_transactions/{id}",
    ({ sandbox, id, customerId, params }) => {
      const before = requireTransaction(sandbox, customerId, id);
      const after = sandbox.store.balanceTransactions.patch(id, {
        description: changed(params.description, before.description),
        metadata: mergeMetadata(before.metadata, params.metadata),
      });
      return showBalanceTransaction(sandbox, after);
    },
  ),
];
