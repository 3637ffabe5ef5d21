/** Balance transactions of the seller. The API version served has no list of them here: they are seen by `expand`. */
import type { AccountTransaction } from "../../entities/account-transaction.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId } from "../../store/ids.ts";
import { complete, type WireObject } from "../../wire/shape.ts";

const DAY = 86_400;
/** When money that came in may be paid out; in test mode nothing is. */
const AVAILABLE_AFTER = 7 * DAY;

export function recordTransaction(
  sandbox: Sandbox,
  given: Omit<AccountTransaction, "id" | "created">,
  customer: string | null,
): AccountTransaction {
  const created = sandbox.now(customer);
  return sandbox.store.accountTransactions.put({ id: newId("txn"), created, ...given });
}

export function showTransaction(sandbox: Sandbox, transaction: AccountTransaction): WireObject {
  const { amount, fee, currency, created, type } = transaction;
  const available_on = type === "charge" ? created + AVAILABLE_AFTER : created;
  const details = {
    amount: fee,
    application: null,
    currency,
    description: "Processing fees",
    type: "stripe_fee",
  };
  return {
    ...complete({
      object: "balance_transaction",
      ...transaction,
      available_on,
      balance_type: "payments",
      fee_details: fee === 0 ? [] : [details],
      net: amount - fee,
      status: available_on > sandbox.wallNow() ? "pending" : "available",
    }),
  };
}
