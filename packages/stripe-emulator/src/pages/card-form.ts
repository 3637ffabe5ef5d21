/** The fields of a card and its address, as several pages ask for them, and their reading. */
import type { Address } from "../entities/address.ts";
import type { PaymentMethod } from "../entities/payment-method.ts";
import { html } from "hono/html";
import type { Sandbox } from "../sandbox.ts";
import { checkTypedCard, createPaymentMethod } from "../resources/payment-methods.ts";
import { StripeError } from "../wire/errors.ts";
import { choice, field, type Problems, type Typed } from "./fields.ts";
import type { Html } from "./layout.ts";

const COUNTRIES =
  "AT AU BE BG BR CA CH CY CZ DE DK EE ES FI FR GB GR HK HR HU IE IN IS IT JP LI LT LU LV MT MX NL NO NZ PL PT RO SE SG SI SK US";

const names = new Intl.DisplayNames("en", { type: "region" });

const countries = COUNTRIES.split(" ")
  .map((code) => ({ value: code, label: names.of(code) ?? code }))
  .sort((a, b) => a.label.localeCompare(b.label));

/** Card number and security code are never sent back to the page. */
export function cardFields(typed: Typed, problems: Problems): Html {
  const shared = { typed, problems };
  return html`${field({ ...shared, typed: {}, name: "number", label: "Card number", autocomplete: "cc-number", inputmode: "numeric", placeholder: "4242 4242 4242 4242", maxlength: 26 })}
    <div class="pair">
      ${field({ ...shared, name: "expiry", label: "Expiry (MM / YY)", autocomplete: "cc-exp", inputmode: "numeric", placeholder: "12 / 34", maxlength: 9 })}
      ${field({ ...shared, typed: {}, name: "cvc", label: "CVC", autocomplete: "cc-csc", inputmode: "numeric", placeholder: "123", maxlength: 4 })}
    </div>
    ${field({ ...shared, name: "name", label: "Name on card", autocomplete: "cc-name" })}`;
}

/** Country and postal code, or the whole address. */
export function addressFields(
  typed: Typed,
  problems: Problems,
  options: { country: string; isWhole: boolean },
): Html {
  const shared = { typed, problems };
  const whole = options.isWhole
    ? html`${field({ ...shared, name: "line1", label: "Address", autocomplete: "billing address-line1" })}
      ${field({ ...shared, name: "line2", label: "Address, second line", autocomplete: "billing address-line2", isOptional: true })}
      ${field({ ...shared, name: "city", label: "City", autocomplete: "billing address-level2" })}`
    : "";
  return html`${whole}
    <div class="pair">
      ${choice({ name: "country", label: "Country", selected: typed["country"] ?? options.country, problems, autocomplete: "billing country", options: countries })}
      ${field({ ...shared, name: "postal_code", label: "Postal code", autocomplete: "billing postal-code", maxlength: 16 })}
    </div>`;
}

export function isCountry(code: string): boolean {
  return countries.some(({ value }) => value === code);
}

export function addressFrom(typed: Typed): Address {
  const text = (name: string) => typed[name]?.trim() || null;
  return {
    city: text("city"),
    country: text("country"),
    line1: text("line1"),
    line2: text("line2"),
    postal_code: text("postal_code"),
    state: text("state"),
  };
}

export function addressProblems(typed: Typed, isWhole: boolean): Problems {
  const problems: Problems = {};
  if (isWhole && !typed["line1"]?.trim()) problems["line1"] = "Enter your address.";
  if (isWhole && !typed["city"]?.trim()) problems["city"] = "Enter your city.";
  if (!isCountry(typed["country"] ?? "")) problems["country"] = "Choose a country.";
  if (!typed["postal_code"]?.trim()) problems["postal_code"] = "Enter your postal code.";
  return problems;
}

/** Where a refused card's message belongs on the form. */
const FIELD_OF_PARAM: Record<string, string> = {
  number: "number",
  exp_month: "expiry",
  exp_year: "expiry",
  cvc: "cvc",
};

/** Makes a payment method of what was typed, or says what is wrong with it, field by field. */
export function readCard(
  sandbox: Sandbox,
  typed: Typed,
  options: { email: string | null; hasWholeAddress?: boolean },
): PaymentMethod | Problems {
  const expiry = parseExpiry(typed["expiry"] ?? "");
  const problems: Problems = {
    ...(!typed["number"]?.trim() && { number: "Enter your card number." }),
    ...(expiry === null && { expiry: "Enter the expiry as MM / YY." }),
    ...(!typed["cvc"]?.trim() && { cvc: "Enter the security code." }),
    ...(!typed["name"]?.trim() && { name: "Enter the name on the card." }),
    ...addressProblems(typed, options.hasWholeAddress ?? false),
  };
  if (expiry === null || Object.keys(problems).length > 0) return problems;
  try {
    const number = typed["number"] ?? "";
    const card = checkTypedCard({ number, ...expiry, cvc: typed["cvc"]?.trim() }, sandbox.wallNow());
    const { email } = options;
    const billing_details = { address: addressFrom(typed), email, name: typed["name"]?.trim() ?? null };
    return createPaymentMethod(sandbox, { card, ...expiry, billing_details });
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    return { [FIELD_OF_PARAM[error.body.param ?? ""] ?? "number"]: error.message };
  }
}

export function isPaymentMethod(result: PaymentMethod | Problems): result is PaymentMethod {
  return typeof result["id"] === "string" && "test_number" in result;
}

/** `12 / 34`, `12/2034` and `1234` all mean December 2034. */
function parseExpiry(text: string): { exp_month: number; exp_year: number } | null {
  const match = /^(\d{1,2})\s*\/\s*(\d{2}|\d{4})$|^(\d{2})(\d{2})$/.exec(text.trim());
  if (match === null) return null;
  const year = Number(match[2] ?? match[4]);
  return { exp_month: Number(match[1] ?? match[3]), exp_year: year < 100 ? 2000 + year : year };
}
