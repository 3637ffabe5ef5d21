/**
 * The two routes by which Stripe's own command line completes a checkout session without a browser. They are in no
 * document of Stripe's; what they take is what the fixtures of `stripe trigger` send.
 */
import type { Submission } from "../../entities/checkout-session.ts";
import type { PaymentMethod } from "../../entities/payment-method.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest, StripeError } from "../../wire/errors.ts";
import { undocumentedRoute } from "../../wire/route.ts";
import type { WireObject } from "../../wire/shape.ts";
import { customerOf } from "../customers.ts";
import { resolvePaymentMethod } from "../payment-methods.ts";
import { completeSession } from "./complete.ts";
import { requireSession } from "./routes.ts";
import { sessionTotals, showSession } from "./session.ts";

interface ConfirmParams {
  payment_method: string;
  expected_amount?: number;
}

function confirmPage(sandbox: Sandbox, id: string, params: ConfirmParams): WireObject {
  const session = requireSession(sandbox, id);
  if (session.status !== "open") {
    throw invalidRequest(`This Checkout Session is ${session.status}; it cannot be confirmed.`);
  }
  const method = resolvePaymentMethod(sandbox, params.payment_method, "payment_method");
  const country = method.billing_details.address?.country ?? null;
  const { total } = sessionTotals(sandbox, session, country);
  if (params.expected_amount !== undefined && params.expected_amount !== total) {
    const message = `The expected amount ${params.expected_amount} is not the session's total, which is ${total}.`;
    throw invalidRequest(message, { code: "checkout_amount_mismatch", param: "expected_amount" });
  }
  const customer = session.customer ? customerOf(sandbox, session.customer) : null;
  const email = customer?.email ?? session.customer_email;
  const result = completeSession(sandbox, session, submissionOf(method, { email, total }));
  if (result.outcome === "complete") return showSession(sandbox, result.session);
  if (result.outcome === "requires_action") return showSession(sandbox, requireSession(sandbox, id));
  const refused = { type: "card_error", code: "card_declined", message: result.message } as const;
  throw new StripeError(402, refused, { keepsChanges: true });
}

/** What a buyer would have typed is taken from the card. */
function submissionOf(method: PaymentMethod, known: { email: string | null; total: number }): Submission {
  const { email, name, address } = method.billing_details;
  const nowhere = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
  return {
    email: known.email ?? email ?? "buyer@example.com",
    name: name ?? "",
    address: address ?? nowhere,
    payment_method: method.id,
    shown_total: known.total,
  };
}

export const paymentPageRoutes = [
  undocumentedRoute("GET /v1/payment_pages/{id}", {}, ({ sandbox, id }) =>
    showSession(sandbox, requireSession(sandbox, id)),
  ),
  undocumentedRoute<ConfirmParams>(
    "POST /v1/payment_pages/{id}/confirm",
    { payment_method: "required string", expected_amount: "integer" },
    ({ sandbox, id, params }) => confirmPage(sandbox, id, params),
  ),
];
