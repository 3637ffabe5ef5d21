/** The end of a bank's question that a checkout session asked: the session is paid, or its page says why not. */
import type { Context } from "hono";
import type { CheckoutSession } from "../entities/checkout-session.ts";
import type { Env } from "../env.ts";
import { completeSession } from "../resources/checkout/complete.ts";
import type { Sandbox } from "../sandbox.ts";
import { successUrl } from "./checkout-routes.ts";

export function sessionWaitingFor(sandbox: Sandbox, intent: string): CheckoutSession | undefined {
  return [...sandbox.store.checkoutSessions.values()].find(
    ({ status, tried_intent }) => status === "open" && tried_intent === intent,
  );
}

/** `fail` records on the intent that the holder did not authenticate. */
export function finishSession(
  c: Context<Env>,
  sandbox: Sandbox,
  given: { session: CheckoutSession; isAuthenticated: boolean; fail: () => void },
) {
  const { session, isAuthenticated } = given;
  const { submission } = session;
  const result = sandbox.transaction(() => {
    if (submission !== null && isAuthenticated) {
      return completeSession(sandbox, session, submission, { isAuthenticated: true });
    }
    given.fail();
    return { outcome: "declined" as const };
  });
  // After a refusal the checkout page says what happened and asks for another card.
  return c.redirect(result.outcome === "complete" ? successUrl(result.session) : `/c/pay/${session.id}`, 303);
}
