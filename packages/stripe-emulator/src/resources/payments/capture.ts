/**
 * Manual capture: the bank sets the money aside when the payment is confirmed (`requires_capture`), and it is taken, all
 * of it or less, by a call of its own. What is not taken, or all of it when the payment is canceled, is released, which
 * shows on the charge as refunded.
 */
import type { PaymentIntent } from "../../entities/payment-intent.ts";
import { formatAmount } from "../../money/amounts.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest } from "../../wire/errors.ts";
import { bookCharge, showCharge } from "./charges.ts";
import { showPaymentIntent } from "./payment-intent.ts";

export function captureIntent(sandbox: Sandbox, intent: PaymentIntent, given: number | null): PaymentIntent {
  const charge = sandbox.store.charges.get(intent.latest_charge ?? "");
  if (intent.status !== "requires_capture" || charge === undefined) {
    throw invalidRequest(
      `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
      { code: "payment_intent_unexpected_state" },
    );
  }
  const amount = given ?? intent.amount;
  if (amount < 1 || amount > intent.amount) {
    const most = formatAmount(intent.amount, intent.currency);
    throw invalidRequest(`The amount to capture must be at least 1 and at most the authorized ${most}.`, {
      param: "amount_to_capture",
      ...(amount > intent.amount && { code: "amount_too_large" }),
    });
  }
  const captured = sandbox.store.charges.patch(charge.id, {
    captured: true,
    amount_captured: amount,
    amount_refunded: charge.amount - amount,
  });
  sandbox.emit("charge.captured", showCharge(sandbox, captured), { captured: false, amount_captured: 0 });
  const changes = { status: "succeeded", amount_received: amount } as const;
  const paid = sandbox.store.paymentIntents.patch(intent.id, changes);
  sandbox.emit("payment_intent.succeeded", showPaymentIntent(sandbox, paid));
  bookCharge(sandbox, captured);
  return paid;
}
