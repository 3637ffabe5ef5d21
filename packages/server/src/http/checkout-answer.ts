import type { HostedCheckoutOutcome } from "../stripe/hosted-checkout.ts";
import { ProblemError } from "./problem.ts";

/** The hosted page's address, or the problem that kept it from being opened. */
export function checkoutAnswer(
  outcome: HostedCheckoutOutcome | { code: "already_subscribed" } | { code: "quote_changed" },
): { url: string } {
  switch (outcome.code) {
    case "opened":
      return { url: outcome.url };
    case "already_paid":
    case "already_subscribed":
      throw new ProblemError(
        "already_subscribed",
        "This account has a subscription. Nothing was charged again; reload the page to see it.",
      );
    case "opened_elsewhere":
      throw new ProblemError(
        "conflict",
        "Another tab opened a checkout at the same moment. Nothing was charged: pay there, or try again here.",
      );
    case "quote_changed":
      throw new ProblemError(
        "quote_changed",
        "The price may have changed since it was shown. Nothing was charged: look at the new preview.",
      );
    case "not_in_stripe":
      throw new ProblemError(
        "unavailable",
        `Stripe has no price ${outcome.lookupKey} yet. Run: bursar catalog push`,
      );
  }
}
