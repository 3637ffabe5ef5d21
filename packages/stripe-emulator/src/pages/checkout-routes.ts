/** What the checkout page answers: the page, its sums, and the one submission that pays. */
import type { CheckoutSession, Submission } from "../entities/checkout-session.ts";
import type { PaymentMethod } from "../entities/payment-method.ts";
import type { Context, Hono } from "hono";
import type { Env } from "../env.ts";
import { completeSession, type Completion } from "../resources/checkout/complete.ts";
import { applyPromotionCode } from "../resources/checkout/discounts.ts";
import { currentSession } from "../resources/checkout/routes.ts";
import { fitsCustomer, readTaxId } from "../resources/checkout/tax-id.ts";
import { needsCard, savedCards, sessionTotals } from "../resources/checkout/session.ts";
import type { Sandbox } from "../sandbox.ts";
import { addressFrom, addressProblems, isPaymentMethod, readCard } from "./card-form.ts";
import { asksTaxId, asksWholeAddress, checkoutPage, countryOf } from "./checkout.ts";
import { payLabel, summary, type CodeView } from "./checkout-summary.ts";
import type { Problems, Typed } from "./fields.ts";
import { showMessage, showPage } from "./layout.ts";
import { readForm, type PageOptions } from "./page-options.ts";
import { TAX_ID_KINDS } from "./tax-id-fields.ts";

export function mountCheckout(app: Hono<Env>, { sandbox, afterAnswer }: PageOptions): void {
  app.get("/c/pay/:id", (c) => {
    const session = sandbox.transaction(() => currentSession(sandbox, c.req.param("id")));
    if (session?.status !== "open") return showClosed(c, session);
    const alert = lastRefusal(sandbox, session);
    return showPage(c, checkoutPage(sandbox, session, { typed: {}, problems: {}, alert }));
  });

  app.get("/c/pay/:id/totals", async (c) => {
    const session = sandbox.transaction(() => currentSession(sandbox, c.req.param("id")));
    if (session?.status !== "open") return c.json({ error: "This session is closed." }, 410);
    return answerSums(c, sandbox, session);
  });

  app.post("/c/pay/:id/promotion", async (c) => {
    const { promotion_code: typed = "" } = await readForm(c);
    const open = sandbox.transaction(() => currentSession(sandbox, c.req.param("id")));
    const wantsSums = c.req.header("accept")?.includes("application/json") ?? false;
    if (open?.status !== "open") {
      return wantsSums ? c.json({ error: "This session is closed." }, 410) : showClosed(c, open);
    }
    const { session, problem } = sandbox.transaction(() => applyPromotionCode(sandbox, open, typed));
    const code = { typed: problem === null ? "" : typed, problem };
    if (wantsSums) return answerSums(c, sandbox, session, code);
    return showPage(c, checkoutPage(sandbox, session, { typed: {}, problems: {}, alert: null, code }));
  });

  app.post("/c/pay/:id", async (c) => {
    const typed = await readForm(c);
    const result = sandbox.transaction(() => submit(sandbox, c.req.param("id"), typed));
    c.env.outgoing?.once("close", afterAnswer);
    return answer(c, sandbox, result, typed);
  });
}

/** The sums of what is chosen in the address's query. */
async function answerSums(c: Context<Env>, sandbox: Sandbox, session: CheckoutSession, code?: CodeView) {
  const typed = c.req.query();
  const chosen = withChoices(sandbox, session, typed).session;
  const country = countryOf(sandbox, session, typed);
  const { total } = sessionTotals(sandbox, chosen, country);
  c.header("Cache-Control", "no-store");
  const shown = await summary(sandbox, chosen, country, code);
  return c.json({
    summary: shown.toString(),
    button: payLabel(sandbox, chosen, country),
    card: needsCard(chosen, total),
  });
}

/** Why the last try failed, for who comes back to the page. */
function lastRefusal(sandbox: Sandbox, session: CheckoutSession): string | null {
  const id = session.tried_intent ?? "";
  const intent = sandbox.store.paymentIntents.get(id) ?? sandbox.store.setupIntents.get(id);
  return intent?.last_failure ? `${intent.last_failure.message} Nothing was charged.` : null;
}

type Submitted =
  | { outcome: "closed"; session: CheckoutSession | undefined }
  | { outcome: "again"; session: CheckoutSession; problems: Problems; alert: string | null }
  | { outcome: "requires_action"; page: string }
  | { outcome: "complete"; session: CheckoutSession };

/** Reads what was typed, and pays. A session that was paid meanwhile (a double press) is not paid again. */
function submit(sandbox: Sandbox, id: string, typed: Typed): Submitted {
  const open = currentSession(sandbox, id);
  if (open?.status === "complete") return { outcome: "complete", session: open };
  if (open?.status !== "open") return { outcome: "closed", session: open };
  const { session, problems: choiceProblems } = withChoices(sandbox, open, typed);
  const again = (problems: Problems, alert: string | null): Submitted => ({
    outcome: "again",
    session,
    problems,
    alert,
  });
  sandbox.store.checkoutSessions.put(session);
  const { total } = sessionTotals(sandbox, session, countryOf(sandbox, session, typed));
  if (typed["intent"] === "update") return again({}, null);
  if (session.mode !== "setup" && typed["shown_total"] !== String(total)) {
    return again({}, "The total changed with what you chose. Check it and enter your card to pay.");
  }
  const customer = session.customer ? sandbox.store.customers.get(session.customer) : undefined;
  const email = customer?.email ?? session.customer_email ?? typed["email"]?.trim() ?? "";
  const emailProblem: Problems = /^[^\s@]+@[^\s@]+$/.test(email)
    ? {}
    : { email: "Enter your email address." };
  const payment = needsCard(session, total)
    ? readPayment(sandbox, session, typed, email)
    : readNoCard(session, typed);
  const problems = { ...choiceProblems, ...emailProblem, ...("problems" in payment && payment.problems) };
  if (Object.keys(problems).length > 0 || "problems" in payment) {
    return again(problems, "Nothing was charged. Check what is marked below.");
  }
  const saves_card = typed["save_card"] === "yes" && session.saved_payment_methods?.save === "enabled";
  const business_name = businessNameOf(session, typed);
  const submission: Submission = { email, ...payment, business_name, saves_card, shown_total: total };
  return submittedFrom(session, completeSession(sandbox, session, submission));
}

interface Chosen {
  session: CheckoutSession;
  problems: Problems;
}

type Payment = Pick<Submission, "name" | "address" | "payment_method">;

/** A saved card with what is known of its holder, or the card that was typed. */
function readPayment(
  sandbox: Sandbox,
  session: CheckoutSession,
  typed: Typed,
  email: string,
): Payment | { problems: Problems } {
  const saved = savedCards(sandbox, session).find(({ id }) => id === typed["payment_method"]);
  if (saved !== undefined) return ofSavedCard(sandbox, session, saved);
  const method = readCard(sandbox, typed, { email, hasWholeAddress: asksWholeAddress(session) });
  if (!isPaymentMethod(method)) return { problems: method };
  return { name: typed["name"]?.trim() ?? "", address: addressFrom(typed), payment_method: method.id };
}

function ofSavedCard(sandbox: Sandbox, session: CheckoutSession, method: PaymentMethod): Payment {
  const customer = session.customer ? sandbox.store.customers.get(session.customer) : undefined;
  const nowhere = addressFrom({ country: countryOf(sandbox, session, { payment_method: method.id }) });
  return {
    name: method.billing_details.name ?? customer?.name ?? "",
    address: method.billing_details.address ?? customer?.address ?? nowhere,
    payment_method: method.id,
  };
}

function readNoCard(session: CheckoutSession, typed: Typed): Payment | { problems: Problems } {
  const problems: Problems = {
    ...(!typed["name"]?.trim() && { name: "Enter your name." }),
    ...addressProblems(typed, asksWholeAddress(session)),
  };
  if (Object.keys(problems).length > 0) return { problems };
  return { name: typed["name"]?.trim() ?? "", address: addressFrom(typed), payment_method: null };
}

function submittedFrom(session: CheckoutSession, completion: Completion): Submitted {
  if (completion.outcome !== "declined") return completion;
  return { outcome: "again", session, problems: {}, alert: `${completion.message} Nothing was charged.` };
}

function answer(c: Context<Env>, sandbox: Sandbox, result: Submitted, typed: Typed) {
  switch (result.outcome) {
    case "closed":
      return showClosed(c, result.session);
    case "complete":
      return c.redirect(successUrl(result.session), 303);
    case "requires_action":
      return c.redirect(result.page, 303);
    case "again":
      return showPage(c, checkoutPage(sandbox, result.session, { typed, ...result }));
  }
}

/** The placeholder may come percent-encoded, when the caller built the address with a URL library. */
export function successUrl(session: CheckoutSession): string {
  const url = session.success_url ?? `/c/pay/${session.id}`;
  return url.replaceAll(/\{CHECKOUT_SESSION_ID\}|%7BCHECKOUT_SESSION_ID%7D/gi, session.id);
}

/** The session with what was chosen: quantities, and a tax id where one is asked for. */
function withChoices(sandbox: Sandbox, open: CheckoutSession, typed: Typed): Chosen {
  const { session, problems } = withQuantities(open, typed);
  const text = typed["tax_id_value"]?.trim() ?? "";
  if (!asksTaxId(session) || text === "") return { session: { ...session, entered_tax_id: null }, problems };
  const kind = TAX_ID_KINDS.find(({ value }) => value === (typed["tax_id_type"] ?? "eu_vat"));
  const entered_tax_id = kind === undefined ? null : readTaxId(kind.value, text);
  const fits =
    entered_tax_id && (!session.customer || fitsCustomer(sandbox, entered_tax_id, session.customer));
  if (!fits) {
    const label = kind?.label ?? "tax id";
    const problem = entered_tax_id ? "There are too many tax ids already." : `This is no valid ${label}.`;
    return {
      session: { ...session, entered_tax_id: null },
      problems: { ...problems, tax_id_value: problem },
    };
  }
  const isNamed = businessNameOf({ ...session, entered_tax_id }, typed) !== null;
  const nameless = isNamed ? {} : { business_name: "Enter the name of your business." };
  return { session: { ...session, entered_tax_id }, problems: { ...problems, ...nameless } };
}

/** Only who gave a tax id is called by the name of a business. */
function businessNameOf({ entered_tax_id }: CheckoutSession, typed: Typed): string | null {
  return entered_tax_id === null ? null : typed["business_name"]?.trim() || null;
}

/** The session with the quantities typed; those out of range keep their old value and are reported. */
function withQuantities(session: CheckoutSession, typed: Typed): Chosen {
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
