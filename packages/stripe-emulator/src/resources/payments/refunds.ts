/**
 * Refunds: money back to the card, all of a charge or parts of it, never more than was charged. Most succeed at once.
 * Some test cards take their time:
 *
 *   pending -> succeeded   the bank confirms late
 *   succeeded -> failed    the bank sends the money back, and it is yours again
 *
 * A payment stays succeeded and its invoice paid whatever is refunded; a credit note says why.
 */
import type { Charge } from "../../entities/charge.ts";
import type { Refund } from "../../entities/refund.ts";
import { formatAmount } from "../../money/amounts.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId } from "../../store/ids.ts";
import { invalidRequest } from "../../wire/errors.ts";
import { embeddedList } from "../../wire/lists.ts";
import type { Metadata } from "../../wire/metadata.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import { previousAttributes } from "../events.ts";
import { testCardOf } from "../payment-methods.ts";
import { recordTransaction } from "./account-transactions.ts";
import { showCharge } from "./charges.ts";
import { isRefundable } from "./disputes.ts";

export function showRefund(_sandbox: Sandbox, refund: Refund): WireObject {
  const { later: _, reference, failure_balance_transaction, failure_reason, ...fields } = refund;
  const { livemode: __, ...shown } = complete({ object: "refund", ...fields });
  return {
    ...shown,
    object: "refund",
    ...(refund.status === "failed" && { failure_balance_transaction, failure_reason }),
    ...(refund.status === "pending" && { pending_reason: "processing" }),
    destination_details: {
      type: "card",
      card: {
        type: "refund",
        reference_type: "acquirer_reference_number",
        reference_status: reference === null ? "pending" : "available",
        ...(reference !== null && { reference }),
      },
    },
  };
}

/** `charge.refunds`, sent on request only. */
export function includeRefunds(sandbox: Sandbox, charge: string): WireObject {
  const refunds = sandbox.store.refunds.where("charge", charge).reverse();
  return embeddedList(
    refunds.map((refund) => showRefund(sandbox, refund)),
    `/v1/refunds?charge=${charge}`,
  );
}

export interface NewRefund {
  /** Minor units; all that is left when not given. */
  amount?: number | null;
  reason?: Refund["reason"];
  metadata?: Metadata;
}

/** Pays back and raises `refund.created`, `charge.refunded` and, as the bank takes it, the two updates. */
export function createRefund(sandbox: Sandbox, charge: Charge, given: NewRefund): Refund {
  const amount = checkAmount(sandbox, charge, given.amount);
  const id = newId("re");
  const { currency, customer, payment_intent } = charge;
  const transaction = recordTransaction(
    sandbox,
    {
      amount: -amount,
      fee: 0,
      currency,
      type: "refund",
      reporting_category: "refund",
      description: `REFUND FOR CHARGE${charge.description ? ` (${charge.description})` : ""}`,
      source: id,
    },
    customer,
  );
  const course = courseOf(sandbox, charge);
  const refund = sandbox.store.refunds.put({
    id,
    created: sandbox.now(customer),
    amount,
    currency,
    charge: charge.id,
    payment_intent,
    customer,
    balance_transaction: transaction.id,
    failure_balance_transaction: null,
    failure_reason: null,
    reason: given.reason ?? null,
    ...course,
    reference: null,
    metadata: given.metadata ?? {},
  });
  sandbox.emit("refund.created", showRefund(sandbox, refund));
  const refunded = sandbox.store.charges.patch(charge.id, {
    amount_refunded: charge.amount_refunded + amount,
  });
  const old = { amount_refunded: charge.amount_refunded, ...(isWhole(refunded) && { refunded: false }) };
  sandbox.emit("charge.refunded", showCharge(sandbox, refunded), old);
  return course.status === "pending"
    ? refund
    : updateRefund(sandbox, refund, { reference: newReference(refund) });
}

function isWhole(charge: Charge): boolean {
  return charge.amount_refunded === charge.amount;
}

/** 23 digits, as banks number what they acquire; made from the id, so that it is the same in every answer. */
function newReference(refund: Refund): string {
  const digits = [...refund.id].map((letter) => (letter.codePointAt(0) ?? 0) % 10).join("");
  return digits.slice(-23).padStart(23, "7");
}

function checkAmount(sandbox: Sandbox, charge: Charge, given: number | null | undefined): number {
  if (charge.failure !== null) {
    throw invalidRequest(`Charge ${charge.id} failed, so there is nothing to refund.`, {
      code: "charge_not_refundable",
    });
  }
  if (!charge.captured) {
    const message = `Charge ${charge.id} was not captured; cancel its payment intent instead.`;
    throw invalidRequest(message, { code: "charge_not_refundable" });
  }
  if (!isRefundable(sandbox, charge)) {
    const message = `Charge ${charge.id} has been charged back; cannot issue a refund.`;
    throw invalidRequest(message, { code: "charge_disputed" });
  }
  const left = charge.amount - charge.amount_refunded;
  if (left === 0) {
    const message = `Charge ${charge.id} has already been refunded.`;
    throw invalidRequest(message, { code: "charge_already_refunded" });
  }
  const amount = given ?? left;
  if (amount < 1) {
    throw invalidRequest("Invalid amount: a refund is at least 1.", {
      code: "parameter_invalid_integer",
      param: "amount",
    });
  }
  if (amount > left) {
    const [wanted, possible] = [formatAmount(amount, charge.currency), formatAmount(left, charge.currency)];
    throw invalidRequest(
      `Refund amount (${wanted}) is greater than unrefunded amount on charge (${possible})`,
      { param: "amount" },
    );
  }
  return amount;
}

/** What becomes of a refund, by the test card that was charged. */
function courseOf(sandbox: Sandbox, charge: Charge): Pick<Refund, "status" | "later"> {
  const method = sandbox.store.paymentMethods.get(charge.payment_method);
  const at = sandbox.now(charge.customer) + sandbox.account.settings.refundDelaySeconds;
  switch (method && testCardOf(method).refund) {
    case "pending":
      return { status: "pending", later: { status: "succeeded", at } };
    case "failing":
      return { status: "succeeded", later: { status: "failed", at } };
    default:
      return { status: "succeeded", later: null };
  }
}

/** Writes changes and raises `refund.updated` and its twin of older integrations. */
export function updateRefund(sandbox: Sandbox, before: Refund, changes: Partial<Refund>): Refund {
  const old = showRefund(sandbox, before);
  const after = sandbox.store.refunds.patch(before.id, changes);
  const fresh = showRefund(sandbox, after);
  const previous = previousAttributes(old, fresh);
  if (Object.keys(previous).length === 0) return after;
  sandbox.emit("refund.updated", fresh, previous);
  sandbox.emit("charge.refund.updated", fresh, previous);
  return after;
}

/** What a slow card's refund comes to in the end. Called when `later.at` has come. */
export function finishRefund(sandbox: Sandbox, refund: Refund): Refund {
  if (refund.later === null) return refund;
  if (refund.later.status === "succeeded") {
    const reference = newReference(refund);
    return updateRefund(sandbox, refund, { status: "succeeded", later: null, reference });
  }
  const { id, amount, currency, customer } = refund;
  const transaction = recordTransaction(
    sandbox,
    {
      amount,
      fee: 0,
      currency,
      type: "refund_failure",
      reporting_category: "refund_failure",
      description: "REFUND FAILURE",
      source: id,
    },
    customer,
  );
  const failed = updateRefund(sandbox, refund, {
    status: "failed",
    later: null,
    failure_balance_transaction: transaction.id,
    failure_reason: "expired_or_canceled_card",
  });
  sandbox.emit("refund.failed", showRefund(sandbox, failed));
  takeBack(sandbox, failed);
  return failed;
}

/** Whether a failed refund still counts as refunded is not documented: see `failedRefundOnCharge`. */
function takeBack(sandbox: Sandbox, refund: Refund): void {
  if (sandbox.account.assumptions.failedRefundOnCharge === "stays") return;
  const charge = sandbox.store.charges.get(refund.charge);
  if (charge === undefined) return;
  const amount_refunded = charge.amount_refunded - refund.amount;
  const after = sandbox.store.charges.patch(charge.id, { amount_refunded });
  const [old, fresh] = [showCharge(sandbox, charge), showCharge(sandbox, after)];
  sandbox.emit("charge.updated", fresh, previousAttributes(old, fresh));
}
