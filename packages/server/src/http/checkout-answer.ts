import type { HostedCheckoutOutcome } from "../stripe/hosted-checkout.ts";
import { ProblemError } from "./problem.ts";

/** The hosted page's address, or the problem that kept it from being opened. */
export function checkoutAnswer(outcome: HostedCheckoutOutcome): { url: string } {
  return outcome.code === "opened" ? { url: outcome.url } : throwCheckoutRefusal(outcome);
}

export function throwCheckoutRefusal(refusal: Exclude<HostedCheckoutOutcome, { code: "opened" }>): never {
  switch (refusal.code) {
    case "already_paid":
      throw new ProblemError(
        "already_subscribed",
        "This account has a subscription. Nothing was charged again; reload the page to see it.",
      );
    case "opened_elsewhere":
      throw new ProblemError(
        "conflict",
        "Another tab opened a checkout at the same moment. Nothing was charged: pay there, or try again here.",
        { extra: { reason: "opened_elsewhere" } },
      );
    case "not_in_stripe":
      throw new ProblemError(
        "unavailable",
        `Stripe has no price ${refusal.lookupKey} yet. Run: bursar catalog push`,
      );
  }
}
