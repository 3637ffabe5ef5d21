/** The page on which a card's holder authenticates a payment, as a bank would ask: here two buttons. */
import type { PaymentIntent } from "../entities/payment-intent.ts";
import type { Context, Hono } from "hono";
import { html } from "hono/html";
import type { Env } from "../env.ts";
import { formatAmount } from "../money/amounts.ts";
import { followConfirmation, openInvoiceOf, recordFailedTry } from "../resources/invoices/collect.ts";
import { resolvePaymentMethod } from "../resources/payment-methods.ts";
import { confirmIntent, failAuthentication } from "../resources/payments/payment-intent.ts";
import type { Sandbox } from "../sandbox.ts";
import { finishSession, sessionWaitingFor } from "./checkout-challenge.ts";
import { showMessage, showPage } from "./layout.ts";
import { readForm, type PageOptions } from "./page-options.ts";

export function mountAuthentication(app: Hono<Env>, { sandbox, afterAnswer }: PageOptions): void {
  app.get("/authenticate/:secret", (c) => {
    const intent = waiting(sandbox, c.req.param("secret"));
    if (intent === undefined) return showNothingToDo(c);
    const body = html`<section class="sheet">
      <h2>Your bank asks: is this you?</h2>
      <p>
        ${sandbox.account.name} wants to charge ${formatAmount(intent.amount, intent.currency)} to your card.
      </p>
      <form method="post" class="actions">
        <button class="pay" name="answer" value="complete">Complete authentication</button>
        <button name="answer" value="fail">Fail authentication</button>
      </form>
    </section>`;
    return showPage(c, { title: "Authenticate your payment", body, isNarrow: true });
  });

  app.post("/authenticate/:secret", async (c) => {
    const isAuthenticated = (await readForm(c))["answer"] === "complete";
    const intent = waiting(sandbox, c.req.param("secret"));
    if (intent === undefined) return showNothingToDo(c);
    c.env.outgoing?.once("close", afterAnswer);
    const session = sessionWaitingFor(sandbox, intent.id);
    if (session !== undefined) {
      const fail = () => failAuthentication(sandbox, intent);
      return finishSession(c, sandbox, { session, isAuthenticated, fail });
    }
    sandbox.transaction(() => finishIntent(sandbox, intent, isAuthenticated));
    if (intent.return_url === null) return showNothingToDo(c);
    const url = new URL(intent.return_url);
    url.searchParams.set("payment_intent", intent.id);
    url.searchParams.set("payment_intent_client_secret", intent.client_secret);
    return c.redirect(url.href, 303);
  });
}

function waiting(sandbox: Sandbox, secret: string): PaymentIntent | undefined {
  return sandbox.store.paymentIntents
    .where("client_secret", secret)
    .find(({ status }) => status === "requires_action");
}

function showNothingToDo(c: Context<Env>) {
  const text = "There is nothing to authenticate here any more. You can close this page.";
  return showMessage(c, { title: "Done", text });
}

function finishIntent(sandbox: Sandbox, intent: PaymentIntent, isAuthenticated: boolean): void {
  if (!isAuthenticated || intent.payment_method === null) {
    failAuthentication(sandbox, intent);
    const invoice = openInvoiceOf(sandbox, intent.id);
    if (invoice !== undefined) recordFailedTry(sandbox, invoice);
    return;
  }
  const method = resolvePaymentMethod(sandbox, intent.payment_method, "payment_method");
  followConfirmation(
    sandbox,
    confirmIntent(sandbox, intent, { method, offSession: false, isAuthenticated: true }),
  );
}
