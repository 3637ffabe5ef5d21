/** The routes of checkout sessions. */
import type { CheckoutSession } from "../../entities/checkout-session.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest, noSuchObject } from "../../wire/errors.ts";
import { listPage } from "../../wire/lists.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import { route } from "../../wire/route.ts";
import { createSession } from "./create.ts";
import { showLineItems, showSession } from "./session.ts";

/** Closes a session for good and raises `checkout.session.expired`. */
export function expireSession(sandbox: Sandbox, session: CheckoutSession): CheckoutSession {
  const expired = sandbox.store.checkoutSessions.patch(session.id, { status: "expired" });
  sandbox.emit("checkout.session.expired", showSession(sandbox, expired));
  return expired;
}

/** The session as it is now: one past its time is expired the moment somebody looks. */
export function currentSession(sandbox: Sandbox, id: string): CheckoutSession | undefined {
  const session = sandbox.store.checkoutSessions.get(id);
  if (session?.status !== "open" || session.expires_at > sandbox.now(session.customer)) return session;
  return expireSession(sandbox, session);
}

export function requireSession(sandbox: Sandbox, id: string): CheckoutSession {
  const session = currentSession(sandbox, id);
  if (session === undefined) throw noSuchObject("checkout.session", id);
  return session;
}

export const checkoutSessionRoutes = [
  route<Stripe.Checkout.SessionCreateParams>("POST /v1/checkout/sessions", ({ sandbox, params }) =>
    showSession(sandbox, createSession(sandbox, params)),
  ),
  route<Stripe.Checkout.SessionListParams>("GET /v1/checkout/sessions", ({ sandbox, params, url }) => {
    const matching = sandbox.store.checkoutSessions
      .newestFirst()
      .map((session) => currentSession(sandbox, session.id) ?? session)
      .filter((session) => params.customer == null || session.customer === params.customer)
      .filter((session) => params.status == null || session.status === params.status)
      .filter((session) => params.payment_intent == null || session.payment_intent === params.payment_intent)
      .filter((session) => params.subscription == null || session.subscription === params.subscription);
    return listPage(matching, { params, url, show: (session) => showSession(sandbox, session) });
  }),
  route("GET /v1/checkout/sessions/{id}", ({ sandbox, id }) =>
    showSession(sandbox, requireSession(sandbox, id)),
  ),
  route<Stripe.Checkout.SessionUpdateParams>("POST /v1/checkout/sessions/{id}", ({ sandbox, id, params }) => {
    const session = requireSession(sandbox, id);
    const metadata = mergeMetadata(session.metadata, params.metadata);
    return showSession(sandbox, sandbox.store.checkoutSessions.patch(id, { metadata }));
  }),
  route("POST /v1/checkout/sessions/{id}/expire", ({ sandbox, id }) => {
    const session = requireSession(sandbox, id);
    if (session.status !== "open") {
      const message = `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`;
      throw invalidRequest(message);
    }
    return showSession(sandbox, expireSession(sandbox, session));
  }),
  route<Stripe.Checkout.SessionListLineItemsParams>(
    "GET /v1/checkout/sessions/{id}/line_items",
    ({ sandbox, id, params, url }) => {
      const items = showLineItems(sandbox, requireSession(sandbox, id));
      const listable = items.map((item) => ({ ...item, id: String(item["id"]) }));
      return listPage(listable, { params, url, show: (item) => item });
    },
  ),
];
