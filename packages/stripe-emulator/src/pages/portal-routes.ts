/** What the portal answers: the page, and the changes to the customer's cards. */
import type { Customer } from "../entities/customer.ts";
import type { PaymentMethod } from "../entities/payment-method.ts";
import type { PortalSession } from "../entities/portal-session.ts";
import type { Context, Hono } from "hono";
import type { Env } from "../env.ts";
import { updateCustomer } from "../resources/customers.ts";
import { attachPaymentMethod, detachPaymentMethod } from "../resources/payment-methods.ts";
import { portalUrl } from "../resources/portal/sessions.ts";
import { updateSubscription } from "../resources/subscriptions/subscription.ts";
import type { Sandbox } from "../sandbox.ts";
import { StripeError } from "../wire/errors.ts";
import { isPaymentMethod, readCard } from "./card-form.ts";
import type { Problems, Typed } from "./fields.ts";
import { showMessage, showPage } from "./layout.ts";
import { readForm, type PageOptions } from "./page-options.ts";
import { portalPage } from "./portal.ts";

/** A portal address opens pages for an hour after it was made; then a new session is needed. */
const SESSION_SECONDS = 3600;

const QUIET = { typed: {}, problems: {}, alert: null, notice: null };

export function mountPortal(app: Hono<Env>, { sandbox, afterAnswer }: PageOptions): void {
  app.get("/p/session/:token", (c) => {
    const found = find(sandbox, c.req.param("token"));
    if (found === undefined) return showExpired(c);
    const notice =
      c.req.query("saved") === "1" ? "Your card is saved. Later payments are taken from it." : null;
    return showPage(c, portalPage(sandbox, found.session, found.customer, { ...QUIET, notice }));
  });

  app.post("/p/session/:token/card", async (c) => {
    const found = find(sandbox, c.req.param("token"));
    if (found === undefined) return showExpired(c);
    const typed = await readForm(c);
    c.env.outgoing?.once("close", afterAnswer);
    const problems = saveCard(sandbox, found.customer, typed);
    if (problems === null) {
      const back = found.session.flow_return_url ?? `${portalUrl(sandbox, found.session)}?saved=1`;
      return c.redirect(back, 303);
    }
    const alert = "The card was not saved. Check what is marked below.";
    return showPage(
      c,
      portalPage(sandbox, found.session, found.customer, { typed, problems, alert, notice: null }),
    );
  });

  app.post("/p/session/:token/default", (c) =>
    changeCard(c, sandbox, afterAnswer, (customer, method) =>
      useForPayments(sandbox, customer.id, method.id),
    ),
  );
  app.post("/p/session/:token/remove", (c) =>
    changeCard(c, sandbox, afterAnswer, (_customer, method) => detachPaymentMethod(sandbox, method)),
  );
}

interface Found {
  session: PortalSession;
  customer: Customer;
}

function find(sandbox: Sandbox, token: string): Found | undefined {
  const session = sandbox.store.portalSessions.where("token", token)[0];
  if (session === undefined || session.created < sandbox.wallNow() - SESSION_SECONDS) return undefined;
  const customer = sandbox.store.customers.get(session.customer);
  return customer && { session, customer };
}

function showExpired(c: Context<Env>) {
  const text =
    "This address of the billing portal is no longer valid. Open the portal again from where you came.";
  return showMessage(c, { title: "Expired", text, status: 410 });
}

/** Later payments come from this card: the customer's and those of each subscription that had a card of its own. */
function useForPayments(sandbox: Sandbox, customer: string, method: string): void {
  updateCustomer(sandbox, customer, { default_payment_method: method });
  for (const subscription of sandbox.store.subscriptions.where("customer", customer)) {
    if (subscription.default_payment_method === null || subscription.status === "canceled") continue;
    updateSubscription(sandbox, subscription, { default_payment_method: method });
  }
}

/** Null when the card was saved, or else what is wrong with what was typed. A refused card leaves nothing behind. */
function saveCard(sandbox: Sandbox, customer: Customer, typed: Typed): Problems | null {
  try {
    return sandbox.transaction(() => {
      const method = readCard(sandbox, typed, { email: customer.email });
      if (!isPaymentMethod(method)) return method;
      attachPaymentMethod(sandbox, method.id, customer.id);
      sandbox.store.paymentMethods.patch(method.id, { is_set_up: true });
      useForPayments(sandbox, customer.id, method.id);
      return null;
    });
  } catch (error) {
    if (error instanceof StripeError && error.status === 402) return { number: error.message };
    throw error;
  }
}

async function changeCard(
  c: Context<Env>,
  sandbox: Sandbox,
  afterAnswer: () => void,
  change: (customer: Customer, method: PaymentMethod) => unknown,
) {
  const found = find(sandbox, c.req.param("token") ?? "");
  if (found === undefined) return showExpired(c);
  const { payment_method: id = "" } = await readForm(c);
  const method = sandbox.store.paymentMethods.get(id);
  if (method?.customer === found.customer.id) sandbox.transaction(() => change(found.customer, method));
  c.env.outgoing?.once("close", afterAnswer);
  return c.redirect(portalUrl(sandbox, found.session), 303);
}
