/**
 * Disputes: a holder denies a charge. Which charges are disputed is the test card's doing, or ordered on the control
 * routes: later, of a part, after a refund.
 *
 *   needs_response -> under_review -> won | lost            a chargeback: the money is withdrawn when it opens, and comes
 *                                                           back when it is won
 *   warning_needs_response -> warning_under_review -> warning_closed    an inquiry: a question before a chargeback, which
 *                                                                       moves no money
 *
 * Test mode decides by the evidence's `uncategorized_text`: `winning_evidence`, `losing_evidence`, or, on an inquiry,
 * `escalate_inquiry_evidence`, which makes it a chargeback.
 */
import type { Charge } from "../../entities/charge.ts";
import type { Dispute, DisputeStatus } from "../../entities/dispute.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId } from "../../store/ids.ts";
import { invalidRequest } from "../../wire/errors.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import { previousAttributes } from "../events.ts";
import type { TestCard } from "../test-cards.ts";
import { recordTransaction, showTransaction } from "./account-transactions.ts";
import { blankEvidence } from "./evidence.ts";

const DAY = 86_400;
/** How long evidence may be submitted; banks differ, this is a common one. */
const RESPONSE_TIME = 9 * DAY;

export function showDispute(sandbox: Sandbox, dispute: Dispute): WireObject {
  const { transactions, customer: _, evidence, submission_count, due_by, ...fields } = dispute;
  const charge = sandbox.store.charges.get(dispute.charge);
  const isOpen = dispute.status.endsWith("needs_response");
  return complete({
    object: "dispute",
    ...fields,
    balance_transactions: transactions.flatMap((id) => {
      const transaction = sandbox.store.accountTransactions.get(id);
      return transaction ? [showTransaction(sandbox, transaction)] : [];
    }),
    enhanced_eligibility_types: [],
    evidence: { ...blankEvidence(), ...evidence, enhanced_evidence: {} },
    evidence_details: {
      due_by: isOpen ? due_by : null,
      enhanced_eligibility: {},
      has_evidence: Object.values(evidence).some((text) => text !== null),
      past_due: isOpen && sandbox.now(dispute.customer) >= due_by,
      submission_count,
      submission_method: submission_count === 0 ? "not_submitted" : "manual",
    },
    intended_submission_method: null,
    is_charge_refundable: isInquiry(dispute.status) && dispute.status !== "warning_closed",
    payment_method_details: {
      type: "card",
      card: {
        brand: charge?.card.brand ?? "visa",
        case_type: isInquiry(dispute.status) ? "inquiry" : "chargeback",
        network: charge?.card.brand ?? "visa",
        network_reason_code: NETWORK_REASONS[dispute.reason],
      },
    },
  });
}

/** Visa's codes for the two reasons that test cards have. */
const NETWORK_REASONS: Record<Dispute["reason"], string> = {
  fraudulent: "10.4",
  product_not_received: "13.1",
};

function isInquiry(status: DisputeStatus): boolean {
  return status.startsWith("warning_");
}

/** A chargeback that is open or lost already gave the money back; an inquiry or a won one did not. */
export function isRefundable(sandbox: Sandbox, charge: Charge): boolean {
  return sandbox.store.disputes
    .where("charge", charge.id)
    .every(({ status }) => isInquiry(status) || status === "won");
}

/** Opens what the card's holder has in mind. Raises `charge.dispute.created` and, on a chargeback, `funds_withdrawn`. */
export function openDispute(
  sandbox: Sandbox,
  charge: Charge,
  kind: NonNullable<TestCard["dispute"]>,
  amount = charge.amount,
): Dispute {
  const created = sandbox.now(charge.customer);
  sandbox.store.charges.patch(charge.id, { disputed: true });
  const opened = sandbox.store.disputes.put({
    id: newId("du"),
    created,
    amount,
    currency: charge.currency,
    charge: charge.id,
    payment_intent: charge.payment_intent,
    customer: charge.customer,
    reason: kind === "product_not_received" ? "product_not_received" : "fraudulent",
    status: kind === "inquiry" ? "warning_needs_response" : "needs_response",
    transactions: [],
    evidence: {},
    submission_count: 0,
    due_by: created + RESPONSE_TIME,
    metadata: {},
  });
  if (kind === "inquiry") {
    sandbox.emit("charge.dispute.created", showDispute(sandbox, opened));
    return opened;
  }
  const withdrawn = withdraw(sandbox, opened);
  sandbox.emit("charge.dispute.created", showDispute(sandbox, withdrawn));
  sandbox.emit("charge.dispute.funds_withdrawn", showDispute(sandbox, withdrawn));
  return withdrawn;
}

/** The bank takes the amount, and Stripe a fee. */
function withdraw(sandbox: Sandbox, dispute: Dispute): Dispute {
  return book(sandbox, dispute, "withdrawal");
}

/** Won: the amount comes back, and the fee with it. */
function reinstate(sandbox: Sandbox, dispute: Dispute): Dispute {
  return book(sandbox, dispute, "reversal");
}

function book(sandbox: Sandbox, dispute: Dispute, what: "withdrawal" | "reversal"): Dispute {
  const sign = what === "withdrawal" ? -1 : 1;
  const transaction = recordTransaction(
    sandbox,
    {
      amount: sign * dispute.amount,
      fee: -sign * sandbox.account.settings.disputeFee,
      currency: dispute.currency,
      type: "adjustment",
      reporting_category: what === "withdrawal" ? "dispute" : "dispute_reversal",
      description: `Chargeback ${what} for ${dispute.charge}`,
      source: dispute.id,
    },
    dispute.customer,
  );
  const transactions = [...dispute.transactions, transaction.id];
  return sandbox.store.disputes.patch(dispute.id, { transactions });
}

/** Writes changes and raises `charge.dispute.updated`. */
export function updateDispute(sandbox: Sandbox, before: Dispute, changes: Partial<Dispute>): Dispute {
  const old = showDispute(sandbox, before);
  const after = sandbox.store.disputes.patch(before.id, changes);
  const fresh = showDispute(sandbox, after);
  const previous = previousAttributes(old, fresh);
  if (Object.keys(previous).length > 0) sandbox.emit("charge.dispute.updated", fresh, previous);
  return after;
}

/** Evidence that goes to the bank; in test mode its text decides at once. */
export function submitEvidence(sandbox: Sandbox, dispute: Dispute, changes: Partial<Dispute>): Dispute {
  const wasInquiry = isInquiry(dispute.status);
  const submitted = updateDispute(sandbox, dispute, {
    ...changes,
    status: wasInquiry ? "warning_under_review" : "under_review",
    submission_count: dispute.submission_count + 1,
  });
  switch (submitted.evidence["uncategorized_text"]) {
    case "winning_evidence":
      return closeDispute(sandbox, submitted, wasInquiry ? "warning_closed" : "won");
    case "losing_evidence":
      return closeDispute(sandbox, submitted, wasInquiry ? "warning_closed" : "lost");
    case "escalate_inquiry_evidence":
      return wasInquiry ? escalate(sandbox, submitted) : submitted;
    default:
      return submitted;
  }
}

function escalate(sandbox: Sandbox, inquiry: Dispute): Dispute {
  const due_by = sandbox.now(inquiry.customer) + RESPONSE_TIME;
  const chargeback = updateDispute(sandbox, withdraw(sandbox, inquiry), { status: "needs_response", due_by });
  sandbox.emit("charge.dispute.funds_withdrawn", showDispute(sandbox, chargeback));
  return chargeback;
}

/** The seller gives in: the chargeback is lost, the inquiry closed. */
export function acceptDispute(sandbox: Sandbox, dispute: Dispute): Dispute {
  requireOpen(dispute);
  return closeDispute(sandbox, dispute, isInquiry(dispute.status) ? "warning_closed" : "lost");
}

export function requireOpen(dispute: Dispute): void {
  if (["won", "lost", "warning_closed"].includes(dispute.status)) {
    throw invalidRequest(`This dispute is already closed: it is ${dispute.status}.`);
  }
}

function closeDispute(
  sandbox: Sandbox,
  dispute: Dispute,
  status: "won" | "lost" | "warning_closed",
): Dispute {
  const closed = sandbox.store.disputes.patch(dispute.id, { status });
  const settled = status === "won" ? reinstate(sandbox, closed) : closed;
  sandbox.emit("charge.dispute.closed", showDispute(sandbox, settled), { status: dispute.status });
  if (status === "won") sandbox.emit("charge.dispute.funds_reinstated", showDispute(sandbox, settled));
  return settled;
}
