/** What the checkout page answers: the page, its sums, and the one submission that pays. */
import type { CheckoutSession, Submission } from "../entities/checkout-session.ts";
import type { Context, Hono } from "hono";
import type { Env } from "../env.ts";
import { completeSession, type Completion } from "../resources/checkout/complete.ts";
import { currentSession } from "../resources/checkout/routes.ts";
import { sessionTotals } from "../resources/checkout/session.ts";
import type { Sandbox } from "../sandbox.ts";
import { addressFrom, isCountry, isPaymentMethod, readCard, type Problems, type Typed } from "./card-form.ts";
import { checkoutPage, payLabel, summary } from "./checkout.ts";
import { showMessage, showPage } from "./layout.ts";
import { readForm, type PageOptions } from "./page-options.ts";

export function mountCheckout(app: Hono<Env>, { sandbox, afterAnswer }: PageOptions): void {
  app.get("/c/pay/:id", (c) => {
    const session = sandbox.transaction(() => currentSession(sandbox, c.req.param("id")));
    if (session?.status !== "open") return showClosed(c, session);
    return showPage(
      c,
      checkoutPage(sandbox, session, { typed: {}, problems: {}, alert: lastRefusal(sandbox, session) }),
    );
  });

  app.get("/c/pay/:id/totals", async (c) => {
    const session = sandbox.transaction(() => currentSession(sandbox, c.req.param("id")));
    if (session?.status !== "open") return c.json({ error: "This session is closed." }, 410);
    const typed = c.req.query();
    const chosen = withQuantities(session, typed).session;
    const country = isCountry(typed["country"] ?? "") ? (typed["country"] ?? "") : sandbox.account.country;
    c.header("Cache-Control", "no-store");
    const shown = await summary(sandbox, chosen, country);
    return c.json({ summary: shown.toString(), button: payLabel(sandbox, chosen, country) });
  });

  app.post("/c/pay/:id", async (c) => {
    const typed = await readForm(c);
    const result = sandbox.transaction(() => submit(sandbox, c.req.param("id"), typed));
    c.env.outgoing?.once("close", afterAnswer);
    return answer(c, sandbox, result, typed);
  });
}

/** Why the last try failed, for who comes back to the page. */
function lastRefusal(sandbox: Sandbox, session: CheckoutSession): string | null {
  const intent = session.tried_intent ? sandbox.store.paymentIntents.get(session.tried_intent) : undefined;
  return intent?.last_failure ? `${intent.last_failure.message} Nothing was charged.` : null;
}

type Submitted =
  | { outcome: "closed"; session: CheckoutSession | undefined }
  | { outcome: "again"; session: CheckoutSession; problems: Problems; alert: string | null }
  | { outcome: "requires_action"; clientSecret: string }
  | { outcome: "complete"; session: CheckoutSession };

/** Reads what was typed, and pays. A session that was paid meanwhile (a double press) is not paid again. */
function submit(sandbox: Sandbox, id: string, typed: Typed): Submitted {
  const open = currentSession(sandbox, id);
  if (open?.status === "complete") return { outcome: "complete", session: open };
  if (open?.status !== "open") return { outcome: "closed", session: open };
  const { session, problems: quantityProblems } = withQuantities(open, typed);
  const again = (problems: Problems, alert: string | null): Submitted => ({
    outcome: "again",
    session,
    problems,
    alert,
  });
  sandbox.store.checkoutSessions.put(session);
  const total = sessionTotals(sandbox, session, typed["country"] ?? null).total;
  if (typed["intent"] === "update") return again({}, null);
  if (session.mode !== "setup" && typed["shown_total"] !== String(total)) {
    return again({}, "The total changed with what you chose. Check it and enter your card to pay.");
  }
  const customer = session.customer ? sandbox.store.customers.get(session.customer) : undefined;
  const email = customer?.email ?? session.customer_email ?? typed["email"]?.trim() ?? "";
  const emailProblem: Problems = /^[^\s@]+@[^\s@]+$/.test(email)
    ? {}
    : { email: "Enter your email address." };
  const method = readCard(sandbox, typed, email);
  const problems = { ...quantityProblems, ...emailProblem, ...(isPaymentMethod(method) ? {} : method) };
  if (Object.keys(problems).length > 0 || !isPaymentMethod(method)) {
    return again(problems, "Nothing was charged. Check what is marked below.");
  }
  const submission: Submission = {
    email,
    name: typed["name"]?.trim() ?? "",
    address: addressFrom(typed),
    payment_method: method.id,
    shown_total: total,
  };
  return submittedFrom(session, completeSession(sandbox, session, submission));
}

function submittedFrom(session: CheckoutSession, completion: Completion): Submitted {
  switch (completion.outcome) {
    case "complete":
      return completion;
    case "requires_action":
      return { outcome: "requires_action", clientSecret: completion.intent.client_secret };
    case "declined":
      return { outcome: "again", session, problems: {}, alert: `${completion.message} Nothing was charged.` };
  }
}

function answer(c: Context<Env>, sandbox: Sandbox, result: Submitted, typed: Typed) {
  switch (result.outcome) {
    case "closed":
      return showClosed(c, result.session);
    case "complete":
      return c.redirect(successUrl(result.session), 303);
    case "requires_action":
      return c.redirect(`/authenticate/${result.clientSecret}`, 303);
    case "again":
      return showPage(c, checkoutPage(sandbox, result.session, { typed, ...result }));
  }
}

/** The placeholder may come percent-encoded, when the caller built the address with a URL library. */
export function successUrl(session: CheckoutSession): string {
  const url = session.success_url ?? `/c/pay/${session.id}`;
  return url.replaceAll(/\{CHECKOUT_SESSION_ID\}|%7BCHECKOUT_SESSION_ID%7D/gi, session.id);
}

/** The session with the quantities typed; those out of range keep their old value and are reported. */
function withQuantities(
  session: CheckoutSession,
  typed: Typed,
): { session: CheckoutSession; problems: Problems } {
  const problems: Problems = {};
  const lines = session.lines.map((line) => {
    const text = typed[`quantity_${line.id}`];
    if (text === undefined || line.adjustable === null) return line;
    const quantity = Number(text);
    const { minimum, maximum } = line.adjustable;
    if (Number.isInteger(quantity) && quantity >= Math.max(1, minimum) && quantity <= maximum)
      return { ...line, quantity };
    problems[`quantity_${line.id}`] = `Choose a quantity from ${Math.max(1, minimum)} to ${maximum}.`;
    return line;
  });
  return { session: { ...session, lines }, problems };
}

function showClosed(c: Context<Env>, session: CheckoutSession | undefined) {
  if (session === undefined) {
    return showMessage(c, {
      title: "No such page",
      text: "This checkout address is not known here.",
      status: 404,
    });
  }
  if (session.status === "complete") {
    const link = session.success_url === null ? null : { href: successUrl(session), label: "Continue" };
    return showMessage(c, {
      title: "You're all done here",
      text: "This checkout has already been completed.",
      link,
    });
  }
  const link = session.cancel_url === null ? null : { href: session.cancel_url, label: "Back" };
  const text = "This checkout has expired. Go back to the shop and start again; nothing was charged.";
  return showMessage(c, { title: "Expired", text, link, status: 410 });
}
