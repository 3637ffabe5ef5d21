/** The page on which a card's holder authenticates the saving of a card, as a bank would ask: here two buttons. */
import type { Hono } from "hono";
import { html } from "hono/html";
import type { SetupIntent } from "../entities/setup-intent.ts";
import type { Env } from "../env.ts";
import { resolvePaymentMethod } from "../resources/payment-methods.ts";
import { confirmSetup, failSetupAuthentication } from "../resources/payments/setup-intents.ts";
import type { Sandbox } from "../sandbox.ts";
import { finishSession, sessionWaitingFor } from "./checkout-challenge.ts";
import { showMessage, showPage } from "./layout.ts";
import { readForm, type PageOptions } from "./page-options.ts";

const NOTHING_TO_DO = {
  title: "Done",
  text: "There is nothing to authenticate here any more. You can close this page.",
};

export function mountSetupAuthentication(app: Hono<Env>, { sandbox, afterAnswer }: PageOptions): void {
  app.get("/authenticate/setup/:secret", (c) => {
    if (waiting(sandbox, c.req.param("secret")) === undefined) return showMessage(c, NOTHING_TO_DO);
    const body = html`<section class="sheet">
      <h2>Your bank asks: is this you?</h2>
      <p>${sandbox.account.name} wants to save your card for later payments.</p>
      <form method="post" class="actions">
        <button class="pay" name="answer" value="complete">Complete authentication</button>
        <button name="answer" value="fail">Fail authentication</button>
      </form>
    </section>`;
    return showPage(c, { title: "Authenticate your card", body, isNarrow: true });
  });

  app.post("/authenticate/setup/:secret", async (c) => {
    const isAuthenticated = (await readForm(c))["answer"] === "complete";
    const intent = waiting(sandbox, c.req.param("secret"));
    if (intent === undefined) return showMessage(c, NOTHING_TO_DO);
    c.env.outgoing?.once("close", afterAnswer);
    const session = sessionWaitingFor(sandbox, intent.id);
    if (session !== undefined) {
      const fail = () => failSetupAuthentication(sandbox, intent);
      return finishSession(c, sandbox, { session, isAuthenticated, fail });
    }
    sandbox.transaction(() => finish(sandbox, intent, isAuthenticated));
    if (intent.return_url === null) return showMessage(c, NOTHING_TO_DO);
    const url = new URL(intent.return_url);
    url.searchParams.set("setup_intent", intent.id);
    url.searchParams.set("setup_intent_client_secret", intent.client_secret);
    url.searchParams.set("redirect_status", isAuthenticated ? "succeeded" : "failed");
    return c.redirect(url.href, 303);
  });
}

function waiting(sandbox: Sandbox, secret: string): SetupIntent | undefined {
  return sandbox.store.setupIntents
    .where("client_secret", secret)
    .find(({ status }) => status === "requires_action");
}

function finish(sandbox: Sandbox, intent: SetupIntent, isAuthenticated: boolean): void {
  if (!isAuthenticated || intent.payment_method === null) {
    failSetupAuthentication(sandbox, intent);
    return;
  }
  const method = resolvePaymentMethod(sandbox, intent.payment_method, "payment_method");
  confirmSetup(sandbox, intent, { method, isAuthenticated: true });
}
