/** The creation of a session: what the page will offer is checked here, so that the buyer meets no surprise. */
import type { CheckoutSession, SessionLine } from "../../entities/checkout-session.ts";
import type { Price } from "../../entities/price.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import type { Sandbox } from "../../sandbox.ts";
import { newId, randomText } from "../../store/ids.ts";
import { invalidRequest, parameterMissing } from "../../wire/errors.ts";
import { mergeMetadata } from "../../wire/metadata.ts";
import type { Given } from "../../wire/route.ts";
import { customerOf } from "../customers.ts";
import { INLINE, inlinePrice } from "../inline-price.ts";
import { priceOf } from "../prices.ts";
import { refuseBothTaxes, taxRateIds } from "../tax-rates.ts";
import { discountsFrom } from "./discounts.ts";
import { showSession } from "./session.ts";

type Params = Given<Stripe.Checkout.SessionCreateParams>;
type LineParams = Given<Stripe.Checkout.SessionCreateParams.LineItem>;

const MINUTE = 60;
const DAY = 24 * 3600;
/** Bounds of Stripe's on how long a session stays open. */
const SHORTEST = 30 * MINUTE;
const LONGEST = DAY;
const MAX_RECURRING = 20;
const MAX_ONE_TIME: Record<"payment" | "subscription", number> = { payment: 100, subscription: 20 };
const MAX_QUANTITY = 999_999;
const DEFAULT_MAX_QUANTITY = 99;

/** Parameters that change what the buyer sees or pays and that are not served: refused rather than ignored. */
const NOT_SERVED = ["custom_fields", "shipping_options"] as const;

export function createSession(sandbox: Sandbox, params: Params): CheckoutSession {
  const mode = params.mode ?? "payment";
  checkCombination(params, mode);
  const customer = params.customer ? customerOf(sandbox, params.customer) : null;
  const now = sandbox.now(customer?.id);
  checkTrialEnd(params.subscription_data?.trial_end, now);
  const lines = (params.line_items ?? []).map((line, index) => lineFrom(sandbox, line, index));
  const prices = lines.map((line) => priceOf(sandbox, line.price, "line_items[0][price]"));
  if (mode === "setup") checkSetup(params);
  else checkLines(prices, mode);
  const currency = prices[0]?.currency ?? params.currency ?? sandbox.account.currency;
  const isTaxed = params.automatic_tax?.enabled ?? false;
  checkRates(params, lines, isTaxed);
  const savesAddress = params.customer_update?.address === "auto";
  if (isTaxed && customer && !customer.address?.country && !savesAddress) {
    throw invalidRequest(
      "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the Customer.",
      { code: "customer_tax_location_invalid", param: "automatic_tax" },
    );
  }
  checkTaxIdCollection(params, customer !== null);
  const session: CheckoutSession = {
    id: `cs_test_${randomText(58)}`,
    created: now,
    expires_at: expiryFrom(params.expires_at, now),
    mode,
    status: "open",
    payment_status: mode === "setup" ? "no_payment_required" : "unpaid",
    currency,
    lines,
    customer: customer?.id ?? null,
    customer_email: params.customer_email ?? null,
    customer_creation: mode === "payment" && !customer ? (params.customer_creation ?? "if_required") : null,
    customer_update: {
      address: savesAddress ? "auto" : "never",
      name: params.customer_update?.name === "auto" ? "auto" : "never",
    },
    client_reference_id: params.client_reference_id ?? null,
    success_url: params.success_url ?? null,
    cancel_url: params.cancel_url ?? null,
    automatic_tax: isTaxed,
    billing_address_collection: params.billing_address_collection ?? null,
    ...dataFrom(sandbox, params, mode),
    payment_method_collection:
      mode === "subscription" ? (params.payment_method_collection ?? "always") : null,
    tax_id_collection: params.tax_id_collection?.enabled ?? false,
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    discounts: discountsFrom(sandbox, params, { lines, mode, currency }, customer),
    saved_payment_methods: savedFrom(params, customer !== null),
    submit_type: params.submit_type ?? null,
    locale: params.locale ?? null,
    metadata: mergeMetadata({}, params.metadata),
    payment_intent: null,
    subscription: null,
    invoice: null,
    setup_intent: null,
    submission: null,
    entered_tax_id: null,
    taxed_as: null,
    tried_customer: null,
    tried_intent: null,
  };
  sandbox.store.checkoutSessions.put(session);
  // A price that cannot be taxed is refused now and not on the page.
  showSession(sandbox, session);
  return session;
}

/** Tax is automatic, or at rates of the seller's own. */
function checkRates(params: Params, lines: SessionLine[], isTaxed: boolean): void {
  for (const [index, { tax_rates }] of lines.entries())
    refuseBothTaxes(isTaxed, tax_rates, `line_items[${index}][tax_rates]`);
  const rates = params.subscription_data?.default_tax_rates ?? [];
  refuseBothTaxes(isTaxed, rates, "subscription_data[default_tax_rates]");
}

function checkTaxIdCollection(params: Params, hasCustomer: boolean): void {
  if (!params.tax_id_collection?.enabled) return;
  if (params.tax_id_collection.required === "if_supported") {
    throw invalidRequest("The emulator's checkout page asks for a tax id and lets it be left out.", {
      param: "tax_id_collection[required]",
    });
  }
  if (!hasCustomer || params.customer_update?.name === "auto") return;
  throw invalidRequest(
    "Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.",
    { param: "tax_id_collection" },
  );
}

/** The parts that end up on the objects made at completion. Session metadata is not copied to any of them. */
function dataFrom(sandbox: Sandbox, params: Params, mode: CheckoutSession["mode"]) {
  const payment = params.payment_intent_data;
  const creation = params.invoice_creation;
  return {
    invoice_creation:
      mode === "payment"
        ? {
            enabled: creation?.enabled ?? false,
            metadata: mergeMetadata({}, creation?.invoice_data?.metadata),
            description: creation?.invoice_data?.description ?? null,
          }
        : null,
    payment_intent_data: {
      description: payment?.description ?? null,
      metadata: mergeMetadata({}, payment?.metadata),
      receipt_email: payment?.receipt_email ?? null,
      setup_future_usage: payment?.setup_future_usage ?? null,
    },
    subscription_data: {
      description: params.subscription_data?.description ?? null,
      metadata: mergeMetadata({}, params.subscription_data?.metadata),
      trial_period_days: params.subscription_data?.trial_period_days ?? null,
      trial_end: params.subscription_data?.trial_end ?? null,
      missing_payment_method:
        params.subscription_data?.trial_settings?.end_behavior.missing_payment_method ?? "create_invoice",
      default_tax_rates: taxRateIds(sandbox, params.subscription_data?.default_tax_rates, {
        before: [],
        param: "subscription_data[default_tax_rates]",
      }),
    },
    setup_intent_data: {
      description: params.setup_intent_data?.description ?? null,
      metadata: mergeMetadata({}, params.setup_intent_data?.metadata),
    },
  };
}

/** By default only cards that their holder agreed to see again are offered. */
function savedFrom(params: Params, hasCustomer: boolean): CheckoutSession["saved_payment_methods"] {
  const given = params.saved_payment_method_options;
  if (!hasCustomer && !given) return null;
  return { filters: given?.allow_redisplay_filters ?? ["always"], save: given?.payment_method_save ?? null };
}

function checkCombination(params: Params, mode: string): void {
  if (params.customer && params.customer_email) {
    throw invalidRequest("You may only specify one of these parameters: customer, customer_email.", {
      param: "customer_email",
    });
  }
  const unserved = NOT_SERVED.find((name) => Boolean(params[name]));
  if (unserved !== undefined) {
    throw invalidRequest(`The emulator's checkout page does not serve \`${unserved}\` yet.`, {
      param: unserved,
    });
  }
  if (params.ui_mode != null && params.ui_mode !== "hosted_page") {
    throw invalidRequest("The emulator serves the hosted page only: leave `ui_mode` out.", {
      param: "ui_mode",
    });
  }
  if (!params.success_url) throw parameterMissing("success_url");
  const belongs = {
    payment_intent_data: "payment",
    subscription_data: "subscription",
    setup_intent_data: "setup",
  };
  for (const [name, owner] of Object.entries(belongs)) {
    if (params[name as keyof typeof belongs] != null && mode !== owner) {
      throw invalidRequest(`You can not pass \`${name}\` in \`${mode}\` mode.`, { param: name });
    }
  }
  checkTrial(params.subscription_data ?? {});
}

const LONGEST_TRIAL_DAYS = 730;

function checkTrial({
  trial_period_days: days,
  trial_end: end,
}: NonNullable<Params["subscription_data"]>): void {
  if (days != null && end != null) {
    throw invalidRequest("You may only specify one of these parameters: trial_end, trial_period_days.", {
      param: "subscription_data[trial_end]",
    });
  }
  if (days != null && (days < 1 || days > LONGEST_TRIAL_DAYS)) {
    throw invalidRequest(`A trial has from 1 to ${LONGEST_TRIAL_DAYS} days.`, {
      param: "subscription_data[trial_period_days]",
    });
  }
}

/** Checkout wants the end of a trial this far ahead, in seconds. */
const SHORTEST_TRIAL = 48 * 3600;

function checkTrialEnd(end: number | null | undefined, now: number): void {
  if (end == null || (end >= now + SHORTEST_TRIAL && end <= now + LONGEST_TRIAL_DAYS * DAY)) return;
  throw invalidRequest("The trial must end at least 48 hours and at most 730 days from now.", {
    param: "subscription_data[trial_end]",
  });
}

function checkSetup(params: Params): void {
  if (params.line_items) {
    throw invalidRequest("You can not pass `line_items` in `setup` mode.", { param: "line_items" });
  }
  if (!params.currency) throw parameterMissing("currency");
}

function checkLines(prices: Price[], mode: "payment" | "subscription"): void {
  if (prices.length === 0) throw parameterMissing("line_items");
  const recurring = prices.filter((price) => price.recurring !== null);
  const param = "line_items";
  if (mode === "payment" && recurring.length > 0) {
    throw invalidRequest(
      "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.",
      { param },
    );
  }
  if (mode === "subscription" && recurring.length === 0) {
    throw invalidRequest(
      "You must provide at least one recurring price in `subscription` mode when using prices.",
      {
        param,
      },
    );
  }
  if (recurring.length > MAX_RECURRING || prices.length - recurring.length > MAX_ONE_TIME[mode]) {
    throw invalidRequest(
      `A session may have up to ${MAX_RECURRING} recurring and ${MAX_ONE_TIME[mode]} one-time lines.`,
      {
        param,
      },
    );
  }
  const inactive = prices.find((price) => !price.active);
  if (inactive !== undefined && inactive.nickname !== INLINE) {
    throw invalidRequest("The price specified is inactive. This field only accepts active prices.", {
      param,
    });
  }
  const [first] = prices;
  if (prices.some((price) => price.currency !== first?.currency)) {
    throw invalidRequest("All line items of a session must have the same currency.", { param });
  }
  const cycles = new Set(
    recurring.map((price) => `${price.recurring?.interval_count} ${price.recurring?.interval}`),
  );
  if (cycles.size > 1) {
    throw invalidRequest("Checkout does not support multiple prices with different billing intervals.", {
      param,
    });
  }
}

function lineFrom(sandbox: Sandbox, given: LineParams, index: number): SessionLine {
  const param = `line_items[${index}]`;
  const price = given.price_data ? inlinePrice(sandbox, given.price_data, param).id : given.price;
  if (!price) throw parameterMissing(`${param}[price]`);
  priceOf(sandbox, price, `${param}[price]`);
  const quantity = given.quantity ?? 1;
  const adjustable = given.adjustable_quantity;
  const range = {
    enabled: adjustable?.enabled ?? false,
    minimum: adjustable?.minimum ?? 0,
    maximum: adjustable?.maximum ?? DEFAULT_MAX_QUANTITY,
  };
  if (quantity < 1 || quantity > MAX_QUANTITY) {
    throw invalidRequest(`Invalid quantity: must be between 1 and ${MAX_QUANTITY}.`, {
      param: `${param}[quantity]`,
    });
  }
  if (
    range.enabled &&
    (quantity < range.minimum || quantity > range.maximum || range.maximum > MAX_QUANTITY)
  ) {
    throw invalidRequest("The quantity must lie between adjustable_quantity's minimum and maximum.", {
      param: `${param}[adjustable_quantity]`,
    });
  }
  const metadata = mergeMetadata({}, given.metadata);
  const rates = { before: [], param: `${param}[tax_rates]` };
  const tax_rates = taxRateIds(sandbox, given.tax_rates, rates);
  return { id: newId("li"), price, quantity, adjustable: range.enabled ? range : null, metadata, tax_rates };
}

function expiryFrom(given: number | null | undefined, now: number): number {
  if (given == null) return now + LONGEST;
  if (given < now + SHORTEST || given > now + LONGEST) {
    throw invalidRequest(
      "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
      {
        param: "expires_at",
      },
    );
  }
  return given;
}
