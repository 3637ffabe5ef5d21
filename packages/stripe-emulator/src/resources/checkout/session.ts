/**
 * Checkout sessions: one visit to the hosted payment page. Nothing is created up front: the customer, the payment, the
 * subscription and the invoice appear when the page is submitted and paid.
 *
 *   open -> complete   the page was paid
 *   open -> expired    by the expire call, or at `expires_at`
 */
import type { CheckoutSession } from "../../entities/checkout-session.ts";
import type { PaymentMethod } from "../../entities/payment-method.ts";
import type { Price } from "../../entities/price.ts";
import type { Sandbox } from "../../sandbox.ts";
import { lineAmount } from "../../money/amounts.ts";
import { discountsOn } from "../../money/discounts.ts";
import { discountOf, lineTotal, totalsOf, type Buyer } from "../../money/tax.ts";
import { embeddedList } from "../../wire/lists.ts";
import { complete, type WireObject } from "../../wire/shape.ts";
import { pricedLine } from "../invoices/line.ts";
import { paymentMethodsOf } from "../payment-methods.ts";
import { priceOf, showPrice } from "../prices.ts";
import { vatCountriesOf } from "../tax-ids.ts";
import { showTaxRate, taxRateFor } from "../tax-rates.ts";
import { sessionRules } from "./discounts.ts";
import { enteredVatCountries } from "./tax-id.ts";

/** Who is taxed: the address saved on the customer, or the one entered when the session may use that. */
export function buyerOf(
  sandbox: Sandbox,
  session: CheckoutSession,
  enteredCountry: string | null,
): Buyer | null {
  if (!session.automatic_tax) return null;
  if (session.status === "complete") return session.taxed_as;
  const customer = session.customer ? sandbox.store.customers.get(session.customer) : undefined;
  const saved = session.customer_update.address === "auto" ? null : (customer?.address?.country ?? null);
  const country = saved ?? enteredCountry ?? customer?.address?.country ?? null;
  if (country === null) return null;
  const known = customer === undefined ? [] : vatCountriesOf(sandbox, customer.id);
  const vatCountries = [...known, ...enteredVatCountries(session)];
  return { country, exempt: customer?.tax_exempt ?? "none", vatCountries };
}

/** Whether what recurs costs nothing yet. */
export function beginsWithTrial({ subscription_data: data }: CheckoutSession): boolean {
  return (data.trial_period_days ?? data.trial_end ?? null) !== null;
}

/** Each line with its price, amount and tax. */
export function pricedLines(sandbox: Sandbox, session: CheckoutSession, buyer: Buyer | null) {
  const prices = session.lines.map((line) =>
    dueNow(session, priceOf(sandbox, line.price, "line_items[0][price]")),
  );
  const amounts = session.lines.map(({ quantity }, index) => {
    const price = prices[index];
    return {
      amount: price ? lineAmount(price, quantity) : 0,
      product: price?.product ?? "",
      discountable: true,
    };
  });
  const discounted = discountsOn(
    amounts,
    sessionRules(sandbox, session),
    sandbox.account.assumptions.percentOffRounding,
  );
  return session.lines.map((line, index) => {
    const price = priceOf(sandbox, line.price, "line_items[0][price]");
    const product = sandbox.store.products.get(price.product);
    const name = product?.name ?? price.product;
    return {
      line,
      price,
      name,
      description: product?.description,
      ...pricedLine(sandbox, prices[index] ?? price, line.quantity, {
        buyer,
        rates: line.tax_rates.length > 0 ? line.tax_rates : session.subscription_data.default_tax_rates,
        ...(discounted[index] && { discount_amounts: discounted[index] }),
      }),
    };
  });
}

/** What of a price is due with the session: nothing of what recurs while a trial runs. */
function dueNow(session: CheckoutSession, price: Price): Price {
  if (price.recurring === null || !beginsWithTrial(session)) return price;
  return { ...price, unit_amount: 0, unit_amount_decimal: "0" };
}

export function sessionTotals(sandbox: Sandbox, session: CheckoutSession, enteredCountry: string | null) {
  return totalsOf(pricedLines(sandbox, session, buyerOf(sandbox, session, enteredCountry)));
}

function sessionUrl(sandbox: Sandbox, session: CheckoutSession): string {
  return `${sandbox.baseUrl}/c/pay/${session.id}`;
}

export function showSession(sandbox: Sandbox, session: CheckoutSession): WireObject {
  const isSetup = session.mode === "setup";
  const country = session.submission?.address.country ?? null;
  const totals = sessionTotals(sandbox, session, country);
  return complete({
    object: "checkout.session",
    ...shownFields(session),
    amount_subtotal: isSetup ? null : totals.subtotal,
    amount_total: isSetup ? null : totals.total,
    adaptive_pricing: isSetup ? null : { enabled: false },
    automatic_tax: shownTax(sandbox, session, country),
    collected_information: null,
    currency: isSetup ? null : session.currency,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer_account: null,
    customer_details: shownCustomerDetails(sandbox, session),
    invoice_creation:
      session.invoice_creation === null ? null : shownInvoiceCreation(session.invoice_creation),
    payment_method_options: { card: { request_three_d_secure: "automatic" } },
    payment_method_types: ["card"],
    phone_number_collection: { enabled: false },
    saved_payment_method_options: shownSaved(session),
    shipping_options: [],
    total_details: isSetup
      ? null
      : { amount_discount: totals.discount, amount_shipping: 0, amount_tax: totals.tax },
    tax_id_collection: { enabled: session.tax_id_collection, required: "never" },
    ui_mode: "hosted_page",
    url: session.status === "open" ? sessionUrl(sandbox, session) : null,
  });
}

/** The fields that go over the wire as they are stored. */
function shownFields(session: CheckoutSession) {
  const {
    lines: _l,
    submission: _s,
    saved_payment_methods: _m,
    tried_customer: _c,
    tried_intent: _i,
    customer_update: _u,
    taxed_as: _a,
    entered_tax_id: _e,
    ...rest
  } = session;
  const { payment_intent_data: _p, subscription_data: _d, setup_intent_data: _t, ...fields } = rest;
  return fields;
}

function shownSaved({ saved_payment_methods: saved }: CheckoutSession) {
  if (saved === null) return null;
  const { filters, save } = saved;
  return {
    allow_redisplay_filters: filters,
    payment_method_remove: "disabled",
    payment_method_save: save,
  };
}

/**
 * Whether a card has to be named: not when nothing is due and either it is a one-time purchase or the caller said that
 * a subscription may begin without one.
 */
export function needsCard(session: CheckoutSession, total: number): boolean {
  if (session.mode === "setup" || total > 0) return true;
  return session.mode === "subscription" && session.payment_method_collection !== "if_required";
}

/** The cards of the customer that this session may offer, the one in use first. */
export function savedCards(sandbox: Sandbox, session: CheckoutSession): PaymentMethod[] {
  const customer = session.customer === null ? undefined : sandbox.store.customers.get(session.customer);
  if (customer === undefined || session.saved_payment_methods === null || session.mode === "setup") return [];
  const { filters } = session.saved_payment_methods;
  const offered = paymentMethodsOf(sandbox, customer.id).filter((method) =>
    filters.includes(method.allow_redisplay),
  );
  const isDefault = (method: PaymentMethod) => Number(method.id === customer.default_payment_method);
  return offered.sort((a, b) => isDefault(b) - isDefault(a));
}

function shownTax(sandbox: Sandbox, session: CheckoutSession, country: string | null) {
  if (!session.automatic_tax) return { enabled: false, liability: null, provider: null, status: null };
  const isComplete = buyerOf(sandbox, session, country) !== null;
  const status = isComplete ? "complete" : "requires_location_inputs";
  return { enabled: true, liability: { type: "self" }, provider: "stripe", status };
}

function shownCustomerDetails(sandbox: Sandbox, session: CheckoutSession) {
  const nobody = { address: null, business_name: null, individual_name: null, name: null, phone: null };
  const rest = { tax_exempt: "none", tax_ids: session.status === "complete" ? shownTaxIds(session) : null };
  if (session.status === "complete" && session.submission) {
    const { email, name, address, business_name = null } = session.submission;
    return { ...nobody, ...rest, email, name: business_name ?? name, business_name, address };
  }
  const customer = session.customer ? sandbox.store.customers.get(session.customer) : undefined;
  const email = customer?.email ?? session.customer_email;
  return email ? { ...nobody, ...rest, email } : null;
}

function shownTaxIds({ entered_tax_id: entered }: CheckoutSession) {
  return entered === null ? [] : [entered];
}

function shownInvoiceCreation(creation: NonNullable<CheckoutSession["invoice_creation"]>) {
  const { enabled, metadata, description } = creation;
  const none = {
    account_tax_ids: null,
    custom_fields: null,
    footer: null,
    issuer: null,
    rendering_options: null,
  };
  return { enabled, invoice_data: { ...none, description, metadata } };
}

/** `session.line_items`, sent on request and by a route of its own. */
export function showLineItems(sandbox: Sandbox, session: CheckoutSession): WireObject[] {
  const buyer = buyerOf(sandbox, session, session.submission?.address.country ?? null);
  return pricedLines(sandbox, session, buyer).map(({ line, price, name, amount, discount_amounts, tax }) =>
    complete({
      object: "item",
      id: line.id,
      adjustable_quantity: line.adjustable,
      amount_discount: discountOf(discount_amounts),
      amount_subtotal: amount,
      amount_tax: tax?.amount ?? 0,
      amount_total: lineTotal({ amount, tax, discount_amounts }),
      currency: price.currency,
      description: name,
      metadata: line.metadata,
      price: showPrice(sandbox, price),
      quantity: line.quantity,
      ...(tax && {
        taxes: [
          {
            amount: tax.amount,
            rate: showTaxRate(sandbox, taxRateFor(sandbox, tax)),
            taxability_reason: tax.reason,
            taxable_amount: tax.taxable_amount,
          },
        ],
      }),
    }),
  );
}

export function includeLineItems(sandbox: Sandbox, id: string): unknown {
  const session = sandbox.store.checkoutSessions.get(id);
  return session
    ? embeddedList(showLineItems(sandbox, session), `/v1/checkout/sessions/${id}/line_items`)
    : null;
}
