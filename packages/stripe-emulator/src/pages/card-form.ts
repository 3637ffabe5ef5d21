/** The fields of a card and its address, as several pages ask for them, and their reading. */
import type { Address } from "../entities/address.ts";
import type { PaymentMethod } from "../entities/payment-method.ts";
import { html } from "hono/html";
import type { Sandbox } from "../sandbox.ts";
import { checkTypedCard, createPaymentMethod } from "../resources/payment-methods.ts";
import { StripeError } from "../wire/errors.ts";
import type { Html } from "./layout.ts";

/** What was typed, by field name. */
export type Typed = Record<string, string>;

/** What is wrong with it, by field name, in words for the buyer. */
export type Problems = Record<string, string>;

const COUNTRIES =
  "AT AU BE BG BR CA CH CY CZ DE DK EE ES FI FR GB GR HK HR HU IE IN IS IT JP LI LT LU LV MT MX NL NO NZ PL PT RO SE SG SI SK US";

const names = new Intl.DisplayNames("en", { type: "region" });

const countries = COUNTRIES.split(" ")
  .map((code) => ({ code, name: names.of(code) ?? code }))
  .sort((a, b) => a.name.localeCompare(b.name));

interface FieldOptions {
  name: string;
  label: string;
  typed: Typed;
  problems: Problems;
  autocomplete: string;
  inputmode?: string;
  placeholder?: string;
  type?: string;
  maxlength?: number;
}

export function field(options: FieldOptions): Html {
  const { name, label, typed, problems } = options;
  const problem = problems[name];
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      type="${options.type ?? "text"}"
      value="${typed[name] ?? ""}"
      autocomplete="${options.autocomplete}"
      inputmode="${options.inputmode ?? "text"}"
      placeholder="${options.placeholder ?? ""}"
      maxlength="${options.maxlength ?? 200}"
      required
      aria-invalid="${problem === undefined ? "false" : "true"}"
      aria-describedby="${problem === undefined ? "" : `${name}-problem`}"
    />
    ${problem === undefined ? "" : html`<p class="problem" id="${name}-problem">${problem}</p>`}
  </div>`;
}

/** Card number and security code are never sent back to the page. */
export function cardFields(typed: Typed, problems: Problems, defaultCountry: string): Html {
  const shared = { typed, problems };
  const selected = typed["country"] ?? defaultCountry;
  return html`${field({ ...shared, typed: {}, name: "number", label: "Card number", autocomplete: "cc-number", inputmode: "numeric", placeholder: "4242 4242 4242 4242", maxlength: 26 })}
    <div class="pair">
      ${field({ ...shared, name: "expiry", label: "Expiry (MM / YY)", autocomplete: "cc-exp", inputmode: "numeric", placeholder: "12 / 34", maxlength: 9 })}
      ${field({ ...shared, typed: {}, name: "cvc", label: "CVC", autocomplete: "cc-csc", inputmode: "numeric", placeholder: "123", maxlength: 4 })}
    </div>
    ${field({ ...shared, name: "name", label: "Name on card", autocomplete: "cc-name" })}
    <div class="pair">
      <div class="field">
        <label for="country">Country</label>
        <select id="country" name="country" autocomplete="billing country">
          ${countries.map(
            ({ code, name }) =>
              html`<option value="${code}" ${code === selected ? "selected" : ""}>${name}</option>`,
          )}
        </select>
      </div>
      ${field({ ...shared, name: "postal_code", label: "Postal code", autocomplete: "billing postal-code", maxlength: 16 })}
    </div>`;
}

export function isCountry(code: string): boolean {
  return countries.some((country) => country.code === code);
}

export function addressFrom(typed: Typed): Address {
  const { country = null, postal_code = null } = typed;
  return { city: null, country, line1: null, line2: null, postal_code: postal_code || null, state: null };
}

/** Where a refused card's message belongs on the form. */
const FIELD_OF_PARAM: Record<string, string> = {
  number: "number",
  exp_month: "expiry",
  exp_year: "expiry",
  cvc: "cvc",
};

/** Makes a payment method of what was typed, or says what is wrong with it, field by field. */
export function readCard(sandbox: Sandbox, typed: Typed, email: string | null): PaymentMethod | Problems {
  const problems: Problems = {};
  if (!typed["name"]?.trim()) problems["name"] = "Enter the name on the card.";
  if (!typed["postal_code"]?.trim()) problems["postal_code"] = "Enter your postal code.";
  if (!isCountry(typed["country"] ?? "")) problems["country"] = "Choose a country.";
  if (!typed["number"]?.trim()) problems["number"] = "Enter your card number.";
  if (!typed["cvc"]?.trim()) problems["cvc"] = "Enter the security code.";
  const expiry = parseExpiry(typed["expiry"] ?? "");
  if (expiry === null) problems["expiry"] = "Enter the expiry as MM / YY.";
  if (expiry === null || Object.keys(problems).length > 0) return problems;
  try {
    const number = typed["number"] ?? "";
    const card = checkTypedCard({ number, ...expiry, cvc: typed["cvc"]?.trim() }, sandbox.wallNow());
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
