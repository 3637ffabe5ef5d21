/**
 * What an invoice and its customer's balance come to. A balance is kept per customer, negative when it is credit. Sums
 * too small to charge are owed until the next invoice, and what exceeds the invoice stays credit.
 */
import { minimumCharge } from "./amounts.ts";

export interface AfterBalance {
  amountDue: number;
  endingBalance: number;
}

/** `amountDue` is 0 or at least the minimum charge; whatever is not charged stays on the balance, to the cent. */
export function dueAfterBalance(total: number, startingBalance: number, currency: string): AfterBalance {
  const owed = total + startingBalance;
  if (total <= 0 || owed < Math.max(1, minimumCharge(currency))) return { amountDue: 0, endingBalance: owed };
  return { amountDue: owed, endingBalance: 0 };
}
