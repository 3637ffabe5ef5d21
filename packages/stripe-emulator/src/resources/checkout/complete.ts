/**
 * What happens when the page is submitted: the card is charged first; only when it pays do the subscription and the
 * invoice come into being. All of it is one transaction, and a session that is no longer open is never charged again.
 */
import type { CheckoutSession, Submission } from "../../entities/checkout-session.ts";
import type { Customer } from "../../entities/customer.ts";
import type { EventType } from "../../entities/event.ts";
import type { Invoice } from "../../entities/invoice.ts";
import type { PaymentIntent } from "../../entities/payment-intent.ts";
import type { PaymentMethod } from "../../entities/payment-method.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId } from "../../store/ids.ts";
import { createCustomer, customerOf, updateCustomer } from "../customers.ts";
import { giveDiscounts, type ChosenDiscount } from "../discounts/discounts.ts";
import { createInvoice } from "../invoices/invoice.ts";
import type { LineDraft } from "../invoices/line.ts";
import { finalizePaid } from "../invoices/finalize.ts";
import { resolvePaymentMethod } from "../payment-methods.ts";
import { confirmIntent, createIntent } from "../payments/payment-intent.ts";
import { confirmSetup, createSetupIntent } from "../payments/setup-intents.ts";
import { priceOf } from "../prices.ts";
import { announceSubscription, createFirstInvoice, createSubscription } from "../subscriptions/start.ts";
import { discountsToRedeem } from "./discounts.ts";
import { saveTaxId } from "./tax-id.ts";
import { buyerOf, needsCard, sessionTotals, showSession } from "./session.ts";

/** The order in which Stripe's events of a paid subscription session arrive (observed, not promised). */
const SUBSCRIPTION_ORDER: EventType[] = [
  "charge.succeeded",
  "payment_method.attached",
  "customer.created",
  "customer.updated",
  "customer.tax_id.created",
  "checkout.session.completed",
  "customer.subscription.created",
  "payment_intent.succeeded",
  "payment_intent.created",
  "invoice.created",
  "invoice.finalized",
  "invoice.paid",
  "invoice.payment_succeeded",
  "invoice_payment.paid",
];

/** The same for a one-time payment, with or without an invoice. */
const PAYMENT_ORDER: EventType[] = [
  "charge.succeeded",
  "payment_method.attached",
  "customer.created",
  "customer.updated",
  "customer.tax_id.created",
  "payment_intent.succeeded",
  "payment_intent.created",
  "checkout.session.completed",
  "invoice.created",
  "invoice.finalized",
  "invoice.paid",
  "invoice.payment_succeeded",
  "invoice_payment.paid",
];

export type Completion =
  | { outcome: "complete"; session: CheckoutSession }
  | { outcome: "declined"; message: string }
  /** The buyer's bank asks on this page, a path of the emulator's. */
  | { outcome: "requires_action"; page: string };

/** Pays and completes an open session. To be called inside a transaction. */
export function completeSession(
  sandbox: Sandbox,
  session: CheckoutSession,
  submission: Submission,
  options: { isAuthenticated?: boolean } = {},
): Completion {
  if (session.status !== "open") throw new Error(`session ${session.id} is ${session.status}`);
  sandbox.arrangeEvents(session.mode === "subscription" ? SUBSCRIPTION_ORDER : PAYMENT_ORDER);
  const entered = sandbox.store.checkoutSessions.patch(session.id, { submission });
  const customer = customerFor(sandbox, entered, submission);
  const isAuthenticated = options.isAuthenticated ?? false;
  const discounts = discountsToRedeem(sandbox, entered, customer);
  if (discounts === null) return dropDiscounts(sandbox, entered);
  const paid = collectPayment(sandbox, entered, { submission, customer, isAuthenticated });
  if (paid.outcome !== "paid") return paid;
  if (customer !== null) saveTaxId(sandbox, entered, customer.id);
  const made = fulfil(sandbox, entered, { customer, paid, discounts });
  const complete = sandbox.store.checkoutSessions.patch(session.id, {
    ...made,
    taxed_as: buyerOf(sandbox, session, submission.address.country),
    status: "complete",
    customer: customer?.id ?? null,
    payment_status: paid.intent === null ? "no_payment_required" : "paid",
    payment_intent: session.mode === "payment" ? (paid.intent?.id ?? null) : null,
    tried_customer: null,
    tried_intent: null,
  });
  sandbox.emit("checkout.session.completed", showSession(sandbox, complete));
  return { outcome: "complete", session: complete };
}

/** A discount that has expired or run out since it was chosen: the buyer sees the new total and decides again. */
function dropDiscounts(sandbox: Sandbox, session: CheckoutSession): Completion {
  sandbox.store.checkoutSessions.patch(session.id, { discounts: [] });
  return { outcome: "declined", message: "The discount is no longer available, and the total has changed." };
}

function needsCustomer(session: CheckoutSession): boolean {
  if (session.mode === "subscription") return true;
  if (session.mode === "setup") return session.customer_creation === "always";
  const saves = session.payment_intent_data.setup_future_usage !== null;
  return saves || session.customer_creation === "always" || (session.invoice_creation?.enabled ?? false);
}

/** The session's customer, the one an earlier try made, a new one, or none for a guest. */
function customerFor(sandbox: Sandbox, session: CheckoutSession, submission: Submission): Customer | null {
  const { email, address } = submission;
  const name = submission.business_name ?? submission.name;
  if (session.customer !== null) {
    return updateCustomer(sandbox, session.customer, {
      ...(session.customer_update.address === "auto" && { address }),
      ...(session.customer_update.name === "auto" && { name }),
      ...(!customerOf(sandbox, session.customer).email && { email }),
    });
  }
  if (session.tried_customer !== null)
    return updateCustomer(sandbox, session.tried_customer, { email, name, address });
  if (!needsCustomer(session)) return null;
  const customer = createCustomer(sandbox, { email, name, address });
  sandbox.store.checkoutSessions.patch(session.id, { tried_customer: customer.id });
  return customer;
}

type Collected =
  | {
      outcome: "paid";
      intent: PaymentIntent | null;
      method: PaymentMethod | null;
      setupIntent: string | null;
    }
  | Exclude<Completion, { outcome: "complete" }>;

interface Collecting {
  submission: Submission;
  customer: Customer | null;
  isAuthenticated: boolean;
}

function collectPayment(sandbox: Sandbox, session: CheckoutSession, given: Collecting): Collected {
  const { submission, customer } = given;
  const total = sessionTotals(sandbox, session, submission.address.country).total;
  if (submission.payment_method === null) {
    if (needsCard(session, total)) throw new Error(`session ${session.id} needs a card and has none`);
    return { outcome: "paid", intent: null, method: null, setupIntent: null };
  }
  const method = resolvePaymentMethod(sandbox, submission.payment_method, "payment_method");
  if (session.mode === "setup" || total === 0) return saveCard(sandbox, session, { ...given, method });
  const intent = intentFor(sandbox, session, { customer, total });
  const result = confirmIntent(sandbox, intent, {
    method,
    offSession: false,
    isAuthenticated: given.isAuthenticated,
  });
  if (result.outcome === "requires_action") {
    return { outcome: "requires_action", page: `/authenticate/${result.intent.client_secret}` };
  }
  if (result.outcome === "declined") return { outcome: "declined", message: result.failure.message };
  markForRedisplay(sandbox, { submission, method });
  return { outcome: "paid", intent: result.intent, method, setupIntent: null };
}

/** Saves the card without a payment: in setup mode, and when nothing is due today. */
function saveCard(
  sandbox: Sandbox,
  session: CheckoutSession,
  given: Collecting & { method: PaymentMethod },
): Collected {
  const { customer, method, isAuthenticated } = given;
  const { metadata, description } = session.setup_intent_data;
  const tried =
    session.tried_intent === null ? undefined : sandbox.store.setupIntents.get(session.tried_intent);
  const intent =
    tried ?? createSetupIntent(sandbox, { customer: customer?.id ?? null, metadata, description });
  sandbox.store.checkoutSessions.patch(session.id, { tried_intent: intent.id });
  const result = confirmSetup(sandbox, intent, { method, isAuthenticated });
  if (result.outcome === "declined") return { outcome: "declined", message: result.failure.message };
  if (result.outcome === "requires_action") {
    return { outcome: "requires_action", page: `/authenticate/setup/${result.intent.client_secret}` };
  }
  markForRedisplay(sandbox, given);
  return { outcome: "paid", intent: null, method, setupIntent: result.intent.id };
}

/** A card that now is the customer's is shown again only with the holder's consent. */
function markForRedisplay(sandbox: Sandbox, given: { submission: Submission; method: PaymentMethod }): void {
  const method = sandbox.store.paymentMethods.get(given.method.id);
  if (!method?.customer || method.allow_redisplay !== "unspecified") return;
  const allow_redisplay = given.submission.saves_card ? "always" : "limited";
  sandbox.store.paymentMethods.patch(method.id, { allow_redisplay });
}

/** One intent for all tries of a session, brought up to date with what the buyer chose since. */
function intentFor(
  sandbox: Sandbox,
  session: CheckoutSession,
  given: { customer: Customer | null; total: number },
): PaymentIntent {
  const data = session.payment_intent_data;
  const asked = data.setup_future_usage ?? (session.submission?.saves_card ? "on_session" : null);
  const usage = session.mode === "subscription" ? "off_session" : asked;
  const customer = given.customer?.id ?? null;
  const tried =
    session.tried_intent === null ? undefined : sandbox.store.paymentIntents.get(session.tried_intent);
  if (tried !== undefined) {
    const changes = { amount: given.total, customer, setup_future_usage: usage };
    return sandbox.store.paymentIntents.patch(tried.id, changes);
  }
  const intent = createIntent(sandbox, {
    amount: given.total,
    currency: session.currency,
    customer,
    description: session.mode === "subscription" ? "Subscription creation" : data.description,
    metadata: data.metadata,
    receipt_email: data.receipt_email,
    setup_future_usage: usage,
  });
  sandbox.store.checkoutSessions.patch(session.id, { tried_intent: intent.id });
  return intent;
}

interface Paid {
  customer: Customer | null;
  paid: Extract<Collected, { outcome: "paid" }>;
  /** To be redeemed now. */
  discounts: ChosenDiscount[];
}

function fulfil(sandbox: Sandbox, session: CheckoutSession, given: Paid): Partial<CheckoutSession> {
  switch (session.mode) {
    case "setup":
      return { setup_intent: given.paid.setupIntent };
    case "payment":
      return payOnce(sandbox, session, given);
    case "subscription":
      return beginSubscription(sandbox, session, given);
  }
}

function linesOnce(sandbox: Sandbox, session: CheckoutSession): LineDraft[] {
  const now = sandbox.now(session.customer ?? session.tried_customer);
  return session.lines.flatMap((line): LineDraft[] => {
    const price = priceOf(sandbox, line.price, "price");
    if (price.recurring !== null) return [];
    const period = { start: now, end: now };
    const { quantity, tax_rates } = line;
    return [{ price, quantity, period, tax_rates, invoice_item: newId("ii") }];
  });
}

/** Discounts of a one-time payment belong to the session, invoice or none. */
function payOnce(sandbox: Sandbox, session: CheckoutSession, given: Paid): Partial<CheckoutSession> {
  const target = { customer: given.customer?.id ?? null, checkout_session: session.id };
  const discounts = giveDiscounts(sandbox, given.discounts, target).map((discount) => discount.id);
  if (!session.invoice_creation?.enabled) return { invoice: null };
  return { invoice: invoicePayment(sandbox, session, given, discounts).id };
}

/** The paid invoice of a one-time payment, made after the fact. */
function invoicePayment(
  sandbox: Sandbox,
  session: CheckoutSession,
  { customer, paid }: Paid,
  discounts: string[],
): Invoice {
  if (customer === null) throw new Error(`session ${session.id} makes an invoice and has no customer`);
  const now = sandbox.now(customer.id);
  const draft = createInvoice(sandbox, {
    customer,
    currency: session.currency,
    billing_reason: "manual",
    lines: linesOnce(sandbox, session),
    buyer: buyerOf(sandbox, session, session.submission?.address.country ?? null),
    period: { start: now, end: now },
    discounts,
    description: session.invoice_creation?.description ?? null,
    metadata: session.invoice_creation?.metadata ?? {},
  });
  return finalizePaid(sandbox, draft, paid.intent);
}

function beginSubscription(sandbox: Sandbox, session: CheckoutSession, { customer, paid, discounts }: Paid) {
  if (customer === null) throw new Error(`session ${session.id} subscribes and has no customer`);
  const items = session.lines.flatMap((line) => {
    const price = priceOf(sandbox, line.price, "price");
    const { quantity, metadata, tax_rates } = line;
    return price.recurring === null ? [] : [{ price, quantity, metadata, tax_rates }];
  });
  const buyer = buyerOf(sandbox, session, session.submission?.address.country ?? null);
  const data = session.subscription_data;
  const days = data.trial_period_days ?? null;
  const trialEnd = days === null ? (data.trial_end ?? null) : sandbox.now(customer.id) + days * 86_400;
  const started = createSubscription(sandbox, {
    customer,
    items,
    status: trialEnd === null ? "active" : "trialing",
    trialEnd,
    terms: {
      trial_missing_payment_method: data.missing_payment_method ?? "create_invoice",
      default_tax_rates: data.default_tax_rates,
    },
    buyer,
    metadata: session.subscription_data.metadata,
    description: session.subscription_data.description,
    default_payment_method: paid.method?.id ?? null,
    discounts,
  });
  if (paid.method !== null && sandbox.account.assumptions.cardOfCheckout === "subscription_and_customer") {
    updateCustomer(sandbox, customer.id, { default_payment_method: paid.method.id });
  }
  const once = linesOnce(sandbox, session);
  const { subscription, invoice } = createFirstInvoice(sandbox, started, { customer, buyer, once });
  announceSubscription(sandbox, subscription.id);
  const final = finalizePaid(sandbox, invoice, paid.intent);
  return { subscription: subscription.id, invoice: final.id };
}
