/** What the portal answers: its front page, the pages of deep links, and the changes to cards and details. */
import type { PaymentMethod } from "../entities/payment-method.ts";
import type { Context, Hono } from "hono";
import type { Env } from "../env.ts";
import { updateCustomer } from "../resources/customers.ts";
import { attachPaymentMethod, detachPaymentMethod } from "../resources/payment-methods.ts";
import { updateSubscription } from "../resources/subscriptions/subscription.ts";
import type { Sandbox } from "../sandbox.ts";
import { StripeError } from "../wire/errors.ts";
import { apiOf } from "./call-api.ts";
import { isPaymentMethod, readCard } from "./card-form.ts";
import type { Problems, Typed } from "./fields.ts";
import { showPage } from "./layout.ts";
import { readForm, type PageOptions } from "./page-options.ts";
import { mountPortalChanges, showFlow } from "./portal-changes.ts";
import { maySaveTaxIds, readDetails } from "./portal-details.ts";
import { finish, openPortal, QUIET, showExpired, type Portal } from "./portal-session.ts";
import { portalPage } from "./portal.ts";

export function mountPortal(app: Hono<Env>, options: PageOptions): void {
  const { sandbox, afterAnswer } = options;
  const api = apiOf(app, sandbox);
  app.get("/p/session/:token", (c) => {
    const portal = openPortal(sandbox, c.req.param("token"));
    if (portal === undefined) return showExpired(c);
    const { flow } = portal.session;
    if (flow !== null && c.req.query("home") === undefined) return showFlow(c, portal, flow, api);
    const notice = c.req.query("done")?.slice(0, 300) ?? null;
    return showPage(c, portalPage(portal, { ...QUIET, notice }));
  });
  /** A form of the portal: reads what was sent and hands over to the work. */
  const onForm = (path: string, work: (c: Context<Env>, portal: Portal, typed: Typed) => Answered) =>
    app.post(`/p/session/:token/${path}`, async (c) => {
      const portal = openPortal(sandbox, c.req.param("token") ?? "");
      if (portal === undefined) return showExpired(c);
      c.env.outgoing?.once("close", afterAnswer);
      return work(c, portal, await readForm(c));
    });

  onForm("card", saveCard);
  onForm("default", (c, portal, typed) =>
    changeCard(c, portal, typed, "Later payments are taken from this card.", (method) =>
      useForPayments(portal, method.id),
    ),
  );
  onForm("remove", (c, portal, typed) =>
    changeCard(c, portal, typed, "The card is removed.", (method) => detachPaymentMethod(sandbox, method)),
  );
  onForm("details", saveDetails);
  onForm("tax-ids", async (c, portal, typed) => {
    if (!maySaveTaxIds(portal)) return finish(c, portal, "Tax ids cannot be changed here.");
    const { tax_id_type: type = "", tax_id_value: value = "" } = typed;
    const path = `/v1/customers/${portal.customer.id}/tax_ids`;
    const answer = await api(c, "POST", path, { type, value: value.trim() });
    if (answer.ok) return finish(c, portal, "The tax id is saved.");
    const problems = { tax_id_value: answer.message };
    const alert = "The tax id was not saved. Check what is marked below.";
    return showPage(c, portalPage(portal, { ...QUIET, typed, problems, alert }));
  });
  onForm("tax-ids/remove", async (c, portal, { tax_id: id = "" }) => {
    const isTheirs = sandbox.store.taxIds.get(id)?.customer === portal.customer.id;
    if (!maySaveTaxIds(portal) || !isTheirs) return finish(c, portal, "There is no such tax id.");
    await api(c, "DELETE", `/v1/customers/${portal.customer.id}/tax_ids/${id}`, {});
    return finish(c, portal, "The tax id is removed.");
  });
  mountPortalChanges(app, options, api);
}

type Answered = Response | Promise<Response>;

/** Later payments come from this card: the customer's and those of each subscription that had a card of its own. */
function useForPayments({ sandbox, customer }: Portal, method: string): void {
  updateCustomer(sandbox, customer.id, { default_payment_method: method });
  for (const subscription of sandbox.store.subscriptions.where("customer", customer.id)) {
    if (subscription.default_payment_method === null || subscription.status === "canceled") continue;
    updateSubscription(sandbox, subscription, { default_payment_method: method });
  }
}

function saveCard(c: Context<Env>, portal: Portal, typed: Typed) {
  const problems = savedCard(portal.sandbox, portal, typed);
  if (problems === null) {
    return finish(
      c,
      portal,
      "Your card is saved. Later payments are taken from it.",
      "payment_method_update",
    );
  }
  const alert = "The card was not saved. Check what is marked below.";
  return showPage(c, portalPage(portal, { ...QUIET, typed, problems, alert, form: "card" }));
}

/** Null when the card was saved, or else what is wrong with what was typed. A refused card leaves nothing behind. */
function savedCard(sandbox: Sandbox, portal: Portal, typed: Typed): Problems | null {
  const { customer, features } = portal;
  if (!features.payment_method_update.enabled) return { number: "Cards cannot be changed here." };
  try {
    return sandbox.transaction(() => {
      const method = readCard(sandbox, typed, { email: customer.email });
      if (!isPaymentMethod(method)) return method;
      attachPaymentMethod(sandbox, method.id, customer.id);
      sandbox.store.paymentMethods.patch(method.id, { is_set_up: true, allow_redisplay: "always" });
      useForPayments(portal, method.id);
      return null;
    });
  } catch (error) {
    if (error instanceof StripeError && error.status === 402) return { number: error.message };
    throw error;
  }
}

function changeCard(
  c: Context<Env>,
  portal: Portal,
  { payment_method: id = "" }: Typed,
  done: string,
  change: (method: PaymentMethod) => unknown,
) {
  const { sandbox, customer, features } = portal;
  const method = sandbox.store.paymentMethods.get(id);
  if (method?.customer !== customer.id || !features.payment_method_update.enabled) {
    return finish(c, portal, "There is no such card.");
  }
  sandbox.transaction(() => change(method));
  return finish(c, portal, done);
}

function saveDetails(c: Context<Env>, portal: Portal, typed: Typed) {
  const { sandbox, customer, features } = portal;
  if (!features.customer_update.enabled) return finish(c, portal, "Details cannot be changed here.");
  const { problems, changes } = readDetails(portal, typed);
  if (Object.keys(problems).length > 0) {
    const alert = "The details were not saved. Check what is marked below.";
    return showPage(c, portalPage(portal, { ...QUIET, typed, problems, alert, form: "details" }));
  }
  sandbox.transaction(() => updateCustomer(sandbox, customer.id, changes));
  return finish(c, portal, "Your details are saved.", "customer_update");
}
